import Geometry
import Parallelism
import Solvers
import Testing

@Suite struct RobustAlignmentTests {
  private func align(_ matches: PlantedMatches, _ members: [Int]) -> RobustAlignment.Result? {
    RobustAlignment(noiseBound: 0.05)(
      source: members.map { Point3(matches.source[$0]) }, target: members.map { Point3(matches.target[$0]) })
  }

  @Test(arguments: [1, 0.8, 0.6, 0.4, 0.33], [UInt64(1), 2, 3])
  func thePlantedMotionIsFound(share: Double, seed: UInt64) throws {
    let matches = PlantedMatches(400, share: share, seed: seed)
    let result = try #require(align(matches, Array(0..<400)))
    #expect(matches.isPlanted(result.transform) && result.converged)
    for i in 0..<400 where matches.isRight[i] { #expect(result.weights[i] > 0.999) }
    #expect(result.inlierCount >= Int(400 * share) && result.inlierCount <= Int(400 * share) + 3)
    #expect(result.weights.reduce(0, +) < 400 * share + 3)
  }

  /// The core first, then the alignment: one right correspondence in ten, or in twenty.
  @Test(arguments: [0.2, 0.1, 0.05], [UInt64(1), 2, 3])
  func fewRightOnesAreFoundInTheInnermostCore(share: Double, seed: UInt64) throws {
    let matches = PlantedMatches(1000, share: share, seed: seed)
    let result = try #require(align(matches, CoreNumbers(matches.graph()).innermost))
    #expect(matches.isPlanted(result.transform))
    #expect(Double(result.inlierCount) > 800 * share)
  }

  @Test func exactPairsNeedNoIteration() throws {
    let result = try #require(align(PlantedMatches(30, share: 1, noise: 0, seed: 4), Array(0..<30)))
    #expect(result.iterations == 0 && result.converged && result.inlierCount == 30)
  }

  @Test func reorderedPairsHaveReorderedWeights() throws {
    let matches = PlantedMatches(100, share: 0.5, seed: 5)
    let forward = try #require(align(matches, Array(0..<100)))
    let backward = try #require(align(matches, (0..<100).reversed()))
    for i in 0..<100 { #expect(abs(forward.weights[i] - backward.weights[99 - i]) < 1e-9) }
  }

  @Test func degenerateInputHasNoMotion() {
    let robust = RobustAlignment(noiseBound: 0.1)
    #expect(robust(source: [], target: []) == nil)
    let line = (0..<9).map { Point3(Double($0), 2, 1) }
    #expect(robust(source: line, target: line) == nil)
    let same = [Point3](repeating: Point3(1, 2, 3), count: 5)
    #expect(robust(source: same, target: same) == nil)
    let some = [Point3(0, 0, 0), Point3(1, 0, 0), Point3(0, 1, 0), Point3(0, 0, 1)]
    #expect(robust(source: Array(some.prefix(2)), target: Array(some.prefix(2))) == nil)
    #expect(robust(source: some, target: some.map { $0 + Point3(.nan, 0, 0) }) == nil)
    #expect(robust(source: some, target: some)?.inlierCount == 4)
    #expect(RobustAlignment(noiseBound: 0)(source: some, target: some) == nil)
  }

  @Test func tooFewIterationsAreNotCalledConverged() throws {
    let matches = PlantedMatches(200, share: 0.5, seed: 6)
    var robust = RobustAlignment(noiseBound: 0.05)
    robust.iterations = 2
    let result = try #require(
      robust(source: matches.source.map { Point3($0) }, target: matches.target.map { Point3($0) }))
    #expect(!result.converged && result.iterations == 2)
  }
}

@Suite(.serialized) struct SpectralAlignmentTests {
  @Test(arguments: [0.5, 0.2, 0.1, 0.05], [UInt64(1), 2, 3])
  func theFirstSeedsGiveThePlantedMotion(share: Double, seed: UInt64) {
    let matches = PlantedMatches(1000, share: share, seed: seed)
    let results = SpectralAlignment(length: 0.1)(matches.graph(), source: matches.source, target: matches.target)
    #expect(results.prefix(10).count { matches.isPlanted($0.transform) } >= 8)
    for result in results {
      #expect(result.members.count <= 20 && Set(result.members).count == result.members.count)
      #expect(abs(result.weights.reduce(0) { $0 + $1 * $1 } - 1) < 1e-9 && result.weights.allSatisfy { $0 >= 0 })
    }
  }

  @Test func seedsKeepTheirDistance() {
    let matches = PlantedMatches(300, share: 0.4, seed: 4)
    var spectral = SpectralAlignment(length: 0.1)
    (spectral.spacing, spectral.seeds) = (2, 40)
    let seeds = spectral(matches.graph(), source: matches.source, target: matches.target).map { $0.members[0] }
    #expect(seeds.count > 5 && seeds.count <= 40)
    for i in seeds {
      for j in seeds where i != j { #expect((matches.source[i] - matches.source[j]).length >= 2) }
    }
  }

  @Test func nothingInNothingOut() {
    for count in [0, 1, 2] {
      let matches = PlantedMatches(count, share: 1, seed: 5)
      let results = SpectralAlignment(length: 0.1)(matches.graph(), source: matches.source, target: matches.target)
      #expect(results.isEmpty)
    }
  }

  @Test func bitsDoNotDependOnThreads() {
    let matches = PlantedMatches(400, share: 0.2, seed: 6)
    let before = Parallel.threads
    defer { Parallel.threads = before }
    let lists = [1, 2, 16].map { threads -> [RigidTransform] in
      Parallel.threads = threads
      return SpectralAlignment(length: 0.1)(matches.graph(), source: matches.source, target: matches.target)
        .map(\.transform)
    }
    #expect(!lists[0].isEmpty && lists[0] == lists[1] && lists[0] == lists[2])
  }
}
