import Testing

/// `plumb register --covariance`.
@Suite struct CovarianceTests {
  @Test("a number with its convention; nothing unless asked for; the same for any number of threads")
  func stored() throws {
    let pair = Pair.full
    let (plain, report) = try register(pair.source, pair.target)
    expectOrderly(plain)
    #expect(report?.object["covariance_of"] as? [String: Any] == nil, "\(plain)")
    var texts: Set<String> = []
    for threads in ["1", "2"] {
      let (outcome, report) = try register(
        pair.source, pair.target, options: ["--covariance", "laplace", "--threads", threads])
      expectOrderly(outcome)
      let found = try #require(report, "\(outcome)")
      let rows = try #require(found.object["covariance"] as? [[Double]], "\(outcome)")
      #expect(rows.count == 6 && rows.allSatisfy { $0.count == 6 } && (0..<6).allSatisfy { rows[$0][$0] > 0 })
      let about = try #require(found.object["covariance_of"] as? [String: Any], "\(outcome)")
      #expect((about["convention"] as? String)?.contains("T_true = exp(xi) T_local") ?? false, "\(about)")
      texts.insert("\(rows)")
    }
    #expect(texts.count == 1)
  }

  @Test("a wall that slides: a warning and no number")
  func open() throws {
    let (outcome, report) = try register(
      Shapes.plane(seed: 1), Shapes.plane(seed: 2), options: ["--covariance", "laplace", "--init", "identity"])
    expectOrderly(outcome)
    let about = try #require(report?.object["covariance_of"] as? [String: Any], "\(outcome)")
    #expect(about["reason"] != nil && report?.object["covariance"] as? [[Double]] == nil, "\(outcome)")
    #expect(outcome.errors.contains("no covariance"), "\(outcome)")
  }
}
