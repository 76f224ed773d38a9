import LinearAlgebra
import Parallelism

/// A fitted linear map of descriptors to fewer, more telling values: `y = W (x - μ)`.
///
/// The rows of W are the directions in which the descriptors of different places differ most for what those of the same
/// place do, scaled so that the latter differ by a variance of one (see ``DescriptorMapFit``). Mapped descriptors are compared
/// by their Euclidean distance and are not scaled to unit length.
///
/// A map belongs to the code that made the descriptors it was fitted on: it carries the number of their format, and is
/// refused for any other. Complexity: 27 k multiply-adds per descriptor.
public struct DescriptorMap: Sendable, Equatable {
  /// The number of ``DescriptorExtractor/format`` that the map was fitted on.
  public let format: Int
  /// μ, shape [inputDimension].
  public let mean: [Float]
  /// W, row-major [dimension, inputDimension].
  public let matrix: [Float]
  /// Where the map comes from, a line each: command, data, measured gain.
  public let provenance: [String]
  /// W μ, shape [dimension].
  private let offset: [Float]

  /// The length of a descriptor before the map.
  public var inputDimension: Int { mean.count }
  /// The length of a descriptor after the map.
  public var dimension: Int { offset.count }

  /// A map of its parts.
  /// - Throws: ``DescriptorMapError`` when the parts do not fit together or are not finite.
  public init(format: Int, mean: [Float], matrix: [Float], provenance: [String]) throws(DescriptorMapError) {
    let n = mean.count
    guard n > 0, !matrix.isEmpty, matrix.count % n == 0, matrix.count / n <= n else {
      throw DescriptorMapError("\(matrix.count) numbers are no matrix of at most \(n) rows and \(n) columns")
    }
    guard mean.allSatisfy(\.isFinite), matrix.allSatisfy(\.isFinite) else {
      throw DescriptorMapError("a number of the map is not finite")
    }
    (self.format, self.mean, self.matrix, self.provenance) = (format, mean, matrix, provenance)
    offset = (0..<matrix.count / n).map { k in
      Float((0..<n).reduce(0.0) { $0 + Double(matrix[k * n + $1]) * Double(mean[$1]) })
    }
  }

  /// Refuses a map that was fitted on descriptors of another kind than the extractor's.
  public func check(_ extractor: DescriptorExtractor) throws(DescriptorMapError) {
    guard format == DescriptorExtractor.format else {
      throw DescriptorMapError(
        "fitted on descriptors of format \(format), these are of format \(DescriptorExtractor.format); fit it again")
    }
    guard inputDimension == extractor.dimension else {
      throw DescriptorMapError(
        "takes \(inputDimension) values, the descriptors have \(extractor.dimension); fit it again")
    }
  }

  /// The mapped descriptors, row-major [count, dimension].
  /// - Parameter descriptors: row-major [count, inputDimension].
  public func callAsFunction(_ descriptors: [Float]) -> [Float] {
    let (n, d) = (inputDimension, dimension)
    precondition(descriptors.count % n == 0, "\(descriptors.count) values are no descriptors of \(n)")
    let count = descriptors.count / n
    return [Float](unsafeUninitializedCapacity: count * d) { buffer, initialized in
      let out = UncheckedPointer(buffer.baseAddress)
      // Blocks of fixed size: the bits do not depend on the number of threads.
      Parallel.forEachChunk(count, grain: 256) { range in
        guard let rows = out.base.map({ $0 + range.lowerBound * d }) else { return }
        descriptors.withUnsafeBufferPointer { x in
          matrix.withUnsafeBufferPointer { w in
            guard let x = x.baseAddress, let w = w.baseAddress else { return }
            MatrixProduct.multiplyTransposed(
              x + range.lowerBound * n, rows: range.count, w, rows: d, dimension: n, into: rows)
          }
        }
        for i in 0..<range.count { for k in 0..<d { rows[i * d + k] -= offset[k] } }
      }
      initialized = count * d
    }
  }

  /// The features with mapped descriptors.
  public func callAsFunction(_ features: Features) -> Features {
    precondition(features.dimension == inputDimension, "descriptors of \(features.dimension), not \(inputDimension)")
    var mapped = features
    mapped.descriptors = self(features.descriptors)
    mapped.dimension = dimension
    return mapped
  }
}

/// Why a descriptor map cannot be used, as one line without its place.
public struct DescriptorMapError: Error, Equatable, Sendable, CustomStringConvertible {
  /// The line.
  public let description: String

  /// An error of one line.
  public init(_ description: String) { self.description = description }
}
