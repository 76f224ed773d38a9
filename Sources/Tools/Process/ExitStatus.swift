import Evaluation
import PointClouds
import Registration

/// How the command ends: the numbers of sysexits.h, and 1 for a result that is not accepted.
enum ExitStatus: Int32, Sendable {
  /// The result is accepted.
  case accepted = 0
  /// The command ran, its result is not accepted.
  case notAccepted = 1
  /// A batch is done, but items have failed or are missing.
  case incomplete = 3
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

  /// A batch that cannot be run or merged.
  init(_ error: BatchError) {
    let status: ExitStatus =
      switch error.kind {
      case .contradiction, .damaged: .damagedInput
      case .missing: .missingInput
      case .worker(let status): ExitStatus(rawValue: Int32(clamping: status)) ?? .internalError
      case .terminated: .terminated
      }
    self.init(status, error.description)
  }

  /// A benchmark that cannot be read.
  init(_ error: BenchmarkError) {
    let status: ExitStatus =
      switch error.kind {
      case .ambiguous, .usage: .usage
      case .file(let error): ExitStatus(error.kind)
      case .unrecognised: .damagedInput
      }
    self.init(status, error.description)
  }

  /// Trajectories that cannot be compared.
  init(_ error: TrajectoryMismatch) { self.init(.damagedInput, error.description) }
}

extension ExitStatus {
  /// The name of the status of a file error.
  init(_ kind: CloudFileError.Kind) { self = ExitStatus(rawValue: kind.exitStatus) ?? .internalError }
}
