import Geometry
import PointClouds
import Rendering

/// Names a result by everything that it depends on: the bytes of its input files, the truth it is held against, the
/// settings and the version of the program. Equal keys promise equal results.
package struct ResultKey: Sendable {
  private let run: String

  /// The first digits of the hash of version and settings, which every line of a log carries.
  package let settingsHash: String

  /// The keys of one version with its settings.
  package init(version: String, settings: EvaluationSettings) {
    run = ResultKey.run(version: version, settings: settings.json.text)
    settingsHash = String(run.prefix(16))
  }

  /// The hash of a version with its settings.
  static func run(version: String, settings: String) -> String {
    SHA256.digest(of: "plumb.evaluate/1\n\(version)\n\(settings)")
  }

  /// The key of an item: 64 hexadecimal digits.
  /// - Parameter inputs: the hashes of its input files in a fixed order.
  package func callAsFunction(_ facts: ItemFacts, inputs: [String]) -> String {
    SHA256.digest(of: ([run, facts.truth, facts.parts] + inputs).joined(separator: "\n"))
  }
}

/// What a benchmark says of an item, in texts that are equal when it says the same.
package struct ItemFacts: Sendable, Equatable {
  /// The item.
  package let id: String
  /// Digest of everything that a result is held against.
  let truth: String
  /// Which parts of the files are used.
  let parts: String
  /// The files.
  let files: [String]

  /// The facts of a pair.
  package init(_ item: PairItem) {
    id = item.id
    var words = [item.list, item.scene, "\(item.numbers.first)", "\(item.numbers.second)"]
    words += (item.truth?.rows.joined().map { JSONValue.number($0).text }) ?? ["-"]
    words += item.information?.entries.map { JSONValue.number($0).text } ?? ["-"]
    words += [item.overlap, item.diameter].map { JSONValue.optional($0).text }
    truth = SHA256.digest(of: words.joined(separator: "\n"))
    parts = [item.source, item.target].map(ItemFacts.part).joined(separator: " ")
    files = [item.source.path, item.target.path]
  }

  /// The facts of an object.
  package init(_ item: TrackletItem) {
    id = item.id
    var words = [item.sequence, "\(item.track)", item.category]
    for frame in item.frames {
      words += ["\(frame.number)", frame.cloud == nil ? "-" : "+"]
      words += frame.box.numbers.map { JSONValue.number($0).text }
    }
    truth = SHA256.digest(of: words.joined(separator: "\n"))
    parts = item.frames.compactMap { $0.cloud.map(ItemFacts.part) }.joined(separator: " ")
    files = item.frames.compactMap { $0.cloud?.path }
  }

  private static func part(_ cloud: CloudReference) -> String {
    guard let part = cloud.part else { return "*" }
    return "\(part.row):\(part.seed):\(part.isSource):\(JSONValue.number(part.keptShare).text)"
  }
}

extension Box3 {
  /// Centre, size and heading.
  var numbers: [Double] { [center.x, center.y, center.z, size.x, size.y, size.z, yawRadians] }
}

extension Benchmark {
  /// The facts of all items, in the order of the benchmark.
  package var facts: [ItemFacts] {
    switch work {
    case .pairs(let items): items.map { ItemFacts($0) }
    case .tracklets(let items): items.map { ItemFacts($0) }
    }
  }
}
