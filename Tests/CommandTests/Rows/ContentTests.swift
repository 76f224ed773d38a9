import Testing

/// Rows 61–63: what the two clouds have to do with each other.
@Suite struct ContentTests {
  private let pair = Pair.full

  @Test("row 61: the source stands 1.3 km away")
  func farAway() throws {
    let offset = SIMD3(1200.0, -500, 30)
    let (outcome, report) = try register(pair.source.map { $0 + offset }, pair.target)
    expectOrderly(outcome)
    #expect(outcome.exit == 0 && report?.verdict == "trusted", "\(outcome)")
    let truth = pair.targetFromSource.shifted(source: offset, target: .zero)
    let off = report?.displacement(from: truth, over: pair.source.map { $0 + offset }) ?? 1
    #expect(off < 0.05, "\(outcome)")
  }

  @Test("row 62: unrelated noise")
  func noise() throws {
    for (a, b) in [
      (Shapes.noise(seed: 1), Shapes.noise(seed: 2)), (Shapes.noise(seed: 3), pair.target),
      (pair.source, Shapes.noise(seed: 4)),
    ] {
      let (outcome, report) = try register(a, b)
      expectOrderly(outcome)
      #expect(outcome.exit == 1 && report?.verdict == "failed", "\(outcome)")
      #expect(report?.reasons.isEmpty == false, "\(outcome)")
    }
  }

  @Test("row 63: different rooms with similar planes")
  func otherRooms() throws {
    let other = Scene(seed: 4242).scan(from: SIMD3(4.4, 3.8, 1.8), count: 20_000, seed: 5)
    let (outcome, report) = try register(other, pair.target)
    expectOrderly(outcome)
    #expect(report != nil && report?.verdict != "trusted", "\(outcome)")
  }

  @Test("row 63: two ends of one room, which share nothing but the planes of the floor and a wall")
  func disjointEnds() throws {
    let room = Scene().scan(from: SIMD3(4.6, 4.1, 1.9), count: 20_000, seed: 11)
    let (near, far) = (room.filter { $0.x < 2.6 }, room.filter { $0.x > 3.4 })
    for (a, b) in [(near, far), (far, near)] {
      let (outcome, report) = try register(a, b)
      expectOrderly(outcome)
      #expect([0, 1].contains(outcome.exit), "\(outcome)")
      #expect(report != nil && report?.verdict != "trusted", "\(outcome)")
    }
  }

  @Test("row 63: bare corners of rooms of different size", arguments: 21...32 as ClosedRange<UInt64>)
  func bareCorners(seed: UInt64) throws {
    let (outcome, report) = try register(Shapes.bareCorner(seed: seed), Shapes.bareCorner(seed: seed + 50))
    expectOrderly(outcome)
    #expect([0, 1].contains(outcome.exit), "\(outcome)")
    // Three planes fix a pose, and residuals, overlap and free space agree with it: only their want of anything else tells.
    #expect(report != nil && report?.verdict != "trusted", "\(outcome)")
  }
}
