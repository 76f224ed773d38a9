import PointClouds

/// Why a benchmark or a result cannot be read: one line that names the place, the cause and what to try.
public struct BenchmarkError: Error, CustomStringConvertible, Sendable {
  /// The kind of failure; a command turns it into an exit code.
  public enum Kind: Sendable {
    /// The folder could be read in several ways, and none was chosen (64).
    case ambiguous
    /// A name is asked for that does not exist (64).
    case usage
    /// A file or folder is missing or damaged (the exit code of its kind).
    case file(CloudFileError)
    /// The path is no benchmark that is known (65).
    case unrecognised
  }

  /// The kind of failure.
  public let kind: Kind
  /// The whole message.
  public let description: String

  /// A failure at a path with its cause.
  init(_ kind: Kind, _ path: String, _ cause: String) {
    self.kind = kind
    description = CloudFileError.printable("\(path): \(cause)")
  }

  /// The failure of a file.
  init(_ error: CloudFileError) {
    kind = .file(error)
    description = error.description
  }
}
