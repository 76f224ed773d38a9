import LinearAlgebra
import Networks
import Testing

@Suite struct TensorFileTests {
  private let sample = TensorFile(
    tensors: [
      .init(name: "map.weight", shape: [2, 3], values: [1, -2, 0.5, 0, 1e-3, 65_000]),
      .init(name: "a \"quoted\"\n\u{E9} name", shape: [], values: [0.25]),
      .init(name: "none", shape: [0, 4], values: []),
    ], notes: [.init("seed", "1"), .init("made by", "plumb train \\ \u{1}")])

  /// A file of a header as text.
  private func file(_ header: String, data: Int) -> [UInt8] {
    withUnsafeBytes(of: UInt64(header.utf8.count).littleEndian) { Array($0) } + Array(header.utf8)
      + [UInt8](repeating: 0, count: data)
  }

  private func message(_ bytes: [UInt8]) -> String {
    do throws(TensorFileError) {
      _ = try TensorFile(bytes, path: "w.safetensors")
      return ""
    } catch {
      return error.description
    }
  }

  @Test("what is written in single precision is read to the last bit; half precision rounds")
  func roundTrip() throws {
    #expect(try TensorFile(sample.bytes(.single), path: "w") == sample)
    let half = try TensorFile(sample.bytes(.half), path: "w")
    #expect(half.notes == sample.notes && half.tensors.map(\.shape) == sample.tensors.map(\.shape))
    for (a, b) in zip(half.tensors[0].values, sample.tensors[0].values) { #expect(abs(a - b) <= abs(b) / 1024) }
    #expect(sample.bytes(.half) == half.bytes(.half))
    let large = TensorFile(tensors: [.init(name: "x", shape: [2], values: [1e9, -1e9])])
    #expect(try TensorFile(large.bytes(.half), path: "w").tensors[0].values == [65504, -65504])
    let none = TensorFile(tensors: [])
    #expect(try TensorFile(none.bytes(.single), path: "w") == none)
  }

  @Test("a file as another program writes it")
  func foreign() throws {
    let header =
      #" { "b" : {"shape":[1],"data_offsets":[4,8],"dtype":"F32"}, "a":{"dtype":"F16","shape":[2],"data_offsets":[0,4]}, "#
      + #""__metadata__":{"format":"pt \u00e9"} }   "#
    var bytes = file(header, data: 8)
    bytes.replaceSubrange(bytes.count - 8..<bytes.count, with: [0, 0x3C, 0, 0xC0, 0, 0, 0x80, 0x3F])
    let read = try TensorFile(bytes, path: "w")
    #expect(read.tensors.map(\.name) == ["a", "b"] && read.note("format") == "pt \u{E9}")
    #expect(read.tensor("a")?.values == [1, -2] && read.tensor("b")?.values == [1] && read.tensor("c") == nil)
  }

  static let broken: [(header: String, data: Int, words: String)] = [
    ("", 0, "'{' is expected"), ("[]", 0, "'{' is expected"), ("{", 0, "'\"' is expected"),
    ("{} x", 0, "after its end"),
    (#"{"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8]}"#, 8, "'}' is expected"),
    (#"{"a":{"dtype":"F32","shape":[2],"data_offsets":[0,4]}}"#, 4, "does not take 4 bytes"),
    (#"{"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8]}}"#, 4, "do not lie in the 4 bytes"),
    (#"{"a":{"dtype":"F32","shape":[2],"data_offsets":[8,0]}}"#, 8, "do not lie in"),
    (#"{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}}"#, 8, "4 bytes at the end belong to no tensor"),
    (#"{"a":{"dtype":"F32","shape":[1],"data_offsets":[4,8]}}"#, 8, "bytes before it belong to no tensor"),
    (
      #"{"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8]},"b":{"dtype":"F32","shape":[1],"data_offsets":[4,8]}}"#,
      8,
      "overlaps"
    ),
    (
      #"{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]},"a":{"dtype":"F32","shape":[1],"data_offsets":[4,8]}}"#,
      8,
      "\"a\" stands there twice"
    ),
    (#"{"a":{"dtype":"I64","shape":[1],"data_offsets":[0,8]}}"#, 8, "type I64, F16 or F32 is expected"),
    (#"{"a":{"dtype":"F32","shape":[4294967296,4294967296,4],"data_offsets":[0,8]}}"#, 8, "does not take 8 bytes"),
    (#"{"a":{"dtype":"F32","shape":[99999999999999999999],"data_offsets":[0,8]}}"#, 8, "whole number"),
    (#"{"a":{"dtype":"F32","shape":[-1],"data_offsets":[0,8]}}"#, 8, "whole number"),
    (#"{"a":{"dtype":"F32","shape":[1],"data_offsets":[0]}}"#, 4, "do not lie in"),
    (#"{"a":{"dtype":"F32","shape":[1]}}"#, 4, "has no data_offsets"),
    (#"{"a":{"dtype":"F32","dtype":"F32","shape":[1],"data_offsets":[0,4]}}"#, 4, "dtype stands twice"),
    (#"{"a":{"kind":"F32"}}"#, 4, "\"kind\" is no part"), (#"{"a":3}"#, 4, "'{' is expected"),
    (#"{"a\q":3}"#, 4, "escape"), (#"{"a"#, 4, "does not end"), (#"{"\ud800":{}}"#, 0, "escape"),
  ]

  @Test("a malformed header is one line with the place and the cause", arguments: 0..<broken.count)
  func malformed(_ k: Int) {
    let example = Self.broken[k]
    let found = message(file(example.header, data: example.data))
    #expect(found.hasPrefix("w.safetensors: ") && found.contains(example.words), "\(example.header): \(found)")
    #expect(!found.contains("\n"))
  }

  @Test("a file cut anywhere is refused")
  func truncated() {
    let bytes = sample.bytes(.single)
    for length in 0..<bytes.count { #expect(!message(Array(bytes[..<length])).isEmpty, "\(length)") }
    #expect(message([1, 2]).contains("2 bytes") && message(Array(bytes[..<20])).contains("is it complete?"))
    #expect(message([UInt8](repeating: 0xFF, count: 16)).contains("header of 18446744073709551615 bytes"))
  }

  @Test("numbers that are not finite are refused by their place")
  func notFinite() {
    for bad in [Float.nan, .infinity] {
      let file = TensorFile(tensors: [.init(name: "w", shape: [3], values: [0, 1, bad])])
      #expect(message(file.bytes(.single)).contains("\"w\", number 2"))
    }
  }

  @Test("bytes changed at random end in a message or in a file, never in a crash")
  func fuzz() {
    let bytes = sample.bytes(.single)
    var rng = SeededGenerator(seed: 9)
    for _ in 0..<3000 {
      var changed = bytes
      for _ in 0..<Int(rng.uniform(1, 4)) {
        changed[Int(rng.uniform() * Double(changed.count))] = UInt8(truncatingIfNeeded: rng.next())
      }
      _ = message(changed)
    }
  }

  @Test("weights of another network are refused by the name of the tensor")
  func otherNetwork() throws {
    func layout(_ name: String, _ outputs: Int) -> ParameterLayout {
      var layout = ParameterLayout()
      _ = Linear(&layout, name, 3, outputs)
      return layout
    }
    let own = layout("map", 2)
    let values = own.startValues(seed: 1)
    let file = TensorFile(tensors: own.tensors(values, prefix: "average."))
    #expect(try own.values(file, prefix: "average.", path: "w") == values)
    func message(_ layout: ParameterLayout) -> String {
      do throws(TensorFileError) {
        _ = try layout.values(file, prefix: "average.", path: "w")
        return ""
      } catch {
        return error.description
      }
    }
    #expect(message(layout("other", 2)).contains("no tensor \"average.other.weight\""))
    #expect(message(layout("map", 4)).contains("has the shape [2, 3], [4, 3] is expected"))
  }
}
