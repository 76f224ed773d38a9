import Geometry
import LinearAlgebra

/// A closed triangle mesh: a superellipsoid (Barr 1981) with smooth bumps.
struct BlobMesh {
  private(set) var vertices: [Point3]
  private(set) var triangles: [SIMD3<Int32>]

  /// A sphere of 8 · 4ⁿ triangles, pushed out along its directions to the superellipsoid
  /// `(|x/a|^(2/e) + |y/a|^(2/e))^(e/n) + |z/a|^(2/n) = 1` and by noise.
  init(radii: Point3, east: Double, north: Double, bump: Double, wavelength: Double, levels: Int, seed: UInt64) {
    (vertices, triangles) = Self.sphere(levels)
    let noise = ValueNoise(seed: seed)
    vertices = vertices.map { direction in
      let q = direction / radii
      let (x, y, z) = (power(q.x, 2 / east), power(q.y, 2 / east), power(q.z, 2 / north))
      let radius = power(power(x + y, east / north) + z, -north / 2)
      let p = direction * radius
      let fine = noise(p / wavelength) + 0.4 * noise(p / (0.4 * wavelength) + 17)
      return p + direction * bump * fine
    }
  }

  /// The octahedron, divided.
  private static func sphere(_ levels: Int) -> ([Point3], [SIMD3<Int32>]) {
    var points = [
      Point3(1, 0, 0), Point3(-1, 0, 0), Point3(0, 1, 0), Point3(0, -1, 0), Point3(0, 0, 1), Point3(0, 0, -1),
    ]
    var faces: [SIMD3<Int32>] = [
      SIMD3(0, 2, 4), SIMD3(2, 1, 4), SIMD3(1, 3, 4), SIMD3(3, 0, 4), SIMD3(2, 0, 5), SIMD3(1, 2, 5), SIMD3(3, 1, 5),
      SIMD3(0, 3, 5),
    ]
    for _ in 0..<levels {
      var middles: [SIMD2<Int32>: Int32] = [:]
      func middle(_ a: Int32, _ b: Int32) -> Int32 {
        let key = SIMD2(min(a, b), max(a, b))
        if let known = middles[key] { return known }
        points.append((points[Int(a)] + points[Int(b)]).normalized)
        middles[key] = Int32(points.count - 1)
        return Int32(points.count - 1)
      }
      faces = faces.flatMap { f in
        let (a, b, c) = (middle(f.x, f.y), middle(f.y, f.z), middle(f.z, f.x))
        return [SIMD3(f.x, a, c), SIMD3(a, f.y, b), SIMD3(c, b, f.z), SIMD3(a, b, c)]
      }
    }
    return (points, faces)
  }
}

extension SceneBuilder {
  /// Adds a mesh.
  mutating func mesh(_ mesh: BlobMesh, _ material: Material) {
    for t in mesh.triangles {
      triangle(mesh.vertices[Int(t.x)], mesh.vertices[Int(t.y)], mesh.vertices[Int(t.z)], material)
    }
  }
}
