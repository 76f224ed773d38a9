import Glibc
import PointClouds

/// Reads files and prints points, seconds and peak memory.
enum FileBenchmark {
  static func run(_ paths: ArraySlice<String>) {
    print(row("points", "seconds", "peak MB"), " file")
    for path in paths {
      do {
        var points = 0
        let clock = ContinuousClock()
        let elapsed = try clock.measure { points = try CloudReader()(path).cloud.count }
        var usage = rusage()
        getrusage(Int32(RUSAGE_SELF.rawValue), &usage)
        let seconds = Double(elapsed.components.seconds) + Double(elapsed.components.attoseconds) * 1e-18
        print(row(points, seconds, Double(usage.ru_maxrss) / 1024), " \(path)")
      } catch {
        print("\(error)")
      }
    }
  }
}
