import Parallelism
import PointClouds

/// Build and query times of the kd-tree against FLANN on points of a wavy surface.
enum NeighborBenchmark {
  static func run() {
    print("k-NN, k = 10, queries are the points themselves; best of several runs. FLANN builds on one thread.")
    print(
      row("points", "threads", "build ms", "FLANN", "ratio", "query us", "FLANN", "ratio", "nearest us", "radius us"))
    for count in [100_000, 1_000_000] {
      let points = surface(count)
      let runs = count > 500_000 ? 3 : 7
      for threads in Set([1, Parallel.processors]).sorted() {
        Parallel.threads = threads
        measure(points, threads: threads, runs: runs)
      }
    }
  }

  private static func measure(_ points: [SIMD3<Float>], threads: Int, runs: Int) {
    let rows = points.flatMap { [$0.x, $0.y, $0.z] }
    let tree = KDTree(points)
    guard let flann = try? FLANNIndex(rows: rows, dimension: 3) else { return print("FLANN index failed") }
    let n = Double(points.count)
    let build = Stopwatch.best(of: runs) { KDTree(points).count }
    let flannBuild = Stopwatch.best(of: runs) { (try? FLANNIndex(rows: rows, dimension: 3))?.count ?? 0 }
    let query = Stopwatch.best(of: runs) { tree.neighbors(of: points, count: 10).count } / n
    let flannQuery = Stopwatch.best(of: runs) { flann.neighbors(of: rows, count: 10).count } / n
    let shifted = points.map { $0 + 0.01 }
    let nearest = Stopwatch.best(of: runs) { tree.nearest(to: shifted, within: 1).count } / n
    // A radius that holds about thirty points.
    let radius = (30 * 25 / (Float.pi * Float(points.count))).squareRoot()
    let inRadius =
      Stopwatch.best(of: runs) {
        Parallel.reduce(points.count, 0) { range in
          var list: [Neighbor] = []
          var total = 0
          for i in range {
            tree.collectNeighbors(of: points[i], within: radius, into: &list)
            total += list.count
          }
          return total
        } _: {
          $0 + $1
        }
      } / n
    print(
      row(
        "\(points.count)", "\(threads)", build * 1e3, flannBuild * 1e3, flannBuild / build, query * 1e6,
        flannQuery * 1e6, flannQuery / query, nearest * 1e6, inRadius * 1e6))
  }

  /// Points of a wavy sheet of 5 m x 5 m with a little noise, in random order.
  static func surface(_ count: Int) -> [SIMD3<Float>] {
    var state: UInt64 = 1
    func uniform() -> Float {
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      return Float(state >> 40) / Float(1 << 24)
    }
    return (0..<count).map { _ in
      let (x, y) = (uniform() * 5, uniform() * 5)
      let bend = (x - 2.5) * (x - 2.5) * 0.2 + (y - 2) * (y - 2) * (y - 2) * 0.1
      return SIMD3(x, y, bend + uniform() * 0.002)
    }
  }
}
