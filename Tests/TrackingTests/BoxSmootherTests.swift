import Foundation
import Geometry
import LinearAlgebra
import Testing

import Tracking

/// Noisy boxes on curved paths.
private struct NoisyPaths {
  /// The true boxes and the given ones, by object and frame.
  var truth: [[KITTILabel]] = []
  var given: [[KITTILabel]] = []

  /// - Parameter noise: standard deviation of x, y, z in metres; a tenth of it in radians is that of the heading.
  init(objects: Int, frames: Int, noise: Double, seed: UInt64 = 1) {
    var random = SeededGenerator(seed: seed)
    func normal() -> Double { (0..<12).map { _ in random.uniform() }.reduce(-6, +) }
    for track in 0..<objects {
      var (x, z, heading, speed, turn) = (
        random.uniform(-5, 5), random.uniform(10, 30), random.uniform(-3, 3), 0.8, 0.0
      )
      var rows: [KITTILabel] = []
      for frame in 0..<frames {
        rows.append(
          KITTILabel(
            frame: frame, track: track, category: "Car", heightWidthLength: Point3(1.5, 1.7, 4),
            bottomCenter: Point3(x, 1.6, z), rotationYRadians: Heading.wrapped(heading)))
        turn = 0.9 * turn + 0.01 * normal()
        heading += turn
        speed += 0.02 * normal()
        x += speed * cos(heading)
        z -= speed * sin(heading)
      }
      truth.append(rows)
      given.append(
        rows.map { row in
          var row = row
          row.bottomCenter += Point3(normal(), normal(), normal()) * noise
          row.rotationYRadians = Heading.wrapped(row.rotationYRadians + 0.1 * noise * normal())
          row.heightWidthLength = row.heightWidthLength + Point3(normal(), normal(), normal()) * (0.2 * noise)
          return row
        })
    }
  }

  /// Root mean square distance of rows to the truth, and of headings.
  func error(_ rows: [KITTILabel]) -> (metres: Double, radians: Double) {
    var (squares, turns) = (0.0, 0.0)
    for row in rows {
      let right = truth[row.track][row.frame]
      let off = row.bottomCenter - right.bottomCenter
      squares += off.dot(off)
      let turn = (row.rotationYRadians - right.rotationYRadians).remainder(dividingBy: 2 * .pi)
      turns += turn * turn
    }
    return ((squares / Double(rows.count)).squareRoot(), (turns / Double(rows.count)).squareRoot())
  }
}

private func labels(_ result: BoxSmoother.Result) -> [KITTILabel] {
  if case .kitti(let labels) = result.file { labels } else { [] }
}

@Suite struct BoxSmootherTests {
  @Test("the error of noisy boxes on curved paths is less than halved, that of headings, too", arguments: [1, 2, 3])
  func noise(seed: Int) {
    let paths = NoisyPaths(objects: 6, frames: 80, noise: 0.3, seed: UInt64(seed))
    let result = BoxSmoother()(.kitti(paths.given.flatMap { $0 }))
    let (before, after) = (paths.error(paths.given.flatMap { $0 }), paths.error(labels(result)))
    #expect(after.metres < 0.5 * before.metres, "\(before.metres) to \(after.metres) m")
    #expect(after.radians < 0.6 * before.radians, "\(before.radians) to \(after.radians)")
    let jitter = result.jitterInSpace ?? .zero
    for lane in 0..<3 { #expect(abs(jitter[lane] - 0.3) < 0.06, "the jitter is found: \(jitter)") }
    let sizes = Set(labels(result).map { "\($0.track) \($0.heightWidthLength)" })
    #expect(sizes.count == 6, "one size for each object")
  }

  @Test("boxes without noise on curved paths stay where they are")
  func clean() {
    let paths = NoisyPaths(objects: 3, frames: 60, noise: 0)
    let after = paths.error(labels(BoxSmoother()(.kitti(paths.given.flatMap { $0 }))))
    #expect(after.metres < 0.02 && after.radians < 0.01, "\(after)")
  }

  @Test("short gaps are filled near the truth and marked; long ones, beginnings and ends stay open")
  func gaps() {
    let paths = NoisyPaths(objects: 2, frames: 60, noise: 0.1)
    let missing = Set(Array(0..<3) + Array(20..<26) + Array(40..<52) + [58, 59])
    let given = paths.given.flatMap { $0 }.filter { $0.track == 1 || !missing.contains($0.frame) }
    let result = BoxSmoother(maxGap: 10)(.kitti(given))
    #expect(result.objects.map(\.track) == [0, 1] && result.objects.map(\.given) == [60 - missing.count, 60])
    #expect(result.objects.map(\.filled) == [Array(20..<26), []] && result.objects.map(\.openGaps) == [1, 0])
    let filled = labels(result).filter { $0.score == 0 }
    #expect(filled.map(\.frame) == Array(20..<26) && filled.allSatisfy { $0.occlusion == 3 && $0.track == 0 })
    #expect(paths.error(filled).metres < 0.3, "\(paths.error(filled))")
    let others = labels(result).filter { $0.score != 0 }
    #expect(others.count == given.count && others.allSatisfy { $0.score == 1 && $0.occlusion == 0 })
    let order = labels(result).map { $0.frame * 10 + $0.track }
    #expect(order == order.sorted())
    let none = BoxSmoother(maxGap: 0)(.kitti(given))
    #expect(none.objects.allSatisfy { $0.filled.isEmpty } && labels(none).allSatisfy { $0.score == nil })
  }

  @Test("headings go on through the wrap, and single ones that are turned around are turned back")
  func headings() {
    let turning = (0..<40).map { Heading.wrapped(2.5 + 0.05 * Double($0)) }
    let steps = zip(Heading.continuous(turning), Heading.continuous(turning).dropFirst()).map { $1 - $0 }
    #expect(steps.allSatisfy { abs($0 - 0.05) < 1e-9 })
    func flipped(_ frames: Set<Int>) -> [Double] {
      turning.enumerated().map { frames.contains($0) ? Heading.wrapped($1 + .pi) : $1 }
    }
    for frames: Set<Int> in [[7], [0], [0, 1, 20, 39]] {
      for (a, b) in zip(Heading.continuous(flipped(frames)), turning) {
        #expect(abs((a - b).remainder(dividingBy: 2 * .pi)) < 1e-9)
      }
    }
    #expect(Heading.continuous([]).isEmpty && Heading.continuous([1.5]) == [1.5])
    #expect(Heading.wrapped(.pi) == -.pi && abs(Heading.wrapped(7) - (7 - 2 * .pi)) < 1e-12)
  }

  @Test("boxes in the image: noise is less than halved, gaps are filled, other columns stay")
  func image() {
    var random = SeededGenerator(seed: 4)
    func normal() -> Double { (0..<12).map { _ in random.uniform() }.reduce(-6, +) }
    var (rows, truth): ([MOTRow], [ImageBox]) = ([], [])
    for frame in 1...100 {
      let t = Double(frame)
      let box = ImageBox(x: 100 + 4 * t, y: 200 - t, width: 60 + 0.5 * t, height: 120 + t)
      truth.append(box)
      if 40..<44 ~= frame { continue }
      let noisy = ImageBox(
        x: box.x + 4 * normal(), y: box.y + 4 * normal(), width: box.width + 4 * normal(),
        height: box.height + 4 * normal())
      rows.append(MOTRow(frame: frame, track: 3, box: noisy, confidence: 0.8, rest: ["-1", "x"]))
    }
    let result = BoxSmoother()(.mot(rows))
    guard case .mot(let smooth) = result.file else {
      Issue.record("another format: \(result.file)")
      return
    }
    func error(_ rows: [MOTRow]) -> Double {
      let squares = rows.map { row in
        let b = truth[row.frame - 1]
        let d = SIMD4(row.box.x - b.x, row.box.y - b.y, row.box.width - b.width, row.box.height - b.height)
        return (d * d).sum()
      }
      return (squares.reduce(0, +) / Double(rows.count)).squareRoot()
    }
    #expect(smooth.map(\.frame) == Array(1...100) && result.objects[0].filled == Array(40..<44))
    #expect(error(smooth) < 0.5 * error(rows), "\(error(rows)) to \(error(smooth)) pixels")
    #expect(
      smooth.allSatisfy { $0.confidence == ($0.frame >= 40 && $0.frame < 44 ? 0 : 0.8) && $0.rest == ["-1", "x"] })
    let plain = BoxSmoother()(
      .plain((0...99).map { k in rows.first { $0.frame == k + 1 }?.box }, separator: ","))
    #expect(plain.file == .plain(smooth.map(\.box), separator: ","), "the same boxes, the same result")
  }

  @Test("label rows: boxes in the image are smoothed as they stand, or shown by the camera where it is known")
  func both() {
    let paths = NoisyPaths(objects: 1, frames: 30, noise: 0.1)
    let given = paths.given[0].enumerated().map { k, label in
      var label = label
      label.imageBox = k == 12 ? [-1, -1, -1, -1] : [100 + Double(k), 50, 200 + Double(k), 90]
      return label
    }
    let smooth = labels(BoxSmoother()(.kitti(given)))
    for (k, label) in smooth.enumerated() {
      for (a, b) in zip(label.imageBox, [100 + Double(k), 50, 200 + Double(k), 90]) { #expect(abs(a - b) < 0.01) }
      #expect(abs(label.alphaRadians - label.observationRadians) < 1e-6)
    }
    let shown = labels(BoxSmoother()(.kitti(given)) { $0.frame == 3 ? nil : [1, 2, 3, Double($0.frame)] })
    for label in shown {
      #expect(label.imageBox == (label.frame == 3 ? [-1, -1, -1, -1] : [1, 2, 3, Double(label.frame)]))
    }
  }

  @Test("rows with a box in the image alone are filled as such")
  func imageOnly() {
    let given = [0, 1, 2, 5, 6].map { frame in
      KITTILabel(
        frame: frame, track: 2, category: "Car", imageBox: [10 * Double(frame), 0, 10 * Double(frame) + 50, 40],
        heightWidthLength: Point3(-1, -1, -1), bottomCenter: Point3(-1, -1, -1), rotationYRadians: -1, score: 0.5)
    }
    let result = BoxSmoother()(.kitti(given))
    let smooth = labels(result)
    #expect(smooth.map(\.frame) == Array(0...6) && smooth.map(\.score) == [0.5, 0.5, 0.5, 0, 0, 0.5, 0.5])
    #expect(smooth.allSatisfy { !$0.isInSpace && abs($0.imageBox[0] - 10 * Double($0.frame)) < 0.01 })
    #expect(result.jitterInSpace == nil && result.jitterInImage != nil)
  }
}
