import ArgumentParser
import Evaluation

/// Which benchmark is evaluated and by which rules.
struct DatasetOptions: ParsableArguments {
  @Option(help: "The layout of the benchmark; auto recognises it.")
  var dataset = Dataset.auto

  @Option(name: .customLong("protocol"), help: ArgumentHelp("Measure by this protocol alone.", valueName: "name"))
  var protocolName: String?

  @Option(help: ArgumentHelp("Score the results against this benchmark; no cloud is opened.", valueName: "GT"))
  var reference: String?

  @Flag(help: "Allow lists to name files outside their folder.")
  var allowOutside = false

  /// A layout, or the one that the folder shows.
  enum Dataset: ExpressibleByArgument, Sendable, Equatable {
    case auto
    case layout(Layout)

    init?(argument: String) {
      if argument == "auto" {
        self = .auto
      } else if let layout = Layout(rawValue: argument) {
        self = .layout(layout)
      } else {
        return nil
      }
    }

    static var allValueStrings: [String] { ["auto"] + Layout.allCases.map(\.rawValue) }
    var defaultValueDescription: String { if case .layout(let layout) = self { layout.rawValue } else { "auto" } }

    /// The layout that was asked for; nil for the one that the folder shows.
    var layout: Layout? { if case .layout(let layout) = self { layout } else { nil } }
  }

  /// Reads benchmarks as the options say.
  func reader() -> BenchmarkReader { BenchmarkReader(layout: dataset.layout, allowsOutside: allowOutside) }

  /// The options again, for workers.
  var words: [String] {
    var words = ["--dataset", dataset.defaultValueDescription]
    if allowOutside { words.append("--allow-outside") }
    return words
  }
}
