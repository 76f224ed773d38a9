internal import CPNG

/// An image of red, green and blue bytes, row by row from the top.
public struct Image: Sendable {
  /// Pixels per row.
  public let width: Int
  /// Rows.
  public let height: Int
  /// Red, green, blue of every pixel, shape [height * width * 3].
  public var bytes: [UInt8]

  /// An image of one colour.
  public init(width: Int, height: Int, background: SIMD3<UInt8> = SIMD3(255, 255, 255)) {
    precondition(width > 0 && height > 0, "an image has at least one pixel")
    self.width = width
    self.height = height
    bytes = (0..<3 * width * height).map { background[$0 % 3] }
  }

  /// The image as the bytes of a PNG file; nil when the encoder finds no memory.
  public var png: [UInt8]? {
    var size = 0
    guard cpng_encode_rgb(nil, &size, bytes, UInt32(width), UInt32(height)) == 1 else { return nil }
    var file = [UInt8](repeating: 0, count: size)
    guard cpng_encode_rgb(&file, &size, bytes, UInt32(width), UInt32(height)) == 1 else { return nil }
    return Array(file[0..<size])
  }
}
