/// Takes the jitter out of files of boxes and fills short gaps: a constant-velocity filter with a pass backwards over the
/// boxes of each object, whose noise and agility are those that make the file most likely.
///
/// Boxes in space move by x, y, z and heading in the frame that they are given in and get the median size of their object;
/// boxes in the image move by their middle and the logarithms of width and height. Headings may wrap around, and single
/// ones may be turned by half a turn. A gap that is too long cuts a track in two; nothing is added before the first or
/// after the last box of an object.
public struct BoxSmoother: Sendable {
  /// The longest gap that is filled, frames.
  public var maxGap: Int

  /// A smoother.
  public init(maxGap: Int = 10) {
    precondition(maxGap >= 0, "a gap of \(maxGap) frames")
    self.maxGap = maxGap
  }

  /// What became of an object.
  public struct Object: Sendable, Equatable {
    /// Its number.
    public var track: Int
    /// How many boxes it had.
    public var given: Int
    /// The frames that were filled, ascending.
    public var filled: [Int]
    /// How many gaps are longer than can be filled.
    public var openGaps: Int
  }

  /// A smoothed file.
  public struct Result: Sendable {
    /// The boxes, in the format of the input, by frame and object. Boxes in filled frames are marked as the format can: a
    /// confidence or score of 0, and an unknown occlusion (3) in label rows.
    public var file: BoxFile
    /// The objects, by number.
    public var objects: [Object]
    /// Standard deviations of the jitter of x, y, z (metres) and heading (radians); nil without a box in space.
    public var jitterInSpace: SIMD4<Double>?
    /// Standard deviations of the jitter of the middle (x, y), of width and of height, in shares of the object's size; nil
    /// without a box in the image that was smoothed.
    public var jitterInImage: SIMD4<Double>?
  }

  /// Smooths a file.
  /// - Parameter show: what the camera shows of a label's box in space; where it is given, boxes in the image of such
  ///   labels come from it, otherwise they are smoothed as they stand.
  public func callAsFunction(_ file: BoxFile, showing show: ((KITTILabel) -> [Double]?)? = nil) -> Result {
    switch file {
    case .kitti(let labels): smoothed(labels, show)
    case .mot(let rows): smoothed(rows)
    case .plain(let boxes, let separator): smoothed(boxes, separator)
    }
  }

  var coordinates: CoordinateSmoother { CoordinateSmoother(maxGap: maxGap) }

  private func smoothed(_ rows: [MOTRow]) -> Result {
    let groups = BoxSmoother.groups(rows, frame: \.frame, track: \.track)
    let (paths, jitter) = coordinates(image: groups.map { $0.map { ($0.frame, $0.box) } })
    var (out, objects): ([MOTRow], [Object]) = ([], [])
    for (group, path) in zip(groups, paths) {
      let filling = filling(path.keys, group.map(\.frame), track: group[0].track)
      objects.append(filling.object)
      for (k, frame, isFilled) in filling.rows {
        var row = group[k]
        row.frame = frame
        if let box = path[frame] { row.box = box }
        if isFilled { row.confidence = 0 }
        out.append(row)
      }
    }
    out.sort { ($0.frame, $0.track) < ($1.frame, $1.track) }
    return Result(file: .mot(out), objects: objects, jitterInImage: jitter)
  }

  private func smoothed(_ boxes: [ImageBox?], _ separator: String) -> Result {
    let given = boxes.enumerated().compactMap { k, box in box.map { (frame: k, box: $0) } }
    let (paths, jitter) = coordinates(image: [given])
    let filling = filling(paths[0].keys, given.map(\.frame), track: 0)
    return Result(
      file: .plain(boxes.indices.map { paths[0][$0] }, separator: separator), objects: [filling.object],
      jitterInImage: jitter)
  }
}

extension BoxSmoother {
  /// Rows by their object, and in it by frame.
  static func groups<Row>(_ rows: [Row], frame: (Row) -> Int, track: (Row) -> Int) -> [[Row]] {
    Dictionary(grouping: rows, by: track).sorted { $0.key < $1.key }
      .map { $0.value.sorted { frame($0) < frame($1) } }
  }

  /// Which rows an object gets.
  /// - Parameters:
  ///   - frames: those for which there is a box.
  ///   - given: those of its own rows, ascending.
  /// - Returns: the object; and for every row the number of the given row that it is made of, its frame, and whether it is
  ///   filled.
  func filling(
    _ frames: some Sequence<Int>, _ given: [Int], track: Int
  ) -> (object: Object, rows: [(source: Int, frame: Int, isFilled: Bool)]) {
    let own = Set(given)
    let filled = Set(frames).subtracting(own).sorted()
    var rows = given.enumerated().map { (source: $0, frame: $1, isFilled: false) }
    var source = 0
    for frame in filled {
      while source + 1 < given.count, given[source + 1] < frame { source += 1 }
      rows.append((source, frame, true))
    }
    rows.sort { $0.frame < $1.frame }
    let open = zip(given, given.dropFirst()).count { $1 - $0 - 1 > maxGap }
    return (Object(track: track, given: given.count, filled: filled, openGaps: open), rows)
  }
}
