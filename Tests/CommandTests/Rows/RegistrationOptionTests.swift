import Foundation
import Testing

/// The options about the pose: degrees of freedom, limits, overlap; the same for `register` and `evaluate`.
@Suite struct RegistrationOptionTests {
  private let pair = Pair.full

  @Test("--dof 4 turns about the target's z axis alone, --dof 3 not at all", arguments: ["4", "3"])
  func degreesOfFreedom(dof: String) throws {
    let truth = Pair.motion(axis: SIMD3(0, 0, 1), degrees: dof == "4" ? 75 : 0, translation: SIMD3(2, -1, 0.5))
    let source = pair.target.enumerated().filter { $0.offset % 3 != 0 }.map { truth.rigidInverse.apply($0.element) }
    let (outcome, report) = try register(source, pair.target, options: ["--dof", dof])
    expectOrderly(outcome)
    #expect(outcome.exit == 0 && report?.verdict == "trusted", "\(outcome)")
    let T = try #require(report?.T)
    #expect(T[2][0] == 0 && T[2][1] == 0 && T[2][2] == 1, "\(T)")
    if dof == "3" { #expect(T[0][0] == 1 && T[0][1] == 0) }
    #expect(report?.displacement(from: truth, over: source) ?? 1 < 0.02, "\(outcome)")
    #expect(report?.object["dof"] as? Int == Int(dof), "\(outcome)")
  }

  @Test(
    "every tree and descriptor finds the pose, and only the tree that is asked for grows",
    arguments: [["--tree", "paper"], ["--tree", "off"], ["--descriptor", "fixed"], ["--quality", "best"]])
  func variants(options: [String]) throws {
    let (outcome, report) = try register(pair.source, pair.target, options: options)
    expectOrderly(outcome)
    #expect(outcome.exit == 0 && report?.verdict != "failed", "\(outcome)")
    #expect(report?.displacement(from: pair.targetFromSource, over: pair.source) ?? 1 < 0.02, "\(outcome)")
    let times = (report?.object["run"] as? [String: Any])?["times"] as? [String: Double] ?? [:]
    if options[0] == "--tree" { #expect((times["tree"] != nil) == (options[1] == "paper"), "\(times)") }
    if options[0] == "--quality" { #expect(times["tree"] != nil, "\(times)") }
  }

  @Test("a pair that does not obey --dof 3 is not trusted")
  func disobedient() throws {
    let (outcome, report) = try register(pair.source, pair.target, options: ["--dof", "3"])
    expectOrderly(outcome)
    #expect(report != nil && report?.verdict != "trusted", "\(outcome)")
  }

  @Test(
    "where no pose lies within the limits the result fails and says so",
    arguments: [["--max-rotation", "5"], ["--max-displacement", "0.05"]])
  func beyond(options: [String]) throws {
    let (outcome, report) = try register(pair.source, pair.target, options: options)
    expectOrderly(outcome)
    #expect(outcome.exit == 1 && report?.verdict == "failed", "\(outcome)")
    let words = options[0] == "--max-rotation" ? "turn of at most 5.0 degrees" : "displacement of at most 0.05 m"
    let said = report?.reasons.first ?? ""
    #expect(said.contains(words) || said.contains("more than"), "\(outcome)")
    let limits = report?.object["limits"] as? [String: Any]
    let key = options[0] == "--max-rotation" ? "max_rotation" : "max_displacement"
    #expect(limits?[key] as? Double == Double(options[1]), "\(outcome)")
  }

  @Test("limits that hold the pose change nothing, and stand in the summary")
  func within() throws {
    let free = try register(pair.source, pair.target)
    let options = ["--max-rotation", "60", "--max-displacement", "30"]
    let bound = try register(pair.source, pair.target, options: options)
    #expect(bound.outcome.exit == 0 && bound.report?.T == free.report?.T, "\(bound.outcome)")
    #expect(bound.outcome.errors.contains("at most 60 degrees"), "\(bound.outcome)")
    #expect(!free.outcome.errors.contains("asked for"), "\(free.outcome)")
  }

  @Test("--overlap-min asks for the overlap of the cloud that overlaps more")
  func overlap() throws {
    let part = pair.source.filter { $0.x < 1 }
    let free = try register(part, pair.target)
    let both = free.report?.object["overlap"] as? [String: Double] ?? [:]
    let larger = max(both["source"] ?? 0, both["target"] ?? 0)
    #expect((free.report?.object["limits"] as? [String: Any])?["overlap_min"] is NSNull, "\(free.outcome)")
    let met = try register(part, pair.target, options: ["--overlap-min", "\(0.9 * larger)"])
    #expect(met.report?.verdict == free.report?.verdict, "\(met.outcome)")
    let missed = try register(part, pair.target, options: ["--overlap-min", "\(min(1, 1.02 * larger + 0.001))"])
    #expect(missed.outcome.exit == 1 && missed.report?.verdict == "failed", "\(missed.outcome)")
    #expect(missed.report?.reasons.first?.contains("was asked for") == true, "\(missed.outcome)")
  }

  @Test("evaluate hands every option to its workers, and they stand in the document")
  func evaluated() throws {
    try TemporaryFolder.with { folder in
      let list = try EvaluateList.write(folder)
      let options = [
        "--dof", "7", "--scale", "estimate:0.5,2", "--max-rotation", "170", "--max-displacement", "9", "--overlap-min",
        "0.01", "--max-correspondence", "0.2", "--quality", "fast", "--tree", "off", "--use-color", "auto",
      ]
      let outcome = try evaluate([list, "-o", folder("all.json")] + options)
      expectOrderly(outcome)
      #expect([0, 3].contains(outcome.exit), "\(outcome)")
      let text = String(decoding: folder.bytes("all.json"), as: UTF8.self)
      for words in [
        #"\"dof\":7"#, #"\"scale\":[0.5,2]"#, #"\"max_rotation\":170"#, #"\"max_displacement\":9"#,
        #"\"overlap_min\":0.01"#, #"\"max_correspondence\":0.2"#, #"\"color\":\"auto\""#,
      ] {
        #expect(text.contains(words) || text.contains(words.replacing("\\", with: "")), "\(words); \(text.prefix(900))")
      }
      let wrong = try evaluate([list, "--dof", "8"])
      expectRefused(wrong, code: [64])
    }
  }
}
