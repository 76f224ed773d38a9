import Geometry

/// Turns binary records into points under a rule.
struct RecordDecoder: Sendable {
  let rule: PointRule
  private let layout: RecordLayout
  private let x: RecordField
  private let y: RecordField
  private let z: RecordField
  private let normal: [RecordField]
  private let color: [RecordField]
  private let packed: RecordField?
  private let intensity: RecordField?
  private let time: RecordField?

  /// A decoder for records that have x, y and z; nil without them.
  init?(_ layout: RecordLayout, rule: PointRule) {
    let roles = layout.roles
    guard let x = roles[.x], let y = roles[.y], let z = roles[.z] else { return nil }
    (self.layout, self.rule, self.x, self.y, self.z) = (layout, rule, x, y, z)
    normal = [FieldRole.normalX, .normalY, .normalZ].compactMap { roles[$0] }
    color = [FieldRole.red, .green, .blue].compactMap { roles[$0] }
    packed = roles[.packedColor]
    intensity = roles[.intensity]
    time = roles[.time]
  }

  /// The points of `count` records.
  func decode(_ base: UnsafeRawPointer, count: Int) -> PointBlock {
    var block = PointBlock(count, rule)
    let plain = !(rule.hasNormals || rule.hasIntensity || rule.hasColors || rule.hasTimes)
    let floats = !layout.isSwapped && [x, y, z].allSatisfy { $0.type == .float32 } && rule.origin == .zero
    for k in 0..<count {
      let record = base + k * layout.stride
      let p =
        floats
        ? SIMD3(
          record.loadUnaligned(fromByteOffset: x.offset, as: Float.self),
          record.loadUnaligned(fromByteOffset: y.offset, as: Float.self),
          record.loadUnaligned(fromByteOffset: z.offset, as: Float.self))
        : rule.local(Point3(layout.value(x, record), layout.value(y, record), layout.value(z, record)))
      guard p.isFinite else {
        block.drop()
        continue
      }
      block.positions.append(p)
      if !plain { appendAttributes(of: record, to: &block) }
    }
    return block
  }

  private func appendAttributes(of record: UnsafeRawPointer, to block: inout PointBlock) {
    if rule.hasNormals {
      block.normals.append(
        PointRule.unit(
          SIMD3<Float>(
            Point3(
              layout.value(normal[0], record), layout.value(normal[1], record), layout.value(normal[2], record)))))
    }
    if rule.hasIntensity, let intensity { block.intensities.append(Float(layout.value(intensity, record))) }
    if rule.hasTimes, let time { block.times.append(layout.value(time, record)) }
    guard rule.hasColors else { return }
    if color.count == 3 {
      block.colors.append(
        SIMD3(
          rule.channel(layout.value(color[0], record)), rule.channel(layout.value(color[1], record)),
          rule.channel(layout.value(color[2], record))))
    } else {
      block.colors.append(packed.map { PointRule.unpack(bits($0, record)) } ?? .zero)
    }
  }

  /// A packed colour: the bits of a 32-bit number, whatever its type says.
  private func bits(_ field: RecordField, _ record: UnsafeRawPointer) -> UInt32 {
    guard field.type.size == 4 else { return 0 }
    let raw = (record + field.offset).loadUnaligned(as: UInt32.self)
    return layout.isSwapped ? raw.byteSwapped : raw
  }
}
