import Geometry
import Parallelism

/// What every tree over a pair of clouds stands on: the levels of both and the distances between their descriptors.
struct PyramidPair: Sendable {
  let source, target: KeypointPyramid
  let distances: DescriptorDistances

  /// The levels of two described clouds of a working voxel, metres.
  init(source: Features, target: Features, voxel: Float) {
    let both = [source, target]
    let built = Parallel.map(2, grain: 1) { KeypointPyramid(both[$0], voxel: voxel) }
    (self.source, self.target) = (built[0], built[1])
    distances = DescriptorDistances(source: source, target: target)
  }

  /// The putative set: the pairs of superpoints, as keypoint indices, that look most alike, best first.
  func coarse(limit: Int) -> [Correspondence] {
    CoarseMatcher(limit: limit)(
      source: source.levels[0].indices, target: target.levels[0].indices, distances: distances)
  }
}
