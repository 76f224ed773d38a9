import Evaluation
import Foundation
import Geometry
import PointClouds
import Registration
import Simulation
import Solvers
import Testing

/// A folder of simulated fragments: two of a room, two of an object.
private final class FragmentFolder {
  static let room = SimulatedPair(.room, seed: 3, settings: settings)
  static let object = SimulatedPair(.object, seed: 3, settings: settings)
  private static var settings: SimulatedPair.Settings {
    var settings = SimulatedPair.Settings()
    settings.points = 12_000
    return settings
  }

  let path = FileManager.default.temporaryDirectory.appending(path: "plumb-runner-\(UUID().uuidString)").path

  init() throws {
    try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    try write("room_0", Self.room.source)
    try write("room_1", Self.room.target)
    try write("object_0", Self.object.source)
    try write("object_1", Self.object.target)
  }

  deinit { try? FileManager.default.removeItem(atPath: path) }

  func write(_ name: String, _ cloud: PointCloud) throws {
    try CloudWriter(format: .ply)(cloud, to: "\(path)/\(name).ply", replacing: true)
  }

  func item(_ source: String, _ target: String, place: String? = nil, truth: RigidTransform? = nil) -> PairItem {
    PairItem(
      id: "\(source)-\(target)", list: "pairs", scene: "", numbers: (0, 1),
      source: CloudReference(path: "\(path)/\(source).ply"), target: CloudReference(path: "\(path)/\(target).ply"),
      place: place, truth: truth)
  }
}

@Suite(.serialized) struct PairRunnerTests {
  private let folder: FragmentFolder

  init() throws { folder = try FragmentFolder() }

  private func runner(
    budget: Int, readPart: PairRunner.PartReader? = nil
  ) -> PairRunner {
    let (settings, reader) = (Registrar.Settings(), CloudReader())
    guard let readPart else { return PairRunner(settings: settings, reader: reader, memoryBudget: budget) }
    return PairRunner(settings: settings, reader: reader, memoryBudget: budget, readPart: readPart)
  }

  private var items: [PairItem] {
    [
      folder.item("room_0", "room_1", truth: FragmentFolder.room.targetFromSource),
      folder.item("room_1", "room_0", truth: FragmentFolder.room.targetFromSource.inverse),
      folder.item("object_0", "object_1", truth: FragmentFolder.object.targetFromSource),
      folder.item("room_0", "object_1"),
      folder.item("room_0", "room_1", truth: FragmentFolder.room.targetFromSource),
    ]
  }

  @Test("with room for everything, for some or for nothing: the same runs, and as `register` gives them")
  func memoryChangesNothing() throws {
    let everything = runner(budget: 1 << 30)
    let expected = items.map(everything.callAsFunction)
    #expect(everything.memory.misses == 4 && everything.memory.hits == 6 && everything.memory.scans == 4)
    let some = everything.memory.bytes / 2
    for budget in [0, some] {
      let runner = runner(budget: budget)
      for (item, run) in zip(items, expected) {
        let again = runner(item)
        #expect(again.outcome == run.outcome, "\(item.id)")
        #expect(again.score == run.score && again.inputHashes == run.inputHashes, "\(item.id)")
        #expect(runner.memory.bytes <= budget)
      }
      #expect(budget > 0 ? runner.memory.scans > 0 && runner.memory.hits > 0 : runner.memory.scans == 0)
      #expect(runner.memory.misses > 4)
    }
    for (item, run) in zip(items, expected) {
      let source = try CloudReader()(item.source.path).cloud
      let target = try CloudReader()(item.target.path).cloud
      var result = try Registrar()(source: source, target: target)
      let mismatch = SizeMismatch(
        source: SpacingEstimate(source.positions), target: SpacingEstimate(target.positions))
      Reservations(mismatch: mismatch, droppedShares: (0, 0)).apply(to: &result)
      let estimate = try #require(run.score.estimate)
      #expect(estimate.pose.rows == result.targetFromSource.rows)
      #expect(estimate.verdict == result.verdict && estimate.reasons == result.reasons, "\(item.id)")
    }
    #expect(expected[3].score.estimate?.reasons.first?.hasPrefix("sizes differ") == true, "a room on a cup")
  }

  @Test("there and back: both poses undo each other where both are right, and the way there is the same as without")
  func roundTrip() throws {
    let back = PairRunner(settings: Registrar.Settings(), goesBack: true, reader: CloudReader(), memoryBudget: 1 << 30)
    let run = back(items[0])
    let alone = runner(budget: 0)(items[0])
    #expect(run.outcome == alone.outcome && alone.score.reverse == nil)
    let reverse = try #require(run.score.reverse)
    #expect(reverse.roundTrip.rotationDegrees < 0.3 && reverse.roundTrip.displacement < 0.03, "\(reverse)")
    // The pose back is the one that registering the pair turned round gives.
    let turned = back(items[1])
    let (there, other) = (try #require(run.score.estimate), try #require(turned.score.estimate))
    #expect(reverse.verdict == other.verdict)
    let centroid =
      FragmentFolder.room.source.positions.reduce(Point3.zero) { $0 + Point3($1) }
      / Double(FragmentFolder.room.source.count)
    let trip = PoseRoundTrip(there: there.pose, back: other.pose, point: centroid)
    #expect(abs(trip.rotationDegrees - reverse.roundTrip.rotationDegrees) < 1e-5)
    #expect(abs(trip.displacement - reverse.roundTrip.displacement) < 1e-4)
    #expect(run.stages.last?.name == "back" && (run.stages.last?.seconds ?? 0) > 0)
    // A room and a cup: nobody believes either way.
    #expect(try #require(back(items[3]).score.reverse).verdict != .trusted)
  }

  @Test("runs are scored: errors, inlier ratio and matches, times of every stage")
  func scores() throws {
    let run = runner(budget: 0)(items[0])
    #expect(try #require(run.score.rotationErrorDegrees) < 1)
    #expect(try #require(run.score.translationError) < 0.05)
    let (ratio, matches) = (try #require(run.score.inlierRatio), try #require(run.score.matches))
    #expect(ratio > 0.05 && ratio <= 1 && matches > 100)
    // A truth that is metres off confirms next to nothing.
    var wrong = items[0]
    wrong.truth = RigidTransform(translation: Point3(40, 0, 0))
    let other = runner(budget: 0)(wrong)
    #expect(other.score.inlierRatio == 0 && other.score.matches == matches)
    #expect(
      run.stages.map(\.name)
        == ["read", "preprocess", "features", "matching", "consensus", "tree", "estimation", "refinement", "diagnosis"])
    #expect(run.stages.allSatisfy { $0.seconds >= 0 } && run.seconds >= run.stages.reduce(0) { $0 + $1.seconds } * 0.99)
    #expect(runner(budget: 0)(items[3]).score.inlierRatio == nil)
  }

  @Test("the scan that was used last stays, the other goes")
  func eviction() {
    let probe = runner(budget: 1 << 30)
    _ = probe(folder.item("object_0", "object_0"))
    let one = probe.memory.bytes
    #expect(probe.memory.scans == 1 && probe.memory.misses == 1 && probe.memory.hits == 1)
    let runner = runner(budget: 3 * one / 2)
    for _ in 0..<2 { _ = runner(folder.item("object_0", "object_0")) }
    #expect(runner.memory.misses == 1 && runner.memory.hits == 3)
    _ = runner(folder.item("room_0", "room_0"))
    #expect(runner.memory.scans == 1 && runner.memory.bytes <= 3 * one / 2)
    _ = runner(folder.item("room_0", "room_0"))
    #expect(runner.memory.misses == 2)
    _ = runner(folder.item("object_0", "object_0"))
    #expect(runner.memory.misses == 3)
  }

  @Test("a missing, empty, broken or unusable cloud fails its pair with status, place and file, and no other")
  func failures() throws {
    try Data().write(to: URL(filePath: folder.path + "/empty.ply"))
    try Data("ply\nformat ascii 1.0\nelement vertex 99999999999\n".utf8)
      .write(to: URL(filePath: folder.path + "/broken.ply"))
    try FileManager.default.createDirectory(atPath: folder.path + "/folder.ply", withIntermediateDirectories: true)
    try folder.write("two", PointCloud(positions: [SIMD3(0, 0, 0), SIMD3(1, 2, 3)]))
    try folder.write("line", PointCloud(positions: (0..<30).map { SIMD3(Float($0), 0, 0) }))
    let runner = runner(budget: 1 << 30)
    for (name, status) in [
      ("absent", 66), ("empty", 65), ("broken", 65), ("folder", 66), ("two", 65), ("line", 65),
    ] {
      for item in [
        folder.item(name, "room_1", place: "pairs.txt line 17"),
        folder.item("room_1", name, place: "pairs.txt line 17"),
      ] {
        let run = runner(item)
        guard case .failed(let found, let message) = run.outcome else {
          Issue.record("\(item.id): \(run.outcome)")
          continue
        }
        #expect(found == status, "\(message)")
        #expect(message.hasPrefix("pairs.txt line 17: \(folder.path)/\(name).ply: "), "\(message)")
        #expect(!message.contains("\n"))
        #expect(run.score.outcome == run.outcome && run.inputHashes.count == 2 && run.score.matches == nil)
        #expect(run.inputHashes.contains("unreadable") == ["absent", "folder"].contains(name), "\(run.inputHashes)")
      }
    }
    guard case .estimated = runner(items[0]).outcome else {
      Issue.record("the pair after the failures")
      return
    }
  }

  @Test("a file that is replaced between two pairs is read again")
  func replacement() throws {
    let runner = runner(budget: 1 << 30)
    let item = folder.item("room_0", "room_1")
    let before = runner(item)
    try folder.write("room_0", FragmentFolder.room.target)
    let after = runner(item)
    #expect(before.inputHashes[0] != after.inputHashes[0] && after.inputHashes[0] == after.inputHashes[1])
    #expect(try #require(after.score.estimate).pose.rotation.angleDegrees < 0.01)
  }

  @Test("hashes are those of the bytes, need no registration and tell parts apart")
  func hashes() throws {
    try Data("abc".utf8).write(to: URL(filePath: folder.path + "/abc.ply"))
    let runner = runner(budget: 0)
    // FIPS 180-4, example of one block.
    let abc = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
    #expect(runner.inputHashes(of: folder.item("abc", "absent")) == [abc, "unreadable"])
    #expect(runner.inputHashes(of: items[0]) == runner(items[0]).inputHashes)
    #expect(runner.memory.misses == 2, "hashing reads no cloud")
    var part = folder.item("abc", "abc")
    func hash(_ row: Int, _ seed: UInt32, _ isSource: Bool, _ share: Double) -> String {
      part.source.part = .init(row: row, seed: seed, isSource: isSource, keptShare: share)
      return runner.inputHashes(of: part)[0]
    }
    let all = [
      hash(0, 1, true, 0.7), hash(1, 1, true, 0.7), hash(0, 2, true, 0.7), hash(0, 1, false, 0.7),
      hash(0, 1, true, 0.5),
      abc,
    ]
    #expect(Set(all).count == all.count && all.allSatisfy { $0.count == 64 })
    #expect(hash(0, 1, true, 0.7) == all[0])
  }

  @Test("parts come from the reader given, once each; without one the pair fails")
  func parts() throws {
    var item = folder.item("abc", "abc")
    try Data("abc".utf8).write(to: URL(filePath: folder.path + "/abc.ply"))
    for isSource in [true, false] {
      let part = CloudReference.Part(row: 5, seed: 1, isSource: isSource, keptShare: 0.7)
      if isSource { item.source.part = part } else { item.target.part = part }
    }
    guard case .failed(65, let message) = runner(budget: 0)(item).outcome else {
      Issue.record("a part without a reader")
      return
    }
    #expect(message.hasPrefix("\(folder.path)/abc.ply: "))
    var asked: [CloudReference] = []
    let (source, target) = (items[0].source.path, items[0].target.path)
    let runner = runner(budget: 1 << 30) { (reference) throws(CloudFileError) in
      asked.append(reference)
      return try CloudReader()(reference.part?.isSource == true ? source : target).cloud
    }
    let first = runner(item)
    #expect(first.outcome == runner(item).outcome && asked == [item.source, item.target])
    #expect(first.inputHashes == runner.inputHashes(of: item) && first.inputHashes[0] != first.inputHashes[1])
    let whole = runner(items[0])
    #expect(whole.outcome == first.outcome)
  }
}
