import Parallelism
import Rendering

extension Markup {
  /// The section of a page about time and memory, the one part that differs from run to run.
  /// - Parameter times: what took how long; threads and peak memory follow.
  static func thisRun(_ times: [(name: String, value: Markup)]) -> Markup {
    let machine: [(name: String, value: Markup)] = [
      (name: "threads", value: .text(String(Parallel.threads))),
      (name: "peak memory", value: .text("\(ProcessMemory.peakResidentBytes / 1_000_000) MB")),
    ]
    return .element(
      "section", ["id": "run"],
      .sequence([
        .element("h2", [:], .text("This run")),
        .element(
          "p", ["class": "note"],
          .text("Time and memory differ from run to run; everything above is the same for the same inputs.")),
        MarkupTable.facts(times + machine),
      ]))
  }
}
