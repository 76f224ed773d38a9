import CPNG
import Foundation

/// Chromium without a window, drawing WebGL in software.
enum Browser {
  /// Where it is; nil, said once, where there is none.
  static let path: String? = {
    let found = ["/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"]
      .first { FileManager.default.isExecutableFile(atPath: $0) }
    if found == nil { print("SKIPPED: reports in a browser: no Chromium here (scripts/setup tests installs it)") }
    return found
  }()

  /// Whether there is one.
  static var isHere: Bool { path != nil }

  private static let drawing = ["--use-gl=angle", "--use-angle=swiftshader", "--enable-unsafe-swiftshader"]

  /// The document of a page after its scripts have run.
  static func document(_ page: String, _ folder: TemporaryFolder, withWebGL: Bool = true) throws -> String {
    let flags = withWebGL ? drawing : ["--disable-3d-apis"]
    return try String(decoding: run(flags + ["--dump-dom", "file://\(page)"], folder), as: UTF8.self)
  }

  /// A picture of a page.
  static func screenshot(_ page: String, _ folder: TemporaryFolder) throws -> Pixels {
    let file = folder("screenshot.png")
    _ = try run(drawing + ["--hide-scrollbars", "--screenshot=\(file)", "file://\(page)"], folder)
    return try Pixels(png: folder.bytes("screenshot.png"))
  }

  private static func run(_ arguments: [String], _ folder: TemporaryFolder) throws -> Data {
    guard let path else { throw RunnerError("no browser") }
    let (out, profile) = (folder("browser-output"), folder("browser-profile"))
    let process = Process()
    process.executableURL = URL(filePath: "/usr/bin/timeout")
    process.arguments =
      ["--signal=KILL", "120", path, "--headless", "--no-sandbox", "--user-data-dir=\(profile)"]
      + ["--window-size=1200,4000", "--virtual-time-budget=20000"] + arguments
    try folder.write("browser-output", [])
    process.standardOutput = FileHandle(forWritingAtPath: out)
    process.standardError = FileHandle.nullDevice
    try process.run()
    process.waitUntilExit()
    guard process.terminationStatus == 0 else {
      throw RunnerError("the browser ended with \(process.terminationStatus)")
    }
    return try Data(contentsOf: URL(filePath: out))
  }
}

/// The pixels of a PNG file.
struct Pixels {
  let width, height: Int
  /// Red, green, blue of every pixel.
  let bytes: [UInt8]

  /// Decodes a file.
  init(png: [UInt8]) throws {
    var image = png_image()
    image.version = UInt32(PNG_IMAGE_VERSION)
    // The reader keeps the address of the file between the two calls.
    let bytes: [UInt8] = try png.withUnsafeBytes { file in
      guard png_image_begin_read_from_memory(&image, file.baseAddress, file.count) != 0 else {
        throw RunnerError("no PNG file")
      }
      // Red, green, blue, a byte each.
      image.format = 2
      var bytes = [UInt8](repeating: 0, count: 3 * Int(image.width) * Int(image.height))
      var white = png_color(red: 255, green: 255, blue: 255)
      guard png_image_finish_read(&image, &white, &bytes, 0, nil) != 0 else { throw RunnerError("a damaged PNG file") }
      return bytes
    }
    (width, height, self.bytes) = (Int(image.width), Int(image.height), bytes)
  }

  /// How many pixels a test of red, green and blue admits.
  func count(where admits: (Int, Int, Int) -> Bool) -> Int {
    stride(from: 0, to: bytes.count, by: 3).count { admits(Int(bytes[$0]), Int(bytes[$0 + 1]), Int(bytes[$0 + 2])) }
  }
}
