import Foundation
import Testing

/// What holds for every run: it ends by itself and without a signal or a stack trace.
func expectOrderly(_ outcome: Outcome, at location: SourceLocation = #_sourceLocation) {
  #expect(!outcome.timedOut, "\(outcome)", sourceLocation: location)
  #expect(outcome.signal == nil, "\(outcome)", sourceLocation: location)
  for trace in ["Fatal error", "Swift/", "Current stack trace", "terminate called", "*** Signal", "AddressSanitizer"] {
    #expect(!outcome.text.contains(trace), "\(outcome)", sourceLocation: location)
  }
}

/// What holds for every refusal: the exit status; one final line `error: …` with the file and the cause; nothing on the
/// standard output, or one JSON error object with the same code.
func expectRefused(
  _ outcome: Outcome, code: [Int32], containing words: [String] = [], naming name: String? = nil,
  megabytes: Double? = 300, at location: SourceLocation = #_sourceLocation
) {
  expectOrderly(outcome, at: location)
  #expect(code.contains(outcome.exit ?? -1), "expected exit \(code); \(outcome)", sourceLocation: location)
  let message = outcome.failureLines.first.map(String.init) ?? ""
  if outcome.line.contains("--json") {
    expectErrorObject(outcome, containing: words, at: location)
    #expect(outcome.failureLines.count <= 1, "\(outcome)", sourceLocation: location)
  } else {
    #expect(outcome.output.isEmpty, "stdout must be empty; \(outcome)", sourceLocation: location)
    #expect(outcome.failureLines.count == 1, "one error line expected; \(outcome)", sourceLocation: location)
    #expect(
      outcome.errorLines.last?.hasPrefix("error: ") == true, "the error line must be last; \(outcome)",
      sourceLocation: location)
    if let name { #expect(message.contains(name), "must name \(name); \(outcome)", sourceLocation: location) }
    for word in words {
      #expect(
        message.localizedCaseInsensitiveContains(word), "must say `\(word)`; \(outcome)", sourceLocation: location)
    }
  }
  if let megabytes {
    #expect(outcome.peakMegabytes < megabytes, "memory; \(outcome)", sourceLocation: location)
  }
}

/// The standard output holds one JSON object with the exit status as its code and the words in its message.
private func expectErrorObject(_ outcome: Outcome, containing words: [String], at location: SourceLocation) {
  let parsed = try? JSONSerialization.jsonObject(with: Data(outcome.output.utf8)) as? [String: Any]
  guard let object = parsed else {
    Issue.record("stdout must hold one JSON object; \(outcome)", sourceLocation: location)
    return
  }
  let error = object["error"] as? [String: Any] ?? object
  #expect(
    (error["code"] as? NSNumber)?.int32Value == outcome.exit, "the code must be the exit status; \(outcome)",
    sourceLocation: location)
  let message = error["message"] as? String ?? object["error"] as? String ?? ""
  #expect(!message.isEmpty, "the message must not be empty; \(outcome)", sourceLocation: location)
  for word in words {
    #expect(
      message.localizedCaseInsensitiveContains(word), "must say `\(word)`; \(outcome)", sourceLocation: location)
  }
}

/// A file that no command may read: `inspect` refuses it in words, `register` with a good target refuses it in JSON, and
/// neither leaves anything behind.
func expectUnreadable(
  _ file: String, _ folder: TemporaryFolder, code: Int32 = 65, containing words: [String] = [],
  options: [String] = [], megabytes: Double? = 300, inspected: Bool = true, killAfter: Double = 60,
  at location: SourceLocation = #_sourceLocation
) throws {
  let good = try folder.write("good-target.ply", Pair.small.targetFile)
  let before = folder.entries
  let name = URL(filePath: file).lastPathComponent
  if inspected {
    let looked = try Command(arguments: ["inspect", file] + options, killAfter: killAfter).run()
    expectRefused(looked, code: [code], containing: words, naming: name, megabytes: megabytes, at: location)
  }
  for mode in [[], ["--json"]] {
    if inspected, mode.isEmpty { continue }
    let registered = try Command(
      arguments: ["register", file, good, "-o", folder("never.json")] + options + mode, killAfter: killAfter
    ).run()
    expectRefused(registered, code: [code], containing: words, naming: name, megabytes: megabytes, at: location)
  }
  #expect(folder.entries == before, "nothing may be left behind", sourceLocation: location)
}

/// A file that holds the small pair's source in some form: `inspect` accepts it and says the words, `register` finds the
/// pose. Returns the result.
@discardableResult
func expectReadable(
  _ file: String, _ folder: TemporaryFolder, saying words: [String] = [], options: [String] = [], pair: Pair = .small,
  tolerance: Double = 0.05, at location: SourceLocation = #_sourceLocation
) throws -> RegisterReport? {
  let good = try folder.write("good-target.ply", pair.targetFile)
  let looked = try Command(arguments: ["inspect", file] + options).run()
  expectOrderly(looked, at: location)
  #expect(looked.exit == 0, "\(looked)", sourceLocation: location)
  for word in words {
    #expect(
      looked.text.localizedCaseInsensitiveContains(word), "must say `\(word)`; \(looked)", sourceLocation: location)
  }
  let registered = try Command(arguments: ["register", file, good, "--json"] + options).run()
  expectOrderly(registered, at: location)
  #expect(registered.exit == 0, "\(registered)", sourceLocation: location)
  guard let report = RegisterReport(registered.output) else {
    Issue.record("no result on stdout; \(registered)", sourceLocation: location)
    return nil
  }
  let off = report.displacement(from: pair.targetFromSource, over: pair.source)
  #expect(off < tolerance, "\(off) m off; \(registered)", sourceLocation: location)
  return report
}
