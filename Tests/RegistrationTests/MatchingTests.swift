import Geometry
import Parallelism
import PointClouds
import Registration
import Testing

private func features(_ n: Int, dimension: Int, seed: UInt64) -> Features {
  var numbers = FeatureNumbers(state: seed)
  var rows: [Float] = []
  for _ in 0..<n {
    let row = (0..<dimension).map { _ in Float.random(in: 0...1, using: &numbers) }
    let length = row.reduce(0) { $0 + $1 * $1 }.squareRoot()
    rows += row.map { $0 / length }
  }
  return Features(
    keypoints: [SIMD3<Float>](repeating: .zero, count: n), normals: [SIMD3<Float>](repeating: .zero, count: n),
    indices: (0..<Int32(n)).map { $0 }, descriptors: rows, dimension: dimension)
}

private func squaredDistance(_ a: Features, _ i: Int, _ b: Features, _ j: Int) -> Double {
  (0..<a.dimension).reduce(0) { sum, k in
    let d = Double(a.descriptors[i * a.dimension + k]) - Double(b.descriptors[j * b.dimension + k])
    return sum + d * d
  }
}

@Suite(.serialized) struct MatchingTests {
  @Test(arguments: [(1, 1), (1, 7), (7, 1), (130, 129), (300, 1100), (1500, 40)])
  func mutualMatchesEqualBruteForce(m: Int, n: Int) {
    let (a, b) = (features(m, dimension: 13, seed: UInt64(m)), features(n, dimension: 13, seed: UInt64(n) + 99))
    let matches = DescriptorMatcher()(source: a, target: b)
    func sorted(_ i: Int, _ a: Features, _ b: Features) -> [(Double, Int)] {
      (0..<b.count).map { (squaredDistance(a, i, b, $0), $0) }.sorted { $0 < $1 }
    }
    let columns = (0..<n).map { sorted($0, b, a) }
    var expected: [Correspondence: (Double, Double)] = [:]
    for i in 0..<m {
      let row = sorted(i, a, b)
      let j = row[0].1
      guard columns[j][0].1 == i else { continue }
      func ratio(_ l: [(Double, Int)]) -> Double { l.count > 1 ? l[0].0 / l[1].0 : 1 }
      expected[Correspondence(source: Int32(i), target: Int32(j))] = (row[0].0, max(ratio(row), ratio(columns[j])))
    }
    #expect(Set(matches.map { $0.correspondence }) == Set(expected.keys))
    for match in matches {
      let e = expected[match.correspondence]!
      #expect(abs(Double(match.squaredDistance) - e.0) < 1e-5)
      #expect(abs(Double(match.ratio) - e.1) < 1e-4)
    }
    #expect(zip(matches, matches.dropFirst()).allSatisfy { $0.ratio <= $1.ratio })
  }

  @Test("the nearest of vectors of any length is the nearest by distance, and swapping the clouds swaps the matches")
  func lengthsCount() {
    func scaled(_ n: Int, seed: UInt64) -> Features {
      var (rows, numbers) = (features(n, dimension: 9, seed: seed), FeatureNumbers(state: seed + 1))
      for i in 0..<n {
        let length = Float.random(in: 0.2...5, using: &numbers)
        for k in 0..<9 { rows.descriptors[9 * i + k] *= length }
      }
      return rows
    }
    let (a, b) = (scaled(420, seed: 31), scaled(530, seed: 33))
    func nearest(_ i: Int, _ a: Features, _ b: Features) -> Int {
      (0..<b.count).min { squaredDistance(a, i, b, $0) < squaredDistance(a, i, b, $1) } ?? -1
    }
    let (forward, backward) = ((0..<420).map { nearest($0, a, b) }, (0..<530).map { nearest($0, b, a) })
    let expected = Set(forward.indices.filter { backward[forward[$0]] == $0 }.map { [$0, forward[$0]] })
    let matches = DescriptorMatcher()(source: a, target: b)
    #expect(expected.count > 50)
    #expect(Set(matches.map { [Int($0.correspondence.source), Int($0.correspondence.target)] }) == expected)
    let swapped = DescriptorMatcher()(source: b, target: a)
    #expect(Set(swapped.map { [Int($0.correspondence.target), Int($0.correspondence.source)] }) == expected)
  }

  /// FLANN's exact tree is the oracle of the products, at the width of real descriptors.
  @Test func productsAndFLANNFindTheSameMatches() throws {
    let (a, b) = (features(400, dimension: 426, seed: 21), features(350, dimension: 426, seed: 22))
    func nearest(_ q: Features, _ index: Features) throws -> [Int] {
      try FLANNIndex(rows: index.descriptors, dimension: index.dimension).neighbors(of: q.descriptors, count: 1)
        .map { Int($0.index) }
    }
    let (forward, backward) = (try nearest(a, b), try nearest(b, a))
    let expected = Set(forward.indices.filter { backward[forward[$0]] == $0 }.map { [$0, forward[$0]] })
    let matches = DescriptorMatcher()(source: a, target: b)
    #expect(!expected.isEmpty)
    #expect(Set(matches.map { [Int($0.correspondence.source), Int($0.correspondence.target)] }) == expected)
  }

  @Test func eitherDirectionListsEveryNearest() {
    let (a, b) = (features(90, dimension: 9, seed: 1), features(140, dimension: 9, seed: 2))
    let mutual = DescriptorMatcher()(source: a, target: b)
    let all = DescriptorMatcher(selection: .eitherDirection)(source: a, target: b)
    #expect(Array(all.prefix(mutual.count)) == mutual)
    #expect(Set(all.map { $0.correspondence }).count == all.count)
    #expect(all.count == 90 + 140 - mutual.count)
    let rest = all.dropFirst(mutual.count)
    #expect(zip(rest, rest.dropFirst()).allSatisfy { $0.ratio <= $1.ratio })
    #expect(DescriptorMatcher(selection: .eitherDirection, limit: 10)(source: a, target: b) == Array(all.prefix(10)))
  }

  @Test func swappingTheCloudsSwapsTheMatches() {
    let (a, b) = (features(200, dimension: 16, seed: 3), features(170, dimension: 16, seed: 4))
    let (ab, ba) = (DescriptorMatcher()(source: a, target: b), DescriptorMatcher()(source: b, target: a))
    let swapped = ba.map { Correspondence(source: $0.correspondence.target, target: $0.correspondence.source) }
    #expect(Set(ab.map { $0.correspondence }) == Set(swapped))
  }

  @Test func amongEqualsTheLowestIndexWins() {
    var a = features(4, dimension: 8, seed: 5)
    a.descriptors = [Float](repeating: 0, count: 32)
    for i in 0..<4 { a.descriptors[8 * i] = 1 }
    let matches = DescriptorMatcher()(source: a, target: a)
    #expect(matches.map { $0.correspondence } == [Correspondence(source: 0, target: 0)])
    #expect(matches[0].ratio == 1)
  }

  @Test func nothingToMatch() {
    let (a, none) = (features(5, dimension: 8, seed: 6), features(0, dimension: 8, seed: 7))
    #expect(DescriptorMatcher()(source: a, target: none).isEmpty)
    #expect(DescriptorMatcher(selection: .eitherDirection)(source: none, target: a).isEmpty)
  }

  @Test func bitsDoNotDependOnThreads() {
    let (a, b) = (features(700, dimension: 33, seed: 8), features(900, dimension: 33, seed: 9))
    let before = Parallel.threads
    defer { Parallel.threads = before }
    let results = [1, 2, 16].map { t -> [Match] in
      Parallel.threads = t
      return DescriptorMatcher(selection: .eitherDirection)(source: a, target: b)
    }
    #expect(results[1] == results[0] && results[2] == results[0])
  }
}
