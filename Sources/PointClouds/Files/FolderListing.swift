import Glibc

/// What lies in a folder: the names of its files and folders in natural order, hidden ones left out.
package struct FolderListing {
  /// The names of the files.
  package var files: [String] = []
  /// The names of the folders.
  package var folders: [String] = []

  /// Lists a folder; links count as what they lead to.
  /// - Throws: ``CloudFileError`` when it is missing, no folder, or may not be read.
  package init(_ path: String) throws(CloudFileError) {
    guard let stream = opendir(path) else {
      switch errno {
      case ENOENT: throw CloudFileError(.missing, path, "no such file or folder")
      case ENOTDIR: throw CloudFileError(.notAFile, path, "is no folder")
      case EACCES, EPERM: throw CloudFileError(.permission, path, "permission denied")
      case ELOOP: throw CloudFileError(.tooManyLinks, path, "too many levels of symbolic links")
      default: throw CloudFileError(.io, path, "cannot be listed: \(String(cString: strerror(errno)))")
      }
    }
    defer { closedir(stream) }
    while let entry = readdir(stream) {
      let name = withUnsafePointer(to: &entry.pointee.d_name) { pointer in
        pointer.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
      }
      if name.hasPrefix(".") { continue }
      switch Int32(entry.pointee.d_type) {
      case Int32(DT_REG): files.append(name)
      case Int32(DT_DIR): folders.append(name)
      default:
        if FolderListing.isFolder(path + "/" + name) {
          folders.append(name)
        } else if FolderListing.isFile(path + "/" + name) {
          files.append(name)
        }
      }
    }
    files = files.sorted(by: naturallyPrecedes)
    folders = folders.sorted(by: naturallyPrecedes)
  }

  /// The names in a folder; nothing where there is none.
  package static func ifThere(_ path: String) -> FolderListing? {
    do throws(CloudFileError) { return try FolderListing(path) } catch { return nil }
  }

  /// Whether a path leads to a folder.
  package static func isFolder(_ path: String) -> Bool { kind(path) == S_IFDIR }

  /// Whether a path leads to something that is there and no folder.
  package static func isFile(_ path: String) -> Bool { kind(path).map { $0 != S_IFDIR } ?? false }

  private static func kind(_ path: String) -> mode_t? {
    var status = stat()
    return stat(path, &status) == 0 ? status.st_mode & S_IFMT : nil
  }

  /// The path without links, dots and a slash at its end; nil where nothing is there.
  package static func resolved(_ path: String) -> String? {
    guard let pointer = realpath(path, nil) else { return nil }
    defer { free(pointer) }
    return String(cString: pointer)
  }
}

/// Whether a name comes before another when runs of digits count as numbers: scan2 before scan10.
package func naturallyPrecedes(_ a: String, _ b: String) -> Bool {
  let (x, y) = (Array(a.utf8), Array(b.utf8))
  func isDigit(_ c: UInt8) -> Bool { c &- 48 < 10 }
  func run(_ text: [UInt8], _ start: Int) -> ArraySlice<UInt8> { text[start...].prefix(while: isDigit) }
  var (i, j) = (0, 0)
  while i < x.count, j < y.count {
    if isDigit(x[i]), isDigit(y[j]) {
      let (p, q) = (run(x, i), run(y, j))
      let (m, n) = (p.drop { $0 == 48 }, q.drop { $0 == 48 })
      if m.count != n.count { return m.count < n.count }
      if !m.elementsEqual(n) { return m.lexicographicallyPrecedes(n) }
      (i, j) = (p.endIndex, q.endIndex)
    } else {
      if x[i] != y[j] { return x[i] < y[j] }
      (i, j) = (i + 1, j + 1)
    }
  }
  if x.count - i != y.count - j { return x.count - i < y.count - j }
  return x.lexicographicallyPrecedes(y)
}
