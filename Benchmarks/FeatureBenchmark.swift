import PointClouds
import Registration

/// Normals and FPFH of a voxelised cloud, radii 2 and 5 voxels.
struct FeatureBenchmark {
  private let points: [SIMD3<Float>]
  private let voxel: Float
  private let runs: Int

  init(_ arguments: Arguments) {
    points = arguments.cloud(1)
    voxel = Float(arguments.number("voxel", 0.05))
    runs = arguments.integer("runs", 5)
  }

  func run() {
    let estimation = NormalEstimation(radius: 2 * voxel)
    let normalSeconds = Stopwatch.best(of: runs) { estimation(points).normals.count }
    var normals = estimation(points).normals
    NormalEstimation.orient(&normals, of: points, towards: .zero)
    let oriented = normals
    let histograms = FastPointFeatures(radii: [5 * voxel])
    let featureSeconds = Stopwatch.best(of: runs) { histograms(points, normals: oriented).count }
    let task = "features \(points.count)"
    Figure.print(task: task, step: "normals", seconds: normalSeconds)
    Figure.print(task: task, step: "FPFH", seconds: featureSeconds)
    Figure.print(task: task, step: "normals + FPFH", seconds: normalSeconds + featureSeconds)
    Figure.printPeakMemory(task: task)
  }
}
