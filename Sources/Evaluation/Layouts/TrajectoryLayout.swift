import PointClouds

/// One file of poses over time; it has no items and is read by ``TrajectoryFile``.
struct TrajectoryLayout: FoundLayout {
  let layout = Layout.trajectory
  let path: String

  var reason: String { "the columns of a trajectory" }

  func read(_ settings: LayoutSettings) throws(CloudFileError) -> LayoutContents {
    let file = try TrajectoryFile(path)
    return LayoutContents(work: .pairs([]), notes: ["\(file.format.name): \(file.trajectory.count) poses"] + file.notes)
  }
}
