/// A first box that no tracker can start from. The message names the cause and what to try.
public struct TrackingError: Error, CustomStringConvertible, Sendable {
  /// One line.
  public let description: String
  /// As the command ends: damaged or unusable input, see sysexits.h.
  package static let exitStatus: Int32 = 65

  /// An error with its one-line message.
  public init(_ description: String) { self.description = description }
}
