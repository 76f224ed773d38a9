import Evaluation

/// Scores results that exist against a benchmark; opens no cloud.
struct EvaluationScoring {
  let command: EvaluateCommand
  let clock: Stopwatch

  /// Answers with the tables.
  func callAsFunction() throws {
    guard let input = command.input, let reference = command.dataset.reference else { return }
    let benchmark = try command.dataset.reader()(reference)
    let scores = try EstimateReader()(input, for: benchmark)
    let document = try EvaluationDocument(
      layout: benchmark.layout, protocolName: command.dataset.protocolName, settings: nil, version: Plumb.version,
      measuring: scores.map { .pair($0) })
    try EvaluationAnswer(document: document, command: command, clock: clock)()
  }
}
