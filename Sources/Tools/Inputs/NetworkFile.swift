import Networks
import PointClouds
import Tracking

/// Files of weights.
enum NetworkFile {
  /// The largest file that is read, bytes.
  private static let limit = 256 << 20

  /// The bytes of a file of weights or of a checkpoint.
  static func bytes(_ path: String) throws -> [UInt8] {
    try SmallFile.read(path, limit: limit, expected: "weights (safetensors)")
  }

  /// The network of a tracker.
  static func read(_ path: String) throws -> TrainedDenoiser {
    let bytes = try bytes(path)
    do throws(TensorFileError) {
      return try TrainedDenoiser(bytes, path: path)
    } catch {
      throw CommandFailure(.damagedInput, error.description)
    }
  }
}
