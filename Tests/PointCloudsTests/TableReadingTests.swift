import Geometry
import PointClouds
import Testing

@Suite struct TableReadingTests {
  let points = randomPoints(3000, seed: 21, in: -9...9)

  private func rows(_ separator: String) -> String {
    points.map { "\($0.x)\(separator)\($0.y)\(separator)\($0.z)\n" }.joined()
  }

  @Test(arguments: [
    (" ", ""), ("\t", ""), ("  ", "# x y z\n"), (" ", "x y z\n"), (",", "x,y,z\n"), (";", "X;Y;Z\n"),
    ("\t", "x\ty\tz\n"),
    (",", "\u{FEFF}x,y,z\n"), (", ", ""), (",", "# a comment, with commas\n"), (";", "\"x\";\"y [m]\";\"z (m)\"\n"),
    (" ", "//X Y Z\n"), (" ", "3000\n"), (",", ""), (" ", "\n\n"),
  ])
  func separatorsAndHeaders(separator: String, header: String) throws {
    for text in [header + rows(separator), (header + rows(separator)).replacing("\n", with: "\r\n")] {
      let file = try loaded(text, name: "a.csv")
      #expect(file.cloud.count == 3000 && file.declaredPoints == 3000)
      for (i, p) in points.enumerated() {
        #expect((file.cloud.position(i) - Point3(p)).length < 1e-6)
      }
    }
  }

  @Test func headersNameColumns() throws {
    let file = try loaded("time,z,Intensity,x,y,label\n0,3,7,1,2,tree\n1,6,8,4,5,\"house\"\n", name: "a.csv")
    #expect(file.cloud.position(0) == Point3(1, 2, 3) && file.cloud.position(1) == Point3(4, 5, 6))
    #expect(file.cloud.intensities == [7, 8] && file.fields.contains("label"))
  }

  @Test func columnsByCount() throws {
    let four = try loaded("1 2 3 0.5\n4 5 7 0.25\n", name: "a.xyz").cloud
    #expect(four.intensities == [0.5, 0.25] && four.colors == nil)
    let colored = try loaded("1 2 3 255 0 9\n4 5 7 1 2 3\n", name: "a.xyz").cloud
    #expect(colored.colors == [SIMD3(255, 0, 9), SIMD3(1, 2, 3)] && colored.normals == nil)
    let normals = try loaded("1 2 3 0 0 1\n4 5 7 0.6 0.8 0\n", name: "a.xyz").cloud
    #expect(normals.normals == [SIMD3(0, 0, 1), SIMD3(0.6, 0.8, 0)] && normals.colors == nil)
    let pts = try loaded("2\n1 2 3 0.5 10 20 30\n4 5 7 0.25 40 50 60\n", name: "a.pts").cloud
    #expect(pts.intensities == [0.5, 0.25] && pts.colors == [SIMD3(10, 20, 30), SIMD3(40, 50, 60)])
    let nine = try loaded("1 2 3 10 20 30 0 1 0\n4 5 7 40 50 60 0 0 1\n", name: "a.xyz").cloud
    #expect(nine.colors?.last == SIMD3(40, 50, 60) && nine.normals?.last == SIMD3(0, 0, 1))
    let five = try loaded("1 2 3 0.5 0.5\n4 5 7 0.25 0.5\n", name: "a.xyz")
    #expect(five.notes.contains { $0.contains("column 4, column 5 not used") })
  }

  @Test func refusals() {
    let good = String(repeating: "1 2 3.5\n", count: 20)
    let cases: [(String, String)] = [
      (good + "1 abc 3\n", "line 21, column y: \"abc\""),
      (good + "1 2\n", "line 21: 2 values, 3 expected"),
      (good + "1 2 3 4\n", "line 21: 4 values, 3 expected"),
      (good + "1,5 2,5 3,5\n", "decimal comma?"),
      ("1,5 2,5 3,5\n1,5 2,5 3,5\n", "decimal comma?"),
      ("1,5;2,5;3,5\n1,5;2,5;3,5\n", "decimal comma?"),
      ("x;y;z\n1,5;2,5;3,5\n", "decimal comma?"),
      (good + "1e999 2 3\n", "line 21, column x: \"1e999\" is out of range"),
      (good + "0x10 2 3\n", "line 21, column x: \"0x10\""),
      (good + "1_000 2 3\n", "line 21, column x: \"1_000\""),
      ("a,b,c\n1,2,3\n", "no x, y, z (found a, b, c)"),
      ("1 2\n3 4\n", "2 values, at least 3 expected"),
      ("hello world, this is\nnothing but text\n", "not a known point-cloud format"),
      ("5\n1 2 3\n4 5 6\n", "promises 5 points, 2 complete"),
      ("x,y,z\n1,,3\n", "line 2, column y: \"\" is empty"),
      ("x y x z\n1 2 3 4\n", "column x twice"),
      ("1 2 3\n" + String(repeating: "4 ", count: 4_000_000), "line 2: line too long"),
    ]
    for (text, message) in cases {
      #expect(refusal(text, name: "a.xyz").contains(message), "\(message): \(refusal(text, name: "a.xyz"))")
    }
  }

  @Test func surveyTextKeepsItsDigits() throws {
    let truth = points.map { Point3($0) / 3 + Point3(500_000, 5_000_000, 100) }
    let file = try loaded(truth.map { "\($0.x) \($0.y) \($0.z)\n" }.joined(), name: "a.xyz")
    for (i, p) in truth.enumerated() { #expect((file.cloud.position(i) - p).length < 1e-6) }
    #expect(file.storedAsDouble && file.warnings.isEmpty)
  }

  /// The scanner against the standard library: shortest forms, long forms and exponents read to the same bits.
  @Test func numbersAreCorrectlyRounded() throws {
    var numbers = SeededNumbers(state: 77)
    var values: [Double] = [0, 1e-300, 5e5 + 1.0 / 3, 9_007_199_254_740_992, 123_456_789.123_456_789, 1e22, 1e23]
    for _ in 0..<3000 {
      values.append(Double.random(in: -1e6...1e6, using: &numbers))
      values.append(Double.random(in: -1...1, using: &numbers) * 1e-7)
    }
    let text = values.map { "\($0) 1 2\n" }.joined()
    let scaled = try loaded("x y z\n" + text, name: "a.xyz")
    #expect(scaled.cloud.count == values.count)
    for (i, v) in values.enumerated() { #expect(scaled.cloud.positions[i].x == Float(v - scaled.cloud.origin.x)) }
  }
}
