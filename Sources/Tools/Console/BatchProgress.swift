import Rendering

/// The progress of a batch: a bar with rate and time left on a terminal, now and then a plain line elsewhere.
struct BatchProgress {
  private let total: Int
  private let unit: String
  private let clock = Stopwatch()
  private let begun: Int
  private var done: Int
  private var failed = 0
  private var lastShown = -1.0

  /// Seconds between two plain lines.
  private static let interval = 10.0

  /// A batch of so many items, of which some were done before.
  init(total: Int, done: Int = 0, unit: String = "pairs") {
    self.total = total
    self.done = done
    self.unit = unit
    begun = done
  }

  /// One item is finished.
  mutating func advance(failed isFailure: Bool = false) {
    done += 1
    if isFailure { failed += 1 }
    show()
  }

  private mutating func show() {
    let now = clock.seconds
    let isLast = done >= total
    if Console.isWatched {
      guard isLast || now - lastShown >= 0.1 else { return }
      Console.bar(isLast ? nil : line(now, bar: true))
    } else {
      guard isLast || now - max(lastShown, 0) >= BatchProgress.interval else { return }
      Console.remark("progress", line(now, bar: false), tone: .label)
    }
    lastShown = now
  }

  /// What is shown after so many seconds.
  private func line(_ seconds: Double, bar: Bool) -> String {
    let share = total > 0 ? Double(done) / Double(total) : 1
    let cells = 24
    let filled = Int((share * Double(cells)).rounded(.down))
    let picture =
      bar ? "[" + String(repeating: "=", count: filled) + String(repeating: " ", count: cells - filled) + "] " : ""
    let rate = seconds > 0 ? Double(done - begun) / seconds : 0
    let left = rate > 0 ? "   \(BatchProgress.duration(Double(total - done) / rate)) left" : ""
    let failures = failed > 0 ? "   \(failed) failed" : ""
    return "\(picture)\(done.grouped) of \(total.grouped) \(unit)   \(rate.significant(2)) per second\(left)\(failures)"
  }

  /// Seconds in words: 42 s, 3 min 20 s, 2 h 5 min.
  static func duration(_ seconds: Double) -> String {
    let whole = Int(min(max(seconds, 0), 1e9).rounded())
    switch whole {
    case ..<60: return "\(whole) s"
    case ..<3600: return "\(whole / 60) min \(whole % 60) s"
    default: return "\(whole / 3600) h \(whole / 60 % 60) min"
    }
  }
}
