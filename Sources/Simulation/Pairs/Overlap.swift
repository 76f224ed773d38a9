import Geometry
import Parallelism

/// The share of the source points that have a target point within a radius once they are moved into its frame.
public func overlap(
  of source: PointCloud, in target: PointCloud, targetFromSource: RigidTransform, radius: Double
) -> Double {
  guard !source.isEmpty else { return 0 }
  @Sendable func cell(_ p: Point3) -> SIMD3<Int32> { SIMD3<Int32>((p / radius).rounded(.down)) }
  var cells: [SIMD3<Int32>: [Int32]] = [:]
  for i in 0..<target.count { cells[cell(target.position(i)), default: []].append(Int32(i)) }
  let filled = cells
  let near = Parallel.map(source.count) { i -> Bool in
    let p = targetFromSource(source.position(i))
    let middle = cell(p)
    for dx in -1...1 {
      for dy in -1...1 {
        for dz in -1...1 {
          let key = middle &+ SIMD3(Int32(dx), Int32(dy), Int32(dz))
          for j in filled[key] ?? [] where (target.position(Int(j)) - p).squaredLength <= radius * radius {
            return true
          }
        }
      }
    }
    return false
  }
  return Double(near.filter { $0 }.count) / Double(source.count)
}
