import Foundation
import Geometry
import LinearAlgebra
import PointClouds
import Registration
import Testing

@Suite struct DescriptorMapFitTests {
  private static let dimension = 12

  /// Descriptors whose places differ along planted directions (3 of 12, orthonormal) and whose noise is the same
  /// everywhere; and the directions.
  private static func planted(_ count: Int, seed: UInt64) -> (scatter: DescriptorScatter, directions: [[Double]]) {
    let n = dimension
    var directions: [[Double]] = []
    for k in 0..<3 {
      var v = normalRows(1, dimension: n, seed: 50 + UInt64(k))
      for u in directions {
        let along = zip(u, v).reduce(0) { $0 + $1.0 * $1.1 }
        v = zip(v, u).map { $0 - along * $1 }
      }
      let length = v.reduce(0) { $0 + $1 * $1 }.squareRoot()
      directions.append(v.map { $0 / length })
    }
    var scatter = DescriptorScatter(dimension: n)
    let noise = normalRows(2 * count, dimension: n, seed: seed).map { 0.1 * $0 }
    let signal = normalRows(count, dimension: 3, seed: seed + 1)
    var (keypoints, differences): ([Double], [Double]) = ([], [])
    for i in 0..<count {
      for k in 0..<n {
        // The planted directions weigh less and less.
        let place = 5 + (0..<3).reduce(0) { $0 + signal[3 * i + $1] * directions[$1][k] / Double($1 + 1) }
        let (a, b) = (place + noise[2 * i * n + k], place + noise[(2 * i + 1) * n + k])
        keypoints.append(a)
        differences.append(a - b)
      }
    }
    scatter.add(keypoints: keypoints, differences: differences)
    return (scatter, directions)
  }

  @Test("W (S_w + r I) Wᵀ = I, and the eigenvalues descend")
  func law() throws {
    let n = Self.dimension
    let (scatter, _) = Self.planted(400, seed: 1)
    let fit = DescriptorMapFit(dimension: 5)
    let solution = try fit([scatter])
    let within = fit.regularized([scatter])
    #expect(solution.matrix.count == 5 * n && solution.eigenvalues.count == 5)
    #expect(zip(solution.eigenvalues, solution.eigenvalues.dropFirst()).allSatisfy { $0 > $1 })
    for (k, l) in (0..<5).flatMap({ k in (0..<5).map { (k, $0) } }) {
      var sum = 0.0
      for (i, j) in (0..<n).flatMap({ i in (0..<n).map { (i, $0) } }) {
        sum += solution.matrix[k * n + i] * within[i * n + j] * solution.matrix[l * n + j]
      }
      #expect(abs(sum - (k == l ? 1 : 0)) < 1e-6)
    }
  }

  @Test("the directions in which places differ are found, in their order and nothing else")
  func plantedSubspace() throws {
    let n = Self.dimension
    let (scatter, directions) = Self.planted(4000, seed: 3)
    let solution = try DescriptorMapFit(dimension: 4)([scatter])
    for k in 0..<3 {
      let row = Array(solution.matrix[k * n..<(k + 1) * n])
      let length = row.reduce(0) { $0 + $1 * $1 }.squareRoot()
      let cosine = zip(row, directions[k]).reduce(0) { $0 + $1.0 * $1.1 } / length
      #expect(abs(cosine) > 0.99)
      // Signal and noise over the noise, with a twentieth of regulariser.
      let expected = (1 / Double((k + 1) * (k + 1)) + 0.01) / (0.01 * 1.05)
      #expect(abs(solution.eigenvalues[k] / expected - 1) < 0.1)
    }
    #expect(abs(solution.eigenvalues[3] - 1 / 1.05) < 0.1)
    #expect(solution.mean.allSatisfy { abs($0 - 5) < 0.1 })
  }

  @Test("kinds count the same however many pairs they have, and parts add up to the whole")
  func kinds() throws {
    let (a, _) = Self.planted(300, seed: 5)
    let (b, _) = Self.planted(300, seed: 7)
    var thrice = a
    thrice.add(a)
    thrice.add(a)
    #expect(thrice.pairs == 3 && thrice.matches == 900)
    let (once, weighted) = (
      try DescriptorMapFit(dimension: 4)([a, b]), try DescriptorMapFit(dimension: 4)([thrice, b])
    )
    #expect(zip(once.matrix, weighted.matrix).allSatisfy { abs($0 - $1) < 1e-8 })
    #expect(once.matrix != (try DescriptorMapFit(dimension: 4)([a])).matrix)
  }

  @Test("what fixes no map is refused")
  func refused() {
    let (scatter, _) = Self.planted(3, seed: 9)
    func fit(_ dimension: Int, _ kinds: [DescriptorScatter]) throws {
      _ = try DescriptorMapFit(dimension: dimension)(kinds)
    }
    #expect(throws: DescriptorMapError.self) { try fit(4, []) }
    #expect(throws: DescriptorMapError.self) { try fit(4, [scatter]) }
    #expect(throws: DescriptorMapError.self) { try fit(13, [scatter]) }
    #expect(throws: DescriptorMapError.self) { try fit(0, [scatter]) }
    var constant = DescriptorScatter(dimension: 2)
    constant.add(keypoints: [Double](repeating: 1, count: 20), differences: [Double](repeating: 0, count: 20))
    #expect(throws: DescriptorMapError.self) { try fit(1, [constant]) }
  }

  @Test("true matches agree in their normals, each source has one, and mapping raises the inlier ratio of a pair")
  func pair() throws {
    let data = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .deletingLastPathComponent().appending(path: "data")
    func cloud(_ name: String) throws -> PointCloud {
      try CloudReader()(data.appending(path: "\(name).ply").path).cloud
    }
    let numbers = try String(contentsOf: data.appending(path: "room_truth.txt"), encoding: .utf8)
      .split { $0.isWhitespace }.compactMap { Double($0) }
    try #require(numbers.count == 16)
    func column(_ k: Int) -> Point3 { Point3(numbers[k], numbers[4 + k], numbers[8 + k]) }
    let truth = RigidTransform(
      rotation: Rotation3(nearest: Matrix3(columns: column(0), column(1), column(2))), translation: column(3))
    let pair = try RegisteredPair(source: try cloud("room_source"), target: try cloud("room_target"), truth: truth)
    let matches = pair.trueMatches
    let (source, target) = pair.features
    #expect(matches.count > 100 && Set(matches.map(\.source)).count == matches.count)
    #expect(matches.allSatisfy { Int($0.source) < source.count && Int($0.target) < target.count })
    for match in matches {
      let (m, n) = (source.normals[Int(match.source)], target.normals[Int(match.target)])
      #expect((truth.rotation.matrix * Point3(m)).dot(Point3(n)) > 0.49)
    }
    // Both ways: the matches of either cloud's keypoints, and the same whichever cloud is the source.
    let dimension = source.dimension
    func gathered(_ pair: RegisteredPair, bothWays: Bool) -> DescriptorScatter {
      var scatter = DescriptorScatter(dimension: dimension)
      scatter.add(pair, bothWays: bothWays)
      return scatter
    }
    let (there, back) = (gathered(pair, bothWays: false), gathered(pair.swapped, bothWays: false))
    let (both, swapped) = (gathered(pair, bothWays: true), gathered(pair.swapped, bothWays: true))
    #expect(both.matches == there.matches + back.matches && both.pairs == 1)
    let fits = try [both, swapped].map { try DescriptorMapFit(dimension: 8)([$0]).eigenvalues }
    #expect(zip(fits[0], fits[1]).allSatisfy { abs($0 - $1) < 1e-8 * max(1, $0) }, "\(fits)")
    let (fixed, mapped) = (pair.inliers(nil), pair.inliers(.shipped))
    #expect(fixed.matches > 50 && mapped.matches > 50)
    #expect(mapped.share > fixed.share && fixed.share > 0.05 && mapped.share <= 1)
  }
}
