import ArgumentParser
import PointClouds
import Tracking

/// What tracking does with files of boxes and with boxes in the image.
struct TrackBoxOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "In place of scans: smooth a file of 2-D or 3-D boxes and fill its gaps (KITTI label rows, MOT rows, or x,y,w,h per "
        + "line); -o gets the same format.", valueName: "file"))
  var boxes: String?

  @Option(help: ArgumentHelp("The longest gap in a file of boxes that is filled.", valueName: "frames"))
  var maxGap: Int = 10

  @Option(
    help: ArgumentHelp(
      "The image that label rows have 2-D boxes in, where the calibration has a P2 (default: 1242,375).",
      valueName: "width,height"), transform: { try TrackBoxOptions.size($0) })
  var imageSize: ImageSize?

  func validate() throws {
    guard 0...1000 ~= maxGap else { throw ValidationError("--max-gap \(maxGap): 0 to 1000 are possible") }
  }

  /// The size of the image.
  var image: ImageSize { imageSize ?? .kitti }

  private static func size(_ text: String) throws -> ImageSize {
    let words = text.split(separator: ",", omittingEmptySubsequences: false).map { Int($0) }
    guard words.count == 2, let width = words[0], let height = words[1], 2...100_000 ~= width, 2...100_000 ~= height
    else { throw ValidationError("'\(text)': two whole numbers WIDTH,HEIGHT from 2 to 100000 are expected") }
    return ImageSize(width: width, height: height)
  }
}
