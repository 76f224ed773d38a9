/// Times the stages of one registration and passes each report to the observer as soon as the stage is done.
struct StageLog {
  private(set) var reports: [StageReport] = []
  private let observer: (StageReport) -> Void

  init(observer: @escaping (StageReport) -> Void = { _ in }) { self.observer = observer }

  /// Runs a stage; `counts` reads from its value what is worth printing.
  mutating func callAsFunction<Value, Failure: Error>(
    _ name: String, counts: (Value) -> [(name: String, value: Int)] = { _ in [] },
    _ body: () throws(Failure) -> Value
  ) throws(Failure) -> Value {
    let start = ContinuousClock.now
    let value = try body()
    let elapsed = (ContinuousClock.now - start).components
    let seconds = Double(elapsed.seconds) + Double(elapsed.attoseconds) * 1e-18
    let report = StageReport(name: name, counts: counts(value), seconds: seconds)
    reports.append(report)
    observer(report)
    return value
  }
}
