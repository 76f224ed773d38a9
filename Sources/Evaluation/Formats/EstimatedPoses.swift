import Geometry

/// The poses of an existing result, held against the items of a benchmark.
public struct EstimatedPoses: Sendable {
  /// The pose of each item that has one, source to target, by the item's id.
  public var poses: [String: RigidTransform] = [:]
  /// The items whose estimate is there but no pose, by id, with the reason: they fail.
  public var unusable: [String: String] = [:]
  /// Pairs that the result has and the benchmark lacks: they count against precision.
  public var extras: [Extra] = []
  /// What is worth knowing and no error, such as scenes without a result.
  public var notes: [String] = []

  /// A pair that the benchmark lacks.
  public struct Extra: Sendable, Equatable {
    /// The list of the benchmark.
    public var list: String
    /// The scene or sequence.
    public var scene: String
    /// The numbers as the result writes them; the line for pairs lists.
    public var first: Int
    /// See `first`.
    public var second: Int

    /// A pair with its place.
    public init(list: String, scene: String, first: Int, second: Int) {
      (self.list, self.scene, self.first, self.second) = (list, scene, first, second)
    }
  }

  /// How many poses were no rigid motion and are stood in for by the nearest.
  private var projected = 0

  /// A result without anything.
  public init() {}

  /// Takes the estimate of an item; a later one replaces an earlier one.
  mutating func add(_ id: String, _ written: WrittenPose, isInverted: Bool = false) {
    (poses[id], unusable[id]) = (nil, nil)
    switch written {
    case .rigid(let pose): poses[id] = isInverted ? pose.inverse : pose
    case .projected(let pose):
      poses[id] = isInverted ? pose.inverse : pose
      projected += 1
    case .unusable(let reason): unusable[id] = reason
    }
  }

  /// Says what stands in for what, and sorts the extras.
  mutating func finish() {
    if projected > 0 { notes.append("\(projected) poses are not rigid; the nearest rotation stands for theirs") }
    if !unusable.isEmpty { notes.append("\(unusable.count) poses cannot be used and count as failures") }
    if !extras.isEmpty { notes.append("\(extras.count) pairs of the result are not in the benchmark") }
    extras.sort { ($0.list, $0.scene, $0.first, $0.second) < ($1.list, $1.scene, $1.first, $1.second) }
  }
}

/// A pose as it is written in the results of others, who need not write rigid motions.
enum WrittenPose {
  /// A rigid motion.
  case rigid(RigidTransform)
  /// The rigid motion nearest to what is written.
  case projected(RigidTransform)
  /// Nothing to go by, with the reason.
  case unusable(String)

  /// The pose of 12 or 16 numbers, row by row.
  ///
  /// What is no rotation is replaced by the nearest one in the Frobenius norm. For registration recall that changes nothing:
  /// the published protocol takes the quaternion of the largest eigenvalue (I. Y. Bar-Itzhack, JGCD 23(6), 2000), which is
  /// the nearest rotation's.
  init(_ numbers: [Double]) {
    let upper = Array(numbers.prefix(12))
    guard numbers.allSatisfy(\.isFinite) else {
      self = .unusable("not finite")
      return
    }
    if numbers.count == 16, zip(numbers[12..<16], [0, 0, 0, 1]).contains(where: { abs($0 - $1) > 1e-3 }) {
      self = .unusable("the last row is not 0 0 0 1")
      return
    }
    do throws(NotARigidMotion) {
      self = .rigid(try RigidTransform(rowMajor: upper))
    } catch {
      func row(_ k: Int) -> Point3 { Point3(upper[4 * k], upper[4 * k + 1], upper[4 * k + 2]) }
      let matrix = Matrix3(rows: row(0), row(1), row(2))
      let values = matrix.singularValues.s
      // The nearest rotation is not unique, and the zero matrix is near to none.
      guard values.y > 1e-6 * values.x else {
        self = .unusable("\(error)")
        return
      }
      let rotation = Rotation3(nearest: matrix)
      let excess = rotation.matrix.transpose * rotation.matrix - .identity
      let isRotation =
        [excess.x, excess.y, excess.z].allSatisfy { $0.length < 1e-6 } && rotation.matrix.determinant > 0
      let pose = RigidTransform(rotation: rotation, translation: Point3(upper[3], upper[7], upper[11]))
      self = isRotation ? .projected(pose) : .unusable("\(error)")
    }
  }
}
