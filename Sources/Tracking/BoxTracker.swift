import Geometry

/// Follows one object through a sequence of scans from its first box. What it knows of the object is a ``TrackState``, so
/// that many tracks may share a tracker.
public protocol BoxTracker: Sendable {
  /// Starts with the first scan and its box.
  /// - Throws: when the box is no box or holds no point of the object.
  func start(_ cloud: PointCloud, box: Box3) throws(TrackingError) -> TrackState
  /// One scan further; an empty cloud where a scan is missing.
  func callAsFunction(_ cloud: PointCloud, _ state: inout TrackState) -> TrackedBox
}

extension ICPTracker: BoxTracker {}
