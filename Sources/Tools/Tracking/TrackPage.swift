import Evaluation
import Geometry
import Parallelism
import Rendering
import Tracking

/// The page about tracks, `--report`: what became of each object, where it went, and how far that is from the labels.
///
/// Everything outside the section `run` depends on the inputs and the settings alone.
struct TrackPage {
  /// What was followed: the name of the folder, and of the sequence where there is one.
  let subject: String
  /// Folder, tracker and the like, under each other.
  let facts: [(name: String, value: String)]
  /// The boxes.
  let history: TrackHistory
  /// What became of the objects.
  let outcome: TrackRun.Outcome

  /// How many objects a diagram shows at most.
  static let charted = 8

  /// The file.
  func html() throws -> String {
    let scores = TrackScores(history, sequence: subject)
    let charted = chosen(scores)
    var page = HTMLPage(title: "plumb track: \(subject)")
    page.add(
      .element(
        "header", [:],
        .sequence([
          .element("h1", [:], .text("Tracks of \(subject)")),
          MarkupTable.facts(facts.map { (name: $0.name, value: .text($0.value)) }),
        ])))
    page.add(section: "Objects", [objects(scores)])
    page.add(section: "From above", try panels)
    page.add(
      section: "Paths and sight", [selection(charted, scores), .element("div", ["class": "grid"], paths(charted))])
    page.add(section: "Beside the labels", labelled(charted, scores))
    page.add(section: "Score", score(scores))
    page.add(run)
    page.add(
      .element(
        "footer", [:],
        .text("Made by plumb \(Plumb.version). This file holds everything it shows and connects to nothing.")))
    return page.html
  }

  /// The tracks that diagrams show: where there are too many, those of the lowest Success, or the longest without labels.
  private func chosen(_ scores: TrackScores) -> [TrackHistory.Track] {
    func rank(_ track: TrackHistory.Track) -> (Double, Int, Int) {
      (scores.figures(track.number)?.success ?? (scores.scores.isEmpty ? 0 : 101), -track.entries.count, track.number)
    }
    return history.tracks.sorted { rank($0) < rank($1) }.prefix(TrackPage.charted).sorted { $0.number < $1.number }
  }

  private func selection(_ charted: [TrackHistory.Track], _ scores: TrackScores) -> Markup {
    guard charted.count < history.tracks.count else { return .empty }
    let which = scores.scores.isEmpty ? "with the most frames" : "of the lowest Success"
    return .element(
      "p", ["class": "note"],
      .text("The diagrams of this page show the \(charted.count) objects \(which) of \(history.tracks.count)."))
  }

  private func objects(_ scores: TrackScores) -> Markup {
    let tracks = Dictionary(history.tracks.map { ($0.number, $0) }) { first, _ in first }
    let isScored = !scores.scores.isEmpty
    let rows = outcome.objects.map { object in
      let ending: Markup =
        switch object.outcome {
        case .waiting, .followed: .text("followed to the end")
        case .givenUp(let frame):
          .element("span", ["class": "word caution"], .text("given up in frame \(frame)"))
        case .notStarted(let cause): .element("span", ["class": "word bad"], .text("not started: \(cause)"))
        }
      var cells: [MarkupTable.Cell] = [
        .figure("\(object.firstFrame)"), .figure(object.frames.grouped), .figure(object.seenFrames.grouped),
        .figure(tracks[object.track].map { TrackPage.meanSpeed($0).decimals(2) } ?? "-"),
      ]
      if isScored {
        let figures = scores.figures(object.track)
        cells += [
          .figure(scores.meanDistance(object.track)?.decimals(2) ?? "-"),
          .figure(figures?.success.decimals(1) ?? "-"), .figure(figures?.precision.decimals(1) ?? "-"),
        ]
      }
      return MarkupTable.Row(name: .text("\(object.track) \(object.category)"), cells: cells + [.words(ending)])
    }
    let columns =
      ["object", "first frame", "frames", "seen in", "speed, m/frame"]
      + (isScored ? ["mean error, m", "Success", "Precision"] : []) + ["ending"]
    let note =
      "Speed is the mean horizontal movement from one frame to the next as the scanner sees it, its own movement included."
      + (isScored
        ? " Errors, Success and Precision are those of one-pass evaluation: every labelled frame counts, the given first one "
          + "included, and after an object was given up its last box stands." : "")
    return .element(
      "div", ["class": "stack"], MarkupTable(columns: columns, rows: rows).markup,
      .element("p", ["class": "note"], .text(note)))
  }

  /// The mean horizontal speed of the motion filter over the frames in which an object was seen, metres per frame; the
  /// first frame, in which it is not known, is left out.
  private static func meanSpeed(_ track: TrackHistory.Track) -> Double {
    let speeds = track.entries.dropFirst().filter(\.isSeen).map { Point3($0.velocity.x, $0.velocity.y, 0).length }
    return speeds.isEmpty ? 0 : speeds.reduce(0, +) / Double(speeds.count)
  }

  /// A row of panels for each of the first objects.
  private var panels: [Markup] {
    get throws {
      let strips = history.strips
      let files = Parallel.map(strips.count, grain: 1) { k in
        let image = TrackPicture.image(of: strips[k])
        return (png: image.png, width: image.width, height: image.height)
      }
      var figures: [Markup] = []
      for (file, strip) in zip(files, strips) {
        guard let png = file.png else { throw CommandFailure(.limit, "no memory for the pictures of the report") }
        let picture = Markup.picture(
          png: png, alternative: "\(strip.title) from above", width: file.width, height: file.height)
        figures.append(
          .element(
            "figure", [:], .element("h3", [:], .text(strip.title)), picture,
            .element("figcaption", [:], .text(strip.note))))
      }
      if figures.isEmpty { return [] }
      figures.append(.element("p", ["class": "note"], .text(TrackPicture.explanation)))
      return [.element("div", ["class": "stack"], figures)]
    }
  }

  /// Times and memory: the one part that differs from run to run.
  private var run: Markup {
    let perBox = outcome.rows > 0 ? outcome.seconds * 1000 / Double(outcome.rows) : 0
    return .thisRun([
      (name: "tracking", value: .text("\(outcome.seconds.decimals(3)) s, reading not included")),
      (name: "per object and frame", value: .text("\(perBox.decimals(2)) ms")),
    ])
  }
}
