import Geometry
import LinearAlgebra

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// Somebody on the road whom a tracker may follow: what it is, how large, and how it is built from surfaces.
public struct RoadUser: Sendable {
  /// What it is.
  public enum Kind: String, Sendable, CaseIterable {
    case car = "Car"
    case van = "Van"
    case pedestrian = "Pedestrian"
    case cyclist = "Cyclist"
  }

  /// What it is.
  public let kind: Kind
  /// Length, width and height, metres.
  public let size: Point3
  /// The seed of its shape: the same in every frame.
  let shape: UInt64

  /// Draws one. Sizes follow the labels of KITTI (mean and deviation of each class).
  init(_ kind: Kind, _ rng: inout SeededGenerator) {
    self.kind = kind
    let (mean, deviation): (Point3, Point3) =
      switch kind {
      case .car: (Point3(3.9, 1.62, 1.51), Point3(0.41, 0.11, 0.12))
      case .van: (Point3(4.97, 1.9, 2.18), Point3(0.6, 0.15, 0.25))
      case .pedestrian: (Point3(0.82, 0.68, 1.74), Point3(0.2, 0.12, 0.12))
      case .cyclist: (Point3(1.76, 0.63, 1.74), Point3(0.14, 0.12, 0.1))
      }
    var size = Point3.zero
    for k in 0..<3 { size[k] = mean[k] + deviation[k] * min(2, max(-2, rng.gaussian())) }
    self.size = size
    shape = rng.next()
  }

  /// Adds its surfaces: facing +x, on z = 0, the middle of its floor plan at the origin.
  /// - Parameter phase: how far its steps have come, radians.
  func build(_ builder: inout SceneBuilder, phase: Double) {
    var rng = SeededGenerator(seed: shape)
    switch kind {
    case .car, .van: builder.vehicle(size, isVan: kind == .van, &rng)
    case .pedestrian: builder.person(height: size.z, stride: 0.4 * size.x * sin(phase))
    case .cyclist: builder.cyclist(size, phase: phase)
    }
  }
}

extension SceneBuilder {
  /// A cyclist of a size who rides towards +x: wheels, frame, and a rider who leans forward.
  mutating func cyclist(_ size: Point3, phase: Double) {
    let (l, w, h) = (size.x, size.y, size.z)
    let radius = 0.34
    let axle = l / 2 - radius
    for x in [-axle, axle] {
      disc(Point3(x, 0, radius), normal: Point3(0, 1, 0), radius: radius, .dark)
      cylinder(from: Point3(x, -0.02, radius), to: Point3(x, 0.02, radius), radius: radius, .dark)
    }
    let (saddle, pedals, head) = (Point3(-0.25, 0, 0.9), Point3(-0.05, 0, 0.3), Point3(axle - 0.12, 0, 0.95))
    for (a, b) in [(saddle, pedals), (pedals, head), (saddle, head), (Point3(-axle, 0, radius), pedals)] {
      cylinder(from: a, to: b, radius: 0.025, .metal)
    }
    cylinder(from: head, to: Point3(axle, 0, radius), radius: 0.025, .metal)
    cylinder(from: head + Point3(0, -w / 2, 0.05), to: head + Point3(0, w / 2, 0.05), radius: 0.02, .metal)
    let (hip, neck) = (Point3(-0.25, 0, 0.98), Point3(0.12, 0, h - 0.28))
    capsule(from: hip, to: neck, radius: min(0.17, w / 3), .fabric)
    sphere(Point3(0.2, 0, h - 0.13), 0.12, .paper)
    for s in [-1.0, 1] {
      let knee = Point3(0.12 + 0.08 * s * cos(phase), s * 0.12, 0.62 + 0.1 * s * sin(phase))
      let foot = pedals + Point3(0.15 * s * cos(phase), s * 0.12, 0.15 * s * sin(phase))
      capsule(from: hip + Point3(0, s * 0.09, 0), to: knee, radius: 0.075, .fabric)
      capsule(from: knee, to: foot, radius: 0.055, .fabric)
      capsule(
        from: neck + Point3(0, s * 0.16, -0.05), to: head + Point3(0, s * (w / 2 - 0.05), 0.07), radius: 0.045, .fabric)
    }
  }
}
