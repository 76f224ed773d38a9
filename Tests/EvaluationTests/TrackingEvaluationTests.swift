import Evaluation
import Geometry
import Testing

@Suite struct TrackingEvaluationTests {
  private func score(
    _ id: String, _ category: String, _ overlaps: [Double], _ distances: [Double]? = nil
  ) -> TrackletScore {
    TrackletScore(
      id: id, sequence: "0000", track: 0, category: category, overlaps: overlaps,
      distances: distances ?? overlaps.map { 2 - 2 * $0 })
  }

  @Test("golden: Success, Precision, accuracy and robustness of an independent program")
  func golden() {
    let scores = [
      score(
        "a", "Car", [1, 0.93, 0.8, 0.77, 0.5, 0.51, 0.31, 0, 0.65, 0.95],
        [0, 0.05, 0.1, 0.3, 0.31, 0.7, 1.2, 2.5, 0.9, 2])
    ]
    let table = TrackingEvaluation(protocol: .ope).tables(scores)[0]
    #expect(
      table.rows[0].cells == [
        .count(1), .count(10), .number(65.75000000000001, decimals: 1), .number(63.49999999999999, decimals: 1),
      ])
    let waymo = TrackingEvaluation(protocol: .lidarSOT).tables(scores)[0]
    #expect(waymo["Car", "frames"] == "9")
    #expect(waymo["Car", "Accuracy"] == "0.602" && waymo["Car", "Robustness"] == "0.550")
  }

  @Test("a perfect result scores 100, equal boxes whatever their rounding; a lost one keeps what the given frame gives")
  func extremes() {
    let perfect = [score("a", "Car", [1, 1 - 1e-15, 1], [0, 0, 0])]
    let table = TrackingEvaluation().tables(perfect)[0]
    #expect(table["Car", "Success"] == "100.0" && table["Car", "Precision"] == "100.0")
    #expect(TrackingEvaluation(protocol: .lidarSOT).tables(perfect)[0]["Car", "Robustness"] == "1.000")
    // One of four frames at IoU 1: 25 % of the area; the three others count at threshold 0 alone.
    let lost = [score("a", "Car", [1, 0, 0, 0], [0, 9, 9, 9])]
    #expect(TrackingEvaluation().tables(lost)[0]["Car", "Success"] == "26.9")
    #expect(TrackingEvaluation().tables(lost)[0]["Car", "Precision"] == "25.0")
    // The frame in which it is lost counts as lived: 1 of 3 from the first threshold above zero on.
    #expect(TrackingEvaluation(protocol: .lidarSOT).tables(lost)[0]["Car", "Robustness"] == "0.350")
  }

  @Test("frames of a class are pooled, the mean is weighted by frames, classes come in the usual order")
  func pooling() {
    let scores = [
      score("a", "Tram", [1, 1]), score("b", "Cyclist", [1]), score("c", "Car", [1, 1, 1]),
      score("d", "Car", [0, 0, 0]),
      score("e", "Pedestrian", [1, 0]), score("f", "Misc", [1]),
    ]
    let table = TrackingEvaluation().tables(scores)[0]
    #expect(table.rows.map(\.name) == ["Car", "Pedestrian", "Cyclist", "Tram", "Misc", "mean by frames"])
    #expect(table["Car", "tracklets"] == "2" && table["Car", "frames"] == "6" && table["Car", "Precision"] == "51.2")
    #expect(table["mean by frames", "tracklets"] == "6" && table["mean by frames", "frames"] == "12")
    // Lost frames at 2 m count at the last threshold alone: 2.5 of 100.
    #expect(table["mean by frames", "Precision"] == "67.5")  // (8 · 100 + 4 · 2.5) / 12
    // Two objects of 1 and 3 counted frames: weights 1 and 3.
    let waymo = TrackingEvaluation(protocol: .lidarSOT).tables([
      score("a", "Car", [1, 1]), score("b", "Car", [1, 0, 0, 0]),
    ])[0]
    #expect(waymo["Car", "Accuracy"] == "0.250")
  }

  @Test("no object gives no table; objects without frames count for nothing and are named")
  func empty() {
    #expect(TrackingEvaluation().tables([]).isEmpty && TrackingEvaluation().curves([]).isEmpty)
    for name in TrackingProtocol.allCases {
      let table = TrackingEvaluation(protocol: name).tables([score("a", "Car", [])])[0]
      #expect(table.rows[0].cells == [.count(1), .count(0), .none, .none])
      #expect(table.notes.contains { $0.contains("without a frame") })
      #expect(
        TrackingEvaluation(protocol: name).curves([score("a", "Car", []), score("b", "Van", [1, 1])])[0].lines.map(
          \.name
        )
        .last == "Van")
    }
  }

  @Test("the first frame is the truth, a frame without a box repeats the last one")
  func boxes() {
    func box(_ x: Double) -> Box3 { Box3(center: Point3(x, 0, 0), size: Point3(4, 2, 2), yawRadians: 0) }
    let item = TrackletItem(
      id: "0000/1", sequence: "0000", track: 1, category: "Car",
      frames: [3, 4, 7, 8].map { .init(number: $0, cloud: nil, box: box(Double($0))) })
    // The box of the first frame is given, whatever the result says of it; boxes of other frames are ignored.
    let score = TrackletScore(item: item, boxes: [3: box(50), 4: box(4), 5: box(99), 8: box(8)])
    #expect(score.missingFrames == 1)
    #expect(score.distances == [0, 0, 3, 0])
    #expect(score.overlaps[0] == 1 && abs(score.overlaps[2] - 1.0 / 7) < 1e-12)
    let none = TrackletScore(item: item, boxes: [:], failure: .init(status: 65, message: "no points"))
    #expect(none.missingFrames == 3 && none.distances == [0, 1, 4, 5] && none.failure?.status == 65)
    let notes = TrackingEvaluation().tables([none])[0].notes
    #expect(notes.contains { $0.contains("no points") } && notes.contains { $0.hasPrefix("3 frames") })
    let empty = TrackletItem(id: "e", sequence: "0", track: 0, category: "Car", frames: [])
    #expect(TrackletScore(item: empty, boxes: [1: box(1)]).overlaps.isEmpty)
  }
}
