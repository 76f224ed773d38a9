import Geometry
import PointClouds
import Registration
import Solvers

/// Registers the pairs of a benchmark one after another; what belongs to one cloud is read and computed once for as long
/// as it fits the memory budget. The results do not depend on what was kept.
///
/// It belongs to one thread; the work inside is spread over all of them.
package final class PairRunner {
  /// Reads a cloud that is a part of a file, such as a view of a model in an HDF5 file.
  package typealias PartReader = (CloudReference) throws(CloudFileError) -> PointCloud

  private let registrar: Registrar
  private let goesBack: Bool
  private let reader: CloudReader
  private let readPart: PartReader
  private var hashes = InputHashes()
  private var cache: ScanCache

  /// A runner.
  /// - Parameters:
  ///   - goesBack: whether the target is registered to the source too, from scratch, to compare both poses.
  ///   - memoryBudget: the most bytes that are kept from one pair to the next.
  package init(
    settings: Registrar.Settings, goesBack: Bool = false, reader: CloudReader, memoryBudget: Int,
    readPart: @escaping PartReader = { (reference) throws(CloudFileError) in
      throw CloudFileError(.unusable, reference.path, "a part of a file is wanted, and nothing was given to read it")
    }
  ) {
    registrar = Registrar(settings: settings)
    (self.goesBack, self.reader) = (goesBack, reader)
    self.readPart = readPart
    cache = ScanCache(budget: memoryBudget)
  }

  /// What is kept at the moment, and how often it was of use.
  package var memory: (scans: Int, bytes: Int, hits: Int, misses: Int) {
    (cache.count, cache.byteCount, cache.uses.hits, cache.uses.misses)
  }

  /// The SHA-256 of the bytes of source and target, without registering: every file is read once for as long as it does
  /// not change. A file that cannot be read has the hash `unreadable`. Parts are hashed as their file and what they are.
  package func inputHashes(of item: PairItem) -> [String] {
    [hashes.hash(of: item.source), hashes.hash(of: item.target)]
  }

  /// Registers a pair and scores the result. A pair that cannot be registered has an outcome that says why.
  package func callAsFunction(_ item: PairItem) -> PairRun {
    let start = ContinuousClock.now
    defer { cache.trim() }
    do throws(PairFailure) {
      let source = try scan(item.source, of: item)
      let target = try scan(item.target, of: item)
      let reading = seconds(since: start)
      let result = try register(source, target, item)
      let estimate = PairScore.Estimate(
        pose: result.targetFromSource, verdict: result.verdict, reasons: result.reasons)
      var score = PairScore(item: item, outcome: .estimated(estimate), sourceCentroid: source.centroid)
      score.modifiedChamfer = ModifiedChamferDistance.of(estimate.pose, item)
      score.matches = result.putativeMatches.count
      score.inlierRatio = item.truth.flatMap { InlierRatio()(result.putativeMatches, truth: $0) }
      var stages = [(name: "read", seconds: reading)] + result.stages.map { ($0.name, $0.seconds) }
      let turned = ContinuousClock.now
      if goesBack, let back = try? register(target, source, item) {
        let trip = PoseRoundTrip(
          there: result.targetFromSource, back: back.targetFromSource, point: source.centroid)
        score.reverse = PairScore.Reverse(roundTrip: trip, verdict: back.verdict)
        stages.append(("back", seconds(since: turned)))
      }
      return PairRun(
        outcome: score.outcome, score: score, inputHashes: [source.hash, target.hash], seconds: seconds(since: start),
        stages: stages)
    } catch {
      let score = PairScore(item: item, outcome: .failed(status: error.status, message: error.message))
      return PairRun(
        outcome: score.outcome, score: score, inputHashes: inputHashes(of: item), seconds: seconds(since: start),
        stages: [])
    }
  }

  private func register(
    _ source: BenchmarkScan, _ target: BenchmarkScan, _ item: PairItem
  ) throws(PairFailure) -> RegistrationResult {
    do throws(RegistrationError) {
      var result = try registrar(source: source.scan, target: target.scan)
      let mismatch = result.scale != 1 ? nil : SizeMismatch(source: source.size, target: target.size)
      Reservations(mismatch: mismatch, droppedShares: (source.droppedShare, target.droppedShare)).apply(to: &result)
      return result
    } catch {
      throw PairFailure(error, item)
    }
  }

  /// A cloud of the item, kept or read.
  private func scan(_ reference: CloudReference, of item: PairItem) throws(PairFailure) -> BenchmarkScan {
    try cache.scan(of: reference) { (stamp) throws(PairFailure) in
      let (cloud, hash, droppedShare) = try read(reference, stamp, item)
      do throws(RegistrationError) {
        let name = CloudFileError.printable(reference.path)
        return BenchmarkScan(
          scan: try PreparedScan(cloud, name: name), size: SpacingEstimate(cloud.positions),
          droppedShare: droppedShare, centroid: cloud.centroid, hash: hash, stamp: stamp)
      } catch {
        throw PairFailure(error, item)
      }
    }
  }

  private func read(
    _ reference: CloudReference, _ stamp: FileStamp?, _ item: PairItem
  ) throws(PairFailure) -> (PointCloud, hash: String, droppedShare: Double) {
    do throws(CloudFileError) {
      if reference.part != nil { return (try readPart(reference), hashes.hash(of: reference), 0) }
      let loaded = try reader(reference.path)
      if let stamp { hashes.learn(loaded.sha256, of: reference.path, stamp: stamp) }
      return (loaded.cloud, loaded.sha256, loaded.droppedShare)
    } catch {
      throw PairFailure(error, item)
    }
  }

  private func seconds(since start: ContinuousClock.Instant) -> Double {
    (ContinuousClock.now - start) / .seconds(1)
  }
}

extension PointCloud {
  /// The mean of all points, in true coordinates.
  fileprivate var centroid: Point3 {
    positions.mean + origin
  }
}
