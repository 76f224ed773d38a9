/// One scalar field of a record.
struct RecordField: Sendable {
  var name: String
  var type: ScalarType
  /// Bytes from the start of the record.
  var offset: Int
}

/// The fields of a binary record that have a role, and its size; other bytes are skipped.
struct RecordLayout: Sendable {
  var fields: [RecordField]
  /// Bytes from one record to the next.
  var stride: Int
  /// Whether the numbers are in the other byte order than the machine's.
  var isSwapped = false

  /// The field of every role.
  var roles: [FieldRole: RecordField] { FieldRole.roles(of: fields.map(\.name)).mapValues { fields[$0] } }

  /// Whether a coordinate has a type that a 32-bit float cannot hold.
  var storesDoubles: Bool {
    let roles = roles
    return [FieldRole.x, .y, .z].contains { roles[$0]?.type.exceedsFloat ?? false }
  }

  /// The number of a field in the record at an address.
  @inline(__always)
  func value(_ field: RecordField, _ record: UnsafeRawPointer) -> Double {
    isSwapped ? field.type.loadSwapped(record + field.offset) : field.type.load(record + field.offset)
  }
}
