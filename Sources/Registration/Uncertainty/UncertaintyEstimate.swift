import Geometry
import LinearAlgebra
import Solvers

/// The covariance of a refined pose, from the equations that the refinement has solved.
///
/// Let s be the score of the surfaces (``SurfaceScore``), A its derivative in the pose and M the covariance of s at the truth
/// (``PatchScatter``). To first order the pose errs by -A⁻¹ s, so its covariance is the sandwich
///
///     C = A⁻¹ M A⁻¹
///
/// (Huber 1967). A is taken from differences of the score with surfaces looked up anew, over a tenth of a voxel: with fixed
/// partners it would come out a fifth too large in rooms, and more where the overlap is small, for borders and corners give way.
struct UncertaintyEstimate: Sendable {
  let method: Registrar.Settings.Covariance
  let motion: MotionModel
  /// The alignment whose equations hold at the pose.
  let alignment: SurfaceAlignment
  /// Edge of the working voxel, metres.
  let voxel: Double
  /// The edge of the patches of ``PatchScatter``, voxels.
  var patchEdge = 12.0
  /// Fewer patches than this cannot say how errors add up.
  var leastPatches = 4.0
  /// The step of the differences, voxels.
  var difference = 0.1
  /// The steps of the variational fit.
  var iterations = 120

  /// The uncertainty of a pose between the working frames.
  /// - Parameters:
  ///   - origin: what to add to coordinates of the target's working frame for those of the covariance.
  ///   - seed: of the variational fit's samples.
  func callAsFunction(
    _ pair: PreparedPair, at pose: RigidTransform, origin: Point3, seed: UInt64
  ) -> PoseUncertainty {
    guard let score = SurfaceScore(alignment, pair.source.fine, on: pair.target.fine, about: pose) else {
      return .unknown(reason: "the surfaces do not meet")
    }
    let free = (0..<3).filter { motion.turns(about: $0) } + [3, 4, 5]
    do throws(FactorizationError) {
      let (patches, density) = try density(score, free)
      guard patches >= leastPatches else {
        return .unknown(reason: "the overlap has too few separate patches to tell how errors add up")
      }
      let center = density.valueAndGradient([Double](repeating: 0, count: free.count))
      // Minus half the squared distance, in deviations, to where the surfaces alone would be.
      guard center.value > -0.5 else {
        return .unknown(reason: "something other than the surfaces holds the pose")
      }
      var scale = Matrix<Double>.identity(free.count)
      var shift = [Double](repeating: 0, count: free.count)
      if method == .variational {
        guard let q = fit(density, seed: seed) else { return .unknown(reason: "the variational fit diverged") }
        (scale, shift) = (q.scale, q.location)
      }
      // The second moment about the pose that is handed out.
      var moment = scale.timesTransposed(scale)
      moment.addOuter(shift, shift)
      let covariance = (density.spread * moment).timesTransposed(density.spread)
      return .known(
        PoseCovariance(
          method: method, rows: rows(covariance, free, score, origin), patches: patches, isCalibrated: false))
    } catch {
      return .unknown(reason: "the surfaces leave a direction open")
    }
  }

  private func density(
    _ score: SurfaceScore, _ free: [Int]
  ) throws(FactorizationError) -> (patches: Double, density: ScoreDensity) {
    let step = difference * voxel
    var slope = Matrix<Double>(rows: free.count, columns: free.count)
    for (c, k) in free.enumerated() {
      var (ahead, behind) = ([Double](repeating: 0, count: 6), [Double](repeating: 0, count: 6))
      (ahead[k], behind[k]) = (step, -step)
      let change = score(at: ahead).subtracting(score(at: behind))
      for (r, i) in free.enumerated() { slope[r, c] = change[i] / (2 * step) }
    }
    let zero = [Double](repeating: 0, count: 6)
    let patches = try PatchScatter(score.terms(at: zero).compactMap(\.self), edge: patchEdge * voxel, free: free)
    let root = try Cholesky(patches.scatter).lower
    let spread = try Cholesky(slope.symmetrized).solve(root)
    return (patches.patches, ScoreDensity(score: score, free: free, spread: spread, root: root))
  }

  private func fit(_ density: ScoreDensity, seed: UInt64) -> VariationalGaussian? {
    var solver = BlackBoxVI(
      .stickingTheLanding, .projected(smoothness: 4), stepSize: .anytime(first: 0.05, strongConvexity: 1))
    solver.iterations = iterations
    var random = SeededGenerator(seed: seed)
    let n = density.dimension
    let report = solver(
      density, from: VariationalGaussian(location: [Double](repeating: 0, count: n), scale: .identity(n)),
      using: &random)
    return report.outcome == .diverged ? nil : report.solution
  }

  /// The six rows, from twists about the overlap's middle (rotation times ρ) to those about the origin of the frame: the
  /// rotation is r/ρ and the translation t + c × r/ρ.
  private func rows(_ covariance: Matrix<Double>, _ free: [Int], _ score: SurfaceScore, _ origin: Point3) -> [[Double]]
  {
    let center = score.center + origin
    var change = Matrix<Double>(rows: 6, columns: free.count)
    for (c, k) in free.enumerated() {
      var axis = Point3.zero
      axis[k % 3] = 1
      let twist =
        k < 3
        ? Twist(rotation: axis / score.lever, translation: center.cross(axis) / score.lever)
        : Twist(translation: axis)
      for (r, value) in twist.coordinates.enumerated() { change[r, c] = value }
    }
    let full = (change * covariance).timesTransposed(change).symmetrized
    return (0..<6).map(full.row)
  }
}

extension Registrar {
  /// The uncertainty of a final pose; a reason instead of a number where the evidence supports none.
  func uncertainty(
    _ pair: PreparedPair, _ refined: RefinementResult, _ result: RegistrationResult, usesTexture: Bool
  ) -> PoseUncertainty {
    if result.verdict == .failed { return .unknown(reason: "the registration failed") }
    if case .estimate = settings.scale { return .unknown(reason: "the scale was estimated too, which is not covered") }
    if let open = result.diagnosis.directions.first(where: { !$0.isObserved }) {
      let axis = [open.axis.x, open.axis.y, open.axis.z].map { "\(($0 * 100).rounded() / 100)" }.joined(separator: ", ")
      return .unknown(
        reason:
          "the overlap leaves the \(open.kind.rawValue) \(open.kind == .rotation ? "about" : "along") (\(axis)) open")
    }
    if usesTexture { return .unknown(reason: "the texture took part, which is not covered") }
    if !refined.converged { return .unknown(reason: "the refinement did not converge") }
    let ladder = RefinementLadder(voxel: pair.voxel, gate: settings.maximumCorrespondence, motion: settings.motion)
    let estimate = UncertaintyEstimate(
      method: settings.covariance, motion: settings.motion, alignment: ladder.smooth, voxel: pair.voxel)
    let found = estimate(
      pair, at: refined.transform, origin: pair.localOrigin, seed: settings.seed)
    guard case .known(var covariance) = found else { return found }
    covariance.isCalibrated =
      covariance.method == .laplace && covariance.patches >= PoseCovariance.calibratedPatches
      && settings.motion == .rigid && settings.maximumCorrespondence == nil
    return .known(covariance)
  }
}

extension PoseCovariance {
  /// From so many patches on the errors of simulated pairs are as large as Laplace's covariances say, see
  /// `docs/registration.md`.
  package static let calibratedPatches = 6.0
}
