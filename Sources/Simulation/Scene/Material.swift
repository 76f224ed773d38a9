/// How a surface answers a sensor.
public struct Material: Equatable, Sendable {
  /// The share of light sent back at normal incidence, in [0, 1].
  public var reflectance: Float
  /// The chance that a ray gives no measurement, as of glass, gloss and black cloth, in [0, 1].
  public var loss: Float

  /// A material.
  public init(reflectance: Float, loss: Float = 0) {
    self.reflectance = reflectance
    self.loss = loss
  }

  static let plaster = Material(reflectance: 0.75)
  static let wood = Material(reflectance: 0.45, loss: 0.01)
  static let fabric = Material(reflectance: 0.35)
  static let paper = Material(reflectance: 0.6)
  static let metal = Material(reflectance: 0.6, loss: 0.1)
  static let dark = Material(reflectance: 0.07, loss: 0.25)
  static let glass = Material(reflectance: 0.1, loss: 0.7)
  static let ceramic = Material(reflectance: 0.65, loss: 0.03)
  static let leaf = Material(reflectance: 0.4, loss: 0.04)
  static let asphalt = Material(reflectance: 0.15, loss: 0.02)
  static let concrete = Material(reflectance: 0.35)
  static let grass = Material(reflectance: 0.45)
  static let brick = Material(reflectance: 0.4)
  static let paint = Material(reflectance: 0.5, loss: 0.06)
  static let bark = Material(reflectance: 0.3)
}
