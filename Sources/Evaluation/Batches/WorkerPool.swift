import Glibc
import Rendering

/// Evaluates items in child processes, so that a pair that hangs, eats the memory or crashes costs itself alone.
///
/// One thread talks to all workers. A worker that exceeds the time limit is killed, one that dies is replaced; both times
/// its item has failed, and the next one goes to the new worker.
package struct WorkerPool {
  /// Program and arguments of a worker.
  let launch: WorkerLaunch
  /// How many workers there are.
  let size: Int
  /// Seconds that an item may take.
  let timeLimit: Double?

  /// Workers that are started when there are items.
  package init(launch: WorkerLaunch, size: Int = 1, timeLimit: Double? = nil) {
    (self.launch, self.size, self.timeLimit) = (launch, size, timeLimit)
  }

  /// What became of an item.
  package enum Answer: Sendable {
    /// The worker's result.
    case record(BatchRecord)
    /// The worker did not live to tell: an exit status with one line.
    case failure(id: String, status: Int, message: String, seconds: Double)
  }

  /// A worker with what it is doing.
  private final class Place {
    var process: WorkerProcess
    var isReady = false
    var item: String?
    var since = ContinuousClock.now
    var isLate = false
    /// Items whose worker was killed by a signal from outside once; a second time counts.
    var killedOnce: String?

    init(_ process: WorkerProcess) { self.process = process }
  }

  /// Evaluates all items and hands over the answers as they come.
  package func callAsFunction(_ ids: [String], _ answer: (Answer) throws -> Void) throws {
    guard !ids.isEmpty else { return }
    let count = max(1, min(size, ids.count))
    var queue = WorkQueue(ids, workers: count)
    let places = try (0..<count).map { _ in Place(try WorkerProcess(launch)) }
    var open = ids.count
    while open > 0 {
      for (k, place) in places.enumerated() where place.isReady && place.item == nil {
        if let id = queue.next(k) { begin(id, place) }
      }
      let heard = wait(places)
      for (k, place) in places.enumerated() {
        if heard[k].errors { place.process.listen() }
        guard heard[k].output else { continue }
        for line in place.process.lines() {
          if !place.isReady, line.elementsEqual("ready".utf8) {
            (place.isReady, place.since) = (true, .now)
          } else if let id = place.item {
            place.item = nil
            open -= 1
            try answer(WorkerPool.read(line, of: id, seconds: seconds(since: place.since)))
          }
        }
        if place.process.output < 0, let failure = try buried(place, more: !queue.isEmpty) {
          open -= 1
          try answer(failure)
        }
      }
      stopTheLate(places)
    }
    for place in places { place.process.closeInput() }
    for place in places { _ = place.process.waitForEnd() }
  }

  /// The result in a worker's line.
  private static func read(_ line: [UInt8], of id: String, seconds: Double) -> Answer {
    if let record = BatchRecord(line: line), record.id == id { return .record(record) }
    return .failure(
      id: id, status: 70, message: "the worker's answer makes no sense, a mistake in Plumb", seconds: seconds)
  }

  private func begin(_ id: String, _ place: Place) {
    (place.item, place.since, place.isLate) = (id, .now, false)
    place.process.ask(id)
  }

  /// Waits until a worker says something or the next time limit is reached; which pipes have something to read.
  private func wait(_ places: [Place]) -> [(output: Bool, errors: Bool)] {
    var files = places.flatMap { place in
      [place.process.output, place.process.errors].map { pollfd(fd: $0, events: Int16(POLLIN), revents: 0) }
    }
    var patience = 60.0
    if let timeLimit {
      for place in places where place.item != nil && !place.isLate {
        patience = min(patience, max(0, timeLimit - seconds(since: place.since)))
      }
    }
    poll(&files, nfds_t(files.count), Int32(patience * 1000) + 1)
    return places.indices.map { k in (files[2 * k].revents != 0, files[2 * k + 1].revents != 0) }
  }

  private func stopTheLate(_ places: [Place]) {
    guard let timeLimit else { return }
    for place in places where place.item != nil && !place.isLate && seconds(since: place.since) >= timeLimit {
      place.isLate = true
      place.process.stop()
    }
  }

  /// Buries a worker that has ended and starts a new one where work is left; the answer to its item, if it had one.
  private func buried(_ place: Place, more: Bool) throws -> Answer? {
    let end = place.process.waitForEnd()
    guard let id = place.item else {
      guard place.isReady else { throw unable(end) }
      // Between two items: nothing is lost.
      try replace(place)
      return nil
    }
    let taken = seconds(since: place.since)
    if !place.isLate {
      // The whole job may be about to end; then nothing may be told of this item.
      if [130, 143].contains(end.status) || [SIGINT, SIGTERM, SIGHUP].contains(Int32(end.signal ?? 0)) {
        throw BatchError(.terminated, "a worker was asked to end")
      }
      if end.signal == Int(SIGKILL), place.killedOnce != id {
        usleep(300_000)
        place.killedOnce = id
        try replace(place)
        return nil
      }
    }
    let failure = failure(id, end, late: place.isLate, seconds: taken)
    place.item = nil
    if more { try replace(place) } else { place.isReady = false }
    return failure
  }

  /// Starts a new worker; an item that the old one still had is asked again once the new one is ready.
  private func replace(_ place: Place) throws {
    place.process = try WorkerProcess(launch)
    place.isReady = false
    if let id = place.item {
      place.item = nil
      try ask(again: id, place)
    }
  }

  private func ask(again id: String, _ place: Place) throws {
    // The line waits in the pipe until the worker reads it.
    place.item = id
    (place.since, place.isLate) = (.now, false)
    place.process.ask(id)
  }

  private func failure(_ id: String, _ end: WorkerProcess.End, late: Bool, seconds: Double) -> Answer {
    let (status, message): (Int, String)
    if late, let timeLimit {
      (status, message) = (75, "the time limit of \(timeLimit.significant(6)) s is reached; raise --time-limit")
    } else if let signal = end.signal {
      let cause =
        signal == Int(SIGKILL)
        ? "killed, is the memory full? Set --max-memory" : String(cString: strsignal(Int32(signal)))
      (status, message) = (signal == Int(SIGKILL) ? 75 : 70, "ended by signal \(signal): \(cause)")
    } else {
      let code = end.status == 0 || end.status == nil ? 70 : end.status!
      (status, message) = (code, end.message.isEmpty ? "the worker ended with status \(code)" : end.message)
    }
    return .failure(id: id, status: status, message: message, seconds: seconds)
  }

  /// Why a worker did not even begin.
  private func unable(_ end: WorkerProcess.End) -> BatchError {
    if [130, 143].contains(end.status) || [SIGINT, SIGTERM, SIGHUP].contains(Int32(end.signal ?? 0)) {
      return BatchError(.terminated, "a worker was asked to end")
    }
    let how = end.signal.map { "signal \($0)" } ?? "status \(end.status ?? 0)"
    return BatchError(
      .worker(status: end.status.map { $0 == 0 ? 70 : $0 } ?? 70),
      end.message.isEmpty ? "a worker ended with \(how) before its first item" : end.message)
  }

  private func seconds(since start: ContinuousClock.Instant) -> Double {
    let elapsed = (ContinuousClock.now - start).components
    return Double(elapsed.seconds) + Double(elapsed.attoseconds) * 1e-18
  }
}
