/// Named tensors with notes, as safetensors files hold them (Hugging Face, format 1).
///
/// The file is the length N of its header (8 bytes, little-endian), N bytes of JSON
/// `{"name": {"dtype": "F32", "shape": [2, 3], "data_offsets": [0, 24]}, …, "__metadata__": {"key": "text"}}`, and the
/// numbers, whose offsets count from the end of the header.
public struct TensorFile: Sendable, Equatable {
  /// A tensor.
  public struct Tensor: Sendable, Equatable {
    /// Its name.
    public var name: String
    /// Its extents; row-major. Empty for a single number.
    public var shape: [Int]
    /// Its numbers.
    public var values: [Float]

    /// A tensor from its numbers.
    public init(name: String, shape: [Int], values: [Float]) {
      precondition(shape.reduce(1, *) == values.count, "\(values.count) values for the shape \(shape)")
      (self.name, self.shape, self.values) = (name, shape, values)
    }
  }

  /// A note.
  public struct Note: Sendable, Equatable {
    /// What it is about.
    public var key: String
    /// What it says.
    public var text: String

    /// A note.
    public init(_ key: String, _ text: String) { (self.key, self.text) = (key, text) }
  }

  /// How numbers are stored.
  public enum Precision: String, Sendable {
    case half = "F16"
    case single = "F32"

    /// Bytes per number.
    var size: Int { self == .half ? 2 : 4 }
  }

  /// The tensors, in the order of their numbers in the file.
  public var tensors: [Tensor]
  /// The notes, in their order.
  public var notes: [Note]

  /// A file from its parts.
  public init(tensors: [Tensor], notes: [Note] = []) { (self.tensors, self.notes) = (tensors, notes) }

  /// The text of a note; nil where there is none.
  public func note(_ key: String) -> String? { notes.first { $0.key == key }?.text }

  /// The tensor of a name; nil where there is none.
  public func tensor(_ name: String) -> Tensor? { tensors.first { $0.name == name } }
}
