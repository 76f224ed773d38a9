import Rendering
import Testing

@Suite struct NumberTextTests {
  @Test(
    "decimals round the exact binary value, ties to even, as printf and Python do",
    arguments: [
      (0.125, 2, "0.12"), (1.005, 2, "1.00"), (2.675, 2, "2.67"), (1.115, 2, "1.11"), (0.5, 0, "0"), (1.5, 0, "2"),
      (2.5, 0, "2"), (93.75, 1, "93.8"), (0.045, 2, "0.04"), (999.9995, 3, "1000.000"), (9.995, 2, "9.99"),
      (0.05, 1, "0.1"), (0.15, 1, "0.1"), (0.25, 1, "0.2"), (0.35, 1, "0.3"), (1e-7, 3, "0.000"), (-1.115, 2, "-1.11"),
      (1e15, 2, "1000000000000000.00"), (123456789012345.67, 2, "123456789012345.67"),
      (9007199254740992, 1, "9007199254740992.0"), (0.1, 15, "0.100000000000000"),
      (4503599627370497.5, 0, "4503599627370498"), (Double.leastNonzeroMagnitude, 5, "0.00000"),
      (0.9999999999999999, 15, "1.000000000000000"),
      (0, 3, "0.000"), (-0.0, 1, "0.0"), (-0.001, 2, "0.00"), (41, 0, "41"),
    ])
  func decimals(value: Double, count: Int, text: String) { #expect(value.decimals(count) == text) }

  @Test("what has no decimals is written as it is")
  func special() {
    #expect(
      Double.nan.decimals(2) == "nan" && Double.infinity.decimals(2) == "inf" && (-1e300).decimals(1) == "-1e+300")
    #expect((0.5).decimals(-3) == "0")
  }

  @Test("the printed decimal is never farther from the value than half a unit of the last place")
  func nearest() {
    var state: UInt64 = 1
    for _ in 0..<20_000 {
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      let count = Int(state >> 60) % 6
      // Multiples of half a unit of the last place, where rounding errs first, and their neighbours.
      let power = [1.0, 10, 100, 1000, 1e4, 1e5][count]
      let tie = (Double(state >> 40 & 0xFFFFF) + 0.5) / power
      for value in [tie, tie.nextUp, tie.nextDown] {
        let digits = value.decimals(count).filter { $0 != "." }
        let printed = Double(digits)!
        // value · power = high + low exactly, and a tie is decided by low.
        let high = value * power
        let (off, low) = (high - printed, (-high).addingProduct(value, power))
        #expect(abs(off) <= 0.5, "\(value) with \(count) decimals gives \(value.decimals(count))")
        if abs(off) == 0.5 { #expect(low * off < 0 || (low == 0 && Int(printed) % 2 == 0)) }
      }
    }
  }

  @Test("significant digits")
  func significant() {
    #expect((0.25).significant(3) == "0.25" && (41.0).significant(3) == "41" && (1.2e-9).significant(2) == "1.2e-9")
    #expect((0.6).significant(6) == "0.6" && (5.000000000000001).significant(6) == "5")
  }
}
