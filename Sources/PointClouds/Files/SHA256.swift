internal import CCrypto

/// SHA-256 of bytes that come in pieces.
package final class SHA256 {
  private let context = EVP_MD_CTX_new()

  /// Begins the hash of nothing.
  package init() { EVP_DigestInit_ex(context, EVP_sha256(), nil) }

  deinit { EVP_MD_CTX_free(context) }

  /// Adds bytes.
  package func update(_ bytes: UnsafeRawBufferPointer) { EVP_DigestUpdate(context, bytes.baseAddress, bytes.count) }

  /// The digest as 64 lower-case hexadecimal digits; ends the hashing.
  package func finish() -> String {
    var digest = [UInt8](repeating: 0, count: 32)
    EVP_DigestFinal_ex(context, &digest, nil)
    let digits = Array("0123456789abcdef".utf8)
    return String(decoding: digest.flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] }, as: UTF8.self)
  }
}

extension SHA256 {
  /// The digest of a text's UTF-8.
  package static func digest(of text: String) -> String {
    let hash = SHA256()
    Array(text.utf8).withUnsafeBytes { hash.update($0) }
    return hash.finish()
  }

  /// The digest of a regular file's bytes; no more than a piece of it is held in memory.
  package static func digest(ofFile path: String) throws(CloudFileError) -> String {
    let source = try ByteSource(path, maximumBytes: 0)
    let digest = try digest(of: source)
    try source.checkUnchanged()
    return digest
  }

  /// The digest of a source's bytes, of only some of them when `isUseless` says so meanwhile.
  static func digest(
    of source: ByteSource, isUseless: () -> Bool = { false }
  ) throws(CloudFileError) -> String {
    let hash = SHA256()
    let step = 1 << 20
    for start in stride(from: 0, to: source.size, by: step) {
      if isUseless() { break }
      try source.read(start..<min(source.size, start + step)).withUnsafeBytes { hash.update($0) }
    }
    return hash.finish()
  }
}
