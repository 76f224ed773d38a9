import Evaluation
import Geometry
import Registration
import Testing

@Suite struct EvaluationReportTests {
  static let hostile = "<script>alert(1)</script>\u{1B}[31m\n\"'&"

  /// A wavy square.
  static let cloud = PointCloud(
    positions: (0..<900).map { k in
      let (x, y) = (Float(k % 30) / 10, Float(k / 30) / 10)
      return SIMD3(x, y, 0.2 * x * y - 0.1 * x * x)
    })

  static func item(_ id: String, truth: RigidTransform? = .identity) -> PairItem {
    let file = CloudReference(path: "a.ply")
    return PairItem(
      id: id, list: "pairs", scene: "room", numbers: (0, 1), source: file, target: file, truth: truth, overlap: 0.25)
  }

  static func score(_ outcome: PairScore.Outcome) -> PairScore {
    var score = PairScore(id: "a", list: "pairs", scene: "room", first: 0, second: 1, outcome: outcome)
    score.rotationErrorDegrees = 12.34
    score.translationError = 1.5
    return score
  }

  static func page(_ name: String, worst: [WorstItem] = [], comparison: BaselineComparison? = nil) -> String {
    let table = ScoreTable(
      title: name, columns: [name, "recall, %", "pairs", "remark", "none"],
      rows: [
        ScoreTable.Row(name: name, cells: [.number(91.234, decimals: 1), .count(1623), .text(name), .none]),
        ScoreTable.Row(name: "all", cells: [.number(.nan, decimals: 1), .count(0), .text(""), .none], isSummary: true),
      ], notes: [name])
    let curve = Curve(
      title: name, xLabel: name, yLabel: name,
      lines: [Curve.Line(name: name, points: [(0, 0), (0.1, 0.6), (0.2, 0.9)])])
    return EvaluationReport(
      title: name, subject: [(name: name, value: name)], tables: [table], curves: [curve], worst: worst,
      comparison: comparison
    ).html()
  }

  @Test("no name from a benchmark becomes a tag, a line or an escape sequence, wherever it stands")
  func names() {
    let failed = Self.score(.failed(status: 65, message: Self.hostile))
    let worst = WorstItem(item: Self.item(Self.hostile), score: failed, source: Self.cloud, target: Self.cloud)
    let row = BaselineComparison.Row(name: Self.hostile, value: 1, baseline: 2, moreIsBetter: true, decimals: 1)
    let comparison = BaselineComparison(baseline: Self.hostile, interval: Self.hostile, rows: [row])
    let html = Self.page(Self.hostile, worst: [worst], comparison: comparison)
    #expect(!html.contains("<script>alert") && !html.contains("\u{1B}") && html.contains("&lt;script&gt;alert(1)"))
    #expect(!html.contains("[31m\n"))
  }

  @Test("figures stand with their decimals, what is none as a dash, sums marked")
  func figures() {
    let html = Self.page("t")
    #expect(html.contains(">91.2</td>") && html.contains(">1 623</td>") && !html.contains("nan"))
    #expect(html.contains("<tr class=\"summary\">"))
    #expect(html == Self.page("t"), "the same bytes for the same content")
    #expect(!html.contains("class=\"worst\"") && !html.contains("Beside"))
  }

  @Test("what went wrong is told in words, with a picture of each pose and a view, or without where there is no cloud")
  func worst() {
    let wrong = RigidTransform(rotation: Rotation3(rotationVector: Point3(0, 0, 0.2)), translation: Point3(1.5, 0, 0))
    let estimate = PairScore.Estimate(pose: wrong, verdict: .doubtful, reasons: ["overlap is low"])
    let items: [(PairScore.Outcome, PointCloud?, String, Int)] = [
      (.estimated(estimate), Self.cloud, "Verdict: doubtful: overlap is low", 2),
      (.estimated(PairScore.Estimate(pose: wrong)), Self.cloud, "rotation off by 12.3°, translation off by 1.5 m", 2),
      (.missing, Self.cloud, "The result lacks this pair.", 1), (.missing, nil, "No clouds to show.", 0),
      (.failed(status: 65, message: "no points"), PointCloud(positions: []), "exit status 65: no points", 0),
    ]
    for (outcome, cloud, words, pictures) in items {
      let item = WorstItem(item: Self.item("a"), score: Self.score(outcome), source: cloud, target: cloud)
      let html = Self.page("t", worst: [item])
      #expect(html.contains(words), "\(words)")
      #expect(html.components(of: "data:image/png") == pictures, "\(words)")
      #expect(html.components(of: "class=\"cloud-view\"") == (pictures > 0 ? 1 : 0), "\(words)")
    }
  }

  @Test("an estimate far away, a cloud that is one point and one that is not finite are shown without a trap")
  func extremes() {
    let far = PairScore.Estimate(pose: RigidTransform(translation: Point3(1e12, -1e12, 5)))
    let clouds = [
      Self.cloud, PointCloud(positions: [.zero]), PointCloud(positions: [SIMD3(.nan, 0, 0)]),
      PointCloud(positions: [SIMD3(1e30, 0, 0), SIMD3(0, -1e30, 0), SIMD3(0, 0, 1e-30)]),
    ]
    for source in clouds {
      for target in clouds {
        let item = WorstItem(
          item: Self.item("a"), score: Self.score(.estimated(far)), source: source, target: target)
        #expect(Self.page("t", worst: [item]).contains("class=\"cloud-view\""))
      }
    }
  }

  @Test("only the ten worst are shown")
  func ten() {
    let item = WorstItem(item: Self.item("a"), score: Self.score(.missing), source: nil, target: nil)
    let html = Self.page("t", worst: [WorstItem](repeating: item, count: 25))
    #expect(html.components(of: "class=\"worst\"") == 10 && html.contains("The 10 worst pairs"))
  }

  @Test("a difference is called better or worse only where its interval excludes zero")
  func findings() {
    func row(_ lower: Double?, _ upper: Double?, more: Bool) -> BaselineComparison.Finding {
      BaselineComparison.Row(
        name: "x", value: 1, baseline: 2, lower: lower, upper: upper, moreIsBetter: more, decimals: 1
      ).finding
    }
    #expect(row(0.1, 2, more: true) == .better && row(0.1, 2, more: false) == .worse)
    #expect(row(-2, -0.1, more: true) == .worse && row(-2, -0.1, more: false) == .better)
    #expect(row(-1, 1, more: true) == .open && row(nil, nil, more: true) == .open && row(0, 1, more: true) == .open)
  }
}

extension String {
  fileprivate func components(of word: String) -> Int { ranges(of: word).count }
}
