import PointClouds
import Registration

/// Nearest descriptors of two clouds in both directions: blocked products against FLANN's exact trees.
struct MatchingBenchmark {
  private let source, target: Features
  private let runs: Int

  init(_ arguments: Arguments) {
    runs = arguments.integer("runs", 3)
    let voxel = Float(arguments.number("voxel", 0.1))
    func describe(_ points: [SIMD3<Float>]) -> Features {
      let means = VoxelGrid(size: voxel).means(of: points).positions
      var normals = NormalEstimation(radius: 2 * voxel)(means).normals
      NormalEstimation.orient(&normals, of: means, towards: .zero)
      return DescriptorExtractor(voxel: voxel)(means, normals: normals)
    }
    source = describe(arguments.cloud(1))
    target = describe(arguments.cloud(2))
  }

  func run() {
    let task = "matching \(source.count)x\(target.count)x\(source.dimension)"
    let products = Stopwatch.best(of: runs) { DescriptorMatcher()(source: source, target: target).count }
    Figure.print(task: task, step: "mutual nearest", seconds: products)
    let trees = Stopwatch.best(of: runs) { nearest(of: source, in: target) + nearest(of: target, in: source) }
    Figure.print(task: task, step: "mutual nearest", tool: "flann", seconds: trees)
  }

  /// Builds the tree and asks for two neighbours per descriptor.
  private func nearest(of queries: Features, in indexed: Features) -> Int {
    guard let index = try? FLANNIndex(rows: indexed.descriptors, dimension: indexed.dimension) else { return 0 }
    return index.neighbors(of: queries.descriptors, count: 2).count
  }
}
