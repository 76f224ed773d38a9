import Foundation
import Testing

/// What the README shows is what compiles and runs.
@Suite struct ReadmeTests {
  static let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    .deletingLastPathComponent()

  @Test func exampleIsTheOneThatCompiles() throws {
    let readme = try String(contentsOf: Self.root.appending(path: "README.md"), encoding: .utf8)
    let example = try String(
      contentsOf: Self.root.appending(path: "Tests/ReadmeTests/ReadmeExample.swift"), encoding: .utf8)
    #expect(
      readme.contains("```swift\n\(example)```"), "README.md shows another example than Tests/ReadmeTests compiles")
  }

  @Test func exampleAlignsTheRoomOfTheData() throws {
    let data = Self.root.appending(path: "data")
    let aligned = try align(
      data.appending(path: "room_source.ply").path, to: data.appending(path: "room_target.ply").path)
    #expect(aligned != nil, "the verdict on the shipped room is not trusted")
  }

  @Test func filesThatTheReadmeNamesExist() throws {
    let readme = try String(contentsOf: Self.root.appending(path: "README.md"), encoding: .utf8)
    let links = readme.matches(of: /\]\(([^)#:]+)\)/).map { String($0.1) }
    #expect(!links.isEmpty)
    for link in links {
      #expect(FileManager.default.fileExists(atPath: Self.root.appending(path: link).path), "\(link)")
    }
  }
}
