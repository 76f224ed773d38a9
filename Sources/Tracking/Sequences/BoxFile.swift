import PointClouds

/// A rectangle in an image, pixels.
public struct ImageBox: Sendable, Equatable {
  /// The left edge.
  public var x: Double
  /// The upper edge.
  public var y: Double
  /// The width.
  public var width: Double
  /// The height.
  public var height: Double

  /// A rectangle.
  public init(x: Double, y: Double, width: Double, height: Double) {
    (self.x, self.y, self.width, self.height) = (x, y, width, height)
  }
}

/// One row of a MOT file: `frame,id,x,y,width,height,confidence` and up to three columns more.
public struct MOTRow: Sendable, Equatable {
  /// The frame's number.
  public var frame: Int
  /// The object's number.
  public var track: Int
  /// The box.
  public var box: ImageBox
  /// The confidence, or the flag that a row of ground truth counts.
  public var confidence: Double
  /// The columns that follow, as they were written.
  public var rest: [String]

  /// A row.
  public init(frame: Int, track: Int, box: ImageBox, confidence: Double, rest: [String] = []) {
    (self.frame, self.track, self.box, self.confidence, self.rest) = (frame, track, box, confidence, rest)
  }
}

/// Files of boxes in the formats that trackers write: they are read, and written in the same format again.
public enum BoxFile: Sendable, Equatable {
  /// Label rows of KITTI tracking, with boxes in space, in the image, or both.
  case kitti([KITTILabel])
  /// Rows of the MOT benchmarks.
  case mot([MOTRow])
  /// One object, `x,y,width,height` per frame, as OTB, GOT-10k and LaSOT have them; nil where a row says that it is not
  /// there (a size of zero, or no number). Rows are joined by the separator.
  case plain([ImageBox?], separator: String)

  /// The format in words.
  public var name: String {
    switch self {
    case .kitti: "KITTI label rows"
    case .mot: "MOT rows"
    case .plain: "rows x,y,w,h"
    }
  }

  /// Reads a file; its first row decides the format.
  /// - Throws: ``CloudFileError`` that names line and column, also for a second box of an object in one frame.
  public init(_ path: String) throws(CloudFileError) {
    let bytes = try SmallFile.read(path, limit: 256 << 20, expected: "a file of boxes")
    let text = String(decoding: bytes, as: UTF8.self)
    let words = TextRecords(text: text, path: path)
    guard let first = words.lines.first else {
      throw CloudFileError(.unusable, path, "holds no row of boxes")
    }
    let isSeparated = first.words.contains { $0.contains(",") }
    let records = isSeparated ? TextRecords(text: text, path: path, separator: ",") : words
    let columns = records.lines[0].words.count
    switch (columns, isSeparated) {
    case (4, true): self = .plain(try BoxFile.plain(records), separator: ",")
    case (4, false):
      self = .plain(try BoxFile.plain(records), separator: text.prefix { !$0.isNewline }.contains("\t") ? "\t" : " ")
    case (7...10, true): self = .mot(try BoxFile.mot(records))
    case (17...18, false): self = .kitti(try BoxFile.kitti(records))
    default:
      throw records.error(
        records.lines[0],
        "\(columns) \(columns == 1 ? "column" : "columns"); 17 or 18 between blanks (KITTI label rows), 7 to 10 between "
          + "commas (MOT: frame,id,x,y,w,h,confidence,…) or 4 (x,y,w,h) are expected")
    }
  }

  private static func kitti(_ records: TextRecords) throws(CloudFileError) -> [KITTILabel] {
    var seen = OncePerFrame()
    var labels: [KITTILabel] = []
    for (line, label) in try KITTILabel.rows(records, allowingImageOnly: true) {
      try seen.add(label.track, label.frame, line, records)
      labels.append(label)
    }
    guard !labels.isEmpty else {
      throw CloudFileError(.unusable, records.path, "holds no row of boxes but DontCare")
    }
    return labels
  }

  private static func mot(_ records: TextRecords) throws(CloudFileError) -> [MOTRow] {
    var seen = OncePerFrame()
    var rows: [MOTRow] = []
    for line in records.lines {
      guard 7...10 ~= line.words.count else {
        throw records.error(line, "\(line.words.count) columns, 7 to 10 expected (frame,id,x,y,w,h,confidence,…)")
      }
      let (frame, track) = (try records.integer(line, 0), try records.integer(line, 1))
      guard frame >= 0 else { throw records.error(line, 0, "frame \(frame) is negative") }
      var numbers: [Double] = []
      for column in 2..<7 { numbers.append(try records.finite(line, column)) }
      for column in 2...3 where numbers[column] <= 0 {
        throw records.error(line, column + 2, "width and height must be positive")
      }
      try seen.add(track, frame, line, records)
      rows.append(
        MOTRow(
          frame: frame, track: track,
          box: ImageBox(x: numbers[0], y: numbers[1], width: numbers[2], height: numbers[3]), confidence: numbers[4],
          rest: line.words.dropFirst(7).map(String.init)))
    }
    return rows
  }

  private static func plain(_ records: TextRecords) throws(CloudFileError) -> [ImageBox?] {
    var boxes: [ImageBox?] = []
    for line in records.lines {
      guard line.words.count == 4 else {
        throw records.error(line, "\(line.words.count) columns, 4 expected (x,y,w,h)")
      }
      var numbers: [Double] = []
      for column in 0..<4 {
        let number = try records.number(line, column)
        guard !number.isInfinite else {
          throw records.error(line, column, "\(line.words[column]) is not a finite number")
        }
        numbers.append(number)
      }
      // The number of the line is that of the frame.
      boxes += Array(repeating: nil, count: line.number - 1 - boxes.count)
      let isThere = numbers.allSatisfy(\.isFinite) && numbers[2] > 0 && numbers[3] > 0
      boxes.append(
        isThere ? ImageBox(x: numbers[0], y: numbers[1], width: numbers[2], height: numbers[3]) : nil)
    }
    guard boxes.contains(where: { $0 != nil }) else {
      throw CloudFileError(.unusable, records.path, "none of its \(boxes.count) rows holds a box")
    }
    return boxes
  }

  /// The file's text.
  public var text: String {
    switch self {
    case .kitti(let labels): labels.map { $0.text + "\n" }.joined()
    case .mot(let rows):
      rows.map { row in
        ([String(row.frame), String(row.track)]
          + [row.box.x, row.box.y, row.box.width, row.box.height, row.confidence].map(BoxFile.number) + row.rest)
          .joined(separator: ",") + "\n"
      }.joined()
    case .plain(let boxes, let separator):
      boxes.map { box in
        (box.map { [$0.x, $0.y, $0.width, $0.height].map(BoxFile.number) } ?? Array(repeating: "nan", count: 4))
          .joined(separator: separator) + "\n"
      }.joined()
    }
  }

  /// A number as short as it is exact; whole ones without a fraction.
  private static func number(_ value: Double) -> String {
    value == value.rounded() && abs(value) < 1e15 ? String(Int64(value)) : value.description
  }
}

/// Refuses a second box of an object in one frame.
private struct OncePerFrame {
  private struct Place: Hashable { let track, frame: Int }
  private var lines: [Place: Int] = [:]

  mutating func add(
    _ track: Int, _ frame: Int, _ line: TextRecords.Line, _ records: TextRecords
  ) throws(CloudFileError) {
    if let earlier = lines.updateValue(line.number, forKey: Place(track: track, frame: frame)) {
      throw records.error(
        line,
        "a second box of object \(track) in frame \(frame), the first is in line \(earlier); "
          + "boxes of several objects need a number for each")
    }
  }
}
