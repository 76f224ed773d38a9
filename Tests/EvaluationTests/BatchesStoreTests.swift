import Evaluation
import Foundation
import PointClouds
import Synchronization
import Testing

/// The folder of results: manifest, logs and their merge.
@Suite struct BatchesStoreTests {
  @Test("shards part the items, and a new item moves no other")
  func shards() throws {
    let ids = (0..<500).map { Batches.item($0).id }
    for n in [1, 8, 64] {
      let parts = try (0..<n).map { try #require(Shard($0, of: n)) }
      for id in ids {
        let owners = parts.filter { $0.contains(id) }
        #expect(owners.map(\.index) == [Shard.number(of: id, n)])
      }
    }
    // The first 8 bytes of hashlib.sha256(id.encode()), big-endian, mod 64.
    #expect(Shard.number(of: "", 64) == 20)
    #expect(Shard.number(of: "3DLoMatch/hotel_1/0-11", 64) == 13)
    #expect(Shard.number(of: "é", 1000) == 51)
    for (k, n) in [(-1, 8), (8, 8), (0, 0), (0, -1)] { #expect(Shard(k, of: n) == nil) }
  }

  @Test("1, 8 and 64 shards merge to the same bytes, whatever the order and however often")
  func merge() throws {
    let count = 200
    var texts: Set<String> = []
    for n in [1, 8, 64] {
      try Batches.withFolder { folder in
        let results = ResultsFolder(folder)
        for k in (0..<n).reversed() {
          try results.begin(Batches.manifest(count, shards: n))
          // Every shard is run twice, the second time from its end.
          for attempt in 0..<2 {
            let shard = try #require(Shard(k, of: n))
            let log = try BatchLog(folder: folder, shard: shard)
            let mine = (0..<count).filter { shard.contains(Batches.item($0).id) }
            for item in attempt == 0 ? mine : mine.reversed() {
              try log.append(Batches.record(item, host: "\(attempt)"))
            }
            try log.flush()
          }
        }
        let merged = try MergedResults(results)
        #expect(merged.missing.isEmpty && merged.remarks.isEmpty && merged.records.count == count)
        #expect(merged.shards.count == n && merged.shards.reduce(0) { $0 + $1.done + $1.failed } == count)
        #expect(merged.failures.count == (0..<count).count { $0 % 11 == 3 })
        texts.insert(try Batches.merged(folder))
      }
    }
    #expect(texts.count == 1)
    #expect(texts.first?.contains("\"run\"") == false)
  }

  @Test("a document reads back to the same results, and one that is none is refused")
  func document() throws {
    try Batches.withFolder { folder in
      let results = (0..<40).map { Batches.record($0).result }
      let document = EvaluationDocument(
        layout: .pairs, measuring: .pairs(.generic), options: .init(rmse: .exact), settings: Batches.settings.json.text,
        version: "1",
        results: results.reversed(), missing: ["z", "y"])
      try document.write(to: "\(folder)/all.json", replacing: false)
      let again = try EvaluationDocument(reading: "\(folder)/all.json")
      #expect(again.results == results.sorted { $0.id < $1.id } && again.missing == ["y", "z"])
      #expect(
        again.measuring == .pairs(.generic) && again.options.rmse == .exact
          && again.settings == Batches.settings.json.text
          && again.layout == .pairs)
      #expect(throws: CloudFileError.self) { try document.write(to: "\(folder)/all.json", replacing: false) }
      for text in ["{}", "[1]", #"{"schema":"plumb.register/1"}"#, "{\"schema\""] {
        try text.write(toFile: "\(folder)/bad.json", atomically: false, encoding: .utf8)
        #expect(throws: BatchError.self) { try EvaluationDocument(reading: "\(folder)/bad.json") }
      }
    }
  }

  @Test("a torn last line is passed over, a wrong checksum is reported with its line")
  func damagedLogs() throws {
    try Batches.withFolder { folder in
      let results = ResultsFolder(folder)
      try results.begin(Batches.manifest(4))
      var lines = (0..<4).map { Batches.record($0).line }
      lines[1] = lines[1].replacingOccurrences(of: "scene 1", with: "scene 2")
      let text = lines[0...2].joined(separator: "\n") + "\n" + lines[3].prefix(100)
      try text.write(toFile: "\(folder)/0.1.host.ndjson", atomically: false, encoding: .utf8)
      try "".write(toFile: "\(folder)/0.2.host.ndjson", atomically: false, encoding: .utf8)
      let tally = try LogLines.read("\(folder)/0.1.host.ndjson") { _ in }
      #expect(tally.records == 2 && tally.damaged == [2] && tally.isTorn)
      let merged = try MergedResults(results)
      #expect(merged.records.map(\.id) == [Batches.item(0).id, Batches.item(2).id])
      #expect(merged.missing == [Batches.item(1).id, Batches.item(3).id].sorted())
      #expect(merged.remarks.count == 1 && merged.remarks[0].contains("0.1.host.ndjson: line 2: wrong checksum"))
    }
  }

  @Test("lines are found wherever they are cut by reading in pieces")
  func longLogs() throws {
    try Batches.withFolder { folder in
      // Longer than the pieces that are read, with lines that end on their borders.
      let lines = (0..<400).map { Batches.record($0).line }
      let text = lines.joined(separator: "\n") + "\n"
      #expect(text.utf8.count > 3 << 16)
      for shift in 0..<3 {
        let path = "\(folder)/\(shift)"
        let head = String(repeating: "x", count: (1 << 16) - 2 + shift) + "\n"
        try (head + text).write(toFile: path, atomically: false, encoding: .utf8)
        var read: [BatchRecord] = []
        let tally = try LogLines.read(path) { read.append($0) }
        #expect(read == (0..<400).map { Batches.record($0) } && tally.damaged == [1] && !tally.isTorn)
      }
    }
  }

  @Test("a manifest is written once; a run that differs is told in what")
  func manifest() throws {
    try Batches.withFolder { folder in
      let results = ResultsFolder("\(folder)/new/")
      #expect(!results.isBegun)
      #expect(throws: BatchError.self) { try results.manifest() }
      try results.begin(Batches.manifest(5, shards: 8))
      let bytes = try Data(contentsOf: URL(filePath: "\(folder)/new/manifest.json"))
      try results.begin(Batches.manifest(5, shards: 8))
      #expect(try results.manifest() == Batches.manifest(5, shards: 8))
      var (seed, version) = (Batches.manifest(5, shards: 8), Batches.manifest(5, shards: 8))
      (seed.settings, version.version) = ("{}", "9")
      let others: [(BatchManifest, String)] = [
        (Batches.manifest(5, shards: 4), "there are 4 shards (N), there they are 8"), (seed, "the settings are {}"),
        (Batches.manifest(6, shards: 8), "1 are new, such as list/scene 2/5-12, 0 are gone"),
        (version, "the version is 9, there it is 1.2.3"),
        (Batches.manifest(5, shards: 8, protocolName: "B"), "the protocol is B, there it is automatic"),
      ]
      for (other, words) in others {
        #expect {
          try results.begin(other)
        } throws: { error in
          let error = error as? BatchError
          return error?.kind == .contradiction && error?.description.contains(words) == true
        }
      }
      #expect(try Data(contentsOf: URL(filePath: "\(folder)/new/manifest.json")) == bytes)
    }
  }

  @Test("the manifest knows truths and sizes of files, not where they lie")
  func dataset() throws {
    try Batches.withFolder { folder in
      for name in ["a", "b"] {
        try FileManager.default.createDirectory(atPath: "\(folder)/\(name)", withIntermediateDirectories: true)
        try "0123".write(toFile: "\(folder)/\(name)/0.ply", atomically: false, encoding: .utf8)
      }
      func manifest(_ root: String) -> BatchManifest {
        BatchManifest(
          Batches.benchmark(3, root: root), settings: Batches.settings, version: "1", protocolName: nil, shards: 1)
      }
      #expect(manifest("\(folder)/a") == manifest("\(folder)/b"))
      #expect(manifest("\(folder)/a").datasetHash.count == 64)
      try "01234".write(toFile: "\(folder)/b/0.ply", atomically: false, encoding: .utf8)
      #expect(manifest("\(folder)/a").filesHash != manifest("\(folder)/b").filesHash)
      #expect(manifest("\(folder)/a").truthHash == manifest("\(folder)/b").truthHash)
      #expect(manifest("\(folder)/a").datasetHash != manifest("\(folder)/b").datasetHash)
    }
  }

  @Test("many workers that begin at once agree on one manifest")
  func race() throws {
    try Batches.withFolder { folder in
      let failures = Atomic<Int>(0)
      DispatchQueue.concurrentPerform(iterations: 16) { k in
        do { try ResultsFolder("\(folder)/r").begin(Batches.manifest(50, shards: k % 2 == 0 ? 8 : 4)) } catch {
          failures.add(1, ordering: .relaxed)
        }
      }
      // Whoever was first decides; those with the other number of shards are refused.
      #expect(failures.load(ordering: .relaxed) == 8)
      let shards = try ResultsFolder("\(folder)/r").manifest().shards
      #expect([4, 8].contains(shards))
      let names = try FileManager.default.contentsOfDirectory(atPath: "\(folder)/r")
      #expect(names == ["manifest.json"])
    }
  }

  @Test("lines of other settings and of unknown items are passed over")
  func foreign() throws {
    try Batches.withFolder { folder in
      let results = ResultsFolder(folder)
      try results.begin(Batches.manifest(3))
      let log = try BatchLog(folder: folder, shard: .whole)
      var old = Batches.record(1, inputs: ["old"])
      old.settingsHash = "0000000000000000"
      for record in [old, Batches.record(0), Batches.record(1), Batches.record(2), Batches.record(9)] {
        try log.append(record)
      }
      let merged = try MergedResults(results)
      #expect(merged.records.map(\.id) == (0..<3).map { Batches.item($0).id } && merged.missing.isEmpty)
      #expect(merged.remarks.contains { $0.contains("1 lines of another version") })
    }
  }
}
