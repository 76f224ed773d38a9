import Evaluation
import Geometry

/// Pairs and scores for the tests of the protocols.
enum PairFixture {
  /// Σ GᵀG over points on a circle of some radius about the z axis, in its own plane.
  static func ring(radius: Double, count: Int = 360) -> InformationMatrix {
    var entries = [Double](repeating: 0, count: 36)
    for k in 0..<count {
      let angle = 2 * Double.pi * Double(k) / Double(count)
      let p = Rotation3(radians: angle, about: Point3(0, 0, 1))(Point3(radius, 0, 0))
      let skew = Matrix3(skew: p) * -1
      let g = (0..<3).map { i in (0..<6).map { j in j < 3 ? (i == j ? 1 : 0) : skew[i, j - 3] } }
      for i in 0..<6 {
        for j in 0..<6 { entries[6 * i + j] += (0..<3).reduce(0) { $0 + g[$1][i] * g[$1][j] } }
      }
    }
    return InformationMatrix(entries)
  }

  /// A pair at the identity.
  static func item(
    _ i: Int, _ j: Int, list: String = "3DMatch", scene: String = "a", truth: RigidTransform? = .identity,
    information: InformationMatrix? = ring(radius: 1), diameter: Double? = nil
  ) -> PairItem {
    PairItem(
      id: "\(list)/\(scene)/\(i)-\(j)", list: list, scene: scene, numbers: (i, j), source: CloudReference(path: "\(j)"),
      target: CloudReference(path: "\(i)"), truth: truth, information: information, diameter: diameter)
  }

  /// An error of so many degrees about z and so many metres along x.
  static func pose(degrees: Double = 0, metres: Double = 0) -> RigidTransform {
    RigidTransform(
      rotation: Rotation3(radians: degrees * .pi / 180, about: Point3(0, 0, 1)), translation: Point3(metres, 0, 0))
  }

  /// The score of an error; nil stands for a pair without an estimate.
  static func score(
    _ i: Int, _ j: Int, _ pose: RigidTransform?, list: String = "3DMatch", scene: String = "a"
  ) -> PairScore {
    PairScore(
      item: item(i, j, list: list, scene: scene),
      outcome: pose.map { .estimated(.init(pose: $0)) } ?? .missing)
  }
}

extension ScoreTable {
  /// The printed cell of a row and a column; an empty text where there is none.
  subscript(_ row: String, _ column: String) -> String {
    guard let place = columns.firstIndex(of: column), place > 0, let row = rows.first(where: { $0.name == row }),
      place <= row.cells.count
    else { return "" }
    return row.cells[place - 1].text
  }
}
