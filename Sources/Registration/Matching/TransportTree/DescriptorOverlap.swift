#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// Overlap scores from descriptors alone.
///
/// The paper takes (cos + 1)/2 of trained features (Eq. 4). Cosines of histograms all lie near 1, where that says nothing, so
/// the distance is held against the background of unrelated pairs, with mean μ and deviation σ:
///
///     sᵢⱼ = 1 / (1 + exp(-z)),    z = (μ - dᵢⱼ²) / σ
struct DescriptorOverlap: OverlapScores {
  let distances: DescriptorDistances
  let background: BackgroundDistance

  func callAsFunction(_ a: [Int32], _ b: [Int32], level: Int) -> [Float] {
    a.flatMap { i in b.map { j in 1 / (1 + expf(-background.affinity(distances[i, j]))) } }
  }
}
