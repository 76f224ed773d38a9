import Evaluation
import Geometry
import Registration
import Solvers
import Testing

@Suite struct PairEvaluationTests {
  @Test("different lists are never mixed in a table")
  func lists() {
    let scores = ["3DMatch", "3DLoMatch"].flatMap { list in
      [PairFixture.score(0, 2, .identity, list: list), PairFixture.score(0, 3, nil, list: list)]
    }
    for name in PairProtocol.allCases where name != .objects {
      let tables = PairEvaluation(protocol: name).tables(scores)
      #expect(tables.map { $0.title.prefix(8) } == ["3DMatch,", "3DLoMatc"])
      for table in tables {
        #expect(table["all pairs", "pairs"] == "2")
        #expect(table.rows.allSatisfy { $0.cells.count == table.columns.count - 1 })
        #expect(table.rows.last?.isSummary == true)
      }
    }
  }

  @Test("no pair, no table; pairs without a truth are left out and named")
  func nothing() throws {
    let evaluation = PairEvaluation(protocol: .generic)
    #expect(evaluation.tables([]).isEmpty && evaluation.curves([]).isEmpty && evaluation.worst([]).isEmpty)
    let unknown = PairScore(
      item: PairFixture.item(0, 2, list: "pairs", scene: "", truth: nil, information: nil),
      outcome: .estimated(.init(pose: .identity)))
    let unknownMissing = PairScore(
      item: PairFixture.item(0, 3, list: "pairs", scene: "", truth: nil, information: nil), outcome: .missing)
    let table = try #require(evaluation.tables([unknown, unknownMissing]).first)
    #expect(table["all pairs", "pairs"] == "0" && table["all pairs", "RR % 15deg/0.3m"] == "-")
    #expect(table.notes.contains("2 pairs without a true pose left out"))
    #expect(evaluation.isRight(unknownMissing) == nil && evaluation.worst([unknown, unknownMissing]).isEmpty)
  }

  @Test("a pair without an information matrix cannot be judged by its RMSE, and the table says so")
  func noInformation() throws {
    let item = PairFixture.item(0, 2, information: nil)
    let score = PairScore(item: item, outcome: .estimated(.init(pose: .identity)))
    let table = try #require(PairEvaluation(protocol: .match3DA).tables([score]).first)
    #expect(table["all pairs", "pairs"] == "0")
    #expect(table.notes.contains { $0.contains("no information matrix") })
    #expect(PairProtocol.standard(for: .match3D, [item]) == .match3DB)
    #expect(PairProtocol.standard(for: .match3D, [PairFixture.item(0, 2)]) == .match3DA)
  }

  @Test("an estimate that is not finite and a pair that failed count as failures, with their reason")
  func failures() throws {
    let broken = PairFixture.score(0, 2, RigidTransform(translation: Point3(.nan, 0, 0)))
    let failed = PairScore(
      item: PairFixture.item(0, 3), outcome: .failed(status: 65, message: "b.ply: no point"))
    let evaluation = PairEvaluation(protocol: .match3DA)
    #expect(evaluation.isRight(broken) == false && evaluation.isRight(failed) == false)
    let table = try #require(evaluation.tables([broken, failed, PairFixture.score(0, 4, .identity)]).first)
    #expect(table["all pairs", "failures"] == "2" && table["all pairs", "RR %"] == "33.3")
    #expect(table["all pairs", "precision %"] == "100.0")
    #expect(table.notes.contains { $0.contains("2 pairs not registered") && $0.contains("not finite") })
  }

  @Test("the standard protocol of every layout fits it")
  func standard() {
    for layout in Layout.allCases {
      let items = [PairFixture.item(0, 2)]
      guard let name = PairProtocol.standard(for: layout, items) else {
        #expect([.tracking, .sequence, .trajectory].contains(layout))
        continue
      }
      #expect(name.fits(layout))
    }
    #expect(PairProtocol.standard(for: .pairs, [PairFixture.item(0, 0, diameter: 1)]) == .objects)
    #expect(PairProtocol.standard(for: .pairs, []) == .generic)
    #expect(PairProtocol(rawValue: "kitti-5deg-60cm") == .kitti60cm)
  }

  /// Poses with verdicts: id, error in metres, verdict.
  private func believed(_ values: [(Double?, Verdict?)]) -> [PairScore] {
    values.enumerated().map { k, value in
      PairScore(
        item: PairFixture.item(0, k + 2),
        outcome: value.0.map { .estimated(.init(pose: PairFixture.pose(metres: $0), verdict: value.1)) } ?? .missing)
    }
  }

  @Test("verdicts are held against the truth, and poses are believed in their order")
  func verdicts() throws {
    let scores = believed([
      (0, .doubtful), (1, .failed), (0, .trusted), (nil, nil), (1, .doubtful), (0.1, .trusted), (1, .trusted),
    ])
    let evaluation = PairEvaluation(protocol: .match3DA)
    let tables = evaluation.tables(scores)
    #expect(tables.count == 2)
    let table = tables[1]
    #expect(table.rows.map(\.name) == ["trusted", "doubtful", "failed", "no pose", "all pairs"])
    #expect(table["trusted", "pairs"] == "3" && table["trusted", "right"] == "2" && table["trusted", "wrong"] == "1")
    #expect(
      table["doubtful", "right %"] == "50.0" && table["failed", "right"] == "0" && table["no pose", "wrong"] == "1")
    let curve = try #require(evaluation.curves(scores).first { $0.title.contains("believed") })
    // Trusted by id: right, right, wrong; doubtful: right, wrong; failed: wrong; no pose: wrong.
    let right = [1.0, 2, 2, 3, 3, 3, 3]
    for (k, point) in curve.lines[0].points.enumerated() {
      #expect(abs(point.x - 100 * Double(k + 1) / 7) < 1e-12 && abs(point.y - 100 * right[k] / Double(k + 1)) < 1e-12)
    }
    #expect(evaluation.tables(believed([(0, nil), (1, nil)])).count == 1)
  }

  @Test("round trips are told for right and wrong pairs, for verdicts of both ways, and for all")
  func roundTrips() throws {
    var scores = (0..<20).map { PairFixture.score(0, 2 + $0, PairFixture.pose(metres: $0 < 16 ? 0.01 : 3)) }
    #expect(PairEvaluation(protocol: .match3DA).tables(scores).count == 1)
    for k in scores.indices {
      let verdict: Verdict = k < 12 ? .trusted : k < 19 ? .doubtful : .failed
      scores[k].outcome = .estimated(.init(pose: PairFixture.pose(metres: k < 16 ? 0.01 : 3), verdict: verdict))
      let trip = PoseRoundTrip(rotationDegrees: Double(k), displacement: 0.01 * Double(k))
      scores[k].reverse = .init(roundTrip: trip, verdict: k < 14 ? .trusted : .doubtful)
    }
    let table = try #require(PairEvaluation(protocol: .match3DA).tables(scores).last)
    #expect(table.title == "3DMatch, round trip: source to target and back")
    #expect(
      table.rows.map(\.name)
        == [
          "right", "wrong", "trusted both ways", "trusted one way", "doubtful both ways", "failed one way or both",
          "answered both ways",
        ])
    #expect(table["right", "pairs"] == "16" && table["right", "median deg"] == "7.500")
    #expect(table["wrong", "pairs"] == "3" && table["wrong", "95 % m"] == "0.1800")
    #expect(table["trusted both ways", "pairs"] == "12" && table["trusted one way", "pairs"] == "2")
    #expect(table["doubtful both ways", "pairs"] == "5")
    // What failed has no answer to compare.
    #expect(table["failed one way or both", "pairs"] == "1")
    #expect(table.rows[5].cells.dropFirst().allSatisfy { $0 == .none })
    // The nineteenth of nineteen.
    #expect(table["answered both ways", "95 % deg"] == "18.000" && table["answered both ways", "median m"] == "0.0900")
    scores[3].reverse = nil
    #expect(PairEvaluation(protocol: .match3DA).tables(scores).last?["answered both ways", "pairs"] == "18")
  }

  @Test("recall grows with the threshold, and equals the table's at the bound")
  func recallCurve() throws {
    let scores = (2..<30).map {
      PairFixture.score(0, $0, $0 % 9 == 0 ? nil : PairFixture.pose(metres: 0.017 * Double($0)))
    }
    let evaluation = PairEvaluation(protocol: .match3DA)
    let curve = try #require(evaluation.curves(scores).first)
    let points = curve.lines[0].points
    #expect(points.count == 51 && points[0].x == 0 && points.last?.x == 0.5)
    #expect(zip(points, points.dropFirst()).allSatisfy { $0.y <= $1.y && $0.x < $1.x })
    let atBound = try #require(points.first { abs($0.x - 0.2) < 1e-12 })
    #expect(evaluation.tables(scores)[0]["all pairs", "RR %"] == ScoreTable.Cell.number(atBound.y, decimals: 1).text)
    // The distribution of errors ends at the share of pairs with an estimate.
    let distribution = try #require(evaluation.curves(scores).first { $0.title.contains("distribution of RTE") })
    #expect(abs(distribution.lines[0].points.last!.y - 100 * 25 / 28) < 1e-9)
  }

  @Test("the worst pairs: largest error first, equal ones in order, pairs without a pose at the end")
  func worst() {
    let scores = [0.1, nil, 0.5, 0.3, 0.5].enumerated().map { k, metres in
      PairFixture.score(0, k + 2, metres.map { PairFixture.pose(metres: $0) })
    }
    let evaluation = PairEvaluation(protocol: .match3DA)
    #expect(evaluation.worst(scores).map(\.second) == [4, 6, 5, 2, 3])
    #expect(evaluation.worst(scores, count: 2).map(\.second) == [4, 6])
    #expect(evaluation.worst(scores, count: 0).isEmpty && evaluation.worst(scores, count: -1).isEmpty)
    // Without a criterion the angle decides.
    let turned = [3.0, 50, 8].enumerated().map { PairFixture.score(0, $0 + 2, PairFixture.pose(degrees: $1)) }
    #expect(PairEvaluation(protocol: .rpmnet).worst(turned).map(\.second) == [3, 4, 2])
  }

  @Test("RPMNet's table: isotropic means, anisotropic mean and root mean square errors")
  func rpmnetTable() throws {
    var scores = [
      PairFixture.score(0, 2, PairFixture.pose(degrees: 3, metres: 0.3), list: "ModelNet40"),
      PairFixture.score(0, 3, PairFixture.pose(degrees: -6, metres: 0), list: "ModelNet40"),
      PairFixture.score(0, 4, nil, list: "ModelNet40"),
    ]
    scores[0].modifiedChamfer = 0.5
    let table = try #require(PairEvaluation(protocol: .rpmnet).tables(scores).first)
    #expect(table["all pairs", "pairs"] == "3" && table["all pairs", "estimated"] == "2")
    #expect(table["all pairs", "RRE deg"] == "4.500" && table["all pairs", "RTE"] == "0.1500")
    #expect(table["all pairs", "Euler MAE deg"] == "1.500")  // (3 + 6) / 6
    #expect(table["all pairs", "Euler RMSE deg"] == "2.739")  // √((9 + 36) / 6)
    #expect(table["all pairs", "t MAE"] == "0.0500" && table["all pairs", "t RMSE"] == "0.1225")
    #expect(table["all pairs", "Chamfer m2"] == "0.500000")
    #expect(table.notes.contains("1 pair without an estimate left out of the means"))
  }
}
