import Glibc
import PointClouds

/// Where the entries of a list lie: relative to the list's folder, and not outside it.
struct ListedPath {
  /// The folder of the list.
  let folder: String
  /// Whether entries may leave it.
  let allowsOutside: Bool

  /// Why an entry is refused: one phrase.
  struct Refusal: Error {
    var cause: String
  }

  /// The path of an entry; nothing need be there.
  /// - Throws: when the entry is absolute, climbs out of the folder, or passes through a link that leads out of it.
  func callAsFunction(_ name: String) throws(Refusal) -> String {
    if name.hasPrefix("/") {
      guard allowsOutside else { throw outside(name) }
      return name
    }
    let path = folder + "/" + name
    if allowsOutside { return path }
    guard let root = FolderListing.resolved(folder) else { return path }
    var (depth, place) = (0, folder)
    for part in name.split(separator: "/") {
      depth += part == ".." ? -1 : part == "." ? 0 : 1
      guard depth >= 0 else { throw outside(name) }
      place += "/" + part
      // What is not there leads nowhere.
      guard let real = FolderListing.resolved(place) else { continue }
      guard real == root || real.hasPrefix(root == "/" ? root : root + "/") else { throw outside(name) }
    }
    return path
  }

  private func outside(_ name: String) -> Refusal {
    Refusal(cause: "\"\(name)\" lies outside the list's folder; --allow-outside permits that")
  }
}
