import ArgumentParser
import PointClouds
import Rendering

/// The picture and the page that tracking makes for people.
struct TrackShowing: ParsableArguments {
  @Option(help: ArgumentHelp("Draw each object in six frames from above, .png.", valueName: "file"))
  var picture: String?

  @Option(
    help: ArgumentHelp(
      "Write a page about the tracks, .html: table, paths, errors beside the labels; needs no network.",
      valueName: "file"))
  var report: String?

  func validate() throws {
    if let picture, pathExtension(picture) != "png" {
      throw ValidationError("--picture \(picture): the extension must be .png")
    }
    if let report, pathExtension(report) != "html" {
      throw ValidationError("--report \(report): the extension must be .html")
    }
  }

  /// The files with their options.
  var named: [(option: String, path: String)] {
    [("--picture", picture), ("--report", report)].compactMap { option, path in path.map { (option, $0) } }
  }

  /// Writes the files.
  func write(_ page: TrackPage, replacing: Bool) throws {
    if let picture {
      let strips = page.history.strips
      let left = page.history.tracks.count - strips.count
      let title = "Tracks of \(page.subject)" + (left > 0 ? ", the first \(strips.count) objects" : "")
      guard let png = TrackPicture(title: title, strips: strips).image().png else {
        throw CommandFailure(.limit, "\(picture): no memory for the picture")
      }
      try AtomicFile.write(png, to: picture, replacing: replacing)
    }
    if let report { try AtomicFile.write(Array(try page.html().utf8), to: report, replacing: replacing) }
    if !named.isEmpty { Console.say("wrote", named.map(\.path.terminalSafe).joined(separator: "  "), tone: .good) }
  }
}
