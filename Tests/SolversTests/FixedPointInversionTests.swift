import LinearAlgebra
import Solvers
import Testing

@Suite struct FixedPointInversionTests {
  /// Theorem 1 on a linear operator with eigenvalues 0.5 and 2: β = 1/2, every step comes nearer by its promise.
  @Test(arguments: [0.1, 0.5, 0.99]) func forwardStepsKeepTheirPromise(relaxation: Double) {
    let operation = Matrix<Double>(diagonal: [0.5, 2])
    var solver = FixedPointInverse(method: .forwardStep(relaxation: relaxation), iterations: 30)
    solver.keepsPath = true
    let report = solver(from: [3, -1]) { operation * $0 }
    let beta = 0.5
    for (now, next) in zip(report.path, report.path.dropFirst()) {
      let promise = now.point.squaredNorm - relaxation * (2 * beta - relaxation) * now.value.squaredNorm
      #expect(next.point.squaredNorm <= promise + 1e-12)
    }
    #expect((report.cocoercivity(zero: [0, 0]) ?? 0) >= beta - 1e-12)
  }

  @Test func theIterationStopsAtItsTolerance() {
    let report = FixedPointInverse(iterations: 100, tolerance: 1e-9)(from: [1]) { [0.5 * $0[0] - 1] }
    #expect(report.outcome == .converged && abs(report.solution[0] - 2) < 2e-9)
    #expect(report.residualNorms.count < 100)
  }

  @Test func whatIsNotFiniteEndsTheIterationAtTheLastFinitePoint() {
    let report = FixedPointInverse(method: .forwardStep(relaxation: 1e200), iterations: 100)(from: [1]) {
      [$0[0] * 1e200]
    }
    #expect(report.outcome == .diverged && report.solution[0].isFinite)
  }

  @Test func aStartWithoutCoordinatesIsItsOwnSolution() {
    let report = FixedPointInverse()(from: []) { $0 }
    #expect(report.outcome == .converged && report.solution.isEmpty)
  }

  @Test func inertiaAndAdamFindTheZeroToo() {
    let methods: [FixedPointInverse.Method] = [.inertial(inertia: 0.3, step: 0.8), .adaptive(rate: 0.1)]
    for method in methods {
      let report = FixedPointInverse(method: method, iterations: 400)(from: [4, -3]) {
        [$0[0] - 1, 0.5 * ($0[1] + 2)]
      }
      #expect(report.solution.subtracting([1, -2]).norm < 1e-3)
    }
  }

  /// λ (1 - α + 2α²) = (1 - α)² at the limit; .557, .25 and .0058 at .3, .5 and .9.
  @Test func theLargestRelaxationIsThatOfTheTheorem() {
    for a in [0.0, 0.3, 0.5, 0.9] {
      let l = FixedPointInverse.largestRelaxation(inertia: a)
      #expect(abs(l * (1 - a + 2 * a * a) - (1 - a) * (1 - a)) < 1e-15)
    }
    #expect(abs(FixedPointInverse.largestRelaxation(inertia: 0.5) - 0.25) < 1e-15)
  }

  @Test func undistortionUndoesDistortion() throws {
    let lens = LensDistortion(radial: SIMD2(-0.28, 0.07), tangential: SIMD2(5e-4, -3e-4))
    for z in [SIMD2(0.0, 0.0), SIMD2(0.8, -0.6), SIMD2(-0.3, 0.5)] {
      let found = try #require(lens.undistorted(lens.distorted(z)))
      #expect(((found - z) * (found - z)).sum() < 1e-22)
    }
    // No point of this lens is seen so far out.
    #expect(LensDistortion(radial: SIMD2(-0.5, 0)).undistorted(SIMD2(5, 5)) == nil)
  }
}
