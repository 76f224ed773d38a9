// Prints figures: `swift run -c release Benchmarks [neighbors] [files PATH...]`.
let wanted = CommandLine.arguments.dropFirst()
if wanted.isEmpty || wanted.contains("neighbors") { NeighborBenchmark.run() }
if let files = wanted.firstIndex(of: "files") { FileBenchmark.run(wanted[(files + 1)...]) }
