import Geometry

extension TrackletScore {
  /// The score of a followed object: overlap and distance to the true box in every labelled frame.
  ///
  /// The first frame is given to the tracker, so there the true box stands; a later frame without an estimate repeats the
  /// box before.
  /// - Parameter boxes: the estimated boxes by the number of their frame.
  public init(item: TrackletItem, boxes: [Int: Box3], failure: Failure? = nil) {
    self.init(
      id: item.id, sequence: item.sequence, track: item.track, category: item.category, overlaps: [], distances: [],
      failure: failure)
    guard var last = item.frames.first?.box else { return }
    for (i, frame) in item.frames.enumerated() {
      if i > 0 {
        if let box = boxes[frame.number] { last = box } else { missingFrames += 1 }
      }
      overlaps.append(frame.box.intersectionOverUnion(with: last))
      distances.append((frame.box.center - last.center).length)
    }
  }
}
