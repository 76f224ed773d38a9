import Geometry
import Solvers

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// Finds what the source has to be scaled by to fit the target, when nothing is known of the pose.
///
/// 1. Robust extents say the scale up to the overlap: the guesses lie within a factor of ``span`` of their ratio.
/// 2. Under every guess the source is scaled, described and matched with few points. Descriptors tolerate what lies between
///    two guesses, and the matches vote for scales (``ScaleVote``).
/// 3. The most prominent scales are tried by a registration each; the ranking score decides.
/// 4. The best is refined on the surfaces (``SimilarityRefinement``) until it stays.
///
/// Units need only the third step, with the ratios of units as scales. From a given pose, the scale is refined alone.
struct ScaleSearch: Sendable {
  /// How far the scale may be from the ratio of the extents.
  private static let span = 2.6
  /// The same for units: the next unit is not farther.
  private static let unitSpan = 2.2
  /// The ratio of one guess to the next.
  private static let pace = 1.2
  /// Scales that are tried by a registration.
  private static let trials = 4
  /// How much better than the stored sizes other units have to score.
  private static let unitMargin = 1.0

  private let settings: Registrar.Settings
  private let quick: Registrar

  /// A search with the settings of a registrar.
  init(_ settings: Registrar.Settings) {
    self.settings = settings
    var few = settings
    (few.scale, few.quality, few.voxel) = (.off, .fast, nil)
    quick = Registrar(settings: few)
  }

  /// The scaled source with how it was found; nil where sizes are taken as they are stored.
  func callAsFunction(
    _ source: PreparedScan, _ target: PreparedScan
  ) throws(RegistrationError) -> ScaleEstimate? {
    switch settings.scale {
    case .off: return nil
    case .units:
      return ScaleEstimate(source: try source.scaled(by: try units(source, target)), range: nil)
    case .estimate(let range): return try estimate(source, target, within: range)
    }
  }

  /// A registration at one scale.
  private struct Trial {
    let scale: Double
    let pair: PreparedPair
    let best: ScoredPose?

    var score: Double { best?.score ?? -.infinity }
  }

  private func trial(
    _ scale: Double, _ source: PreparedScan, _ target: PreparedScan
  ) throws(RegistrationError) -> Trial {
    var pair = try PreparedPair(source: source.scaled(by: scale), target: target, settings: quick.settings)
    var log = StageLog()
    let candidates = quick.estimate(&pair, &log)
    return Trial(scale: scale, pair: pair, best: candidates.poses.first)
  }

  /// The better of a registration at a voted scale, which is good to some per cent, and of one at the scale that its
  /// surfaces settle at.
  private func settled(
    _ scale: Double, _ source: PreparedScan, _ target: PreparedScan
  ) throws(RegistrationError) -> Trial {
    let first = try trial(scale, source, target)
    guard let best = first.best else { return first }
    var refine = SimilarityRefinement(gate: 4 * first.pair.voxel)
    refine.motion = settings.motion
    let found = refine(
      SimilarityTransform(best.transform), first.pair.source.coarse, on: ReferenceSurface(first.pair.target.coarse))
    guard found.transform.scale > 0.8, found.transform.scale < 1.25, abs(found.transform.scale - 1) > 2e-3 else {
      return first
    }
    let second = try trial(scale * found.transform.scale, source, target)
    return second.score > first.score ? second : first
  }

  // MARK: Units

  /// The factor between units that fits best; 1 where none is needed.
  private func units(_ source: PreparedScan, _ target: PreparedScan) throws(RegistrationError) -> Double {
    let extents = target.frame.extent / source.frame.extent
    var factors = [1.0]
    for ratio in UnitRatio.all { factors += [ratio.factor, 1 / ratio.factor] }
    func distance(_ factor: Double) -> Double { abs(log(factor / extents)) }
    let near = factors.filter { distance($0) < log(Self.unitSpan) }.sorted { distance($0) < distance($1) }
    guard let first = near.first else { return 1 }
    // From a given pose there is no search whose score could decide.
    if near.count == 1 || settings.startsLocally { return near.contains(1) ? 1 : first }
    var trials: [Trial] = []
    for factor in near { trials.append(try trial(factor, source, target)) }
    let best = trials.dropFirst().reduce(trials[0]) { $1.score > $0.score ? $1 : $0 }
    if let stored = trials.first(where: { $0.scale == 1 }), best.score < stored.score + Self.unitMargin { return 1 }
    return best.scale
  }

  // MARK: Any scale

  private func estimate(
    _ source: PreparedScan, _ target: PreparedScan, within range: ClosedRange<Double>
  ) throws(RegistrationError) -> ScaleEstimate {
    if settings.startsLocally {
      let guess = min(max(1, range.lowerBound), range.upperBound)
      return try refined(guess, pose: nil, source, target, range: range, rival: nil)
    }
    let guesses = guesses(target.frame.extent / source.frame.extent, within: range)
    var vote = ScaleVote()
    for guess in guesses {
      let pair = try PreparedPair(source: source.scaled(by: guess), target: target, settings: quick.settings)
      vote.add(MatchedPair(pair).matches, guess: guess, voxel: pair.voxel)
    }
    let peaks = vote.peaks(limit: Self.trials).map(\.scale)
    var trials: [Trial] = []
    for scale in peaks.isEmpty ? [guesses[0]] : peaks {
      trials.append(try settled(scale, source, target))
    }
    let order = trials.indices.sorted {
      trials[$0].score != trials[$1].score ? trials[$0].score > trials[$1].score : $0 < $1
    }
    let best = trials[order[0]]
    let rival = order.map { trials[$0] }.first { abs($0.scale / best.scale - 1) > 0.03 }
    return try refined(
      best.scale, pose: best.best.map { best.pair.global($0.transform) }, source, target, range: range,
      rival: rival.map { ScaleEstimate.Rival(scale: $0.scale, margin: best.score - $0.score) })
  }

  /// The ratio of the extents first, then outwards in both directions.
  private func guesses(_ extents: Double, within range: ClosedRange<Double>) -> [Double] {
    let middle = min(max(extents, range.lowerBound), range.upperBound)
    var guesses = [middle]
    var factor = Self.pace
    while factor <= Self.span {
      guesses += [middle * factor, middle / factor].filter { range.contains($0) }
      factor *= Self.pace
    }
    return guesses
  }

  /// The scale that the surfaces settle at.
  /// - Parameter pose: between true coordinates, of the source scaled by the guess; the given start when nil.
  private func refined(
    _ guess: Double, pose: RigidTransform?, _ source: PreparedScan, _ target: PreparedScan, range: ClosedRange<Double>,
    rival: ScaleEstimate.Rival?
  ) throws(RegistrationError) -> ScaleEstimate {
    var (scale, pose, observability) = (guess, pose, 0.0)
    for _ in 0..<4 {
      let scaled = try source.scaled(by: scale)
      let pair = try PreparedPair(source: scaled, target: target, settings: settings)
      guard let start = pose.map(pair.local) ?? quick.startingPose(pair) else { break }
      var coarse = SimilarityRefinement(gate: 3 * pair.voxel)
      var fine = SimilarityRefinement(gate: 1.5 * pair.voxel)
      (coarse.motion, fine.motion) = (settings.motion, settings.motion)
      let first = coarse(SimilarityTransform(start), pair.source.coarse, on: ReferenceSurface(pair.target.coarse))
      let second = fine(first.transform, pair.source.fine, on: ReferenceSurface(pair.target.fine))
      let total = pair.global(second.transform)
      // A scale that runs away found nothing to hold on to.
      guard total.scale > 0.5, total.scale < 2, second.pairs > 0 else { break }
      scale *= total.scale
      observability = second.observability
      pose = RigidTransform(rotation: total.rotation, translation: total.translation)
      if abs(log(total.scale)) < 1e-4 { break }
    }
    return ScaleEstimate(
      source: try source.scaled(by: scale), range: range, start: settings.startsLocally ? pose : nil,
      observability: observability, rival: rival)
  }
}
