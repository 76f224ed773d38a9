import Foundation
import PointClouds
import Rendering

/// The result of an evaluation: tables and the score of every item; as JSON, `plumb.evaluate/1`.
///
/// It depends on the benchmark and the settings alone, not on shards, machines, threads or interruptions.
public struct EvaluationDocument: Sendable {
  /// How the benchmark lies on the disk.
  public let layout: Layout
  /// The protocol by which the results are measured.
  public let measuring: Measuring
  /// The variants of the protocol.
  public let options: PairEvaluation.Options
  /// The settings of Plumb's own run as one JSON object; nil for the results of others.
  public let settings: String?
  /// The version of the program that has made the results.
  public let version: String
  /// The results, in the order of the benchmark.
  public let results: [BatchRecord.Result]
  /// The items without a result.
  public let missing: [String]
  /// The tables.
  public var tables: [ScoreTable]

  /// Measures results.
  /// - Parameter extras: estimates for pairs that no list holds.
  public init(
    layout: Layout, measuring: Measuring, options: PairEvaluation.Options = .init(), settings: String? = nil,
    version: String, results: [BatchRecord.Result], missing: [String] = [], extras: [ExtraEstimate] = []
  ) {
    (self.layout, self.measuring, self.options, self.settings) = (layout, measuring, options, settings)
    (self.version, self.results, self.missing) = (version, results, missing)
    tables = measuring.tables(results, options: options, extras: extras)
  }

  /// Measures the results of a batch.
  /// - Parameter measuring: another protocol than that of the batch.
  public init(_ merged: MergedResults, measuring: Measuring? = nil, options: PairEvaluation.Options = .init()) {
    let manifest = merged.manifest
    self.init(
      layout: manifest.layout, measuring: measuring ?? manifest.protocolName.flatMap(Measuring.init) ?? .nothing,
      options: options, settings: manifest.settings, version: manifest.version, results: merged.records.map(\.result),
      missing: merged.missing)
  }

  /// The results that failed, in order.
  public var failures: [(id: String, status: Int, message: String)] {
    results.compactMap { result in result.failure.map { (result.id, $0.status, $0.message) } }
  }

  /// The items that have no result or no estimate in it, sorted.
  public var lacking: [String] { (missing + results.filter(\.isMissing).map(\.id)).sorted() }

  private static let schema = "plumb.evaluate/1"

  /// Hands over the document piece by piece, so that it never stands in memory as a whole; the results sorted by id.
  /// - Parameter run: what depends on the run; a document in a file has none.
  package func pieces(run: JSONValue? = nil, _ take: (String) throws -> Void) rethrows {
    let (failed, lacking) = (results.count { $0.failure != nil }, lacking)
    let all = results.count + missing.count
    let head = JSONValue.members([
      "schema": .string(EvaluationDocument.schema), "version": .string(version), "layout": .string(layout.rawValue),
      "protocol": measuring.name.map(JSONValue.string) ?? .null, "rmse": .string(options.rmse.rawValue),
      "first_entry": .string(options.dropsFirstEntry ? "dropped" : "counted"),
      "settings": settings.map(JSONValue.string) ?? .null,
      "items": .members([
        "all": .integer(all), "done": .integer(all - failed - lacking.count), "failed": .integer(failed),
        "missing": .integer(lacking.count),
      ]),
      "missing": .array(missing.sorted().map(JSONValue.string)), "tables": .array(tables.map(\.json)),
    ])
    try take(String(head.text.dropLast()) + ",\"results\":[")
    for (k, place) in results.indices.sorted(by: { results[$0].id < results[$1].id }).enumerated() {
      try take((k == 0 ? "\n" : ",\n") + JSONValue.object([results[place].member]).text)
    }
    try take("]" + (run.map { ",\"run\":" + $0.text } ?? "") + "}\n")
  }

  /// Writes the document to a file.
  public func write(to path: String, replacing: Bool) throws {
    let file = try AtomicFile(path, replacing: replacing)
    try pieces { try file.write(Array($0.utf8)) }
    try file.commit()
  }
}

extension EvaluationDocument {
  /// Reads a document and measures its results again.
  /// - Parameters:
  ///   - measuring: another protocol than that of the document.
  ///   - change: other variants than those of the document.
  public init(
    reading path: String, measuring: Measuring? = nil, change: (inout PairEvaluation.Options) -> Void = { _ in }
  ) throws {
    struct Entry: Decodable {
      let pair: PairForm?
      let tracklet: TrackletForm?
    }
    struct Form: Decodable {
      let schema: String
      let version: String
      let layout: String
      let `protocol`: String?
      let rmse: String
      let first_entry: String
      let settings: String?
      let missing: [String]
      let results: [Entry]
    }
    let bytes = try SmallFile.read(path, limit: 4 << 30, expected: "a result of plumb evaluate")
    let form: Form
    do { form = try JSONDecoder().decode(Form.self, from: Data(bytes)) } catch {
      throw BatchError(.damaged, "\(path): is no result of plumb evaluate (JSON plumb.evaluate/1 with results)")
    }
    let results = form.results.map { $0.pair?.result ?? $0.tracklet?.result }
    guard form.schema == EvaluationDocument.schema, let layout = Layout(rawValue: form.layout) else {
      throw BatchError(.damaged, "\(path): the schema is \(form.schema), \(EvaluationDocument.schema) is expected")
    }
    if let bad = results.firstIndex(where: { $0 == nil }) {
      throw BatchError(.damaged, "\(path): result \(bad + 1) cannot be read: its pose or its boxes are none")
    }
    var options = PairEvaluation.Options(
      rmse: RMSEVariant(rawValue: form.rmse) ?? .published, dropsFirstEntry: form.first_entry == "dropped")
    change(&options)
    self.init(
      layout: layout, measuring: measuring ?? form.protocol.flatMap(Measuring.init) ?? .nothing,
      options: options, settings: form.settings, version: form.version,
      results: results.compactMap { $0 }, missing: form.missing)
  }
}
