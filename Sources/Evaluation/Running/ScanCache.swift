import Geometry
import PointClouds
import Registration

/// A scan of a benchmark with what its scores need.
struct BenchmarkScan: Sendable {
  /// The scan, with what was computed for it.
  let scan: PreparedScan
  /// How large it is.
  let size: SpacingEstimate
  /// The share of the file's points that reading dropped.
  let droppedShare: Double
  /// The mean of all its points.
  let centroid: Point3
  /// SHA-256 of the bytes it was read from, see ``InputHashes``.
  let hash: String
  /// The file as it was when it was read.
  let stamp: FileStamp?
}

/// Keeps the scans that were used last, as many as fit a budget of bytes.
///
/// Scans grow while they take part in registrations, so the budget is enforced between pairs: what a run takes is the
/// budget and one pair at work.
struct ScanCache {
  /// The most bytes that are kept between pairs.
  let budget: Int
  /// How often a scan was there, and how often not.
  private(set) var uses = (hits: 0, misses: 0)

  private var kept: [CloudReference: (scan: BenchmarkScan, lastUse: Int)] = [:]
  private var clock = 0

  /// An empty cache.
  init(budget: Int) { self.budget = budget }

  /// The bytes of all scans kept.
  var byteCount: Int { kept.values.reduce(0) { $0 + $1.scan.scan.byteCount } }
  /// How many scans are kept.
  var count: Int { kept.count }

  /// The scan of a reference: the kept one while its file is unchanged, a new one otherwise.
  mutating func scan<Failure>(
    of reference: CloudReference, read: (FileStamp?) throws(Failure) -> BenchmarkScan
  ) throws(Failure) -> BenchmarkScan {
    clock += 1
    let stamp = FileStamp(reference.path)
    if let old = kept[reference]?.scan, old.stamp == stamp {
      uses.hits += 1
      kept[reference] = (old, clock)
      return old
    }
    uses.misses += 1
    kept[reference] = nil
    let fresh = try read(stamp)
    kept[reference] = (fresh, clock)
    return fresh
  }

  /// Forgets the scans that were not used for longest until the others fit the budget.
  mutating func trim() {
    var bytes = byteCount
    while bytes > budget, let oldest = kept.min(by: { $0.value.lastUse < $1.value.lastUse }) {
      bytes -= oldest.value.scan.scan.byteCount
      kept[oldest.key] = nil
    }
  }
}
