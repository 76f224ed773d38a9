import PointClouds
import Registration

/// How the command ends: the numbers of sysexits.h, and 1 for a result that is not accepted.
enum ExitStatus: Int32, Sendable {
  /// The result is accepted.
  case accepted = 0
  /// The command ran, its result is not accepted.
  case notAccepted = 1
  /// The command line is wrong.
  case usage = 64
  /// An input is damaged or cannot be used.
  case damagedInput = 65
  /// An input is missing or no file.
  case missingInput = 66
  /// A helper program is absent.
  case helperAbsent = 69
  /// A mistake in Plumb.
  case internalError = 70
  /// An output cannot be created.
  case cannotCreate = 73
  /// Reading or writing failed, the disk may be full.
  case inputOutput = 74
  /// A limit of time or memory was reached.
  case limit = 75
  /// Permission denied.
  case permission = 77
  /// Interrupted from the keyboard.
  case interrupted = 130
  /// Asked to end.
  case terminated = 143
}

/// A failure of the command: its exit status with one line that says what, where and what to try.
struct CommandFailure: Error, Sendable {
  let status: ExitStatus
  let message: String

  init(_ status: ExitStatus, _ message: String) {
    self.status = status
    self.message = message
  }

  /// A file that could not be read or written.
  init(_ error: CloudFileError) { self.init(ExitStatus(error.kind), error.description) }

  /// Clouds that cannot fix a pose.
  init(_ error: RegistrationError) {
    self.init(ExitStatus(rawValue: RegistrationError.exitStatus) ?? .internalError, error.description)
  }
}

extension ExitStatus {
  /// The name of the status of a file error.
  init(_ kind: CloudFileError.Kind) { self = ExitStatus(rawValue: kind.exitStatus) ?? .internalError }
}
