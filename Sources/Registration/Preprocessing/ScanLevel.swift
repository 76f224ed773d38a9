import Synchronization

/// A scan at one working voxel: its surfaces, and what is computed from them when it is first asked for.
final class ScanLevel: Sendable {
  /// Points and normals at the voxel and at half of it.
  let cloud: PreparedCloud
  /// Edge of the working voxel, metres.
  let voxel: Double
  private let fixedFeatures = Kept<Features>()
  private let mappedFeatures = Kept<Features>()
  private let checkedCloud = Kept<CheckedCloud>()
  private let turnedLevel = Kept<ScanLevel>()

  init(_ cloud: PreparedCloud, voxel: Double) {
    self.cloud = cloud
    self.voxel = voxel
  }

  /// The keypoints with descriptors of the given kind. Mapped ones do not keep the fixed ones, which are much larger.
  func features(_ kind: Registrar.Settings.Descriptor) -> Features {
    switch kind {
    case .fixed: fixedFeatures(describe)
    case .mapped: mappedFeatures { DescriptorMap.shipped(fixedFeatures.value ?? describe()) }
    }
  }

  private func describe() -> Features {
    DescriptorExtractor(voxel: Float(voxel))(cloud.coarse.positions, normals: cloud.coarse.normals)
  }

  /// The scan as it is when its surfaces were seen from the other side.
  var turned: ScanLevel { turnedLevel { ScanLevel(cloud.turned, voxel: voxel) } }

  /// The cloud made ready for checking poses, with all its points as keypoints.
  var checked: CheckedCloud { checkedCloud { CheckedCloud(cloud, voxel: voxel) } }

  /// How many bytes all of that takes.
  var byteCount: Int {
    cloud.coarse.byteCount + cloud.fine.byteCount + (fixedFeatures.value?.byteCount ?? 0)
      + (mappedFeatures.value?.byteCount ?? 0) + (checkedCloud.value?.byteCount ?? 0)
      + (turnedLevel.value?.byteCount ?? 0)
  }
}

/// A value that is computed when it is first asked for, and kept.
private final class Kept<Value: Sendable>: Sendable {
  private let state = Mutex<Value?>(nil)

  /// The value if it was asked for.
  var value: Value? { state.withLock { $0 } }

  func callAsFunction(_ compute: () -> Value) -> Value {
    if let value { return value }
    // Not under the lock: computing may take all threads. Two that compute at once get the same bits.
    let fresh = compute()
    state.withLock { $0 = fresh }
    return fresh
  }
}

extension Array {
  /// How many bytes the elements take.
  var byteCount: Int { count * MemoryLayout<Element>.stride }
}
