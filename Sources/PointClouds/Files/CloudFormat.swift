import Geometry

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
}

/// What happens to points with a NaN or infinite coordinate.
public enum NonFinitePolicy: String, Sendable, CaseIterable {
  /// They are left out and counted.
  case drop
  /// The file is refused.
  case error
}

/// A cloud with what its file said.
public struct LoadedCloud: Sendable {
  /// The finite points.
  public var cloud: PointCloud
  /// The format found.
  public var format: CloudFormat
  /// Format and variant in words, such as `PLY binary_little_endian`.
  public var encoding: String
  /// How many points the file holds, finite or not.
  public var declaredPoints: Int
  /// How many were left out because a coordinate is not finite.
  public var droppedNonFinite: Int
  /// Whether the coordinates have double precision in the file.
  public var storedAsDouble: Bool
  /// The names of the fields in the file.
  public var fields: [String]
  /// What may spoil a result.
  public var warnings: [String]
  /// What is merely worth knowing.
  public var notes: [String]
}

/// Why a file could not be read or written: one line that names the file, the cause and what to try.
public struct CloudFileError: Error, CustomStringConvertible, Sendable {
  /// The kind of failure; a command turns it into an exit code.
  public enum Kind: Sendable {
    case missing, notAFile, tooManyLinks, permission, empty, damaged, unusable, changed, cannotCreate, wouldOverwrite
    case noSpace, io, memoryLimit
  }

  /// The kind of failure.
  public let kind: Kind
  /// The file, as it was named.
  public let path: String
  /// The whole message, free of control characters.
  public let description: String

  /// A failure at a file with its cause.
  public init(_ kind: Kind, _ path: String, _ cause: String) {
    self.kind = kind
    self.path = path
    description = CloudFileError.printable("\(path): \(cause)")
  }

  /// The text with control characters written as escapes, so that a file name cannot steer a terminal.
  static func printable(_ text: String) -> String {
    var out = ""
    for scalar in text.unicodeScalars {
      if scalar.value < 0x20 || (0x7F...0x9F).contains(scalar.value) {
        let digits = String(scalar.value, radix: 16, uppercase: true)
        out += "\\x" + (digits.count < 2 ? "0" : "") + digits
      } else {
        out.unicodeScalars.append(scalar)
      }
    }
    return out
  }
}
