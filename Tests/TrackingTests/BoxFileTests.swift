import Foundation
import PointClouds
import Testing
import Tracking

@Suite struct BoxFileTests {
  private func read(_ text: String) throws -> BoxFile {
    let file = FileManager.default.temporaryDirectory.appending(path: "boxes-\(UUID().uuidString).txt")
    try Data(text.utf8).write(to: file)
    defer { try? FileManager.default.removeItem(at: file) }
    return try BoxFile(file.path)
  }

  @Test(
    "a file reads back from its text",
    arguments: [
      "1,2,10.5,20,30,40,0.9\n1,3,1,2,3,4,1,-1,-1,-1\n2,2,11,20,30,40,1,car,0.5\n",
      "1,2,3,4\nnan,nan,nan,nan\n5,6,7,8.25\n",
      "1\t2\t3\t4\n", "1 2 3 4\n",
      "0 0 Car 0.0 0 -10.0 -1.0 -1.0 -1.0 -1.0 1.5 1.6 4.0 1.0 2.0 10.0 0.5\n",
      "0 0 Car 0.0 0 -1.0 1.0 2.0 3.0 4.0 -1.0 -1.0 -1.0 -1.0 -1.0 -1.0 -1.0 0.5\n",
    ])
  func text(text: String) throws { #expect(try read(text).text == text) }

  @Test("rows without a box: zero sizes, NaN, blank lines; blanks after commas change nothing")
  func missing() throws {
    let box = ImageBox(x: 1, y: 2, width: 3, height: 4)
    #expect(
      try read("0,0,0,0\n1, 2, 3, 4\nNaN,NaN,NaN,NaN\n\n1,2,3,4\n1,2,0,4\n")
        == .plain([nil, box, nil, nil, box, nil], separator: ","))
  }

  @Test(
    "what is wrong is named with its line",
    arguments: [
      ("1,2,3\n", "line 1: 3 columns"), ("1,2,3,4\n1,2,3\n", "line 2: 3 columns"), ("1,2,x,4\n", "line 1, column 3"),
      ("1,2,inf,4\n", "line 1, column 3"), ("0,0,0,0\n", "none of its 1 rows"), ("\n\n", "holds no row"),
      ("1,1,0,0,5,5,1\n1,1,9,9,5,5,1\n", "line 2: a second box of object 1 in frame 1, the first is in line 1"),
      ("1,1,0,0,5,0,1\n", "line 1, column 6: width and height must be positive"),
      ("1,1,0,0,5,5,1\n1,2,0,0,5,5\n", "line 2: 6 columns"), ("1.5,1,0,0,5,5,1\n", "line 1, column 1"),
      ("-1,1,0,0,5,5,1\n", "line 1, column 1"), ("1,2,3,4,5,6,7,8,9,10,11\n", "line 1: 11 columns"),
      ("0 0 Car 0 0 -10 -1 -1 -1 -1 1.5 1.6 4 1 2 10\n", "line 1: 16 columns"),
      ("0 0 Car 0 0 -10 -1 -1 -1 -1 1 1 4 1 2 9 0\n0 0 Car 0 0 -10 -1 -1 -1 -1 1 1 4 1 2 9\n", "line 2, column 17"),
      ("0 0 Car 0 0 -10 -1 -1 -1 -1 1.5 -1 4 1 2 10 0\n", "line 1, column 11"),
      (
        "0 0 Car 0 0 -10 -1 -1 -1 -1 1.5 1 4 1 2 10 0\n0 0 Car 0 0 -10 -1 -1 -1 -1 1.5 1 4 1 2 10 0\n",
        "line 2: a second box of object 0"
      ), ("0 -1 DontCare -1 -1 -10 1 2 3 4 -1000 -1000 -1000 -10 -1 -1 -1\n", "but DontCare"),
    ])
  func damage(text: String, message: String) {
    #expect {
      try read(text)
    } throws: {
      "\($0)".contains(message) && ($0 as? CloudFileError).map { $0.kind == .damaged || $0.kind == .unusable } ?? false
    }
  }
}
