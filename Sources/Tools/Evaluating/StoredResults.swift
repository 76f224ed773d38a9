import Evaluation
import Glibc

/// Results that `plumb evaluate` has written before: a document, or the folder of a run.
enum StoredResults {
  case document(EvaluationDocument)
  case folder(MergedResults, String)

  /// The results at a path; nil when something else is there.
  init?(_ path: String) throws {
    if EvaluationOutputs.isFile(path) {
      self = .document(try EvaluationDocument(reading: path))
    } else if ResultsFolder(path).isBegun {
      self = .folder(try MergedResults(ResultsFolder(path)), path)
    } else {
      return nil
    }
  }

  /// Prints their tables.
  func answer(_ command: EvaluateCommand, _ clock: Stopwatch) throws {
    let document: EvaluationDocument
    switch self {
    case .document(let stored):
      document = try EvaluationDocument(
        layout: stored.layout, protocolName: command.dataset.protocolName ?? stored.protocolName,
        settings: stored.settings, version: stored.version, measuring: stored.results, missing: stored.missing)
    case .folder(let merged, _): document = try EvaluationDocument(merged, protocolName: command.dataset.protocolName)
    }
    try EvaluationAnswer(document: document, command: command, clock: clock)()
  }
}
