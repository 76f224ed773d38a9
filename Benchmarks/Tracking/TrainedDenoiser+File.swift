import PointClouds
import Tracking

extension TrainedDenoiser {
  /// The weights of a file; ends the program where there are none.
  init(file path: String) {
    do {
      try self.init(SmallFile.read(path, limit: 256 << 20, expected: "weights (safetensors)"), path: path)
    } catch {
      fail("\(error)")
    }
  }
}
