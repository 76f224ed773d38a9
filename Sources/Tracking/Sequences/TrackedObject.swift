import Geometry

/// An object that a sequence is searched for, and what became of it.
public struct TrackedObject: Sendable {
  /// Its number.
  public let track: Int
  /// Its class.
  public let category: String
  /// The frame in which it begins.
  public let firstFrame: Int
  /// Its box there, in the frame of the scanner.
  public let firstBox: Box3
  /// What became of it.
  public internal(set) var outcome = Outcome.waiting
  /// The frames with a box, the first one included.
  public internal(set) var frames = 0
  /// How many of these show the object.
  public internal(set) var seenFrames = 0

  /// How the search stands.
  public enum Outcome: Sendable, Equatable {
    /// Its first frame has not come yet.
    case waiting
    /// It is followed.
    case followed
    /// It was given up after too many frames that did not show it; the last of them.
    case givenUp(frame: Int)
    /// It could not be started, for this reason.
    case notStarted(String)
  }

  /// An object to look for.
  public init(track: Int, category: String, firstFrame: Int, firstBox: Box3) {
    (self.track, self.category, self.firstFrame, self.firstBox) = (track, category, firstFrame, firstBox)
  }

  /// The objects of label rows, each from its first row, by their numbers.
  /// - Parameters:
  ///   - calibration: leads from the axes of the labels to those of the scanner.
  ///   - isRectified: see ``KITTICalibration/box(of:isRectified:)``.
  public static func first(
    of labels: [KITTILabel], _ calibration: KITTICalibration, isRectified: Bool = true
  ) -> [TrackedObject] {
    var first: [Int: KITTILabel] = [:]
    for label in labels where label.frame < first[label.track]?.frame ?? .max { first[label.track] = label }
    return first.sorted { $0.key < $1.key }.map { track, label in
      TrackedObject(
        track: track, category: label.category, firstFrame: label.frame,
        firstBox: calibration.box(of: label, isRectified: isRectified))
    }
  }
}
