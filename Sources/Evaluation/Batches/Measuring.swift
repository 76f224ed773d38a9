/// The protocol by which results are measured, of pairs or of objects.
public enum Measuring: Sendable, Equatable {
  /// Pairs of clouds.
  case pairs(PairProtocol)
  /// Objects followed through a sequence.
  case tracklets(TrackingProtocol)
  /// Nothing is known to measure by.
  case nothing

  /// The names of all protocols.
  public static var names: [String] {
    PairProtocol.allCases.map(\.rawValue) + TrackingProtocol.allCases.map(\.rawValue)
  }

  /// The protocol of that name; nil when there is none.
  public init?(name: String) {
    if let found = PairProtocol(rawValue: name) {
      self = .pairs(found)
    } else if let found = TrackingProtocol(rawValue: name) {
      self = .tracklets(found)
    } else {
      return nil
    }
  }

  /// The protocol of a benchmark where none is named.
  public init(standardFor benchmark: Benchmark) {
    switch benchmark.work {
    case .pairs(let items):
      self = PairProtocol.standard(for: benchmark.layout, items).map { .pairs($0) } ?? .nothing
    case .tracklets: self = .tracklets(.ope)
    }
  }

  /// The name; nil for nothing.
  public var name: String? {
    switch self {
    case .pairs(let chosen): chosen.rawValue
    case .tracklets(let chosen): chosen.rawValue
    case .nothing: nil
    }
  }

  /// Whether the protocol can judge benchmarks of a layout.
  public func fits(_ layout: Layout) -> Bool {
    switch self {
    case .pairs(let chosen): chosen.fits(layout)
    case .tracklets: layout == .tracking
    case .nothing: true
    }
  }

  /// The tables of results, in their order.
  /// - Parameter extras: estimates for pairs that no list holds.
  public func tables(
    _ results: [BatchRecord.Result], options: PairEvaluation.Options, extras: [ExtraEstimate] = []
  ) -> [ScoreTable] {
    switch self {
    case .pairs(let chosen):
      PairEvaluation(protocol: chosen, options: options).tables(results.pairs, extraEstimates: extras)
    case .tracklets(let chosen): TrackingEvaluation(protocol: chosen).tables(results.tracklets)
    case .nothing: []
    }
  }

  /// The curves of results.
  public func curves(_ results: [BatchRecord.Result], options: PairEvaluation.Options) -> [Curve] {
    switch self {
    case .pairs(let chosen): PairEvaluation(protocol: chosen, options: options).curves(results.pairs)
    case .tracklets(let chosen): TrackingEvaluation(protocol: chosen).curves(results.tracklets)
    case .nothing: []
    }
  }
}

extension [BatchRecord.Result] {
  /// The scores of the pairs.
  public var pairs: [PairScore] { compactMap { if case .pair(let score) = $0 { score } else { nil } } }

  /// The scores of the objects.
  public var tracklets: [TrackletScore] { compactMap { if case .tracklet(let score, _) = $0 { score } else { nil } } }
}
