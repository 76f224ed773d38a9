/// The CRC-32 checksum of IEEE 802.3, as zlib and gzip compute it: polynomial 0xEDB88320, bits reflected.
///
/// It finds lines that were cut, mixed or changed on the disk; it is no protection against intent.
package enum CRC32 {
  private static let table: [UInt32] = (0..<256).map { byte in
    (0..<8).reduce(UInt32(byte)) { value, _ in value & 1 == 1 ? value >> 1 ^ 0xEDB8_8320 : value >> 1 }
  }

  /// The checksum of bytes; `CBF43926` for the digits 1 to 9.
  package static func checksum(_ bytes: some Sequence<UInt8>) -> UInt32 {
    ~bytes.reduce(~0) { sum, byte in table[Int((sum ^ UInt32(byte)) & 0xFF)] ^ sum >> 8 }
  }
}
