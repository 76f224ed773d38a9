import Glibc
import Synchronization

/// Temporary files with a name, which a signal must not leave behind.
enum Temporaries {
  private static let slotCount = 16
  // Slots that a signal handler may read: plain memory, written by one exchange each.
  nonisolated(unsafe) private static let slots: UnsafeMutablePointer<UnsafeMutablePointer<CChar>?> = {
    let slots = UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>.allocate(capacity: slotCount)
    slots.initialize(repeating: nil, count: slotCount)
    for number in [SIGINT, SIGTERM, SIGHUP] {
      var current = sigaction()
      // A program that handles the signal itself calls `AtomicFile.removeTemporaries`.
      guard sigaction(number, nil, &current) == 0, current.__sigaction_handler.sa_handler == nil else { continue }
      signal(number) { number in
        Temporaries.removeAll()
        signal(number, SIG_DFL)
        raise(number)
      }
    }
    return slots
  }()
  private static let lock = Mutex<Int>(0)

  /// A name that no other temporary has, short enough for every folder.
  static func name(in folder: String) -> String {
    let number = lock.withLock { count in
      count += 1
      return count
    }
    var random = SystemRandomNumberGenerator()
    return "\(folder)/.plumb-\(getpid())-\(number)-\(String(random.next() as UInt32, radix: 36)).tmp"
  }

  /// Remembers a name until it is forgotten.
  static func register(_ name: String) {
    lock.withLock { _ in
      for k in 0..<slotCount where slots[k] == nil {
        slots[k] = strdup(name)
        return
      }
    }
  }

  static func forget(_ name: String) {
    lock.withLock { _ in
      for k in 0..<slotCount {
        guard let slot = slots[k], strcmp(slot, name) == 0 else { continue }
        slots[k] = nil
        free(slot)
        return
      }
    }
  }

  /// Removes them all; uses nothing that is unsafe in a signal handler.
  static func removeAll() {
    for k in 0..<slotCount {
      if let slot = slots[k] { unlink(slot) }
    }
  }
}
