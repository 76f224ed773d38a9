import Parallelism

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// Lines of the output: `task;step;threads;tool;milliseconds;note`.
enum Figure {
  /// Prints the time of one step.
  static func print(task: String, step: String, tool: String = "plumb", seconds: Double, note: String = "") {
    let ms = (seconds * 1e6).rounded() / 1e3
    Swift.print("\(task);\(step);\(Parallel.threads);\(tool);\(ms);\(note)")
  }

  /// Prints the largest resident size that the process reached, MiB in place of milliseconds.
  static func printPeakMemory(task: String, tool: String = "plumb") {
    var usage = rusage()
    // 0 is RUSAGE_SELF, which Glibc's module types differently.
    getrusage(0, &usage)
    Swift.print("\(task);peak MiB;\(Parallel.threads);\(tool);\(usage.ru_maxrss / 1024);")
  }
}

/// Wall-clock timing of repeated work.
enum Stopwatch {
  /// The seconds of the fastest of several runs. The value keeps the work from being optimised away.
  static func best<T>(of runs: Int, _ work: () -> T) -> Double {
    var best = Double.infinity
    for _ in 0..<runs {
      let elapsed = ContinuousClock().measure { withExtendedLifetime(work()) {} }
      best = min(best, elapsed / .seconds(1))
    }
    return best
  }
}
