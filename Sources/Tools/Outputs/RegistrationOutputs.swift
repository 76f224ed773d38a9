import ArgumentParser
import Geometry
import PointClouds
import Registration
import Rendering

/// The files that a registration writes.
struct RegistrationOutputs: Sendable {
  let result: String?
  let aligned: String?
  let merged: String?
  let picture: String?
  let page: String?

  /// The files with their options.
  var named: [(option: String, path: String)] {
    [
      ("-o", result), ("--save-aligned", aligned), ("--save-merged", merged), ("--picture", picture),
      ("--report", page),
    ].compactMap { option, path in path.map { (option, $0) } }
  }

  /// Refuses extensions that name no format.
  func checkExtensions() throws {
    if let result, !(["json"] + PoseText.allCases.map(\.rawValue)).contains(pathExtension(result)) {
      throw ValidationError("-o \(result): the extension must be .json, .txt, .tum or .kitti")
    }
    for (option, path) in [("--save-aligned", aligned), ("--save-merged", merged)] {
      if let path, !["ply", "pcd"].contains(pathExtension(path)) {
        throw ValidationError("\(option) \(path): the extension must be .ply or .pcd")
      }
    }
    if let picture, pathExtension(picture) != "png" {
      throw ValidationError("--picture \(picture): the extension must be .png")
    }
    if let page, pathExtension(page) != "html" {
      throw ValidationError("--report \(page): the extension must be .html")
    }
  }

  /// Writes the files. A result that is not accepted leaves no pose and no cloud behind that a script could pick up by
  /// mistake; JSON, picture and page say the verdict themselves.
  func write(_ report: RegistrationReport, accepted: Bool, totalSeconds: Double, replacing: Bool) throws {
    let isPose = result.map { pathExtension($0) != "json" } ?? false
    var written: [String] = []
    var withheld: [String] = []
    func file(_ path: String?, always: Bool = false, _ write: (String) throws -> Void) rethrows {
      guard let path else { return }
      guard always || accepted else { return withheld.append(path) }
      try write(path)
      written.append(path)
    }
    let t = report.result.similarity
    try file(result, always: !isPose) { path in
      try AtomicFile.write(Array(text(report, path).utf8), to: path, replacing: replacing)
    }
    try file(aligned) { path in
      try RegistrationOutputs.save(report.pair.source.cloud.transformed(by: t), path, replacing)
    }
    try file(merged) { path in
      let clouds = [report.pair.target.cloud, report.pair.source.cloud.transformed(by: t)]
      try RegistrationOutputs.save(CloudMerge.merge(clouds), path, replacing)
    }
    try file(picture, always: true) { path in
      guard let png = RegistrationOutputs.draw(report).png else {
        throw CommandFailure(.limit, "\(path): no memory for the picture")
      }
      try AtomicFile.write(png, to: path, replacing: replacing)
    }
    try file(page, always: true) { path in
      let html = try RegistrationPage(report: report, accepted: accepted, totalSeconds: totalSeconds).html()
      try AtomicFile.write(Array(html.utf8), to: path, replacing: replacing)
    }
    if !written.isEmpty { Console.say("wrote", written.map(\.terminalSafe).joined(separator: "  ")) }
    if !withheld.isEmpty {
      Console.say(
        "withheld",
        withheld.map(\.terminalSafe).joined(separator: "  ") + "   (not accepted; --accept any writes them)",
        tone: .caution)
    }
  }

  private func text(_ report: RegistrationReport, _ path: String) -> String {
    guard let form = PoseText(rawValue: pathExtension(path)) else {
      return report.json(totalSeconds: report.readSeconds + report.result.stages.reduce(0) { $0 + $1.seconds }).text
        + "\n"
    }
    return form(
      report.result.similarity, source: report.pair.source.path, target: report.pair.target.path,
      verdict: report.result.verdict.rawValue)
  }

  private static func save(_ cloud: PointCloud, _ path: String, _ replacing: Bool) throws {
    guard let format = CloudFormat(pathExtension: pathExtension(path)) else {
      throw CommandFailure(.usage, "\(path): the extension names no format")
    }
    try CloudWriter(format: format)(cloud, to: path, replacing: replacing)
  }

  private static func draw(_ report: RegistrationReport) -> Image {
    let summary = RegistrationSummary(pair: report.pair, result: report.result, settings: report.settings, seconds: 0)
    let pose = report.result.targetFromSource
    let t = [pose.translation.x, pose.translation.y, pose.translation.z].map { $0.decimals(2) }.joined(separator: ", ")
    return RegistrationPicture(
      source: report.pair.source.cloud, target: report.pair.target.cloud, targetFromSource: report.result.similarity,
      sourceName: FileName.last(report.pair.source.path), targetName: FileName.last(report.pair.target.path),
      mark: RegistrationPicture.Mark(report.result.verdict),
      verdict: report.result.verdict.rawValue.uppercased(), reasons: report.result.reasons,
      measures:
        "rotation \(pose.rotation.angleDegrees.decimals(2)) deg   translation [\(t)] m   "
        + (report.result.scale == 1 ? "" : "scale \(report.result.scale.significant(6))   ")
        + "overlap \(summary.overlap)"
    ).image()
  }
}

/// The last part of a path.
enum FileName {
  /// The name without its folders, safe to print.
  static func last(_ path: String) -> String { String(path.split(separator: "/").last ?? "").terminalSafe }
}

extension RegistrationPicture.Mark {
  /// The colour of a verdict.
  init(_ verdict: Verdict) {
    switch verdict {
    case .trusted: self = .good
    case .doubtful: self = .caution
    case .failed: self = .bad
    }
  }
}
