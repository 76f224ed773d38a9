import Geometry
import Rendering
import Testing

@Suite struct TrackPictureTests {
  private static let size = Point3(4, 2, 1.5)

  private func panel(
    _ cloud: PointCloud = PointCloud(positions: []), yaw: Double = 0, label: Box3? = nil, isSeen: Bool = true
  ) -> TrackPanel {
    TrackPanel(
      frame: 7, cloud: cloud, box: Box3(center: Point3(100, -50, 2), size: Self.size, yawRadians: yaw), label: label,
      isSeen: isSeen, reach: 5)
  }

  private func image(_ panels: [TrackPanel]) -> Image {
    TrackPicture.image(of: TrackStrip(title: "object 0 Car", note: "", panels: panels, reach: 5))
  }

  /// The pixels near a colour: how many, and between which columns and rows.
  private func pixels(
    _ image: Image, near color: SIMD3<UInt8>
  ) -> (count: Int, columns: ClosedRange<Int>, rows: ClosedRange<Int>)? {
    var (count, left, right, top, bottom) = (0, Int.max, Int.min, Int.max, Int.min)
    for k in 0..<image.width * image.height {
      let off = (0..<3).map { abs(Int(image.bytes[3 * k + $0]) - Int(color[$0])) }.max() ?? 0
      guard off < 40 else { continue }
      count += 1
      (left, right) = (min(left, k % image.width), max(right, k % image.width))
      (top, bottom) = (min(top, k / image.width), max(bottom, k / image.width))
    }
    return count > 0 ? (count, left...right, top...bottom) : nil
  }

  private static let (tracked, inside) = (PairScene.colors.source, PairScene.colors.target)
  private static let labelled = SIMD3<UInt8>(196, 64, 150)

  @Test("a box is drawn to scale, x to the right and y upwards, with its nose ahead")
  func scale() throws {
    // 300 pixels show 10 m; the nose is 0.7 m long.
    let ahead = try #require(pixels(image([panel()]), near: Self.tracked))
    #expect(abs(ahead.columns.count - Int(4.7 * 30)) <= 4 && abs(ahead.rows.count - 2 * 30) <= 4)
    #expect(ahead.columns.upperBound > 20 + 150 + 75, "the nose points to the right")
    let up = try #require(pixels(image([panel(yaw: .pi / 2)]), near: Self.tracked))
    #expect(abs(up.rows.count - Int(4.7 * 30)) <= 4 && abs(up.columns.count - 2 * 30) <= 4)
    #expect(up.rows.lowerBound < 150 - 75, "the nose points upwards")
  }

  @Test("a labelled box lies where it is; a box that was not seen is dashed on a grey ground")
  func marks() throws {
    let label = Box3(center: Point3(101, -48, 2), size: Self.size, yawRadians: 0)
    let drawn = image([panel(label: label)])
    let (mine, theirs) = try (
      #require(pixels(drawn, near: Self.tracked)), #require(pixels(drawn, near: Self.labelled))
    )
    #expect(abs(theirs.columns.upperBound - mine.columns.upperBound - 30) <= 4, "1 m to the right")
    #expect(abs(mine.rows.lowerBound - theirs.rows.lowerBound - 60) <= 4, "2 m upwards")
    let hidden = image([panel(isSeen: false)])
    let (whole, dashed) = try (
      #require(pixels(image([panel()]), near: Self.tracked)), #require(pixels(hidden, near: Self.tracked))
    )
    #expect(dashed.count < whole.count * 3 / 4 && dashed.count > whole.count / 3)
    #expect(hidden.bytes[3 * (20 * hidden.width + 40)] < 250)
  }

  @Test("points in the box, beside it and on the ground have three colours; survey coordinates change nothing")
  func points() throws {
    var positions: [SIMD3<Float>] = []
    for i in -40...40 {
      for k in -40...40 { positions.append(SIMD3(Float(i) * 0.12, Float(k) * 0.12, -0.75)) }
      positions += [SIMD3(Float(i) * 0.04, 0.2, 0), SIMD3(Float(i) * 0.04, 3, 0.5)]
    }
    positions.append(SIMD3(.nan, 0, 0))
    let here = PointCloud(positions: positions, origin: Point3(100, -50, 2))
    let drawn = image([panel(here)])
    let (inside, standing) = try (
      #require(pixels(drawn, near: Self.inside)), #require(pixels(drawn, near: SIMD3(128, 136, 146)))
    )
    #expect(abs(inside.rows.lowerBound - (150 - 6)) <= 4 && inside.rows.count < 8)
    #expect(abs(standing.rows.lowerBound - (150 - 90)) <= 4)
    let far = Box3(center: Point3(500_100, 4_999_950, 2), size: Self.size, yawRadians: 0)
    let moved = TrackPanel(
      frame: 7, cloud: PointCloud(positions: positions, origin: far.center), box: far, label: nil, isSeen: true,
      reach: 5)
    #expect(image([moved]).bytes == drawn.bytes)
  }

  @Test("rows under each other under one heading; without a row the picture says so")
  func rows() {
    let strip = TrackStrip(title: "object 0 Car", note: "", panels: [panel(), panel(), panel(), panel()], reach: 5)
    let one = TrackPicture(title: "Tracks", strips: [strip]).image()
    let two = TrackPicture(title: "Tracks", strips: [strip, strip]).image()
    #expect(one.width == two.width && one.width > 4 * 300 && two.height - one.height > 300)
    let none = TrackPicture(title: "Tracks", strips: []).image()
    #expect(none.bytes.contains { $0 < 128 })
  }
}

@Suite struct EvenPicksTests {
  @Test(
    "a few elements of any number, evenly apart, the first one included", arguments: [1, 5, 6, 24, 25, 60, 1000, 4097])
  func even(count: Int) {
    var picks = EvenPicks<Int>(limit: 24)
    var made = 0
    for k in 0..<count {
      picks.add {
        made += 1
        return k
      }
    }
    let chosen = picks.chosen(6)
    #expect(chosen.count == min(6, count) && chosen.first == 0 && chosen == chosen.sorted())
    #expect(made <= 24 + 12 * 10, "few are made")
    let steps = zip(chosen, chosen.dropFirst()).map { $1 - $0 }
    if count > 24 {
      #expect((steps.max() ?? 0) <= 2 * (steps.min() ?? 0))
      #expect((chosen.last ?? 0) >= count * 9 / 10)
    }
  }
}
