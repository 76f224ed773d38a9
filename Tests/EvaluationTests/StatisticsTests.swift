import Evaluation
import Testing

@Suite struct StatisticsTests {
  private let values: [Double] = (0..<1000).map { k in
    let (mixed, step) = (Double(k * 7919 % 1009), Double(k))
    return 0.1 * mixed + 1e-3 * step
  }

  @Test(
    "golden: sum, median and standard deviation equal numpy's to the last bit",
    arguments: [
      (1, 0.0, 0.0, 0.0), (7, 284.121, 39.704, 29.321024147550244), (8, 378.82800000000003, 47.3535, 32.75047221415288),
      (9, 458.23600000000005, 55.003, 32.47917751573715), (16, 787.52, 51.9065, 30.836432632520907),
      (100, 5090.850000000001, 51.1725, 29.420761126286315), (128, 6517.028, 51.1725, 29.343532556951942),
      (129, 6576.756, 51.356, 29.23979594474303), (130, 6621.185, 51.1725, 29.132745306242636),
      (257, 12928.496, 50.255, 29.122267559943065), (1000, 50967.3, 50.977500000000006, 29.137372122585113),
    ])
  func numpy(count: Int, sum: Double, median: Double, deviation: Double) {
    let some = Array(values.prefix(count))
    #expect(some.pairwiseSum == sum)
    #expect(some.median == median)
    #expect(some.standardDeviation == deviation)
    #expect(some.mean == sum / Double(count))
  }

  @Test("nothing has no mean, and NaN does not disturb the order")
  func empty() {
    let none: [Double] = []
    #expect(none.mean == nil && none.median == nil && none.rootMeanSquare == nil && none.pairwiseSum == 0)
    #expect([Double.nan, 3, 1].ascending.prefix(2) == [1, 3])
    #expect([3.0, -4].rootMeanSquare == 12.5.squareRoot())
  }

  @Test(
    "golden: Wilson intervals as SciPy gives them",
    arguments: [
      (45, 50, 0.7863976856252034, 0.9565242350681095), (0, 10, 0, 0.27753279986288926),
      (10, 10, 0.7224672001371109, 1), (1, 1, 0.20654931437723745, 1),
      (1500, 1623, 0.9103133490219579, 0.9361120924578743),
    ])
  func wilson(successes: Int, trials: Int, lower: Double, upper: Double) throws {
    let interval = try #require(WilsonInterval(successes: successes, trials: trials))
    #expect(abs(interval.lower - lower) < 1e-12 && abs(interval.upper - upper) < 1e-12)
    #expect(WilsonInterval(successes: 0, trials: 0) == nil)
  }
}
