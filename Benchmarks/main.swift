// Prints figures: `swift run -c release Benchmarks [neighbors]`.
let wanted = CommandLine.arguments.dropFirst()
if wanted.isEmpty || wanted.contains("neighbors") { NeighborBenchmark.run() }
