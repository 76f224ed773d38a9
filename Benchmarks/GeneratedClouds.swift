import Geometry
import PointClouds

/// The clouds that the benchmarks make for themselves; the same on every machine.
enum GeneratedClouds {
  static func write(to folder: String) {
    RawCloud.write(surface(100_000), to: "\(folder)/surface-100k.f32")
    RawCloud.write(surface(1_000_000), to: "\(folder)/surface-1m.f32")
    RawCloud.write(voxels(), to: "\(folder)/voxels-100k.f32")
    let room = GeneratedRoom()
    RawCloud.write(room.scan(from: SIMD3(2, 2.5, 1.4), rays: 20_000, seed: 2), to: "\(folder)/room-source.f32")
    RawCloud.write(room.scan(from: SIMD3(5.5, 3.5, 1.6), rays: 20_000, seed: 3), to: "\(folder)/room-target.f32")
  }

  /// Points of a wavy sheet of 5 m x 5 m with a little noise, in random order.
  static func surface(_ count: Int) -> [SIMD3<Float>] {
    var random = UniformNumbers(seed: 1)
    return (0..<count).map { _ in
      let (x, y) = (random.next() * 5, random.next() * 5)
      let bend = (x - 2.5) * (x - 2.5) * 0.2 + (y - 2) * (y - 2) * (y - 2) * 0.1
      return SIMD3(x, y, bend + random.next() * 0.002)
    }
  }

  /// About a hundred thousand voxel means, voxel edge 0.05 m, of hilly ground and spheres, in the coordinates of a sensor
  /// above it.
  static func voxels() -> [SIMD3<Float>] {
    var random = UniformNumbers(seed: 4)
    var points: [SIMD3<Float>] = []
    for _ in 0..<1_000_000 {
      let (x, y) = (random.next() * 11 - 5.5, random.next() * 11 - 5.5)
      let hills = 0.4 * (x * 1.1).bend + 0.4 * (y * 1.3 + 1).bend
      points.append(SIMD3(x, y, hills - 2 + 0.01 * random.next()))
    }
    for _ in 0..<16 {
      let center = SIMD3(random.next() * 10 - 5, random.next() * 10 - 5, random.next() - 1.5)
      let radius = 0.3 + 0.5 * random.next()
      for _ in 0..<40_000 { points.append(center + random.direction() * (radius + 0.01 * random.next())) }
    }
    return VoxelGrid(size: 0.05).means(of: points).positions
  }
}

extension Float {
  /// A smooth wave between -1 and 1 with period 4, free of libm: the same bits everywhere.
  fileprivate var bend: Float {
    let t = self - 4 * (self / 4).rounded(.down) - 2
    return 1 - t * t * (2 - t * t / 4) / 2
  }
}

/// Uniform numbers of a linear congruential generator.
struct UniformNumbers {
  private var state: UInt64

  init(seed: UInt64) { state = seed }

  /// A number in [0, 1).
  mutating func next() -> Float {
    state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
    return Float(state >> 40) / Float(1 << 24)
  }

  /// A unit vector.
  mutating func direction() -> SIMD3<Float> {
    while true {
      let v = SIMD3(next(), next(), next()) * 2 - 1
      let l = v.length
      if l > 0.1 && l <= 1 { return v / l }
    }
  }
}
