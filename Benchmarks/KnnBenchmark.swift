import Parallelism
import PointClouds

/// Building a search tree and asking it, our kd-tree or FLANN; the queries are the points themselves.
struct KnnBenchmark {
  private let points: [SIMD3<Float>]
  private let tool: String
  private let runs: Int

  init(_ arguments: Arguments) {
    points = arguments.cloud(1)
    tool = arguments.text("tool", "plumb")
    runs = arguments.integer("runs", 5)
  }

  func run() {
    switch tool {
    case "plumb": measureTree()
    case "flann": measureFLANN()
    default: fail("--tool \(tool): plumb or flann")
    }
    Figure.printPeakMemory(task: "knn \(points.count)", tool: tool)
  }

  private func report(_ step: String, _ seconds: Double) {
    Figure.print(task: "knn \(points.count)", step: step, tool: tool, seconds: seconds)
  }

  private func measureTree() {
    report("build", Stopwatch.best(of: runs) { KDTree(points).count })
    let tree = KDTree(points)
    report("k = 10", Stopwatch.best(of: runs) { tree.neighbors(of: points, count: 10).count })
    let shifted = points.map { $0 + 0.01 }
    report("nearest", Stopwatch.best(of: runs) { tree.nearest(to: shifted, within: 1).count })
    let radius = self.radius
    let count: @Sendable (Range<Int>) -> Int = { range in
      var list: [Neighbor] = []
      var total = 0
      for i in range {
        tree.collectNeighbors(of: points[i], within: radius, into: &list)
        total += list.count
      }
      return total
    }
    report("radius", Stopwatch.best(of: runs) { Parallel.reduce(points.count, 0, count, +) })
  }

  private func measureFLANN() {
    let rows = points.flatMap { [$0.x, $0.y, $0.z] }
    func index() -> FLANNIndex {
      guard let flann = try? FLANNIndex(rows: rows, dimension: 3) else { fail("FLANN index failed") }
      return flann
    }
    report("build", Stopwatch.best(of: runs) { index().count })
    let flann = index()
    report("k = 10", Stopwatch.best(of: runs) { flann.neighbors(of: rows, count: 10).count })
    let shifted = rows.map { $0 + 0.01 }
    report("nearest", Stopwatch.best(of: runs) { flann.neighbors(of: shifted, count: 1).count })
    let radius = self.radius
    let count: @Sendable (Range<Int>) -> Int = { range in
      range.reduce(0) { $0 + flann.neighbors(of: Array(rows[3 * $1..<3 * $1 + 3]), within: radius).count }
    }
    report("radius", Stopwatch.best(of: runs) { Parallel.reduce(points.count, 0, count, +) })
  }

  /// A radius that holds about thirty points of the generated surface.
  private var radius: Float { (30 * 25 / (Float.pi * Float(points.count))).squareRoot() }
}
