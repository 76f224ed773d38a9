import Networks
import PointClouds

/// A network with its weights, as a file holds it.
public struct TrainedDenoiser: Sendable {
  /// The network.
  public let denoiser: BoxDenoiser
  /// Its parameters.
  public let parameters: [Float]
  /// How it came about.
  public let notes: [TensorFile.Note]

  /// The note that holds the shape.
  static let shapeNote = "shape"

  /// A network with weights.
  public init(_ denoiser: BoxDenoiser, parameters: [Float], notes: [TensorFile.Note] = []) {
    precondition(parameters.count == denoiser.layout.count, "parameters of another network")
    (self.denoiser, self.parameters, self.notes) = (denoiser, parameters, notes)
  }

  /// Reads a file of weights.
  /// - Throws: when the bytes are no tensors, or not those of a tracker.
  public init(_ bytes: [UInt8], path: String) throws(TensorFileError) {
    let file = try TensorFile(bytes, path: path)
    denoiser = try BoxDenoiser(file, path: path)
    parameters = try denoiser.layout.values(file, path: path)
    guard parameters.allSatisfy({ $0.isFinite }) else {
      throw TensorFileError(path, "a weight is not finite: train again or take another file")
    }
    notes = file.notes.filter { $0.key != Self.shapeNote }
  }

  /// Sixteen hexadecimal digits that other weights hardly share: the first of the SHA-256 of all parameters.
  public var fingerprint: String {
    let hash = SHA256()
    parameters.map(\.bitPattern.littleEndian).withUnsafeBytes { hash.update($0) }
    return String(hash.finish().prefix(16))
  }

  /// The bytes of a file, in half precision.
  public var bytes: [UInt8] {
    TensorFile(
      tensors: denoiser.layout.tensors(parameters),
      notes: [.init(Self.shapeNote, denoiser.shape.text)] + notes
    ).bytes(.half)
  }
}

extension BoxDenoiser {
  /// The network that the notes of a file describe.
  init(_ file: TensorFile, path: String) throws(TensorFileError) {
    guard let text = file.note(TrainedDenoiser.shapeNote), let shape = DenoiserShape(text: text) else {
      throw TensorFileError(path, "holds no weights of a tracker (no note \"shape\" that fits)")
    }
    self.init(shape)
  }
}
