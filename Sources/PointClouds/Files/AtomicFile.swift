import Glibc

/// A file that appears under its name whole or not at all.
///
/// The bytes go to a file without a name in the same folder, so that nothing remains even when the program is killed;
/// ``commit()`` forces them to the disk and gives them the name. Where the file system lacks files without names, a
/// hidden temporary one stands in, which is removed on failure, when the object goes away and on SIGINT, SIGTERM and
/// SIGHUP. Devices and FIFOs are written directly.
public final class AtomicFile {
  /// The path as it was given.
  public let path: String
  private let target: String
  private let replacing: Bool
  private var descriptor: Int32 = -1
  private var temporary: String?
  private let isDirect: Bool

  /// Opens an output; nothing can be seen under its name until ``commit()``.
  ///
  /// - Throws: `wouldOverwrite` for an existing file unless `replacing`, `cannotCreate` for a missing folder,
  ///   `permission`, `noSpace` or `io`.
  public init(_ path: String, replacing: Bool) throws(CloudFileError) {
    let place = try OutputPlace(path, replacing: replacing)
    self.path = path
    self.replacing = replacing
    (target, isDirect) = (place.target, place.isDevice)
    if isDirect {
      descriptor = open(target, O_WRONLY | O_CLOEXEC | O_NOCTTY)
      guard descriptor >= 0 else { throw OutputPlace.failure(errno, path) }
      return
    }
    descriptor = open(place.folder, unnamedFile | O_WRONLY | O_CLOEXEC, 0o666)
    if descriptor < 0 {
      let code = errno
      guard [EOPNOTSUPP, EISDIR, EINVAL, ENOENT].contains(code) else { throw OutputPlace.failure(code, path) }
      let name = Temporaries.name(in: place.folder)
      descriptor = open(name, O_CREAT | O_EXCL | O_WRONLY | O_CLOEXEC, 0o666)
      guard descriptor >= 0 else { throw OutputPlace.failure(errno, path) }
      temporary = name
      Temporaries.register(name)
    }
    if let mode = place.existingMode { fchmod(descriptor, mode) }
  }

  deinit { discard() }

  /// Appends bytes.
  public func write(_ bytes: UnsafeRawBufferPointer) throws(CloudFileError) {
    guard let base = bytes.baseAddress else { return }
    var done = 0
    while done < bytes.count {
      let n = Glibc.write(descriptor, base + done, bytes.count - done)
      if n < 0, errno == EINTR { continue }
      guard n > 0 else {
        let code = n < 0 ? errno : ENOSPC
        discard()
        throw OutputPlace.failure(code, path)
      }
      done += n
    }
  }

  /// Appends bytes.
  public func write(_ bytes: [UInt8]) throws(CloudFileError) {
    var failure: CloudFileError?
    bytes.withUnsafeBytes { buffer in
      do throws(CloudFileError) { try write(buffer) } catch { failure = error }
    }
    if let failure { throw failure }
  }

  /// Forces the bytes to the disk and lets the file appear under its name. The object is of no use afterwards.
  public func commit() throws(CloudFileError) {
    defer { discard() }
    guard descriptor >= 0 else { throw CloudFileError(.io, path, "was given up after a failure") }
    if isDirect { return }
    guard fsync(descriptor) == 0 else { throw OutputPlace.failure(errno, path) }
    let folder = OutputPlace.folder(of: target)
    if temporary == nil {
      let own = "/proc/self/fd/\(descriptor)"
      if linkat(AT_FDCWD, own, AT_FDCWD, target, AT_SYMLINK_FOLLOW) != 0 {
        guard errno == EEXIST, replacing else { throw OutputPlace.failure(errno, path) }
        // A link cannot replace: a short-lived second name can.
        let name = Temporaries.name(in: folder)
        Temporaries.register(name)
        temporary = name
        guard linkat(AT_FDCWD, own, AT_FDCWD, name, AT_SYMLINK_FOLLOW) == 0 else {
          throw OutputPlace.failure(errno, path)
        }
      }
    }
    if let name = temporary {
      // Without `replacing`, a file that appeared meanwhile is kept.
      if replacing {
        guard rename(name, target) == 0 else { throw OutputPlace.failure(errno, path) }
      } else {
        guard link(name, target) == 0 else { throw OutputPlace.failure(errno, path) }
        unlink(name)
      }
      Temporaries.forget(name)
      temporary = nil
    }
    let directory = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
    if directory >= 0 {
      fsync(directory)
      close(directory)
    }
  }

  private func discard() {
    if let name = temporary {
      unlink(name)
      Temporaries.forget(name)
      temporary = nil
    }
    if descriptor >= 0 { close(descriptor) }
    descriptor = -1
  }

  /// Writes a whole file at once.
  public static func write(_ bytes: [UInt8], to path: String, replacing: Bool) throws(CloudFileError) {
    let file = try AtomicFile(path, replacing: replacing)
    try file.write(bytes)
    try file.commit()
  }

  /// Refuses a path that could not be written, before anything is computed. Leaves nothing behind.
  public static func checkWritable(_ path: String, replacing: Bool) throws(CloudFileError) {
    let place = try OutputPlace(path, replacing: replacing)
    let code = place.isDevice ? access(place.target, W_OK) : access(place.folder, W_OK | X_OK)
    guard code == 0 else { throw OutputPlace.failure(errno, path) }
  }

  /// Removes temporary files with names; for a program's own signal handler, in which it is safe.
  public static func removeTemporaries() { Temporaries.removeAll() }
}

/// Linux's O_TMPFILE, a macro that Swift does not see.
private let unnamedFile: Int32 = 0o20000000 | O_DIRECTORY
