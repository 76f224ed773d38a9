/// A file of weights that cannot be used: one line that names the file, the place and the cause.
public struct TensorFileError: Error, CustomStringConvertible, Sendable {
  /// One line.
  public let description: String
  /// As the command ends: damaged input, see sysexits.h.
  package static let exitStatus: Int32 = 65

  /// An error of a file.
  public init(_ path: String, _ cause: String) { description = "\(path): \(cause)" }
}
