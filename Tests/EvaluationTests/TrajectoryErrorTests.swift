import Evaluation
import Geometry
import Testing

@Suite struct TrajectoryErrorTests {
  /// A winding path with turning poses.
  private func path(_ count: Int) -> [RigidTransform] {
    (0..<count).map { k in
      let t = Double(k)
      return RigidTransform(
        rotation: Rotation3(rotationVector: Point3(0.01 * t, 0.2, 0.03 * t)),
        translation: Point3(t, 3 * Double(k % 7), 0.1 * t * t / 10))
    }
  }

  private func named(_ name: String, _ poses: [RigidTransform], _ times: [Double]? = nil) throws -> NamedPoses {
    try NamedPoses(name: name, times: times, poses: poses)
  }

  @Test("a moved copy has no error after a rigid alignment, a scaled one none after a similarity")
  func alignment() throws {
    let truth = path(40)
    let motion = RigidTransform(
      rotation: Rotation3(rotationVector: Point3(2, -1, 0.3)), translation: Point3(5e5, -3, 9))
    let moved = truth.map { motion * $0 }
    let rigid = try TrajectoryError(truth: named("t", truth), estimate: named("e", moved))
    #expect(rigid.absolute.translation.max()! < 1e-8 && rigid.absolute.rotationDegrees.max()! < 1e-7)
    #expect(rigid.absolute.translation.count == 40 && rigid.relative.translation.count == 39 && rigid.scale == 1)
    let scaled = truth.map { RigidTransform(rotation: $0.rotation, translation: $0.translation / 2.5) }
    let similar = try TrajectoryError(truth: named("t", truth), estimate: named("e", scaled), alignment: .similarity)
    #expect(abs(similar.scale - 2.5) < 1e-12 && similar.absolute.translation.max()! < 1e-9)
    let unscaled = try TrajectoryError(truth: named("t", truth), estimate: named("e", scaled))
    #expect(unscaled.absolute.translation.max()! > 1)
    let origin = try TrajectoryError(truth: named("t", truth), estimate: named("e", moved), alignment: .origin)
    #expect(origin.absolute.translation.max()! < 1e-7)
    let none = try TrajectoryError(truth: named("t", truth), estimate: named("e", moved), alignment: .none)
    #expect(none.absolute.translation.min()! > 1e5)
    // Relative errors do not see a common motion at all.
    #expect(none.relative.translation.max()! < 1e-8)
  }

  @Test("the scale and motion found are the best: any small change makes the error larger")
  func optimal() throws {
    let truth = path(30)
    let estimate = truth.enumerated().map { k, pose in
      RigidTransform(
        rotation: pose.rotation, translation: pose.translation * 0.7 + Point3(Double(k % 3), 0.2, Double(k % 5)))
    }
    let best = try TrajectoryError(truth: named("t", truth), estimate: named("e", estimate), alignment: .similarity)
    func square(_ e: TrajectoryError) -> Double { e.absolute.translation.reduce(0) { $0 + $1 * $1 } }
    let pose = try TrajectoryError(truth: named("t", truth), estimate: named("e", estimate), alignment: .rigid)
    #expect(square(best) < square(pose))
    // Similarities of the estimate leave the optimum where it is.
    let other = estimate.map {
      RigidTransform(rotation: $0.rotation, translation: $0.translation * 3 + Point3(1, 2, 3))
    }
    let again = try TrajectoryError(truth: named("t", truth), estimate: named("e", other), alignment: .similarity)
    #expect(abs(square(best) - square(again)) < 1e-9 * square(best) && abs(best.scale - 3 * again.scale) < 1e-9)
  }

  @Test("known errors: every second pose 0.3 m and 10 degrees off")
  func knownErrors() throws {
    let truth = path(10)
    let off = RigidTransform(
      rotation: Rotation3(radians: .pi / 18, about: Point3(1, 0, 0)), translation: Point3(0, 0.3, 0))
    let estimate = truth.enumerated().map { $0 % 2 == 0 ? $1 : $1 * off }
    let error = try TrajectoryError(
      truth: named("t", truth), estimate: named("e", estimate), alignment: .none, delta: 2)
    let table = error.tables(name: "x")[0]
    #expect(table["absolute, m", "poses"] == "10" && table["absolute, m", "mean"] == "0.1500")
    #expect(table["absolute, m", "RMSE"] == "0.2121" && table["absolute, deg", "max"] == "10.000")
    #expect(table["relative, m", "poses"] == "8" && table["absolute, m", "median"] == "0.1500")
    // Over two poses the same error stands at both ends: it turns the step and shifts nothing by more than that.
    #expect(error.relative.rotationDegrees.enumerated().allSatisfy { $0 % 2 == 1 || $1 < 1e-9 })
  }

  @Test("moments are matched when each is the nearest to the other, within 10 ms")
  func association() throws {
    let associate = TrajectoryAssociation()
    let poses = path(6)
    let truth = try named("t", poses, [0, 0.1, 0.2, 0.3, 0.4, 0.5])
    // Unsorted, one twice, one too far, one between two, one not a number.
    let estimate = try named("e", poses, [0.301, 0.0, 0.109, 0.104, 0.45, .nan])
    let pairs = try associate(truth: truth, estimate: estimate)
    #expect(pairs.map(\.truth) == [0, 1, 3] && pairs.map(\.estimate) == [1, 3, 0])
    let equal = try associate(
      truth: named("t", poses, Array(repeating: 1, count: 6)),
      estimate: named("e", poses, Array(repeating: 1, count: 6)))
    #expect(equal.map(\.truth) == [0] && equal.map(\.estimate) == [0])
    let error = try TrajectoryError(truth: truth, estimate: estimate, alignment: .none)
    #expect(error.unmatched.truth == 3 && error.unmatched.estimate == 3)
    #expect(error.tables(name: "x")[0].notes.count == 2)
  }

  @Test("row 83: different counts without times name both counts and --times; other mismatches name both files")
  func mismatches() throws {
    func message(_ truth: NamedPoses, _ estimate: NamedPoses, _ alignment: TrajectoryAlignment = .none) -> String {
      do {
        _ = try TrajectoryError(truth: truth, estimate: estimate, alignment: alignment)
        return ""
      } catch { return error.description }
    }
    let (long, short) = (try named("a.txt", path(5)), try named("b.txt", path(3)))
    let counts = message(long, short)
    #expect(counts.contains("a.txt has 5 poses") && counts.contains("b.txt has 3") && counts.contains("--times"))
    #expect(message(try named("a.txt", path(5), [0, 1, 2, 3, 4]), short).contains("second has no times"))
    let apart = message(try named("a.txt", path(2), [0, 1]), try named("b.txt", path(2), [100, 101]))
    #expect(apart.contains("a.txt (0.0 to 1.0 s)") && apart.contains("b.txt (100.0 to 101.0 s)"))
    #expect(message(try named("a.txt", []), short).contains("a.txt: no pose"))
    #expect(
      message(long, try named("b.txt", path(4) + [RigidTransform(translation: Point3(.nan, 0, 0))])).contains("pose 5"))
    let line = (0..<5).map { RigidTransform(translation: Point3(Double($0), 0, 0)) }
    #expect(message(try named("a.txt", line), try named("b.txt", line), .rigid).contains("on a line"))
    #expect(message(try named("a.txt", [.identity]), try named("b.txt", [.identity]), .similarity).contains("coincide"))
    #expect(message(try named("a.txt", line), try named("b.txt", line)).isEmpty)
    #expect(throws: TrajectoryMismatch.self) { try named("a.txt", path(3), [1, 2]) }
  }

  @Test("KITTI odometry: a scale error of 1 % is 1 % in every segment, a steady turn its degrees per metre")
  func segments() throws {
    let straight = (0...900).map { RigidTransform(translation: Point3(0, 0, Double($0))) }
    let longer = straight.map { RigidTransform(translation: $0.translation * 1.01) }
    let error = try OdometryError(truth: named("t", straight), estimate: named("e", longer))
    // First poses 0, 10, …; the segment ends beyond first + length: lengths up to 800 m from 0 to 90.
    #expect(error.segments.count { $0.length == 800 } == 10 && error.segments.count { $0.length == 100 } == 80)
    // A segment of 100 m ends at 101 m, so the error is 1.01 m per 100 m.
    #expect(error.segments.allSatisfy { abs($0.translationShare - 0.01 * ($0.length + 1) / $0.length) < 1e-9 })
    #expect(error.segments.allSatisfy { $0.degreesPerMetre < 1e-9 })
    let table = error.tables(name: "00")[0]
    #expect(table["100 m", "translation %"] == "1.0100" && table["100 m", "segments"] == "80")
    let turning = straight.enumerated().map { k, pose in
      RigidTransform(
        rotation: Rotation3(radians: 0.002 * Double(k) * .pi / 180, about: Point3(0, 1, 0)),
        translation: pose.translation)
    }
    let turned = try OdometryError(truth: named("t", straight), estimate: named("e", turning))
    #expect(turned.segments.allSatisfy { abs($0.degreesPerMetre - 0.002 * ($0.length + 1) / $0.length) < 1e-9 })
    let short = try OdometryError(
      truth: named("t", Array(straight[..<50])), estimate: named("e", Array(straight[..<50])))
    #expect(short.segments.isEmpty && short.tables(name: "x")[0].notes.count == 1)
    #expect(throws: TrajectoryMismatch.self) {
      try OdometryError(truth: named("t", straight), estimate: named("e", Array(longer.dropLast())))
    }
  }
}
