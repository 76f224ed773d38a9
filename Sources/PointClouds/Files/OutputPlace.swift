import Glibc

/// Where an output goes, examined before anything is written.
struct OutputPlace {
  /// The path with a symbolic link at its end followed.
  var target: String
  /// Whether it is a device or FIFO, which is written directly.
  var isDevice = false
  /// The permissions of the file that will be replaced.
  var existingMode: mode_t?

  var folder: String { OutputPlace.folder(of: target) }

  init(_ path: String, replacing: Bool) throws(CloudFileError) {
    guard !path.isEmpty, !path.utf8.contains(0), !path.hasSuffix("/") else {
      throw CloudFileError(.cannotCreate, path, "is not the name of a file")
    }
    target = path
    var status = stat()
    if stat(path, &status) == 0 {
      switch status.st_mode & S_IFMT {
      case S_IFDIR: throw CloudFileError(.cannotCreate, path, "is a directory")
      case S_IFCHR, S_IFIFO: isDevice = true
      case S_IFREG:
        guard replacing else {
          throw CloudFileError(.wouldOverwrite, path, "exists already; --force replaces it")
        }
        guard access(path, W_OK) == 0 else { throw OutputPlace.failure(errno, path) }
        existingMode = status.st_mode & 0o7777
        if let resolved = realpath(path, nil) {
          target = String(cString: resolved)
          free(resolved)
        }
      default: throw CloudFileError(.cannotCreate, path, "is neither a file nor a stream")
      }
      return
    }
    guard errno == ENOENT else { throw OutputPlace.failure(errno, path) }
    if lstat(path, &status) == 0 {
      throw CloudFileError(.cannotCreate, path, "is a symbolic link to nothing")
    }
    guard stat(folder, &status) == 0, status.st_mode & S_IFMT == S_IFDIR else {
      throw CloudFileError(.cannotCreate, path, "cannot be created: there is no folder \(folder)")
    }
  }

  /// The folder that holds a path.
  static func folder(of path: String) -> String {
    guard let slash = path.lastIndex(of: "/") else { return "." }
    return slash == path.startIndex ? "/" : String(path[..<slash])
  }

  /// The error of a failed attempt to create or write.
  static func failure(_ code: Int32, _ path: String) -> CloudFileError {
    let reason = String(cString: strerror(code))
    switch code {
    case EACCES, EPERM, EROFS:
      return CloudFileError(.permission, path, "cannot be written: \(code == EROFS ? reason : "permission denied")")
    case ENOSPC, EDQUOT, EFBIG:
      return CloudFileError(.noSpace, path, "cannot be written: \(reason); free some space or choose another folder")
    case EEXIST: return CloudFileError(.wouldOverwrite, path, "exists already; --force replaces it")
    case ENOENT, ENOTDIR, ENAMETOOLONG, ELOOP, EISDIR, ENXIO:
      return CloudFileError(.cannotCreate, path, "cannot be created: \(reason)")
    default: return CloudFileError(.io, path, "cannot be written: \(reason)")
    }
  }
}
