import Geometry
import Parallelism
import PointClouds
import Registration

/// Plane-to-plane ICP of two scans from the identity: the preparation (voxel grid, trees, normals of ten neighbours)
/// and the alignment.
struct AlignmentBenchmark {
  private let source, target: [SIMD3<Float>]
  private let voxel, gate: Double
  private let truth: RigidTransform?
  private let runs: Int

  init(_ arguments: Arguments) {
    source = arguments.cloud(1)
    target = arguments.cloud(2)
    voxel = arguments.number("voxel", 0.25)
    gate = arguments.number("gate", 1)
    truth = arguments.pose("truth")
    runs = arguments.integer("runs", 5)
  }

  func run() {
    let preparation = Stopwatch.best(of: runs) { (prepare(source), prepare(target)) }
    let (moved, reference) = (prepare(source), prepare(target))
    // The stopping rule of small_gicp: a step below 0.1 degrees and 1 mm.
    let icp = GeneralizedICP(gate: gate, stop: .step(radians: 0.1 * .pi / 180, metres: 1e-3))
    func align() -> RefinementResult {
      icp(positions: moved.positions, normals: moved.normals, on: reference, from: .identity)
    }
    let alignment = Stopwatch.best(of: runs, align)
    let result = align()
    let task = "gicp \(source.count)+\(target.count)"
    var note = "\(result.iterations) iterations, \(result.inliers) inliers"
    if let truth {
      let error = truth.inverse * result.transform
      note += ", off by \(Self.digits(error.rotation.angleDegrees)) deg, \(Self.digits(error.translation.length)) m"
    }
    Figure.print(task: task, step: "preparation", seconds: preparation, note: "\(moved.positions.count) points")
    Figure.print(task: task, step: "alignment", seconds: alignment, note: note)
    Figure.print(task: task, step: "both", seconds: preparation + alignment)
    Figure.printPeakMemory(task: task)
  }

  private func prepare(_ points: [SIMD3<Float>]) -> ReferenceSurface {
    let means = VoxelGrid(size: Float(voxel)).means(of: points).positions
    let tree = KDTree(means)
    var normals = NeighborNormals(count: 10)(means, tree: tree).normals
    // Both scans look at their sensor.
    NormalEstimation.orient(&normals, of: means, towards: .zero)
    return ReferenceSurface(positions: means, normals: normals, tree: tree)
  }

  private static func digits(_ x: Double) -> String { "\((x * 1e4).rounded() / 1e4)" }
}
