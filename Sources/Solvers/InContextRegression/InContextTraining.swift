import LinearAlgebra

/// Trains an ``InContextTransformer`` on its expected loss.
public struct InContextTraining: Sendable {
  /// How parameters move.
  public enum Rule: Sendable {
    /// Adam with one rate.
    case adaptive(rate: Double)
    /// Gradient descent with a rate for the queries and one for the weights.
    case descent(queries: Double, weights: Double)
  }

  /// How parameters move.
  public var rule: Rule
  /// How many steps.
  public var steps: Int

  /// A training.
  public init(_ rule: Rule, steps: Int) { (self.rule, self.steps) = (rule, steps) }

  /// What a training saw.
  public struct Report: Sendable {
    /// The excess loss before every step and after the last.
    public fileprivate(set) var losses: [Double] = []
    /// `diverged` when the loss stopped being finite.
    public fileprivate(set) var outcome = SolverOutcome.iterationLimit
  }

  /// Trains in place.
  /// - Parameter onStep: hears the model before every step.
  public func callAsFunction(
    _ model: inout InContextTransformer, onStep: (Int, InContextTransformer) -> Void = { _, _ in }
  ) -> Report {
    var report = Report()
    var queryMoments = model.queries.map { AdaptiveMoments(count: $0.elements.count) }
    var weightMoments = AdaptiveMoments(count: model.weights.elements.count)
    for step in 0..<steps {
      onStep(step, model)
      let (loss, queries, weights) = model.lossAndGradients()
      report.losses.append(loss)
      guard loss.isFinite else {
        report.outcome = .diverged
        return report
      }
      switch rule {
      case .adaptive(let rate):
        for h in queries.indices {
          queryMoments[h].step(&model.queries[h].elements, against: queries[h].elements, rate: rate)
        }
        weightMoments.step(&model.weights.elements, against: weights.elements, rate: rate)
      case .descent(let queryRate, let weightRate):
        for h in queries.indices { model.queries[h].add(queries[h], times: -queryRate) }
        model.weights.add(weights, times: -weightRate)
      }
    }
    report.losses.append(model.excessLoss)
    return report
  }
}
