import Geometry

/// How far an estimated trajectory is from the true one: absolute and relative pose errors (Sturm et al., IROS 2012).
public struct TrajectoryError: Sendable, Equatable {
  /// What was done before measuring.
  public var alignment: TrajectoryAlignment
  /// The scale that the alignment applied to the estimate; 1 unless it is ``TrajectoryAlignment/similarity``.
  public var scale: Double
  /// Over how many poses the relative errors reach.
  public var delta: Int
  /// Absolute errors `Q⁻¹ P` of every matched pose.
  public var absolute: Errors
  /// Relative errors `(Qᵢ⁻¹ Qᵢ₊δ)⁻¹ (Pᵢ⁻¹ Pᵢ₊δ)` of every matched pose but the last δ.
  public var relative: Errors
  /// How many poses of the truth and of the estimate have no partner.
  public var unmatched: (truth: Int, estimate: Int)

  /// Errors of many poses.
  public struct Errors: Sendable, Equatable {
    /// Lengths, metres.
    public var translation: [Double] = []
    /// Angles, degrees.
    public var rotationDegrees: [Double] = []
  }

  /// Equal errors.
  public static func == (a: Self, b: Self) -> Bool {
    a.alignment == b.alignment && a.scale == b.scale && a.delta == b.delta && a.absolute == b.absolute
      && a.relative == b.relative && a.unmatched == b.unmatched
  }

  /// Compares two trajectories.
  /// - Throws: ``TrajectoryMismatch`` when nothing matches, counts differ without times, a pose is not finite, or the
  ///   positions do not fix the alignment.
  public init(
    truth: NamedPoses, estimate: NamedPoses, alignment: TrajectoryAlignment = .rigid, delta: Int = 1,
    association: TrajectoryAssociation = TrajectoryAssociation()
  ) throws(TrajectoryMismatch) {
    for trajectory in [truth, estimate] {
      if let bad = trajectory.poses.firstIndex(where: { !$0.translation.isFinite }) {
        throw TrajectoryMismatch("\(trajectory.name): pose \(bad + 1) is not finite")
      }
    }
    let pairs = try association(truth: truth, estimate: estimate)
    let q = pairs.map { truth.poses[$0.truth] }
    let (p, scale) = try alignment.apply(
      to: pairs.map { estimate.poses[$0.estimate] }, truth: q, name: estimate.name)
    self.alignment = alignment
    self.scale = scale
    self.delta = max(1, delta)
    unmatched = (truth.poses.count - pairs.count, estimate.poses.count - pairs.count)
    (absolute, relative) = (Errors(), Errors())
    for (q, p) in zip(q, p) { absolute.append(PoseError(truth: q, estimate: p)) }
    for i in q.indices.dropLast(min(self.delta, q.count)) {
      let j = i + self.delta
      relative.append(PoseError(truth: q[i].inverse * q[j], estimate: p[i].inverse * p[j]))
    }
  }

  /// The table of both kinds of error: root mean square, mean, median, standard deviation, smallest and largest.
  public func tables(name: String) -> [ScoreTable] {
    func row(_ name: String, _ values: [Double], _ decimals: Int) -> ScoreTable.Row {
      let figures = [
        values.rootMeanSquare, values.mean, values.median, values.standardDeviation, values.min(), values.max(),
      ]
      return ScoreTable.Row(
        name: name,
        cells: [.count(values.count)] + figures.map { $0.map { .number($0, decimals: decimals) } ?? .none })
    }
    var notes: [String] = []
    if alignment == .similarity { notes.append("the estimate was scaled by \(scale)") }
    if unmatched.truth > 0 { notes.append("\(unmatched.truth) true poses have no estimate") }
    if unmatched.estimate > 0 { notes.append("\(unmatched.estimate) estimated poses have no true pose") }
    return [
      ScoreTable(
        title: "\(name), pose errors after alignment \(alignment.rawValue), relative ones over \(delta)",
        columns: ["error", "poses", "RMSE", "mean", "median", "std", "min", "max"],
        rows: [
          row("absolute, m", absolute.translation, 4), row("absolute, deg", absolute.rotationDegrees, 3),
          row("relative, m", relative.translation, 4), row("relative, deg", relative.rotationDegrees, 3),
        ], notes: notes)
    ]
  }
}

extension TrajectoryError.Errors {
  fileprivate mutating func append(_ error: PoseError) {
    translation.append(error.translation)
    rotationDegrees.append(error.rotationDegrees)
  }
}
