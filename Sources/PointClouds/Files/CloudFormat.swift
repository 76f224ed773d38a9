/// The file formats that Plumb reads; the content decides which one a file has.
public enum CloudFormat: String, Sendable, CaseIterable {
  /// Stanford polygon files: ASCII, binary little or big endian.
  case ply
  /// Point Cloud Library files: ASCII, binary, binary_compressed.
  case pcd
  /// Columns of numbers separated by blanks.
  case xyz
  /// Columns separated by commas, semicolons or tabs, with or without a header row.
  case csv
  /// KITTI: float32 x y z reflectance, no header.
  case kitti
  /// nuScenes: float32 x y z intensity ring, no header; never guessed.
  case nuscenes
  /// NumPy arrays of shape (N, 3 or more) or (3, N).
  case npy

  /// The format that an extension announces, in upper or lower case, without the dot; nil for an unknown one.
  public init?(pathExtension: some StringProtocol) {
    switch pathExtension.lowercased() {
    case "ply": self = .ply
    case "pcd": self = .pcd
    case "xyz", "txt", "asc", "pts", "xyzn", "xyzrgb", "dat": self = .xyz
    case "csv", "tsv": self = .csv
    case "bin": self = .kitti
    case "npy": self = .npy
    default: return nil
    }
  }

  /// The format that the extension of a path announces.
  public init?(path: String) {
    let name = path.split(separator: "/", omittingEmptySubsequences: true).last ?? ""
    guard let dot = name.lastIndex(of: ".") else { return nil }
    self.init(pathExtension: name[name.index(after: dot)...])
  }

  /// The name that messages use.
  public var displayName: String {
    switch self {
    case .kitti: "KITTI"
    case .nuscenes: "nuScenes"
    default: rawValue.uppercased()
    }
  }

  /// True for columns of text, whatever separates them.
  var isText: Bool { self == .xyz || self == .csv }
}

/// What happens to points with a NaN or infinite coordinate.
public enum NonFinitePolicy: String, Sendable, CaseIterable {
  /// They are left out and counted.
  case drop
  /// The file is refused.
  case error
}
