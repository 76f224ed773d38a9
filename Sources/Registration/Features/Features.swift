/// The keypoints of one cloud with their normals and descriptors.
public struct Features: Sendable {
  /// Keypoints, local metres of the cloud, shape [count].
  public var keypoints: [SIMD3<Float>]
  /// Unit normals of the keypoints, turned to the viewpoint, shape [count].
  public var normals: [SIMD3<Float>]
  /// For every keypoint its index in the cloud it was taken from, ascending, shape [count].
  public var indices: [Int32]
  /// Descriptors, row-major, shape [count, dimension]: of unit length, or mapped (see ``DescriptorMap``).
  public var descriptors: [Float]
  /// The length of a descriptor.
  public var dimension: Int

  /// The number of keypoints.
  public var count: Int { keypoints.count }
  /// How many bytes the features take.
  var byteCount: Int { keypoints.byteCount + normals.byteCount + indices.byteCount + descriptors.byteCount }

  /// Gathers the parts of the features; a precondition holds that their counts agree.
  public init(
    keypoints: [SIMD3<Float>], normals: [SIMD3<Float>], indices: [Int32], descriptors: [Float], dimension: Int
  ) {
    let n = keypoints.count
    precondition(normals.count == n && indices.count == n && descriptors.count == n * dimension)
    self.keypoints = keypoints
    self.normals = normals
    self.indices = indices
    self.descriptors = descriptors
    self.dimension = dimension
  }
}
