import Evaluation
import Foundation
import Geometry
import PointClouds
import Testing

@Suite("trajectory files") struct LayoutsTrajectoryTests {
  private static func tum(_ time: Double, _ pose: RigidTransform) -> String {
    let (q, t) = (pose.rotation.quaternion, pose.translation)
    return "\(time) \(t.x) \(t.y) \(t.z) \(q.x) \(q.y) \(q.z) \(q.w)"
  }

  private func read(_ text: String, times: String? = nil) throws -> TrajectoryFile {
    let folder = LayoutFolder()
    return try TrajectoryFile(folder.write("poses.txt", text), times: times)
  }

  private func error(_ text: String) -> CloudFileError? {
    do {
      _ = try read(text)
      return nil
    } catch { return error as? CloudFileError }
  }

  @Test("TUM: quaternion last, blanks at the ends, comments; unsorted rows are sorted (row 81)")
  func tum() throws {
    let rows = [3.5, 1.25, 2].enumerated().map { Self.tum($1, .sample($0)) }
    let file = try read("# time x y z qx qy qz qw\n  \(rows[0]) \n\(rows[1])\t\n\n\(rows[2])   \r\n")
    #expect(file.format == .tum && file.trajectory.times == [1.25, 2, 3.5])
    #expect(zip(file.trajectory.poses, [1, 2, 0]).allSatisfy { $0.isNear(.sample($1)) })
    #expect(file.notes == ["3 of 3 poses were not in order of time and were sorted"])
  }

  @Test("EuRoC: nanoseconds and quaternion first, 17 or 8 columns between commas")
  func euroc() throws {
    let (q, t) = (RigidTransform.sample(3).rotation.quaternion, RigidTransform.sample(3).translation)
    let row = "1403636579758555392, \(t.x),\(t.y),\(t.z),\(q.w),\(q.x),\(q.y),\(q.z)"
    for text in ["#timestamp, p_x\n\(row),0,0,0,0,0,0,0,0,0\n", "\(row)\n"] {
      let file = try read(text)
      #expect(file.format == .euroc && file.trajectory.poses[0].isNear(.sample(3)))
      #expect(abs((file.trajectory.times?[0] ?? 0) - 1403636579.758555392) < 1e-6)
    }
    #expect(error("\(row),1\n")?.description.contains("9 columns") == true)
  }

  @Test("KITTI: times.txt beside the file, in the benchmark, as named, or none")
  func kitti() throws {
    let folder = LayoutFolder()
    let text = (0..<3).map { RigidTransform.sample($0).line + "\n" }.joined()
    let path = folder.write("poses/07.txt", text)
    let bare = try TrajectoryFile(path)
    #expect(bare.format == .kitti && bare.trajectory.times == nil && bare.trajectory.count == 3)
    #expect(bare.notes.contains { $0.contains("--times") })
    #expect(bare.trajectory.poses[2].isNear(.sample(2)))
    folder.write("sequences/07/times.txt", "0\n0.1\n0.2\n")
    #expect(try TrajectoryFile(path).trajectory.times == [0, 0.1, 0.2])
    folder.write("poses/times.txt", "0e0\n1.0e+00\n2\n")
    #expect(try TrajectoryFile(path).trajectory.times == [0, 1, 2])
    let other = folder.write("t.txt", "5\n6\n7\n")
    #expect(try TrajectoryFile(path, times: other).trajectory.times == [5, 6, 7])
    for (text, cause) in [
      ("0\n1\n", "2 times for the 3 poses"), ("0\n2\n1\n", "line 3"), ("0\n1 2\n", "line 2"), ("0\nnan\n1\n", "line 2"),
    ] {
      folder.write("poses/times.txt", text)
      #expect(throws: CloudFileError.self) { try TrajectoryFile(path) }
      do { _ = try TrajectoryFile(path) } catch { #expect("\(error)".contains(cause)) }
    }
  }

  @Test(
    "rows 81 and 82, and other damage: named with the line",
    arguments: [
      ("0 1 2 3 0 0 0 1\n1 nan 2 3 0 0 0 1\n", "line 2, column 2: nan is not a finite number"),
      ("0 1 2 3 0 0 0 0\n", "line 1: the quaternion has length 0.0"),
      ("0 1 2 3 0 0 0 1\n1 1 2 3 0 0 1\n", "line 2: 7 columns"), ("1 2 3 4 5 6 7\n", "line 1: 7 columns"),
      ("0 1 2 3 0 0 0 2\n", "line 1: the quaternion has length 2.0"),
      ("1 0 0 0 0 1 0 0 0 0 1 0\n2 0 0 0 0 1 0 0 0 0 1 0\n", "line 2: not rigid: rotation not orthonormal by 3.0"),
      ("1 0 0 0 0 1 0 0 0 0 0 0\n", "rotation not orthonormal by 1.0"),
      ("1 0 0 0 0 1 0 0 0 0 inf 0\n", "not a finite number"),
      ("0 1 2 3 0 0 0 1\n0 1 2 3 0 0 0 1\n", "line 2: the time of line 1 again"), ("\n# x\n", "no pose"),
      ("a b c d e f g h\n", "line 1, column 1"), ("", "file is empty"),
      ("1 0 0 0 0 1 0 0 0 0 1 0\n1 0 0\n", "line 2: 3 columns"),
    ])
  func damage(text: String, cause: String) {
    let found = error(text)
    #expect(found?.description.contains(cause) == true, "\(found?.description ?? "no error")")
  }

  @Test("a trajectory file is a benchmark without items")
  func benchmark() throws {
    let folder = LayoutFolder()
    folder.write("est.tum", Self.tum(0, .identity) + "\n")
    let benchmark = try folder.benchmark("est.tum")
    #expect(benchmark.layout == .trajectory && benchmark.count == 0 && benchmark.notes == ["TUM: 1 poses"])
  }
}
