import Foundation
import LinearAlgebra
import Solvers

/// Row B4: what an operator builds between three cities, and who travels then (section 4.3 of the paper).
///
/// The upper variables are the capacities a of the six arcs. Of those who want to travel from o to d a share p takes the arc (o, d)
/// and a share q the two arcs over the third city, F = p + q in all; with these two routes the flow is conserved by itself.
///
///     upper: -Σ m F + Σ c a,   lower: Σ F (ln F - 1) + (1 - F) (ln (1 - F) - 1) + Σ d flow + u (1 - F)
///
/// subject to flows on every arc of at most its capacity. The lower problem has a closed minimum for given multipliers: the
/// cheaper route, with the logistic function of its cost as share.
package struct TransportNetwork: CoupledBilevelProblem {
  /// The arcs in the order of the upper variables.
  private static let arcs = (0..<3).flatMap { o in (0..<3).filter { $0 != o }.map { (o, $0) } }
  private static let travelCost: [[Double]] = [[0, 1, 10], [1, 0, 2], [10, 2, 0]]
  private static let buildCost: [[Double]] = [[0, 1, 10], [1, 0, 3], [10, 3, 0]]
  private static let fare: [[Double]] = [[0, 2, 6], [2, 0, 1], [6, 1, 0]]
  /// What staying at home costs.
  private static let stay = 3.0
  /// No arc is torn down altogether: then nobody could travel, and F > 0 always.
  static let leastCapacity = 1e-3

  /// Two routes for every pair of cities: the arcs of each, and its travel cost.
  private let routes: [(arcs: [Int], cost: Double, fare: Double)]

  /// The network of the paper.
  package init() {
    func index(_ o: Int, _ d: Int) -> Int { Self.arcs.firstIndex { $0 == (o, d) }! }
    routes = Self.arcs.flatMap { o, d in
      let k = 3 - o - d
      let fare = Self.fare[o][d]
      return [
        ([index(o, d)], Self.travelCost[o][d], fare),
        ([index(o, k), index(k, d)], Self.travelCost[o][k] + Self.travelCost[k][d], fare),
      ]
    }
  }

  private var capacityCosts: [Double] { Self.arcs.map { Self.buildCost[$0][$1] } }

  /// What building costs less the fares.
  package func upper(_ x: [Double], _ y: [Double]) -> (value: Double, dx: [Double], dy: [Double]) {
    let fares = routes.map(\.fare)
    return (capacityCosts.dot(x) - fares.dot(y), capacityCosts, fares.map(-))
  }

  /// The travellers' costs.
  package func lower(_ x: [Double], _ y: [Double]) -> (value: Double, dx: [Double], dy: [Double]) {
    var (value, dy): (Double, [Double]) = (0, [])
    for od in 0..<6 {
      let (p, q) = (2 * od, 2 * od + 1)
      let share = min(max(y[p] + y[q], 1e-300), 1 - 1e-16)
      value += share * (log(share) - 1) + (1 - share) * (log(1 - share) - 1) + Self.stay * (1 - share)
      value += routes[p].cost * y[p] + routes[q].cost * y[q]
      let slope = log(share / (1 - share)) - Self.stay
      dy += [slope + routes[p].cost, slope + routes[q].cost]
    }
    return (value, x.map { _ in 0 }, dy)
  }

  /// Flow less capacity of every arc.
  package func constraints(_ x: [Double], _ y: [Double]) -> [Double] {
    var flows = x.map(-)
    for (route, share) in zip(routes, y) { for arc in route.arcs { flows[arc] += share } }
    return flows
  }

  /// -μ in the capacities, and the tolls of its arcs for every route.
  package func constraintPull(_ x: [Double], _ y: [Double], multipliers: [Double]) -> (dx: [Double], dy: [Double]) {
    (multipliers.map(-), routes.map { $0.arcs.reduce(0) { $0 + multipliers[$1] } })
  }

  /// Capacities of at least ``leastCapacity``.
  package func project(upper x: inout [Double]) {
    for k in x.indices { x[k] = max(Self.leastCapacity, x[k]) }
  }

  /// The cheaper route of each pair with the logistic function of its cost as share.
  package func minimizer(
    upperWeight: Double, lowerWeight: Double, _ x: [Double], multipliers: [Double], near y: [Double]
  ) -> [Double]? {
    let tolls = constraintPull(x, y, multipliers: multipliers).dy
    var shares = y.map { _ in 0.0 }
    for od in 0..<6 {
      let costs = [2 * od, 2 * od + 1].map { k in
        lowerWeight * (routes[k].cost - Self.stay) - upperWeight * routes[k].fare + tolls[k]
      }
      let best = costs[0] <= costs[1] ? 0 : 1
      shares[2 * od + best] = 1 / (1 + exp(min(costs[best] / lowerWeight, 700)))
    }
    return shares
  }
}

extension TransportNetwork {
  /// The solver of the lower problem: a step below the least curvature of the entropy, 4, over the six or so by which routes that
  /// share arcs amplify multipliers.
  package static let lowerSolver: MaxMinSolver = {
    var solver = MaxMinSolver(primalStep: 0, dualStep: 0.6)
    (solver.isAccelerated, solver.rounds, solver.tolerance) = (true, 5000, 1e-7)
    return solver
  }()

  /// The operator's loss where travellers do what is best for them.
  package func loss(_ capacities: [Double], _ saddle: inout MaxMinSolver.Saddle) -> Double {
    _ = Self.lowerSolver(self, upperWeight: 0, lowerWeight: 1, capacities, &saddle)
    return upper(capacities, saddle.y).value
  }

  /// The least loss that a compass search finds from a start, without any gradient: the reference.
  func compassSearch(from start: [Double], step: Double) -> Double {
    var saddle = MaxMinSolver.Saddle(y: routes.map { _ in 0.1 }, multipliers: start.map { _ in 0 })
    var (best, least, h) = (start, loss(start, &saddle), step)
    while h > 1e-4 {
      var isBetter = false
      for k in best.indices {
        for sign in [1.0, -1] {
          var next = best
          next[k] += sign * h
          project(upper: &next)
          let loss = loss(next, &saddle)
          if loss < least - 1e-9 { (best, least, isBetter) = (next, loss, true) }
        }
      }
      if !isBetter { h /= 2 }
    }
    return least
  }

  /// The penalty method from a random start: its outer steps, the loss where it ends, and the reference from there.
  static func run(penalty: Double, seed: UInt64, stream: Int) -> (steps: Int, loss: Double, reference: Double) {
    let problem = TransportNetwork()
    var random = SeededGenerator(seed: seed, stream: stream)
    let start = arcs.map { _ in random.uniform(0.1, 1.5) }
    var penaltySolver = lowerSolver
    penaltySolver.dualStep *= penalty
    // The multipliers of F change by up to γ times the curvature of the entropy, about 10, per unit of capacity.
    var solver = BLOCC(penalty: penalty, step: 0.1 / penalty, lowerSolver: lowerSolver, penaltySolver: penaltySolver)
    solver.iterations = 20_000
    let result = solver(problem, from: start, lower: problem.routes.map { _ in 0.1 })
    var saddle = result.lower
    let loss = problem.loss(result.x, &saddle)
    let reference = problem.compassSearch(from: result.x, step: 0.1)
    return (result.stationarity.count, loss, reference)
  }
}
