import Geometry

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// The words of the command line: positional ones, and options written `--name value`.
struct Arguments {
  private(set) var positional: [String] = []
  private var options: [String: String] = [:]

  init(_ words: ArraySlice<String>) {
    var rest = words
    while let word = rest.popFirst() {
      if word.hasPrefix("--") {
        guard let value = rest.popFirst() else { fail("\(word): a value must follow") }
        options[String(word.dropFirst(2))] = value
      } else {
        positional.append(word)
      }
    }
  }

  /// The value of an option, or the given one.
  func text(_ name: String, _ standard: String) -> String { options[name] ?? standard }

  /// The value of an option as a whole number, or the given one.
  func integer(_ name: String, _ standard: Int) -> Int {
    guard let text = options[name] else { return standard }
    guard let value = Int(text) else { fail("--\(name) \(text): a whole number must follow") }
    return value
  }

  /// The value of an option as a number, or the given one.
  func number(_ name: String, _ standard: Double) -> Double {
    guard let text = options[name] else { return standard }
    guard let value = Double(text) else { fail("--\(name) \(text): a number must follow") }
    return value
  }

  /// The positional word at an index, a path.
  func cloudPath(_ i: Int) -> String {
    guard i < positional.count else { fail(usage) }
    return positional[i]
  }

  /// The rigid motion in a text file of the rows of its 4x4 matrix, or nil where the option is not given.
  func pose(_ name: String) -> RigidTransform? {
    guard let path = options[name] else { return nil }
    guard let file = fopen(path, "r") else { fail("\(path): cannot be opened") }
    defer { fclose(file) }
    var m: [Double] = []
    var value = 0.0
    while withUnsafeMutablePointer(to: &value, { p in withVaList([p]) { vfscanf(file, "%lf", $0) } }) == 1 {
      m.append(value)
    }
    guard m.count == 16 else { fail("\(path): \(m.count) numbers, 16 expected") }
    return RigidTransform(
      rotation: Rotation3(
        nearest: Matrix3(rows: Point3(m[0], m[1], m[2]), Point3(m[4], m[5], m[6]), Point3(m[8], m[9], m[10]))),
      translation: Point3(m[3], m[7], m[11]))
  }

  /// The cloud whose path is the positional word at an index.
  func cloud(_ i: Int) -> [SIMD3<Float>] { RawCloud.read(cloudPath(i)) }
}

/// Ends the programme with a message.
func fail(_ message: String) -> Never {
  let line = Array((message + "\n").utf8)
  _ = write(2, line, line.count)
  exit(2)
}
