import Foundation

/// A row-major 4×4 matrix.
typealias Matrix4 = [[Double]]

/// What `plumb register --json` printed.
struct RegisterReport {
  /// The whole output.
  let text: String
  /// The parsed object.
  let object: [String: Any]
  /// Maps source points to target points.
  let T: Matrix4

  /// Parses the standard output; nil when it is not one object with a matrix `T`.
  init?(_ text: String) {
    guard let object = try? JSONSerialization.jsonObject(with: Data(text.utf8)) as? [String: Any],
      let T = RegisterReport.matrix(object["T"])
    else { return nil }
    (self.text, self.object, self.T) = (text, object, T)
  }

  /// `trusted`, `doubtful` or `failed`.
  var verdict: String { object["verdict"] as? String ?? "" }
  /// What decided the verdict.
  var reasons: [String] { object["reasons"] as? [String] ?? [] }
  /// The input files as described by the command: source, then target.
  var inputs: [[String: Any]] { object["input"] as? [[String: Any]] ?? [] }

  /// A 4×4 matrix of a JSON value.
  static func matrix(_ value: Any?) -> Matrix4? {
    guard let rows = value as? [[NSNumber]], rows.count == 4, rows.allSatisfy({ $0.count == 4 }) else { return nil }
    return rows.map { $0.map(\.doubleValue) }
  }

  /// The root mean square distance between points under this pose and another one.
  func displacement(from other: Matrix4, over points: [SIMD3<Double>]) -> Double {
    let sum = points.reduce(0.0) { total, p in
      let d = T.apply(p) - other.apply(p)
      return total + (d * d).sum()
    }
    return (sum / Double(max(1, points.count))).squareRoot()
  }

  /// The output without its `run` object, which must be the last key; nil where it is not.
  var withoutRun: String? {
    guard let range = text.range(of: "\"run\"", options: .backwards),
      let tail = try? JSONSerialization.jsonObject(with: Data(("{" + text[range.lowerBound...]).utf8)),
      (tail as? [String: Any])?.keys.sorted() == ["run"]
    else { return nil }
    return String(text[..<range.lowerBound])
  }

  /// The text of a top-level value as printed, up to the next top-level key.
  func printed(_ key: String) -> Substring? {
    guard let start = text.range(of: "\"\(key)\"") else { return nil }
    var depth = 0
    for i in text.indices[start.upperBound...] {
      if "[{".contains(text[i]) { depth += 1 }
      if "]}".contains(text[i]) { depth -= 1 }
      if depth == 0, "]}".contains(text[i]) { return text[start.lowerBound...i] }
    }
    return nil
  }
}

extension [[Double]] {
  /// The identity.
  static let identity: Matrix4 = (0..<4).map { i in (0..<4).map { i == $0 ? 1 : 0 } }

  /// The image of a point.
  func apply(_ p: SIMD3<Double>) -> SIMD3<Double> {
    func row(_ r: [Double]) -> Double { r[0] * p.x + r[1] * p.y + r[2] * p.z + r[3] }
    return SIMD3(row(self[0]), row(self[1]), row(self[2]))
  }

  /// The matrix product.
  func times(_ other: Matrix4) -> Matrix4 {
    (0..<4).map { i in (0..<4).map { j in (0..<4).reduce(0.0) { $0 + self[i][$1] * other[$1][j] } } }
  }

  /// The inverse of a rigid motion.
  var rigidInverse: Matrix4 {
    let t = (0..<3).map { i in -(0..<3).reduce(0.0) { $0 + self[$1][i] * self[$1][3] } }
    return (0..<3).map { i in (0..<3).map { self[$0][i] } + [t[i]] } + [[0, 0, 0, 1]]
  }

  /// The largest difference of an entry.
  func largestDifference(_ other: Matrix4) -> Double {
    count == other.count ? zip(joined(), other.joined()).map { abs($0 - $1) }.max() ?? .infinity : .infinity
  }

  /// The same motion between clouds that are shifted by the given offsets.
  func shifted(source: SIMD3<Double>, target: SIMD3<Double>) -> Matrix4 {
    var out = self
    let moved = target - (apply(source) - apply(.zero))
    for i in 0..<3 { out[i][3] += moved[i] }
    return out
  }
}
