/// The results of a batch, one per item, gathered from any number of attempts in any order.
///
/// An estimate is worth more than a failure, which may come from a limit of time or memory; of two failures the one that
/// sorts first is kept, so the order of the attempts never shows.
public struct ResultSet: Sendable {
  /// One result per item.
  package private(set) var records: [String: BatchRecord] = [:]

  /// No results.
  public init() {}

  /// The result of an item.
  public subscript(_ id: String) -> BatchRecord? { records[id] }

  /// How many items have a result.
  public var count: Int { records.count }

  /// Adds a result.
  /// - Throws: when the item has another result under the same key, or one under another key.
  public mutating func add(_ record: BatchRecord) throws(BatchError) {
    var record = record
    // Stages are for the log alone.
    record.run.stages = []
    guard let known = records[record.id] else {
      records[record.id] = record
      return
    }
    guard known.key == record.key else {
      throw BatchError(
        .contradiction,
        "\(record.id): two results of different inputs (keys \(known.key.prefix(8))… and \(record.key.prefix(8))…); its "
          + "files or its ground truth changed between two attempts: remove the logs of the older one")
    }
    switch (known.result.failure, record.result.failure) {
    case (nil, nil):
      if known.result != record.result {
        throw BatchError(
          .contradiction,
          "\(record.id): two different results under one key \(known.key.prefix(8))…, from \(known.run.host) and "
            + "\(record.run.host); are the processors of different families? Set OPENBLAS_CORETYPE to one for all")
      }
    case (nil, _): break
    case (_, nil): records[record.id] = record
    case (let old?, let new?):
      if (new.status, new.message) < (old.status, old.message) { records[record.id] = record }
    }
  }
}
