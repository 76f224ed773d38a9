import Geometry
import Parallelism
import Solvers
import Testing

@Suite(.serialized) struct ConsensusGraphTests {
  private struct Matches {
    var (p, q, n, m): ([SIMD3<Float>], [SIMD3<Float>], [SIMD3<Float>], [SIMD3<Float>]) = ([], [], [], [])

    /// Two in three matches follow one motion.
    init(_ count: Int) {
      var g = FeatureNumbers(state: UInt64(count) + 7)
      func vector() -> SIMD3<Float> {
        SIMD3(.random(in: -1...1, using: &g), .random(in: -1...1, using: &g), .random(in: -1...1, using: &g))
      }
      let turn = RigidTransform(rotation: Rotation3(radians: 0.7, about: Point3(1, 2, 3)), translation: Point3(3, 1, 2))
      for k in 0..<count {
        let (a, b) = (5 * vector(), vector().normalized)
        p.append(a)
        n.append(b)
        q.append(k % 3 == 0 ? 5 * vector() : SIMD3<Float>(turn(Point3(a))))
        m.append(k % 3 == 0 ? vector().normalized : SIMD3<Float>(turn.rotation(Point3(b))))
      }
    }

    func graph() -> ConsensusGraph {
      ConsensusGraph(
        source: p, target: q, sourceNormals: n, targetNormals: m,
        tolerance: .init(length: 0.2, minimumLength: 0.3))
    }
  }

  @Test(arguments: [0, 1, 2, 3, 64, 65, 200, 1100])
  func supportsEqualTheirDefinition(count: Int) {
    let matches = Matches(count)
    let graph = matches.graph()
    var edges = [[Bool]](repeating: [Bool](repeating: false, count: count), count: count)
    for i in 0..<count {
      #expect(count == 0 || !graph.hasEdge(i, i))
      for j in 0..<count where i != j {
        let (u, w) = (matches.p[j] - matches.p[i], matches.q[j] - matches.q[i])
        let (a, b) = (u.length, w.length)
        let (n, m) = (matches.n, matches.m)
        edges[i][j] =
          a > 0.3 && b > 0.3 && abs(a - b) < 0.2 && abs(n[i].dot(n[j]) - m[i].dot(m[j])) < 0.35
          && abs(n[i].dot(u) / a - m[i].dot(w) / b) < 0.35 && abs(n[j].dot(u) / a - m[j].dot(w) / b) < 0.35
      }
    }
    var wrong = 0
    for i in 0..<count {
      for j in 0..<count where graph.hasEdge(i, j) != edges[i][j] { wrong += 1 }
      guard i % 37 == 0 else { continue }
      for j in 0..<count {
        let support = edges[i][j] ? (0..<count).count { edges[i][$0] && edges[j][$0] } : 0
        if graph.support(i, j) != support { wrong += 1 }
      }
    }
    #expect(wrong == 0)
  }

  @Test func cliquesAreCliquesOfTheMotion() {
    let graph = Matches(300).graph()
    let cliques = graph.greedyCliques(seeds: 20, limit: 12)
    #expect(!cliques.isEmpty)
    for clique in cliques {
      #expect(clique.count <= 12 && Set(clique).count == clique.count)
      for i in clique { for j in clique where i != j { #expect(graph.hasEdge(i, j)) } }
    }
    #expect(cliques[0].count == 12 && cliques[0].allSatisfy { $0 % 3 != 0 })
  }

  @Test func cliquesDoNotDependOnTheNumberOfThreads() {
    let before = Parallel.threads
    defer { Parallel.threads = before }
    let lists = [1, 2, 16].map { threads -> [[Int]] in
      Parallel.threads = threads
      return Matches(500).graph().greedyCliques(seeds: 50, limit: 40)
    }
    #expect(lists[0] == lists[1] && lists[0] == lists[2])
  }
}
