import PointClouds

/// The scans of a folder in the order of their frames.
///
/// Where all names are numbers, such as 000017.bin, these are the frames, and a number that is missing is a frame without
/// a scan. Otherwise the scans are counted from 0 in natural order (scan2 before scan10).
public struct ScanSequence: Sendable {
  /// One scan.
  public struct Scan: Sendable, Equatable {
    /// The frame's number.
    public var frame: Int
    /// The file.
    public var path: String
  }

  /// The scans, by frame.
  public let scans: [Scan]
  /// Files of the folder that are no scans of the sequence, in words; nil when there are none.
  public let note: String?

  /// Lists a folder. Of several kinds of files the most frequent one that can hold a cloud makes up the sequence.
  /// - Throws: ``CloudFileError`` for a folder that cannot be listed or holds no scan, and for two scans of one frame.
  public init(_ folder: String) throws(CloudFileError) {
    let files = try FolderListing(folder).files
    var kinds: [String: [String]] = [:]
    for name in files where CloudFormat(path: name) != nil {
      kinds[ScanSequence.pathExtension(name), default: []].append(name)
    }
    let chosen = kinds.sorted { $0.key < $1.key }.max { $0.value.count < $1.value.count }
    guard let (kind, names) = chosen else {
      throw CloudFileError(
        .missing, folder, "no scan among its \(files.count) files (.bin, .pcd, .ply, .xyz, .csv or .npy are expected)")
    }
    let others = files.count - names.count
    note = others == 0 ? nil : "\(others) files that are no scans in .\(kind) are left out"
    let numbers = names.map { ScanSequence.number($0) }
    let isNumbered = numbers.allSatisfy { $0 != nil }
    var scans: [Scan] = []
    for (k, name) in names.enumerated() {
      scans.append(Scan(frame: isNumbered ? numbers[k] ?? k : k, path: folder + "/" + name))
    }
    scans.sort { ($0.frame, $0.path) < ($1.frame, $1.path) }
    for (a, b) in zip(scans, scans.dropFirst()) where a.frame == b.frame {
      throw CloudFileError(.damaged, b.path, "is frame \(b.frame), and so is \(a.path)")
    }
    self.scans = scans
  }

  /// The number that the name is; nil where it is more than a number.
  private static func number(_ name: String) -> Int? {
    let stem = name.prefix { $0 != "." }
    guard stem.utf8.count <= 15, !stem.isEmpty, stem.utf8.allSatisfy({ $0 &- 48 < 10 }) else { return nil }
    return Int(stem)
  }

  private static func pathExtension(_ name: String) -> String {
    name.split(separator: ".").last.map { $0.lowercased() } ?? ""
  }
}
