import Evaluation
import Testing

/// How results of several attempts become one.
@Suite struct BatchesResultSetTests {
  /// A record of pair 1 with another outcome.
  private func failed(_ status: Int, _ message: String, host: String = "there") -> BatchRecord {
    var record = Batches.record(1, host: host)
    record.result = .pair(
      PairScore(
        id: record.id, list: "list", scene: "scene 1", first: 1, second: 8,
        outcome: .failed(status: status, message: message)))
    return record
  }

  @Test("the order of the attempts never shows; an estimate beats failures, the run is not compared")
  func order() throws {
    let records = [
      failed(75, "late"), Batches.record(1), failed(65, "b"), Batches.record(1, host: "elsewhere"), failed(65, "a"),
    ]
    for start in records.indices {
      var set = ResultSet()
      for record in records[start...] + records[..<start] { try set.add(record) }
      #expect(set.count == 1 && set[records[0].id]?.result == Batches.record(1).result)
    }
    for pair in [[0, 2], [2, 0], [4, 2], [2, 4]] {
      var set = ResultSet()
      for k in pair { try set.add(records[k]) }
      let first = pair.contains(4) ? 4 : 2
      #expect(set[records[0].id]?.result == records[first].result)
    }
  }

  @Test("two different estimates under one key, or two keys of one item, are a contradiction")
  func contradiction() throws {
    var other = Batches.record(1)
    var score = Batches.score(1)
    score.translationError = 7
    other.result = .pair(score)
    let words: [(BatchRecord, String)] = [
      (other, "two different results under one key"),
      (Batches.record(1, inputs: ["c"]), "two results of different inputs"),
    ]
    for (record, text) in words {
      for records in [[Batches.record(1), record], [record, Batches.record(1)]] {
        var set = ResultSet()
        try set.add(records[0])
        #expect {
          try set.add(records[1])
        } throws: { error in
          let error = error as? BatchError
          return error?.kind == .contradiction && error?.description.contains(text) == true
        }
      }
    }
  }
}
