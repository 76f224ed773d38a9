import Foundation
import PointClouds
import Rendering

/// The result of `plumb evaluate` as JSON, `plumb.evaluate/1`: tables and the score of every item, sorted by id.
///
/// It depends on the benchmark and the settings alone, not on shards, machines, threads or interruptions.
public struct EvaluationDocument: Sendable {
  /// How the benchmark lies on the disk.
  public var layout: Layout
  /// The protocol that was asked for; nil for those of the benchmark.
  public var protocolName: String?
  /// The settings of Plumb's own run as one JSON object; nil for the results of others.
  public var settings: String?
  /// The version of the program that has made it.
  public var version: String
  /// The tables.
  public var tables: [ScoreTable]
  /// The results, sorted by id.
  public var results: [BatchRecord.Result]
  /// The items without a result, sorted.
  public var missing: [String]

  /// A document of results in any order.
  public init(
    layout: Layout, protocolName: String?, settings: String?, version: String, tables: [ScoreTable],
    results: [BatchRecord.Result], missing: [String] = []
  ) {
    (self.layout, self.protocolName, self.settings, self.version) = (layout, protocolName, settings, version)
    (self.tables, self.results, self.missing) = (tables, results.sorted { $0.id < $1.id }, missing.sorted())
  }

  private static let schema = "plumb.evaluate/1"

  /// Hands over the document piece by piece, so that it never stands in memory as a whole.
  /// - Parameter run: what depends on the run; a document in a file has none.
  package func pieces(run: JSONValue? = nil, _ take: (String) throws -> Void) rethrows {
    let failed = results.count { $0.failure != nil }
    let head = JSONValue.members([
      "schema": .string(EvaluationDocument.schema), "version": .string(version), "layout": .string(layout.rawValue),
      "protocol": protocolName.map(JSONValue.string) ?? .null,
      "settings": settings.map(JSONValue.string) ?? .null,
      "items": .members([
        "all": .integer(results.count + missing.count), "done": .integer(results.count - failed),
        "failed": .integer(failed), "missing": .integer(missing.count),
      ]),
      "missing": .array(missing.map(JSONValue.string)), "tables": .array(tables.map(\.json)),
    ])
    try take(String(head.text.dropLast()) + ",\"results\":[")
    for (k, result) in results.enumerated() {
      try take((k == 0 ? "\n" : ",\n") + JSONValue.object([result.member]).text)
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
  /// Reads a document; its tables are left out, they can be made again.
  public init(reading path: String) throws {
    struct Entry: Decodable {
      let pair: PairForm?
      let tracklet: TrackletForm?
    }
    struct Form: Decodable {
      let schema: String
      let version: String
      let layout: String
      let `protocol`: String?
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
    self.init(
      layout: layout, protocolName: form.protocol, settings: form.settings, version: form.version, tables: [],
      results: results.compactMap { $0 }, missing: form.missing)
  }
}
