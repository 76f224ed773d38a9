/// What a field of a point means.
enum FieldRole: Int, CaseIterable, Sendable {
  case x, y, z, normalX, normalY, normalZ, intensity, red, green, blue, packedColor, time

  /// The role of a field by its name, in the spellings that files use.
  init?(name: String) {
    switch name.lowercased() {
    case "x", "points:0", "points_0": self = .x
    case "y", "points:1", "points_1": self = .y
    case "z", "points:2", "points_2": self = .z
    case "nx", "normal_x", "normalx", "normals:0": self = .normalX
    case "ny", "normal_y", "normaly", "normals:1": self = .normalY
    case "nz", "normal_z", "normalz", "normals:2": self = .normalZ
    case "intensity", "reflectance", "scalar_intensity", "i", "reflectivity", "intensities": self = .intensity
    case "red", "r", "diffuse_red": self = .red
    case "green", "g", "diffuse_green": self = .green
    case "blue", "b", "diffuse_blue": self = .blue
    case "rgb", "rgba": self = .packedColor
    case "time", "t", "timestamp", "time_offset", "offset_time", "point_time": self = .time
    default: return nil
    }
  }

  /// For every role the index of its field among the names; the first of a name counts. Normals and colours are left
  /// out unless all three of their fields are there.
  static func roles(of names: [String]) -> [FieldRole: Int] {
    var roles: [FieldRole: Int] = [:]
    for (k, name) in names.enumerated() {
      if let role = FieldRole(name: name), roles[role] == nil { roles[role] = k }
    }
    for triple in [[FieldRole.normalX, .normalY, .normalZ], [.red, .green, .blue]]
    where !triple.allSatisfy({ roles[$0] != nil }) {
      for role in triple { roles[role] = nil }
    }
    if roles[.red] != nil { roles[.packedColor] = nil }
    return roles
  }

  /// Refuses names without coordinates, or with a name twice (`_`, padding, may repeat).
  static func checkCoordinates(_ names: [String], word: String, path: String) throws(CloudFileError) {
    var seen: Set<String> = []
    for name in names where name != "_" && !seen.insert(name).inserted {
      throw CloudFileError(.damaged, path, "header declares \(word) \(name) twice")
    }
    let roles = roles(of: names)
    if roles[.x] == nil || roles[.y] == nil || roles[.z] == nil {
      let shown = names.prefix(12).joined(separator: ", ") + (names.count > 12 ? ", …" : "")
      throw CloudFileError(.damaged, path, "no x, y, z (found \(shown)); name the coordinates x, y, z")
    }
  }
}
