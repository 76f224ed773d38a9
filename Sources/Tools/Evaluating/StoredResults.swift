import Evaluation

/// Results that `plumb evaluate` has written before: a document, or the folder of a run.
struct StoredResults {
  /// What was written, measured again.
  let document: EvaluationDocument

  /// The results at a path, measured as the options say; nil when something else is there.
  init?(_ path: String, _ dataset: DatasetOptions) throws {
    if EvaluationOutputs.isFile(path) {
      let plain = try EvaluationDocument(reading: path, change: dataset.change)
      guard let measuring = try dataset.namedProtocol(for: plain.layout), measuring != plain.measuring else {
        document = plain
        return
      }
      document = try EvaluationDocument(reading: path, measuring: measuring, change: dataset.change)
    } else if ResultsFolder(path).isBegun {
      document = try EvaluationDocument(MergedResults(ResultsFolder(path)), dataset)
    } else {
      return nil
    }
  }
}

extension EvaluationDocument {
  /// Measures the results of a batch as the options say.
  init(_ merged: MergedResults, _ dataset: DatasetOptions) throws {
    for remark in merged.remarks { Console.remark("warning", remark.terminalSafe) }
    try self.init(
      merged, measuring: dataset.namedProtocol(for: merged.manifest.layout), options: dataset.options)
  }
}
