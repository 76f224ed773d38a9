import Geometry
import Parallelism
import Registration

/// The stages of a whole registration from scratch, each the fastest of several runs.
struct StageBenchmark {
  private let source, target: PointCloud
  private let runs: Int

  init(_ arguments: Arguments) {
    source = PointCloud(positions: arguments.cloud(1))
    target = PointCloud(positions: arguments.cloud(2))
    runs = arguments.integer("runs", 5)
  }

  func run() {
    var best: [(name: String, seconds: Double, counts: String)] = []
    var total = Double.infinity
    var pose = ""
    for _ in 0..<runs {
      guard let result = try? Registrar()(source: source, target: target) else { fail("the clouds fix no pose") }
      if best.isEmpty {
        best = result.stages.map { s in
          (s.name, .infinity, s.counts.map { "\($0.value) \($0.name)" }.joined(separator: ", "))
        }
      }
      for (k, stage) in result.stages.enumerated() { best[k].seconds = min(best[k].seconds, stage.seconds) }
      total = min(total, result.stages.reduce(0) { $0 + $1.seconds })
      pose =
        "\(result.verdict) \(result.targetFromSource.rows.dropLast().joined().map(Self.digits).joined(separator: " "))"
    }
    let task = "stages \(source.count)+\(target.count)"
    for stage in best { Figure.print(task: task, step: stage.name, seconds: stage.seconds, note: stage.counts) }
    Figure.print(task: task, step: "total", seconds: total, note: pose)
    Figure.printPeakMemory(task: task)
  }

  private static func digits(_ x: Double) -> String { "\((x * 1e6).rounded() / 1e6)" }
}
