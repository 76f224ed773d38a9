import Evaluation
import Foundation
import Testing

/// Child processes that answer, hang, crash and talk nonsense; a shell stands in for the program.
@Suite struct BatchesWorkerTests {
  @Test("every item is dealt once, and neighbours stay together")
  func queue() {
    let ids = (0..<37).map { String($0) }
    for workers in [1, 2, 5, 40] {
      var queue = WorkQueue(ids, workers: workers)
      var dealt: [String] = []
      // The first worker is quick, the others take an item now and then.
      var turn = 0
      while !queue.isEmpty {
        let worker = turn % 7 == 0 ? turn / 7 % workers : 0
        if let id = queue.next(worker) { dealt.append(id) }
        turn += 1
      }
      #expect(dealt.sorted() == ids.sorted())
      #expect((0..<workers).allSatisfy { queue.next($0) == nil })
    }
    var alone = WorkQueue(ids, workers: 1)
    #expect((0..<37).compactMap { _ in alone.next(0) } == ids)
    var none = WorkQueue([], workers: 3)
    #expect(none.isEmpty && none.next(2) == nil)
  }

  /// Runs items in workers that are this script; `$1` is a folder with one file per item that can be answered.
  private func run(
    _ script: String, _ ids: [String], size: Int = 1, timeLimit: Double? = nil
  ) throws -> [String: WorkerPool.Answer] {
    try Batches.withFolder { folder in
      for k in 0..<20 {
        let record = Batches.record(k)
        let name = record.id.replacingOccurrences(of: "/", with: "_")
        try (record.line + "\n").write(toFile: "\(folder)/\(name)", atomically: false, encoding: .utf8)
      }
      let pool = WorkerPool(
        launch: WorkerLaunch(executable: "/bin/sh", arguments: ["-c", script, "worker", folder]), size: size,
        timeLimit: timeLimit)
      var answers: [String: WorkerPool.Answer] = [:]
      try pool(ids) { answer in
        let id =
          switch answer {
          case .record(let record): record.id
          case .failure(let id, _, _, _): id
          }
        #expect(answers[id] == nil, "one answer per item")
        answers[id] = answer
      }
      return answers
    }
  }

  /// Answers with the file of an item; `act` may do something else.
  private func script(_ act: String) -> String {
    "echo ready; while read -r id; do case \"$id\" in \(act) esac; cat \"$1/$(echo \"$id\" | tr / _)\"; done"
  }

  private func status(_ answer: WorkerPool.Answer?) -> (status: Int, message: String)? {
    if case .failure(_, let status, let message, _) = answer { (status, message) } else { nil }
  }

  private let ids = (0..<8).map { Batches.item($0).id }

  @Test("workers answer every item", arguments: [1, 2, 5])
  func answers(size: Int) throws {
    let answers = try run(script(""), ids, size: size)
    #expect(Set(answers.keys) == Set(ids))
    for (k, id) in ids.enumerated() {
      guard case .record(let record) = answers[id] else {
        Issue.record("\(id) failed")
        continue
      }
      #expect(record == Batches.record(k))
    }
    #expect(try run(script(""), []).isEmpty)
  }

  @Test("an item that hangs, ends its worker or answers nonsense fails alone")
  func isolation() throws {
    let act = """
      */3-10) sleep 60;; */4-11) echo 'note' >&2; echo 'error: the cloud is odd' >&2; exit 65;; \
      */5-12) kill -SEGV $$;; */6-13) echo nonsense; continue;;
      """
    for size in [1, 3] {
      let answers = try run(script(act), ids, size: size, timeLimit: 0.8)
      #expect(Set(answers.keys) == Set(ids))
      for k in [0, 1, 2, 7] { #expect(status(answers[ids[k]]) == nil, "\(ids[k])") }
      let late = try #require(status(answers[ids[3]]))
      #expect(late.status == 75 && late.message.contains("time limit of 0.8 s"))
      let odd = try #require(status(answers[ids[4]]))
      #expect(odd == (65, "the cloud is odd"))
      let crash = try #require(status(answers[ids[5]]))
      #expect(crash.status == 70 && crash.message.contains("signal 11"))
      #expect(status(answers[ids[6]])?.status == 70)
    }
  }

  @Test("a worker that is killed once is tried again; twice, its item has failed")
  func killed() throws {
    let once = "*/3-10) [ -e \"$1/tried\" ] || { touch \"$1/tried\"; kill -KILL $$; };;"
    let retried = try run(script(once), ids)
    #expect(retried.count == ids.count && retried.values.allSatisfy { status($0) == nil })
    let answers = try run(script("*/3-10) kill -KILL $$;;"), ids)
    #expect(status(answers[ids[3]])?.status == 75)
    #expect(answers.values.count { status($0) == nil } == ids.count - 1)
  }

  @Test("a worker that was asked to end ends the batch, and its item has no result")
  func terminated() {
    for act in ["*/3-10) kill -TERM $$; sleep 5;;", "*/3-10) exit 143;;", "*/3-10) exit 130;;"] {
      #expect {
        _ = try run(script(act), ids)
      } throws: {
        ($0 as? BatchError)?.kind == .terminated
      }
    }
  }

  @Test("workers that cannot begin end the batch with their message")
  func unable() {
    #expect {
      _ = try run("echo 'error: gt.log: no such file' >&2; exit 66", ids)
    } throws: {
      ($0 as? BatchError) == BatchError(.worker(status: 66), "gt.log: no such file")
    }
    #expect(throws: BatchError.self) {
      try WorkerPool(launch: WorkerLaunch(executable: "/nowhere/program", arguments: []))(["a"]) { _ in }
    }
  }
}
