/// Scores of pairs, judged under one protocol: tables, curves and the worst pairs.
public struct PairEvaluation: Sendable {
  /// The protocol.
  public var `protocol`: PairProtocol
  /// Its variants.
  public var options: Options

  /// The variants of a protocol.
  public struct Options: Sendable, Equatable {
    /// How the RMSE of 3DMatch counts rotations.
    public var rmse: RMSEVariant
    /// Whether the first pair of every scene's list is left out of the recall under protocol A.
    ///
    /// The evaluators of Predator and BUFFER-X do so by mistake: they mark a listed pair by its place from 0 and take 0 for
    /// "not listed". On 3DLoMatch that leaves 1719 of 1726 pairs.
    public var dropsFirstEntry: Bool

    /// As published and correct, unless asked for otherwise.
    public init(rmse: RMSEVariant = .published, dropsFirstEntry: Bool = false) {
      self.rmse = rmse
      self.dropsFirstEntry = dropsFirstEntry
    }
  }

  /// An evaluation under a protocol.
  public init(protocol: PairProtocol, options: Options = Options()) {
    self.protocol = `protocol`
    self.options = options
  }

  /// Whether the protocol counts the estimate as right; nil where it does not judge the pair: the protocol has no
  /// criterion, leaves the pair out, or the truth or an error that it needs is not known. A pair without an estimate is wrong.
  public func isRight(_ score: PairScore) -> Bool? {
    `protocol`.criteria.first.flatMap { meets($0, score) }
  }

  /// The pairs with the largest errors, worst first: measured by the deciding criterion, by RRE where there is none. Pairs
  /// without an estimate come last, since there is no pose to look at; equal ones keep the order of the benchmark.
  public func worst(_ scores: [PairScore], count: Int = 10) -> [PairScore] {
    let criterion = `protocol`.criteria.first
    var measured: [(score: PairScore, excess: Double)] = []
    var missing: [PairScore] = []
    for score in scores where counts(score) {
      if score.estimate == nil {
        missing.append(score)
      } else if let excess = criterion.map({ $0.excess(of: score, options.rmse) }) ?? score.rotationErrorDegrees {
        measured.append((score, excess.isNaN ? .infinity : excess))
      }
    }
    let order = measured.indices.sorted { a, b in
      measured[a].excess > measured[b].excess || (measured[a].excess == measured[b].excess && a < b)
    }
    return Array((order.map { measured[$0].score } + missing).prefix(max(count, 0)))
  }

  /// Whether the protocol looks at the pair at all.
  func counts(_ score: PairScore) -> Bool {
    score.hasTruth && !(`protocol`.leavesOutConsecutive && score.second - score.first <= 1)
  }

  /// Whether a pair that the protocol looks at meets a criterion; nil when that is not known.
  func meets(_ criterion: PairCriterion, _ score: PairScore) -> Bool? {
    guard counts(score) else { return nil }
    return score.estimate == nil ? false : criterion.isMet(by: score, options.rmse)
  }

  /// The scores of every list, in the order in which the lists first appear.
  static func lists(_ scores: [PairScore]) -> [(name: String, scores: [PairScore])] {
    grouped(scores, by: \.list)
  }

  /// The elements with equal names, in the order in which the names first appear.
  static func grouped<Element>(
    _ elements: [Element], by name: (Element) -> String
  ) -> [(name: String, scores: [Element])] {
    var places: [String: Int] = [:]
    var groups: [(name: String, scores: [Element])] = []
    for element in elements {
      let key = name(element)
      if let place = places[key] {
        groups[place].scores.append(element)
      } else {
        places[key] = groups.count
        groups.append((key, [element]))
      }
    }
    return groups
  }
}
