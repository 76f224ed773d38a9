import Glibc

/// How much memory the program may take for clouds.
public enum MemoryBudget {
  /// 80 % of the machine's memory or of what its control group allows, whichever is less, bytes.
  public static let automatic: Int = {
    var limit = Int(sysconf(Int32(_SC_PHYS_PAGES))).multipliedReportingOverflow(by: Int(sysconf(Int32(_SC_PAGESIZE))))
      .partialValue
    if limit <= 0 { limit = 1 << 32 }
    for path in ["/sys/fs/cgroup/memory.max", "/sys/fs/cgroup/memory/memory.limit_in_bytes"] {
      if let value = number(in: path), value > 0 { limit = min(limit, value) }
    }
    return limit / 5 * 4
  }()

  /// The bytes in words: `1.6 GB`.
  static func words(_ bytes: Int) -> String {
    let units: [(Double, String)] = [(1e9, "GB"), (1e6, "MB"), (1e3, "kB")]
    for (size, name) in units where Double(bytes) >= size {
      let tenths = (Double(bytes) / size * 10).rounded() / 10
      return "\(tenths) \(name)"
    }
    return "\(bytes) bytes"
  }

  private static func number(in path: String) -> Int? {
    let descriptor = open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { return nil }
    defer { close(descriptor) }
    var bytes = [UInt8](repeating: 0, count: 32)
    let count = read(descriptor, &bytes, bytes.count)
    guard count > 0 else { return nil }
    return Int(String(decoding: bytes[0..<count].prefix { (48...57).contains($0) }, as: UTF8.self))
  }
}
