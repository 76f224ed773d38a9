import Geometry
import LinearAlgebra
import Rendering
import Testing

@Suite struct QuantizedPointsTests {
  private func random(_ count: Int, scale: Double, shift: Point3 = .zero) -> [Point3] {
    var random = SeededGenerator(seed: 7)
    return (0..<count).map { _ in
      shift + scale
        * Point3(
          .random(in: -1...1, using: &random), .random(in: -2...2, using: &random), .random(in: 0...0.1, using: &random)
        )
    }
  }

  @Test("no coordinate is off by more than half a step", arguments: [1e-9, 1, 40, 1e6])
  func bound(scale: Double) {
    for shift in [Point3.zero, Point3(5e5, 5e6, 100)] where shift == .zero || scale >= 1 {
      let points = random(2000, scale: scale, shift: shift)
      let coded = QuantizedPoints(points)
      #expect(coded.count == points.count && coded.leftOut == 0)
      for (k, p) in points.enumerated() {
        let bound = coded.size / 65535 / 2 + Point3(repeating: 1e-15 * shift.length)
        let off = coded.position(k) - p
        #expect(abs(off.x) <= bound.x * 1.0001 && abs(off.y) <= bound.y * 1.0001 && abs(off.z) <= bound.z * 1.0001)
      }
    }
  }

  @Test("stray and broken points are left out and take their values along")
  func strays() {
    var points = random(1000, scale: 1)
    points[10] = Point3(1e9, 0, 0)
    points[20] = Point3(0, .nan, 0)
    let coded = QuantizedPoints(points, values: (0..<1000).map { UInt8($0 % 251) })
    #expect(coded.leftOut == 2 && coded.count == 998 && coded.size.length < 10)
    #expect(coded.values?.count == 998 && coded.values?[10] == 11 && coded.values?[19] == 21)
  }

  @Test("none, one, duplicates, only broken ones")
  func few() {
    #expect(QuantizedPoints([]).count == 0)
    #expect(QuantizedPoints([Point3(repeating: .nan)]).count == 0)
    let one = QuantizedPoints([Point3(1, 2, 3)])
    #expect(one.count == 1 && one.position(0) == Point3(1, 2, 3))
    let same = QuantizedPoints([Point3](repeating: Point3(1, 2, 3), count: 5))
    #expect(same.count == 5 && same.leftOut == 0 && same.position(4) == Point3(1, 2, 3))
  }
}

@Suite struct EvenSampleTests {
  @Test(
    "one index out of every stretch, ascending",
    arguments: [(10, 10), (10, 3), (1_000_003, 1000), (5, 8), (7, 0), (0, 5)])
  func stretches(count: Int, limit: Int) {
    let indices = EvenSample(count: count, limit: limit).indices
    #expect(indices.count == min(count, limit))
    #expect(zip(indices, indices.dropFirst()).allSatisfy { $0 < $1 })
    guard count > limit else { return }
    for (k, index) in indices.enumerated() {
      #expect(index >= k * count / limit && index <= (k + 1) * count / limit)
    }
  }

  @Test("no period: every beam of a scan of 64 beams is taken")
  func beams() {
    let beams = Set(EvenSample(count: 64 * 64 * 100, limit: 6400).indices.map { $0 % 64 })
    #expect(beams.count == 64)
  }
}

@Suite struct CloudViewTests {
  private func view(name: String) -> String {
    let points = (0..<200).map { (k: Int) -> Point3 in Point3(Double(k), Double(k * k % 17), Double(k % 5)) }
    let cloud = PointCloud(positions: points.map { SIMD3<Float>($0) })
    let coded = QuantizedPoints(points, values: [UInt8](repeating: 7, count: 200))
    return CloudView(
      layers: [
        CloudView.Layer(name: name, color: SIMD3(1, 2, 3), points: coded, poses: [.identity, .identity]),
        CloudView.Layer(name: "b", color: SIMD3(1, 2, 3), points: coded, twin: 0),
      ], poseNames: ["before", "after"], scale: CloudView.Scale(name: "s", upper: "1 m", none: "n", others: "o"),
      scene: cloud,
      stillPicture: .empty
    ).markup.html
  }

  @Test("a layer's name cannot end the data or become a tag")
  func names() {
    let html = view(name: "</script><script>alert(1)</script><!--")
    #expect(!html.contains("<script>alert") && !html.contains("<!--"))
    #expect(html.components(separatedBy: "</script>") == 2)
  }

  @Test("points of twins are embedded once, and the bytes are the same every time")
  func once() {
    let html = view(name: "a")
    #expect(html == view(name: "a"))
    #expect(html.contains("\"same\":0,\"places\":null"))
  }
}

extension String {
  fileprivate func components(separatedBy word: String) -> Int {
    var (count, rest) = (1, self[...])
    while let found = rest.firstRange(of: word) { (count, rest) = (count + 1, rest[found.upperBound...]) }
    return count
  }
}
