import Evaluation
import PointClouds
import Rendering

/// The page that `plumb evaluate --report` writes.
struct EvaluationPage {
  let document: EvaluationDocument
  /// The benchmark, whose clouds show the worst pairs; nil where only its results are there.
  let benchmark: Benchmark?
  let reader: CloudReader
  /// The other result, if there is one.
  let comparison: (name: String, document: EvaluationDocument)?

  /// Writes the page.
  func write(to path: String, replacing: Bool) throws {
    let report = EvaluationReport(
      title: "plumb evaluate: \(benchmark.map { FileName.last($0.root) } ?? document.layout.rawValue)",
      subject: subject, tables: document.tables,
      curves: document.measuring.curves(document.results, options: document.options), worst: worst,
      comparison: try beside)
    try AtomicFile.write(Array(report.html().utf8), to: path, replacing: replacing)
  }

  private var subject: [(name: String, value: String)] {
    var facts: [(name: String, value: String)] = []
    if let benchmark { facts.append((name: "benchmark", value: "\(benchmark.root): \(benchmark.reason)")) }
    facts.append((name: "layout", value: document.layout.rawValue))
    if let name = document.measuring.name { facts.append((name: "protocol", value: name)) }
    facts.append((name: "results", value: document.settings.map { "Plumb, \($0)" } ?? "estimates that were given"))
    facts.append((name: "version", value: document.version))
    return facts
  }

  /// The worst pairs with their clouds, as far as these can be read.
  private var worst: [WorstItem] {
    guard case .pairs(let chosen) = document.measuring else { return [] }
    let evaluation = PairEvaluation(protocol: chosen, options: document.options)
    var items: [String: PairItem] = [:]
    if case .pairs(let known)? = benchmark?.work {
      items = Dictionary(known.map { ($0.id, $0) }) { first, _ in first }
    }
    return evaluation.worst(document.results.pairs, count: EvaluationReport.worstCount).map { score in
      guard let item = items[score.id] else {
        let nowhere = CloudReference(path: "")
        let item = PairItem(
          id: score.id, list: score.list, scene: score.scene, numbers: (score.first, score.second), source: nowhere,
          target: nowhere, overlap: score.overlap)
        return WorstItem(item: item, score: score, source: nil, target: nil)
      }
      return WorstItem(
        item: item, score: score, source: try? item.source.read(with: reader),
        target: try? item.target.read(with: reader))
    }
  }

  private var beside: BaselineComparison? {
    get throws {
      guard let comparison, case .pairs(let chosen) = document.measuring else { return nil }
      let evaluation = PairEvaluation(protocol: chosen, options: document.options)
      let rows = PairComparison.lists(
        document.results.pairs, with: comparison.document.results.pairs, under: evaluation
      )
      .filter { $0.comparison.pairs > 0 }
      .map { list, comparison in
        BaselineComparison.Row(
          name: "\(list): right, %", value: 100 * Double(comparison.right) / Double(comparison.pairs),
          baseline: 100 * Double(comparison.otherRight) / Double(comparison.pairs),
          lower: comparison.interval.map { 100 * $0.lower }, upper: comparison.interval.map { 100 * $0.upper },
          moreIsBetter: true, decimals: 1)
      }
      return BaselineComparison(
        baseline: comparison.name, interval: "95 %, of the difference pair by pair (Agresti and Min, 2005)", rows: rows)
    }
  }
}
