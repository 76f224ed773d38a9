import Geometry
import LinearAlgebra
import Parallelism
import Simulation
import Tracking

/// How well networks place boxes on simulated drives that none of them was trained on: after every block, at last, when the
/// chain starts again at its answer (passes, as of DeTrack's table 4), and when the network looks again around its answer, at
/// another crop. Prints Markdown, one row for each network; the last column says how much more or less than the first row it
/// reaches at last.
///
/// `NAME=FILE,FILE,...` names several trainings of one network, which differ in their seeds: their mean, the range of what
/// they reach at last, and for the last column the mean of the differences training by training with its standard error.
/// Where there is one training, that error is the one of the mean over the samples and says nothing about seeds.
///
/// A second table says what blocks that are left out cost (``EarlyExit``), for the first training of each name.
final class DenoiserBenchmark {
  private let networks: [(name: String, paths: [String])]
  private let count: Int
  private static let passes = [2, 4, 8]
  private static let furtherLooks = 2
  /// Limits of early exits, metres.
  private static let exits: [Float] = [0.02, 0.05, 0.1, 0.2]

  init(_ arguments: Arguments) {
    networks = arguments.positional.dropFirst().map { argument in
      let parts = argument.split(separator: "=", maxSplits: 1).map(String.init)
      let paths = (parts.last ?? "").split(separator: ",").map(String.init)
      let file = paths.first?.split(separator: "/").last.map(String.init) ?? argument
      return (parts.count == 2 ? parts[0] : file, paths)
    }
    count = max(1, arguments.integer("samples", 400))
    if networks.isEmpty || networks.contains(where: \.paths.isEmpty) { fail(usage) }
  }

  /// A scan with what a tracker would know of the object in it.
  private struct Question: Sendable {
    let cloud: PointCloud
    let prior, truth: Box3
    let templates: [BoxTemplate]
    let past: [DenoisingInput.PastBox]

    func input(_ prior: Box3, _ network: TrainedDenoiser) -> DenoisingInput {
      DenoisingInput(cloud, prior: prior, templates: templates, past: past, shape: network.denoiser.shape)
    }

    func overlap(_ pose: SIMD4<Float>, _ prior: Box3) -> Double {
      prior.placed(pose).intersectionOverUnion(with: truth)
    }
  }

  func run() {
    let questions = Parallel.map(count, grain: 1) { Self.question(UInt64($0)) }.compactMap(\.self)
    let priors = questions.map { $0.prior.intersectionOverUnion(with: $0.truth) }
    print("\(questions.count) samples, mean overlap of the prior boxes \(percent(mean(priors)))\n")
    print(
      "| weights | parameters | after the blocks | at last | from .. to | 2 passes | 4 passes | 8 passes | 2 passes against 1 "
        + "| second look | third look | against the first |\n|---|---|---|---|---|---|---|---|---|---|---|---|")
    var first: [[Double]]?
    var exits: [String] = []
    for (name, paths) in networks {
      let trained = paths.map(TrainedDenoiser.init(file:))
      let blocks = trained[0].denoiser.shape.blocks
      guard trained.allSatisfy({ $0.denoiser.shape == trained[0].denoiser.shape }) else {
        fail("\(name): its files hold networks of different shapes")
      }
      // For every training and every sample the overlaps of its boxes.
      let overlaps = trained.map { network in
        Parallel.map(questions.count, grain: 1) { Self.overlaps(questions[$0], network) }
      }
      func column(_ k: Int) -> [[Double]] { overlaps.map { $0.map { $0[k] } } }
      let means = overlaps[0][0].indices.map { k in percent(mean(column(k).map(mean))) }
      let last = column(blocks)
      let reached = last.map(mean)
      let looks = blocks + 1 + Self.passes.count
      let cells =
        [
          means[..<blocks].joined(separator: " "), means[blocks],
          "\(percent(reached.min() ?? 0)) .. \(percent(reached.max() ?? 0))",
        ] + means[(blocks + 1)..<looks] + [difference(column(blocks + 1), last)] + means[looks...]
        + [difference(last, first ?? last)]
      first = first ?? last
      print("| \(name) | \(trained[0].parameters.count) | \(cells.joined(separator: " | ")) |")
      exits.append("| \(name) | \(blocks), \(percent(reached[0])) | \(self.exits(questions, trained[0])) |")
    }
    let limits = Self.exits.map { "\($0) m" }.joined(separator: " | ")
    print("\n| blocks in the mean, at last | all | \(limits) |\n|---|---|" + Self.exits.map { _ in "---|" }.joined())
    print(exits.joined(separator: "\n"))
  }

  /// For every limit of an early exit how many blocks run and what is reached at last.
  private func exits(_ questions: [Question], _ network: TrainedDenoiser) -> String {
    Self.exits.map { limit in
      let exit = EarlyExit(metres: limit)
      let found = Parallel.map(questions.count, grain: 1) { i -> (ran: Double, overlap: Double) in
        let question = questions[i]
        let answer = network.denoiser([question.input(question.prior, network)], network.parameters, exit: exit)[0]
        return (Double(answer.boxes.count - 1), question.overlap(answer.boxes.last ?? .zero, question.prior))
      }
      return "\((10 * mean(found.map(\.ran))).rounded() / 10), \(percent(mean(found.map(\.overlap))))"
    }.joined(separator: " | ")
  }

  /// The overlaps after every block and at last, then those at last of further passes and of further looks.
  private static func overlaps(_ question: Question, _ network: TrainedDenoiser) -> [Double] {
    func answer(_ input: DenoisingInput) -> [SIMD4<Float>] { network.denoiser([input], network.parameters)[0].boxes }
    let start = question.input(question.prior, network)
    let first = answer(start)
    guard var last = first.last else { return [] }
    var overlaps = first.map { question.overlap($0, question.prior) }
    var prior = question.prior.placed(last)
    for pass in 2...(passes.last ?? 2) {
      last = answer(start.starting(at: last)).last ?? last
      if passes.contains(pass) { overlaps.append(question.overlap(last, question.prior)) }
    }
    for _ in 0..<furtherLooks {
      guard let pose = answer(question.input(prior, network)).last else { break }
      overlaps.append(question.overlap(pose, prior))
      prior = prior.placed(pose)
    }
    return overlaps
  }

  /// A question of a number; nil where the object is not seen.
  private static func question(_ number: UInt64) -> Question? {
    // No training draws these: its seeds are whole numbers that a user gives, each with paths of its own.
    var rng = SeededGenerator(seed: 0xB0C5, path: 77, number)
    var settings = DrivingClip.Settings()
    settings.frames = 6
    let clip = DrivingClip(seed: rng.next(), settings: settings)
    let frames = (0..<clip.count).map { clip.frame($0) }
    let (first, last) = (frames[0], frames[frames.count - 1])
    let template = BoxTemplate(first.cloud, box: first.box)
    guard !template.isEmpty, DenoisingTarget(last.box, from: last.box, in: last.cloud).isSeen else { return nil }
    // The boxes of the past are carried over ground, as in a tracker that knows the scanner's movement.
    let past = (0..<frames.count - 1).reversed().map { k in
      let motion = EgoMotion(worldFromEarlier: frames[k].worldFromSensor, worldFromLater: last.worldFromSensor)
      let box = k == 0 ? first.box : wrong(frames[k].box, by: 0.07, &rng)
      return DenoisingInput.PastBox(box: motion(box), age: frames.count - 1 - k, score: k == 0 ? 1 : 0.8)
    }
    return Question(
      cloud: last.cloud, prior: wrong(last.box, by: 0.35, &rng), truth: last.box, templates: [template], past: past)
  }

  /// A box moved by normal errors: so many metres, less in height, and a tenth of it in radians.
  private static func wrong(_ box: Box3, by deviation: Double, _ rng: inout SeededGenerator) -> Box3 {
    Box3(
      center: box.center
        + Point3(rng.gaussian(), rng.gaussian(), 0.3 * rng.gaussian()) * deviation,
      size: box.size, yawRadians: box.yawRadians + 0.1 * deviation * rng.gaussian())
  }

  /// The mean difference with its standard error, percent: over trainings if both sides have the same number of several,
  /// over the samples of their means otherwise.
  private func difference(_ a: [[Double]], _ b: [[Double]]) -> String {
    let d: [Double]
    if a.count == b.count, a.count > 1 {
      d = zip(a, b).map { mean($0) - mean($1) }
    } else {
      let (a, b) = (perSample(a), perSample(b))
      d = zip(a, b).map { $0 - $1 }
    }
    let n = Double(d.count)
    let middle = mean(d)
    let error = (d.reduce(0) { $0 + ($1 - middle) * ($1 - middle) } / (n * max(1, n - 1))).squareRoot()
    return "\(percent(middle)) ± \(percent(error))"
  }

  /// For every sample the mean over trainings.
  private func perSample(_ overlaps: [[Double]]) -> [Double] {
    overlaps[0].indices.map { i in mean(overlaps.map { $0[i] }) }
  }

  private func mean(_ values: [Double]) -> Double { values.reduce(0, +) / Double(max(values.count, 1)) }

  private func percent(_ value: Double) -> String { "\((1000 * value).rounded() / 10)" }
}
