import PointClouds

/// Why a batch cannot be run or merged: one line that says what, where and what to try.
public struct BatchError: Error, CustomStringConvertible, Sendable, Equatable {
  /// The kind of failure.
  public enum Kind: Sendable, Equatable {
    /// Results and run, or two results, contradict each other (65).
    case contradiction
    /// A file of results cannot be understood (65).
    case damaged
    /// There are no results where they are looked for (66).
    case missing
    /// A worker could not begin its work and ended with this status.
    case worker(status: Int)
    /// A worker was asked to end from outside (143).
    case terminated
  }

  /// The kind of failure.
  public let kind: Kind
  /// One line, free of control characters.
  public let description: String

  /// A failure with its line.
  public init(_ kind: Kind, _ description: String) {
    self.kind = kind
    self.description = CloudFileError.printable(description)
  }
}
