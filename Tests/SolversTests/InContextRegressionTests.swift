import LinearAlgebra
import Solvers
import Testing

@Suite struct InContextRegressionTests {
  private func model(heads: Int = 3) throws -> InContextTransformer {
    var random = SeededGenerator(seed: 12)
    var model = try InContextTransformer(
      tokens: random.gaussianMatrix(rows: 4, columns: 7), features: random.gaussianMatrix(rows: 2, columns: 7),
      prompt: 3, heads: heads, noise: 0.1, using: &random)
    model.weights = random.gaussianMatrix(rows: heads, columns: 7)
    return model
  }

  @Test func gradientsAgreeWithCentralDifferences() throws {
    let model = try model()
    let found = model.lossAndGradients()
    #expect(abs(found.loss - model.excessLoss) < 1e-13)
    let weights = gradientError(
      {
        var moved = model
        moved.weights.elements = $0
        return moved.excessLoss
      }, gradient: found.weights.elements, at: model.weights.elements)
    #expect(weights < 1e-6)
    for h in 0..<3 {
      let queries = gradientError(
        {
          var moved = model
          moved.queries[h].elements = $0
          return moved.excessLoss
        }, gradient: found.queries[h].elements, at: model.queries[h].elements)
      #expect(queries < 1e-6)
    }
  }

  /// The limit echoes the labels that are given and is ridge regression with penalty m τ elsewhere.
  @Test func theLimitIsRidge() throws {
    var random = SeededGenerator(seed: 13)
    let features = random.gaussianMatrix(rows: 2, columns: 6)
    let model = try InContextTransformer(
      tokens: random.gaussianMatrix(rows: 3, columns: 6), features: features, prompt: 4, heads: 1, noise: 0.2,
      using: &random)
    let labels = random.gaussians(4)
    let found = model.limit.transposedTimes(labels)
    #expect(Array(found.prefix(4)).subtracting(labels).norm < 1e-12)
    let ridge = try RidgeRegression(features: features.prefix(columns: 4), labels: labels, penalty: 0.4)
    #expect(abs(found[5] - ridge.coefficients.dot(features.column(5))) < 1e-12)
  }

  @Test func trainingLowersTheLossByBothRules() throws {
    for rule in [InContextTraining.Rule.adaptive(rate: 0.01), .descent(queries: 0.01, weights: 0.5)] {
      var model = try model(heads: 6)
      let report = InContextTraining(rule, steps: 200)(&model)
      #expect(report.losses.count == 201 && report.outcome == .iterationLimit)
      #expect((report.losses.last ?? 1) < 0.5 * report.losses[0])
    }
    var model = try model()
    let report = InContextTraining(.descent(queries: 0, weights: 1e300), steps: 20)(&model)
    #expect(report.outcome == .diverged)
  }

  /// Both shapes of the system give the solution of the normal equations.
  @Test(arguments: [(3, 8), (8, 3), (1, 1)]) func ridgeSolvesTheNormalEquations(m: Int, n: Int) throws {
    var random = SeededGenerator(seed: 14)
    let features = random.gaussianMatrix(rows: m, columns: n)
    let labels = random.gaussians(n)
    let model = try RidgeRegression(features: features, labels: labels, penalty: 0.3)
    let gap = model.predict(features).subtracting(labels)
    #expect((features * gap).adding(model.coefficients, times: 0.3).norm < 1e-12)
  }

  @Test func ridgeRefusesWhatItCannotSolve() {
    let features = Matrix<Double>(rows: 1, columns: 2, [1, 1])
    #expect(throws: FactorizationError.self) { try RidgeRegression(features: features, labels: [1, 2], penalty: 0) }
    #expect(throws: FactorizationError.notFinite) {
      try RidgeRegression(features: Matrix(rows: 1, columns: 1, [.nan]), labels: [1], penalty: 1)
    }
  }

  @Test func ridgeOfNoSampleKnowsNothing() throws {
    let model = try RidgeRegression(features: Matrix(rows: 2, columns: 0), labels: [], penalty: 1)
    #expect(model.coefficients == [0, 0] && model.leaveOneOut.isEmpty)
  }
}
