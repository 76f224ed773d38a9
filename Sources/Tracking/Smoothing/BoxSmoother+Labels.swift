import Geometry

extension BoxSmoother {
  /// Label rows: boxes in space and in the image side by side.
  func smoothed(_ labels: [KITTILabel], _ show: ((KITTILabel) -> [Double]?)?) -> Result {
    let groups = BoxSmoother.groups(labels, frame: \.frame, track: \.track)
    let space = coordinates(
      space: groups.map { group in group.filter(\.isInSpace).map { ($0.frame, $0.place) } })
    let image = coordinates(
      image: groups.map { group in
        group.filter { show == nil || !$0.isInSpace }.compactMap { label in
          label.imageRectangle.map { (label.frame, $0) }
        }
      })
    var (out, objects): ([KITTILabel], [Object]) = ([], [])
    for (k, group) in groups.enumerated() {
      let size = BoxSmoother.medianSize(group)
      let frames = Set(space.paths[k].keys).union(image.paths[k].keys)
      let filling = filling(frames, group.map(\.frame), track: group[0].track)
      objects.append(filling.object)
      for (source, frame, isFilled) in filling.rows {
        var label = group[source]
        label.frame = frame
        if isFilled { label.clear() }
        if let place = space.paths[k][frame], let size { label.put(at: place, size: size) }
        if label.isInSpace, let show {
          label.imageBox = show(label) ?? KITTILabel.nowhere
        } else if let box = image.paths[k][frame] {
          label.imageBox = [box.x, box.y, box.x + box.width, box.y + box.height].map(CoordinateSmoother.rounded)
        }
        out.append(label)
      }
    }
    BoxSmoother.score(&out, objects)
    out.sort { ($0.frame, $0.track) < ($1.frame, $1.track) }
    return Result(
      file: .kitti(out), objects: objects, jitterInSpace: space.deviation, jitterInImage: image.deviation)
  }

  /// The median height, width and length of an object; nil without a box in space.
  private static func medianSize(_ labels: [KITTILabel]) -> Point3? {
    let sizes = labels.filter(\.isInSpace).map(\.heightWidthLength)
    if sizes.isEmpty { return nil }
    return Point3(
      CoordinateSmoother.median(sizes.map(\.x)), CoordinateSmoother.median(sizes.map(\.y)),
      CoordinateSmoother.median(sizes.map(\.z)))
  }

  /// Gives filled rows a score of 0. Where the input has no scores but rows were filled, all others get 1.
  private static func score(_ labels: inout [KITTILabel], _ objects: [Object]) {
    let filled = Dictionary(objects.map { ($0.track, Set($0.filled)) }) { first, _ in first }
    guard filled.values.contains(where: { !$0.isEmpty }) else { return }
    for k in labels.indices {
      let isFilled = filled[labels[k].track]?.contains(labels[k].frame) ?? false
      labels[k].score = isFilled ? 0 : labels[k].score ?? 1
    }
  }
}

extension KITTILabel {
  /// The image box of a label that has none.
  static let nowhere = [-1.0, -1, -1, -1]

  /// Whether the row has a box in space.
  package var isInSpace: Bool { heightWidthLength.x > 0 && heightWidthLength.y > 0 && heightWidthLength.z > 0 }

  /// The box in the image as a rectangle; nil where there is none.
  fileprivate var imageRectangle: ImageBox? {
    let (width, height) = (imageBox[2] - imageBox[0], imageBox[3] - imageBox[1])
    return width > 0 && height > 0 ? ImageBox(x: imageBox[0], y: imageBox[1], width: width, height: height) : nil
  }

  /// Middle of the bottom face and heading.
  fileprivate var place: SIMD4<Double> {
    SIMD4(bottomCenter.x, bottomCenter.y, bottomCenter.z, rotationYRadians)
  }

  /// Puts the box in space somewhere, and sets the angle of observation.
  fileprivate mutating func put(at place: SIMD4<Double>, size: Point3) {
    heightWidthLength = size
    bottomCenter = Point3(place.x, place.y, place.z)
    rotationYRadians = place.w
    alphaRadians = CoordinateSmoother.rounded(observationRadians)
  }

  /// Forgets what only the row's own frame can tell.
  fileprivate mutating func clear() {
    (truncation, occlusion, imageBox) = (0, 3, KITTILabel.nowhere)
    (alphaRadians, rotationYRadians) = (-10, -10)
    (heightWidthLength, bottomCenter) = (Point3(repeating: -1), Point3(repeating: -1000))
  }
}
