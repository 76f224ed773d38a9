import Foundation

/// log₁₀ of a positive number; NaN, which diagrams leave out, of others.
func decimalLogarithm(_ value: Double) -> Double { value > 0 ? log10(value) : .nan }

/// The slope of the least squares line through points; NaN of fewer than two.
func slope(_ points: [(x: Double, y: Double)]) -> Double {
  let n = Double(points.count)
  let (mx, my) = (points.reduce(0) { $0 + $1.x } / n, points.reduce(0) { $0 + $1.y } / n)
  let (up, across) = points.reduce((0.0, 0.0)) { ($0.0 + ($1.x - mx) * ($1.y - my), $0.1 + ($1.x - mx) * ($1.x - mx)) }
  return up / across
}

/// Numbers from one to another in equal ratios, both included.
func geometricSpace(_ first: Double, _ last: Double, count: Int) -> [Double] {
  (0..<count).map { first * pow(last / first, Double($0) / Double(max(1, count - 1))) }
}

/// Numbers from one to another in equal steps, both included.
func linearSpace(_ first: Double, _ last: Double, count: Int) -> [Double] {
  (0..<count).map { first + (last - first) * Double($0) / Double(max(1, count - 1)) }
}
