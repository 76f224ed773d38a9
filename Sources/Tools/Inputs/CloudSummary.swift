import Rendering
import Geometry
import PointClouds

/// Everything `plumb inspect` knows about one file.
struct CloudSummary: Sendable {
  let path: String
  let loaded: LoadedCloud
  let shape: CloudShape

  init(path: String, _ loaded: LoadedCloud) {
    self.path = path
    self.loaded = loaded
    shape = CloudShape(loaded.cloud)
  }

  /// The summary line by line.
  var lines: [(label: String, text: String, tone: Console.Tone)] {
    var lines: [(label: String, text: String, tone: Console.Tone)] = []
    func add(_ label: String, _ text: String, _ tone: Console.Tone = .label) { lines.append((label, text, tone)) }
    let dropped = loaded.droppedNonFinite
    let box = shape.box
    add("file", path)
    add("format", loaded.encoding + (loaded.storedAsDouble ? ", double precision" : ""))
    add("points", loaded.declaredPoints.grouped + (dropped > 0 ? " (\(dropped) non-finite dropped)" : ""))
    add("fields", loaded.fields.joined(separator: ", "))
    add("box", "\(vector(box.lower)) to \(vector(box.upper))")
    add("size", "\(vector(box.size))   robust \(vector(shape.robustSize)) (1 to 99 %)")
    add("spacing", shape.spacing.significant(3) + " (median distance to the nearest other point)")
    add("units", shape.unitGuess.text)
    if let sensor = loaded.cloud.sensorPosition { add("sensor", vector(sensor)) }
    let share = Double(shape.duplicates) / Double(max(1, loaded.cloud.count))
    add("repeated", shape.duplicates.grouped + (share > 0.001 ? " (\((100 * share).decimals(1)) %)" : ""))
    add("shape", shape.form.text, shape.form == .spatial ? .label : .caution)
    if shape.needsOffset {
      add("offset", "survey-size coordinates: `plumb register` subtracts \(vector(shape.offset)) by itself")
    }
    add("sha256", loaded.sha256)
    for warning in loaded.warnings { add("warning", warning, .caution) }
    for note in loaded.notes { add("note", note) }
    return lines
  }

  /// The summary as an entry of `plumb.inspect/1`.
  var json: JSONValue {
    .members([
      "path": .string(path), "format": .string(loaded.format.rawValue), "encoding": .string(loaded.encoding),
      "points": .integer(loaded.declaredPoints), "dropped_non_finite": .integer(loaded.droppedNonFinite),
      "fields": .array(loaded.fields.map(JSONValue.string)), "double": .bool(loaded.storedAsDouble),
      "bounding_box": .members(["min": .point(shape.box.lower), "max": .point(shape.box.upper)]),
      "robust_size": .point(shape.robustSize), "spacing": .number(shape.spacing),
      "unit_guess": .string(shape.unitGuess.rawValue), "duplicates": .integer(shape.duplicates),
      "shape": .string(shape.form.rawValue),
      "degenerate_axes": .array(shape.thinAxes.map(JSONValue.point)),
      "offset_advised": .bool(shape.needsOffset), "offset": .point(shape.offset),
      "sensor_position": loaded.cloud.sensorPosition.map(JSONValue.point) ?? .null,
      "sha256": .string(loaded.sha256), "warnings": .array(loaded.warnings.map(JSONValue.string)),
      "notes": .array(loaded.notes.map(JSONValue.string)),
    ])
  }

  private func vector(_ p: Point3) -> String {
    "[" + [p.x, p.y, p.z].map { abs($0) >= 1000 ? $0.decimals(3) : $0.significant(5) }.joined(separator: ", ") + "]"
  }
}
