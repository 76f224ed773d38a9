// Prints figures, one line per measurement: `swift run -c release Benchmarks <task> [clouds] [options]`; see Benchmarks/README.md.
import Parallelism

let usage = """
  usage: Benchmarks <task> [clouds] [--threads N] [--runs N] [options]

    clouds FOLDER            writes the generated clouds as raw float32: surface-100k, surface-1m, voxels-100k,
                             room-source and room-target
    knn CLOUD                builds a tree and asks for 10, 1 and all points within a radius [--tool plumb|flann]
    features CLOUD           normals within 2 voxels and FPFH within 5 [--voxel 0.05]
    matching SOURCE TARGET   nearest descriptors in both directions, products and FLANN [--voxel 0.1]
    gicp SOURCE TARGET       plane-to-plane ICP from the identity [--voxel 0.25] [--gate 1.0] [--truth FILE]
    stages SOURCE TARGET     every stage of a whole registration
    ablation FOLDER          what each part of the tree adds, on the pairs of a benchmark folder or list, as Markdown
                             tables [--every 1]
    evidence FOLDER...       registers the pairs of benchmark folders or lists, and as many unrelated ones of each; a line of
                             evidence for every pose [--unrelated 0] [--every 1]
    confidence FILE...       fits the confidence to such lines, a file a family; what it is worth, as Markdown [--ridge 0.003]
    calibration              how well the covariance of poses fits their errors, on simulated pairs that no other task sees
                             [--pairs 30] of each family [--seed 5001] [--only FAMILY]
                             [--variational-every 1]; a Markdown table
    recovery FOLDER...       how often trackers find an object of a tracking benchmark again that was hidden [--hidden 10]
                             [--network FILE]; a Markdown table
    ego FOLDER...            how well the scanner's movement is found on tracking benchmarks with true poses
                             [--every 1]; a Markdown table
    denoiser [NAME=]FILE...  how well trained networks place boxes on simulated drives; NAME=FILE,FILE,... for several
                             trainings of one network [--samples 400]; a Markdown table
    solvers FOLDER           the problems of Benchmarks/peers/solvers.py: writes them as text and solves them
    files PATH...            reads clouds of any format (true files, not raw float32)

  A cloud is a file of raw little-endian float32, three per point. Every line of the output is
  task;step;threads;tool;milliseconds;note, but for ablation, evidence,
  confidence, calibration, recovery, ego and denoiser.
  """

let arguments = Arguments(CommandLine.arguments.dropFirst())
Parallel.threads = arguments.integer("threads", Parallel.processors)

switch arguments.positional.first {
case "clouds": GeneratedClouds.write(to: arguments.cloudPath(1))
case "knn": KnnBenchmark(arguments).run()
case "features": FeatureBenchmark(arguments).run()
case "matching": MatchingBenchmark(arguments).run()
case "gicp": AlignmentBenchmark(arguments).run()
case "stages": StageBenchmark(arguments).run()
case "ablation": AblationBenchmark(arguments).run()
case "evidence": EvidenceBenchmark(arguments).run()
case "confidence": ConfidenceBenchmark(arguments).run()
case "solvers": SolverBenchmark(arguments).run()
case "calibration": CalibrationBenchmark(arguments).run()
case "recovery": RecoveryBenchmark(arguments).run()
case "ego": EgoBenchmark(arguments).run()
case "denoiser": DenoiserBenchmark(arguments).run()
case "files": FileBenchmark.run(arguments.positional.dropFirst())
default: fail(usage)
}
