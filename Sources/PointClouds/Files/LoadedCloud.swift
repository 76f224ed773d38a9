import Geometry

/// A cloud with what its file said.
public struct LoadedCloud: Sendable {
  /// The finite points.
  public var cloud: PointCloud
  /// When each point was measured, in the file's unit; nil where the file does not say.
  public var times: [Double]?
  /// The format found.
  public var format: CloudFormat
  /// Format and variant in words, such as `PLY binary_little_endian`.
  public var encoding: String
  /// How many points the file holds, finite or not.
  public var declaredPoints: Int
  /// How many were left out because a coordinate is not finite or does not fit a number near the others.
  public var droppedNonFinite: Int
  /// Whether the coordinates have double precision in the file.
  public var storedAsDouble: Bool
  /// The names of the fields in the file.
  public var fields: [String]
  /// SHA-256 of the file's bytes, 64 lower-case hexadecimal digits.
  public var sha256: String
  /// How many bytes the file has.
  public var byteCount: Int
  /// What may spoil a result.
  public var warnings: [String]
  /// What is merely worth knowing.
  public var notes: [String]

  /// `2858 non-finite dropped`, or nil when every point was kept.
  public var dropNote: String? { droppedNonFinite == 0 ? nil : "\(droppedNonFinite) non-finite dropped" }
  /// True when more than half of the points were dropped, which makes any result doubtful.
  public var isMostlyDropped: Bool { droppedNonFinite * 2 > declaredPoints }
  /// The share of the points that were dropped, in [0, 1].
  public var droppedShare: Double { Double(droppedNonFinite) / Double(max(declaredPoints, 1)) }
}
