import LinearAlgebra

/// Fits the map of descriptors that tells places apart best, in closed form (linear discriminant analysis; Fisher 1936).
///
/// With S_b the scatter between places and S_w the one within a place, the rows of W are the solutions of the largest λ of
/// `S_b w = λ (S_w + r I) w`, `wᵀ (S_w + r I) w = 1`: the noise between views of one place is made white, and the directions
/// that hold little else are dropped. Nothing is drawn at random.
package struct DescriptorMapFit: Sendable {
  /// How many values a mapped descriptor has.
  package var dimension: Int
  /// r over the mean variance within a place.
  package var regularizer: Double

  /// A fit of so many values.
  package init(dimension: Int = 64, regularizer: Double = 0.05) {
    self.dimension = dimension
    self.regularizer = regularizer
  }

  /// What a fit finds.
  package struct Solution: Sendable {
    /// μ, shape [inputDimension].
    package let mean: [Double]
    /// W, row-major [dimension, inputDimension].
    package let matrix: [Double]
    /// λ of every row, descending.
    package let eigenvalues: [Double]

    /// The map in single precision, for descriptors of the present format.
    package func map(provenance: [String]) throws(DescriptorMapError) -> DescriptorMap {
      try DescriptorMap(
        format: DescriptorExtractor.format, mean: mean.map(Float.init), matrix: matrix.map(Float.init),
        provenance: provenance)
    }
  }

  /// The scatter within a place with its regulariser, the mean over the kinds; row-major.
  package func regularized(_ kinds: [DescriptorScatter]) -> [Double] {
    var within = Self.mean(kinds.map(\.withinPlaces))
    let n = kinds.first?.dimension ?? 0
    let trace = (0..<n).reduce(0) { $0 + within[$1 * n + $1] }
    for k in 0..<n { within[k * n + k] += regularizer * trace / Double(n) }
    return within
  }

  /// Solves for the map; every kind of scene counts the same, however many pairs it has.
  /// - Throws: ``DescriptorMapError`` when a kind has too few true matches or the scatter is degenerate.
  package func callAsFunction(_ kinds: [DescriptorScatter]) throws(DescriptorMapError) -> Solution {
    guard let n = kinds.first?.dimension, 1...n ~= dimension else {
      throw DescriptorMapError("\(dimension) values cannot be fitted to descriptors of \(kinds.first?.dimension ?? 0)")
    }
    for scatter in kinds where scatter.matches < dimension {
      throw DescriptorMapError(
        "\(scatter.pairs) pairs give \(scatter.matches) true matches, at least \(dimension) of every kind are needed")
    }
    let between = Self.mean(kinds.map(\.betweenPlaces))
    guard let eigen = GeneralizedEigen(between, regularized(kinds), dimension: n) else {
      throw DescriptorMapError(
        "the scatter of the true matches is degenerate: no variance, or numbers beyond all bounds")
    }
    return Solution(
      mean: Self.mean(kinds.map(\.mean)), matrix: Array(eigen.vectors[..<(dimension * n)]),
      eigenvalues: Array(eigen.values[..<dimension]))
  }

  private static func mean(_ arrays: [[Double]]) -> [Double] {
    guard let first = arrays.first else { return [] }
    return first.indices.map { k in arrays.reduce(0) { $0 + $1[k] } / Double(arrays.count) }
  }
}
