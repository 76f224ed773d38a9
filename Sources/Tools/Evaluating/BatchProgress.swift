import Evaluation
import Rendering

/// Shows how far a batch is: on a terminal one line with rate and time left, elsewhere a plain line now and then.
final class BatchProgress {
  private let clock = Stopwatch()
  private var shown = 0.0
  private var tenths = 0

  /// Shows the state after an item.
  func show(_ progress: Evaluator.Progress) {
    if let last = progress.last, let failure = last.result.failure, Console.isVerbose {
      Console.remark("failed", "\(last.id): \(failure.message)".terminalSafe, tone: .bad)
    }
    let seconds = clock.seconds
    let open = progress.total - progress.known - progress.done
    guard Console.isWatched else {
      // Ten lines for a batch, one in ten minutes for a long one, none for a short one.
      let tenth = progress.done * 10 / max(1, progress.total - progress.known)
      guard seconds - shown > 600 || tenth != tenths && seconds - shown > 10 else { return }
      (tenths, shown) = (tenth, seconds)
      return Console.remark("progress", text(progress, open, seconds), tone: .label)
    }
    guard seconds - shown > 0.1 || open == 0 || progress.done == 0 else { return }
    shown = seconds
    let share = Double(progress.known + progress.done) / Double(max(1, progress.total))
    let filled = Int(share * 24)
    let bar = String(repeating: "█", count: filled) + String(repeating: "░", count: 24 - filled)
    Console.progress(line: "\(bar) \(text(progress, open, seconds))")
  }

  private func text(_ progress: Evaluator.Progress, _ open: Int, _ seconds: Double) -> String {
    var text = "\((progress.known + progress.done).grouped)/\(progress.total.grouped)"
    if progress.failed > 0 { text += ", \(progress.failed) failed" }
    guard progress.done > 0, seconds > 0 else { return text }
    let rate = Double(progress.done) / seconds
    text += ", \(rate >= 1 ? "\(rate.significant(3))/s" : "\((1 / rate).significant(3)) s each")"
    if open > 0 { text += ", \(BatchProgress.time(Double(open) / rate)) left" }
    return text
  }

  /// A time in words: 2 h 05 min, 3 min 20 s, 12 s.
  private static func time(_ seconds: Double) -> String {
    let s = Int(min(seconds, 1e9).rounded(.up))
    func two(_ n: Int) -> String { n < 10 ? "0\(n)" : "\(n)" }
    if s >= 3600 { return "\(s / 3600) h \(two(s % 3600 / 60)) min" }
    return s >= 60 ? "\(s / 60) min \(two(s % 60)) s" : "\(s) s"
  }
}
