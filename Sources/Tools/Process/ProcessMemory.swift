import Glibc

/// The value of an environment variable.
func environment(_ name: String) -> String? { getenv(name).map { String(cString: $0) } }

/// How much memory reading may take.
enum ProcessMemory {
  /// The given limit, or what an address-space limit of the shell leaves free, whichever is less; nil without both.
  static func bytes(limit: Int?) -> Int? {
    guard let space = Guardian.softLimit(__rlimit_resource_t(RLIMIT_AS.rawValue)) else { return limit }
    // A cloud is held about twice while it is read.
    let free = max(1 << 20, (space - addressSpaceBytes()) / 2)
    return min(limit ?? .max, free)
  }

  /// Whether an address-space limit of the shell leaves so little that threads may not find room for their stacks.
  static var isScarce: Bool {
    guard let space = Guardian.softLimit(__rlimit_resource_t(RLIMIT_AS.rawValue)) else { return false }
    return space - addressSpaceBytes() < 2 << 30
  }

  /// Refuses to compute where an address-space limit leaves too little: the matrix library would ask for its buffers for ever.
  static func checkRoom() throws(CommandFailure) {
    guard let space = Guardian.softLimit(__rlimit_resource_t(RLIMIT_AS.rawValue)) else { return }
    let free = space - addressSpaceBytes()
    if free < 384 << 20 {
      throw CommandFailure(
        .limit,
        "the address-space limit of \(space >> 20) MB (ulimit -v) leaves \(max(0, free) >> 20) MB; a registration needs at "
          + "least 384 MB, raise it")
    }
  }

  /// The largest resident size so far.
  static var peakResidentBytes: Int {
    var usage = rusage()
    getrusage(__rusage_who_t(RUSAGE_SELF.rawValue), &usage)
    return usage.ru_maxrss * 1024
  }

  private static func addressSpaceBytes() -> Int { statm(0) }

  /// The resident size now.
  static var residentBytes: Int { statm(1) }

  /// A field of /proc/self/statm in bytes.
  private static func statm(_ field: Int) -> Int {
    let file = open("/proc/self/statm", O_RDONLY | O_CLOEXEC)
    guard file >= 0 else { return 0 }
    defer { close(file) }
    var text = [UInt8](repeating: 0, count: 128)
    let count = max(0, read(file, &text, text.count))
    let fields = text[0..<count].split(separator: 0x20)
    return fields.count > field ? (Int(String(decoding: fields[field], as: UTF8.self)) ?? 0) * Int(getpagesize()) : 0
  }
}
