import Rendering
import Geometry

/// The text forms of a pose.
enum PoseText: String, CaseIterable {
  /// Four rows of a 4x4 matrix under comments that state the direction; read by `numpy.loadtxt`.
  case txt
  /// One line `0 tx ty tz qx qy qz qw`.
  case tum
  /// One line with the 12 numbers of the upper three rows.
  case kitti

  /// The content of a file.
  func callAsFunction(_ pose: SimilarityTransform, source: String, target: String, verdict: String) -> String {
    let rows = pose.rows.map { $0.map { PoseText.digits($0) } }
    switch self {
    case .txt:
      return """
        # plumb \(Plumb.version): p_target = T * p_source, 4x4 row-major, metres
        # source: \(source.asciiSafe)
        # target: \(target.asciiSafe)
        # verdict: \(verdict)\(pose.scale == 1 ? "" : "\n# scale: \(PoseText.digits(pose.scale)), part of the matrix")
        \(rows.map { $0.joined(separator: " ") }.joined(separator: "\n"))

        """
    case .tum:
      let (t, q) = (pose.translation, pose.rotation.quaternion)
      return "0 " + [t.x, t.y, t.z, q.x, q.y, q.z, q.w].map { PoseText.digits($0) }.joined(separator: " ") + "\n"
    case .kitti:
      return rows[0..<3].flatMap { $0 }.joined(separator: " ") + "\n"
    }
  }

  private static func digits(_ value: Double) -> String { JSONValue.number(value).text }
}

extension String {
  /// The text in ASCII, everything else escaped: comments that every reader in every locale can skip.
  fileprivate var asciiSafe: String {
    terminalSafe.unicodeScalars.map { $0.isASCII ? String($0) : $0.escaped(asASCII: true) }.joined()
  }
}
