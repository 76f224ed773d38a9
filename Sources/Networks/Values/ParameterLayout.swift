import LinearAlgebra

/// A tensor of trainable numbers: where it stands in the one array that holds all parameters of a network.
public struct Parameter: Sendable, Equatable {
  /// Its name in files, unique in the network: `blocks.2.value.weight`.
  public let name: String
  /// Its extents; row-major.
  public let shape: [Int]
  /// The index of its first number.
  public let offset: Int
  /// What its numbers are before training.
  public let start: Start

  /// How numbers begin.
  public enum Start: Sendable, Equatable {
    case zeros, ones
    /// Normal numbers of a standard deviation.
    case normal(deviation: Double)
  }

  /// How many numbers it has.
  public var count: Int { shape.reduce(1, *) }
  /// Where its numbers stand.
  public var range: Range<Int> { offset..<offset + count }
  /// Whether it is drawn towards zero in training: matrices are, biases and gains are not.
  public var decays: Bool { shape.count > 1 }
}

/// All parameters of a network, one behind the other in one array.
///
/// Layers are values that know their places; weights, gradients, moments and averages are plain arrays of ``count``
/// numbers. So an optimiser is a loop over numbers, and gradients of parts of a batch are added in a fixed order.
public struct ParameterLayout: Sendable {
  /// The parameters in the order in which the layers asked for them.
  public private(set) var parameters: [Parameter] = []
  /// How many numbers there are in all.
  public private(set) var count = 0
  private var prefix: [String] = []

  /// No parameter yet.
  public init() {}

  /// Reserves a place.
  public mutating func add(_ name: String, _ shape: [Int], _ start: Parameter.Start) -> Parameter {
    let full = (prefix + [name]).joined(separator: ".")
    precondition(!parameters.contains { $0.name == full }, "two parameters are called \(full)")
    precondition(shape.allSatisfy { $0 > 0 }, "\(full) has an empty shape")
    let parameter = Parameter(name: full, shape: shape, offset: count, start: start)
    parameters.append(parameter)
    count += parameter.count
    return parameter
  }

  /// Builds a part of the network whose parameters' names begin with a word and a dot.
  public mutating func part<Layer>(_ name: String, _ build: (inout ParameterLayout) -> Layer) -> Layer {
    prefix.append(name)
    defer { prefix.removeLast() }
    return build(&self)
  }

  /// The numbers before training.
  public func startValues(seed: UInt64) -> [Float] {
    var rng = SeededGenerator(seed: seed)
    var values: [Float] = []
    values.reserveCapacity(count)
    for parameter in parameters {
      for _ in 0..<parameter.count {
        switch parameter.start {
        case .zeros: values.append(0)
        case .ones: values.append(1)
        case .normal(let deviation): values.append(Float(deviation * rng.gaussian()))
        }
      }
    }
    return values
  }
}
