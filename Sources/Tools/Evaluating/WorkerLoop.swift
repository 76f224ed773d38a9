import Evaluation
import Glibc
import PointClouds

extension EvaluateCommand {
  /// Evaluates the items that the parent names, line by line, until it names no more.
  func serve() throws {
    if let parent = batch.worker { Guardian.follow(parent: parent) }
    try ProcessMemory.checkRoom()
    // Libraries may print: what they say goes to stderr, and the answers keep a descriptor of their own.
    let answers = fcntl(1, F_DUPFD_CLOEXEC, 3)
    guard answers >= 0, dup2(2, 1) >= 0 else { throw CommandFailure(.internalError, "a worker has no output") }
    let budget = common.maxMemory ?? MemoryBudget.automatic
    let evaluation = ItemEvaluation(
      try benchmark(), settings: settings, version: Plumb.version,
      // The rest is for the registration itself.
      memoryBudget: budget / 2)
    writeAll("ready\n", to: answers)
    while let id = readLine(strippingNewline: true) {
      guard let record = evaluation(id) else {
        throw CommandFailure(.damagedInput, "\(id): is no item of \(input ?? ""); was the benchmark changed meanwhile?")
      }
      guard writeAll(record.line + "\n", to: answers) == 0 else { return }
    }
  }
}
