import PointClouds

/// Reads files of any format: time per file, then the peak memory of all of them.
enum FileBenchmark {
  static func run(_ paths: some Collection<String>) {
    for path in paths {
      do {
        var points = 0
        let elapsed = try ContinuousClock().measure { points = try CloudReader()(path).cloud.count }
        Figure.print(task: "files", step: "read", seconds: elapsed / .seconds(1), note: "\(points) points, \(path)")
      } catch {
        fail("\(error)")
      }
    }
    Figure.printPeakMemory(task: "files")
  }
}
