extension EvaluationDocument {
  /// Measures results by a protocol, or by those of the benchmark when none is named.
  /// - Throws: ``BenchmarkError`` when there is no protocol of that name for these results.
  public init(
    layout: Layout, protocolName: String?, settings: String?, version: String, measuring results: [BatchRecord.Result],
    missing: [String] = []
  ) throws {
    let pairs = results.compactMap { if case .pair(let score) = $0 { score } else { nil } }
    self.init(
      layout: layout, protocolName: protocolName, settings: settings, version: version,
      tables: PairEvaluation(pairs).tables, results: results, missing: missing)
  }

  /// Measures the results of a batch; the protocol is that of the batch unless another is named.
  public init(_ merged: MergedResults, protocolName: String? = nil) throws {
    try self.init(
      layout: merged.manifest.layout, protocolName: protocolName ?? merged.manifest.protocolName,
      settings: merged.manifest.settings, version: merged.manifest.version, measuring: merged.records.map(\.result),
      missing: merged.missing)
  }
}
