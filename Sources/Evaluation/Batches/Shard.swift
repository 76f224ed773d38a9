import PointClouds

/// One of the N parts of a batch: the items whose hashed id leaves the rest `index` when divided by N.
///
/// Where an item belongs depends on its id alone, so a new item moves no other one.
public struct Shard: Sendable, Equatable {
  /// Which part, from 0.
  public let index: Int
  /// How many parts there are.
  public let count: Int

  /// The whole batch.
  public static let whole = Shard(unchecked: 0, of: 1)

  /// A part; nil unless 0 <= index < count.
  public init?(_ index: Int, of count: Int) {
    guard count >= 1, index >= 0, index < count else { return nil }
    self.init(unchecked: index, of: count)
  }

  private init(unchecked index: Int, of count: Int) { (self.index, self.count) = (index, count) }

  /// Whether an item belongs to the part.
  public func contains(_ id: String) -> Bool { count == 1 || Shard.number(of: id, count) == index }

  /// The part that an item belongs to: the first 8 bytes of the SHA-256 of its id, big-endian, mod `count`.
  public static func number(of id: String, _ count: Int) -> Int {
    let head = UInt64(SHA256.digest(of: id).prefix(16), radix: 16) ?? 0
    return Int(head % UInt64(max(1, count)))
  }
}

extension SHA256 {
  /// Adds the bytes of a text.
  func add(_ text: String) {
    var text = text
    text.withUTF8 { update(UnsafeRawBufferPointer($0)) }
  }
}
