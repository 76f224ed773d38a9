import Evaluation
import Foundation
import Geometry
import Solvers
import Testing

/// What a line of a log holds, and what becomes of damaged ones.
@Suite struct BatchesRecordTests {
  @Test("CRC-32 has the check value of the standard and sees every changed bit")
  func checksum() {
    #expect(CRC32.checksum("123456789".utf8) == 0xCBF4_3926)
    #expect(CRC32.checksum([]) == 0)
    let bytes = Array("a line of a log".utf8)
    for bit in 0..<8 * bytes.count {
      var changed = bytes
      changed[bit / 8] ^= 1 << (bit % 8)
      #expect(CRC32.checksum(changed) != CRC32.checksum(bytes))
    }
  }

  @Test("a record reads back to the bit: estimates, failures, missing values, poses")
  func pairs() throws {
    for k in 0..<60 {
      let record = Batches.record(k)
      #expect(!record.line.contains("\n"))
      #expect(BatchRecord(line: Array(record.line.utf8)) == record, "\(record.line)")
    }
    var returned = Batches.record(1)
    if case .pair(var score) = returned.result {
      score.reverse = .init(roundTrip: PoseRoundTrip(rotationDegrees: 1 / 3, displacement: 0.1), verdict: .doubtful)
      returned.result = .pair(score)
    }
    #expect(returned != Batches.record(1) && BatchRecord(line: Array(returned.line.utf8)) == returned)
    var missing = Batches.record(1)
    missing.result = .pair(PairScore(id: "x", list: "", scene: "", first: 0, second: 0, outcome: .missing))
    #expect(BatchRecord(line: Array(missing.line.utf8)) == missing)
  }

  @Test("an object reads back to the bit, boxes and gaps included")
  func tracklets() throws {
    let boxes: [Box3?] = [
      Box3(center: Point3(0.1, 1 / 3, -7), size: Point3(4, 2, 1.5), yawRadians: .pi), nil,
      Box3(center: .zero, size: .zero, yawRadians: -0.1),
    ]
    for failure in [nil, TrackletScore.Failure(status: 75, message: "late")] {
      let score = TrackletScore(
        id: "0019/12", sequence: "0019", track: 12, category: "Car", overlaps: [1, 0.25, 1 / 3],
        distances: [0, 2, 0.1],
        missingFrames: 1, failure: failure)
      var record = Batches.record(1)
      record.result = .tracklet(score, boxes: boxes)
      #expect(BatchRecord(line: Array(record.line.utf8)) == record, "\(record.line)")
    }
  }

  @Test("a line with any byte changed, cut or added is no record")
  func damage() {
    let line = Array(Batches.record(7).line.utf8)
    for k in line.indices.dropLast(18) {
      var changed = line
      changed[k] ^= 1
      #expect(BatchRecord(line: changed) == nil, "byte \(k)")
      if k % 7 == 0 { #expect(BatchRecord(line: line[..<k]) == nil, "cut at \(k)") }
    }
    #expect(BatchRecord(line: line + [0x20]) == nil)
    #expect(BatchRecord(line: [UInt8]()) == nil)
    // A right checksum does not make a record.
    let body = #"{"id":"a""#
    let sum = String(CRC32.checksum(body.utf8), radix: 16)
    let digits = String(repeating: "0", count: 8 - sum.count) + sum
    #expect(BatchRecord(line: Array("\(body),\"crc\":\"\(digits)\"}".utf8)) == nil)
  }

  @Test("a pose that is none is no record")
  func pose() {
    let line = Batches.record(1).line
    let body = line.replacing(/"T":\[\[[^,]*,/, with: "\"T\":[[2.5,").dropLast(18)
    let sum = String(CRC32.checksum(body.utf8), radix: 16)
    let digits = String(repeating: "0", count: 8 - sum.count) + sum
    #expect(BatchRecord(line: Array("\(body),\"crc\":\"\(digits)\"}".utf8)) == nil)
  }

  @Test("keys differ by input, truth, settings and version, and by nothing else")
  func keys() {
    let item = Batches.item(3)
    let key = Batches.key(ItemFacts(item), inputs: ["a", "b"])
    #expect(key.count == 64 && key == Batches.key(ItemFacts(item), inputs: ["a", "b"]))
    #expect(key != Batches.key(ItemFacts(item), inputs: ["b", "a"]))
    var other = item
    other.truth = .identity
    #expect(key != Batches.key(ItemFacts(other), inputs: ["a", "b"]))
    other = item
    other.source.path = "/elsewhere/x.ply"
    other.place = "line 3"
    #expect(key == Batches.key(ItemFacts(other), inputs: ["a", "b"]), "where a file lies is no part of its content")
    other.source.part = .init(row: 1, seed: 2, isSource: true, keptShare: 0.7)
    #expect(key != Batches.key(ItemFacts(other), inputs: ["a", "b"]))
    var settings = Batches.settings
    settings.registration.seed = 2
    #expect(key != ResultKey(version: Batches.version, settings: settings)(ItemFacts(item), inputs: ["a", "b"]))
    #expect(key != ResultKey(version: "2", settings: Batches.settings)(ItemFacts(item), inputs: ["a", "b"]))
  }
}
