import PointClouds
import Registration

/// What Plumb made of one pair of a benchmark.
package struct PairRun: Sendable {
  /// What became of the pair: a pose with verdict and reasons, or a failure with its exit status.
  package var outcome: PairScore.Outcome
  /// The outcome against the truth.
  package var score: PairScore
  /// SHA-256 of the bytes of source and target, see ``InputHashes``.
  package var inputHashes: [String]
  /// Wall-clock seconds of the pair, reading included where it happened.
  package var seconds: Double
  /// Wall-clock seconds of reading and of every stage of the registration, in order.
  package var stages: [(name: String, seconds: Double)]
}

/// Why a pair could not be registered: an exit status with one line.
struct PairFailure: Error {
  /// As the command would have ended, see sysexits.h.
  let status: Int
  /// One line that names the file.
  let message: String

  /// A file that could not be read.
  init(_ error: CloudFileError, _ item: PairItem) {
    self.init(Int(error.kind.exitStatus), error.description, item)
  }

  /// A cloud that cannot fix a pose.
  init(_ error: RegistrationError, _ item: PairItem) {
    self.init(Int(RegistrationError.exitStatus), error.description, item)
  }

  private init(_ status: Int, _ message: String, _ item: PairItem) {
    self.status = status
    self.message = (item.place.map { "\($0): " } ?? "") + message
  }
}
