internal import CWeights
import Networks

/// The trackers that come with Plumb.
public enum TrackerModel: String, Sendable, CaseIterable {
  /// The small network, S, whose answers are refined by aligned points: the most accurate.
  case small = "s"
  /// The tiny network, T, alone: the fastest.
  case tiny = "t"
  /// Alignment of points, without a network.
  case icp

  /// The one that is taken where nobody chooses: the most accurate. It follows eight objects ten times a second on a core.
  public static let standard = TrackerModel.small

  /// A tracker of this kind with its usual settings.
  public var tracker: any BoxTracker {
    guard let network else { return ICPTracker() }
    var tracker = NetworkTracker(network)
    if self == .tiny { tracker.alignment = nil }
    return tracker
  }

  /// The trained network; nil for ``icp``. Its notes hold the command that trained it, and what it reached.
  public var network: TrainedDenoiser? {
    let bytes: UnsafeBufferPointer<UInt8>
    switch self {
    case .small: bytes = UnsafeBufferPointer(start: plumb_tracker_s_start(), count: plumb_tracker_s_count())
    case .tiny: bytes = UnsafeBufferPointer(start: plumb_tracker_t_start(), count: plumb_tracker_t_count())
    case .icp: return nil
    }
    do throws(TensorFileError) {
      return try TrainedDenoiser(Array(bytes), path: "tracker-\(rawValue).safetensors")
    } catch {
      preconditionFailure("the weights of this build: \(error)")
    }
  }
}
