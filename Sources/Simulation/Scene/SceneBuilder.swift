import Geometry

/// Collects surfaces, each added in the coordinates of the current frame.
public struct SceneBuilder: Sendable {
  /// The surfaces so far, in world coordinates.
  public private(set) var surfaces: [Surface] = []
  private var frame = RigidTransform.identity

  /// Nothing yet.
  public init() {}

  /// The scene of the surfaces so far.
  public var scene: Scene { Scene(surfaces) }

  /// Runs `body` with coordinates placed by a motion into the current frame.
  public mutating func place(_ placement: RigidTransform, _ body: (inout SceneBuilder) -> Void) {
    let outer = frame
    frame = outer * placement
    body(&self)
    frame = outer
  }

  /// Runs `body` with coordinates moved to a point and turned about z.
  public mutating func place(
    _ x: Double, _ y: Double, _ z: Double = 0, yawDegrees: Double = 0, _ body: (inout SceneBuilder) -> Void
  ) {
    let turn = Rotation3(radians: yawDegrees * .pi / 180, about: Point3(0, 0, 1))
    place(RigidTransform(rotation: turn, translation: Point3(x, y, z)), body)
  }

  /// Adds a box given by its middle and edge lengths, turned about its middle.
  public mutating func box(
    _ center: Point3, _ size: Point3, _ material: Material, turned: Rotation3 = .identity
  ) {
    add(.box, center, turned.matrix * Matrix3(diagonal: size * 0.5), material)
  }

  /// Adds a box between two opposite corners; a box without volume is left out.
  public mutating func box(from lower: Point3, to upper: Point3, _ material: Material) {
    if (upper - lower).min() > 1e-9 { box((lower + upper) * 0.5, upper - lower, material) }
  }

  /// Adds an ellipsoid given by its middle and radii.
  public mutating func ellipsoid(
    _ center: Point3, _ radii: Point3, _ material: Material, turned: Rotation3 = .identity
  ) {
    add(.ellipsoid, center, turned.matrix * Matrix3(diagonal: radii), material)
  }

  /// Adds a sphere.
  public mutating func sphere(_ center: Point3, _ radius: Double, _ material: Material) {
    ellipsoid(center, Point3(repeating: radius), material)
  }

  /// Adds a closed cylinder about the segment from `a` to `b`.
  public mutating func cylinder(from a: Point3, to b: Point3, radius: Double, _ material: Material) {
    let half = (b - a) * 0.5
    let (x, y) = Self.across(half.normalized)
    add(.cylinder, a + half, Matrix3(columns: x * radius, y * radius, half), material)
  }

  /// Adds a cylinder with round ends.
  public mutating func capsule(from a: Point3, to b: Point3, radius: Double, _ material: Material) {
    cylinder(from: a, to: b, radius: radius, material)
    sphere(a, radius, material)
    sphere(b, radius, material)
  }

  /// Adds a disc.
  public mutating func disc(_ center: Point3, normal: Point3, radius: Double, _ material: Material) {
    let n = normal.normalized
    let (x, y) = Self.across(n)
    add(.disc, center, Matrix3(columns: x * radius, y * radius, n), material)
  }

  /// Adds a triangle; one without area is left out.
  public mutating func triangle(_ a: Point3, _ b: Point3, _ c: Point3, _ material: Material) {
    if let surface = Surface(triangle: frame(a), frame(b), frame(c), material: material) { surfaces.append(surface) }
  }

  private mutating func add(_ shape: Surface.Shape, _ center: Point3, _ axes: Matrix3, _ material: Material) {
    surfaces.append(
      Surface(shape, center: frame(center), axes: frame.rotation.matrix * axes, material: material))
  }

  /// Two unit vectors that complete a unit vector to a right-handed frame.
  private static func across(_ n: Point3) -> (Point3, Point3) {
    let x = n.cross(abs(n.x) < 0.9 ? Point3(1, 0, 0) : Point3(0, 1, 0)).normalized
    return (x, n.cross(x))
  }
}
