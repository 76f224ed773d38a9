import Evaluation
import Rendering

/// What a benchmark is and holds, in words.
struct BenchmarkDescription {
  private let benchmark: Benchmark

  /// A benchmark that was read.
  init(_ benchmark: Benchmark) { self.benchmark = benchmark }

  /// Says what was recognised and why.
  func say() {
    Console.say("detected", "\(benchmark.layout.rawValue): \(benchmark.reason.terminalSafe)")
    for count in counts { Console.say("items", count.text) }
    for note in benchmark.notes { Console.remark("note", note.terminalSafe, tone: .label) }
  }

  /// The answer to `--dry-run`.
  func answerDryRun(_ command: EvaluateCommand, shard: Shard?) throws {
    var submission: String?
    if let shard {
      guard shard.count <= ShardChoice.most else {
        throw CommandFailure(
          .usage, "--shard \(shard.index)/\(shard.count): at most \(ShardChoice.most) shards fit an array job of Slurm")
      }
      let sizes = self.sizes(shard.count)
      Console.say("shards", "\(shard.count): \(sizes.min() ?? 0) to \(sizes.max() ?? 0) items each")
      submission = BenchmarkDescription.submission(shard.count, command)
      if let submission { Console.say("submit", submission.terminalSafe) }
    }
    let document = JSONValue.members([
      "schema": "plumb.plan/1", "version": .string(Plumb.version), "layout": .string(benchmark.layout.rawValue),
      "reason": .string(benchmark.reason), "items": .integer(benchmark.count),
      "counts": .array(
        counts.map {
          .members(["name": .string($0.name), "items": .integer($0.items), "frames": .integer($0.frames)])
        }), "notes": .array(benchmark.notes.map(JSONValue.string)),
      "submit": submission.map(JSONValue.string) ?? .null,
    ])
    guard Console.finish(json: document) else {
      throw CommandFailure(.inputOutput, "the result could not be written to stdout")
    }
  }

  /// One line of the counts: a list of pairs or a class of objects.
  private struct Count {
    var name: String
    var items = 0
    var frames = 0
    var scenes: Set<String> = []
    var isTracking = false

    var text: String {
      if isTracking { return "\(name): \(items.grouped) object\(items == 1 ? "" : "s"), \(frames.grouped) frames" }
      let places = scenes.subtracting([""]).count
      return "\(name): \(items.grouped) pair\(items == 1 ? "" : "s")"
        + (places > 0 ? " in \(places) scene\(places == 1 ? "" : "s")" : "")
    }
  }

  /// Lists in the order of the benchmark; classes with the most frames first.
  private var counts: [Count] {
    var counts: [Count] = []
    func add(_ name: String, _ change: (inout Count) -> Void) {
      let k = counts.firstIndex { $0.name == name } ?? counts.count
      if k == counts.count { counts.append(Count(name: name)) }
      change(&counts[k])
    }
    switch benchmark.work {
    case .pairs(let items):
      for item in items {
        add(item.list) {
          $0.items += 1
          $0.scenes.insert(item.scene)
        }
      }
    case .tracklets(let items):
      for item in items {
        add(item.category) {
          $0.isTracking = true
          $0.items += 1
          $0.frames += item.frames.count
        }
      }
      counts.sort { ($1.frames, $0.name) < ($0.frames, $1.name) }
    }
    return counts
  }

  private func sizes(_ shards: Int) -> [Int] {
    var sizes = [Int](repeating: 0, count: shards)
    let ids: [String]
    switch benchmark.work {
    case .pairs(let items): ids = items.map(\.id)
    case .tracklets(let items): ids = items.map(\.id)
    }
    for id in ids { sizes[Shard.number(of: id, shards)] += 1 }
    return sizes
  }

  /// The line that submits all shards to Slurm.
  private static func submission(_ shards: Int, _ command: EvaluateCommand) -> String {
    let words = ["scripts/evaluate.sbatch", command.input ?? "", command.outputs.output ?? "results/"]
    return "sbatch --array=0-\(shards - 1)%\(min(shards, 64)) " + words.map(quoted).joined(separator: " ")
  }

  /// A word as a shell reads it.
  private static func quoted(_ word: String) -> String {
    let isPlain =
      !word.isEmpty
      && word.utf8.allSatisfy { byte in
        (0x30...0x39).contains(byte) || (0x41...0x5A).contains(byte) || (0x61...0x7A).contains(byte)
          || "/._-+,:@%=".utf8.contains(byte)
      }
    return isPlain
      ? word : "'" + word.split(separator: "'", omittingEmptySubsequences: false).joined(separator: "'\\''") + "'"
  }
}
