import PointClouds

/// The SHA-256 of the inputs of a benchmark, each file hashed once for as long as it does not change.
///
/// The hash of a part of a file is that of the text `HASH row R seed S source|target kept K`, HASH being the file's.
struct InputHashes {
  /// Stands for the hash of a file that cannot be read, so that the item is another one when the file is there.
  static let unreadable = "unreadable"

  private var known: [String: (stamp: FileStamp, hash: String)] = [:]

  /// The hash of a cloud's bytes, 64 hexadecimal digits, or ``unreadable``.
  mutating func hash(of reference: CloudReference) -> String {
    guard let file = hash(ofFile: reference.path) else { return InputHashes.unreadable }
    guard let part = reference.part else { return file }
    let text =
      "\(file) row \(part.row) seed \(part.seed) \(part.isSource ? "source" : "target") kept \(part.keptShare)"
    return SHA256.digest(of: text)
  }

  private mutating func hash(ofFile path: String) -> String? {
    guard let stamp = FileStamp(path) else { return nil }
    if let known = known[path], known.stamp == stamp { return known.hash }
    guard let hash = try? SHA256.digest(ofFile: path) else { return nil }
    known[path] = (stamp, hash)
    return hash
  }

  /// Takes over the hash of a file that was read anyway, with its stamp from before.
  mutating func learn(_ hash: String, of path: String, stamp: FileStamp) { known[path] = (stamp, hash) }
}
