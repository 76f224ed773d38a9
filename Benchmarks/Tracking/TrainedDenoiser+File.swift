import Tracking

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

extension TrainedDenoiser {
  /// The weights of a file; ends the program where there are none.
  init(file path: String) {
    guard let file = fopen(path, "rb") else { fail("\(path): cannot be opened") }
    defer { fclose(file) }
    fseek(file, 0, SEEK_END)
    var bytes = [UInt8](repeating: 0, count: max(0, ftell(file)))
    rewind(file)
    guard fread(&bytes, 1, bytes.count, file) == bytes.count else { fail("\(path): cannot be read") }
    do {
      try self.init(bytes, path: path)
    } catch {
      fail("\(error)")
    }
  }
}
