/// Finds the format of a file from its content.
enum FormatSniffer {
  /// The format of a source, or a refusal that says what the file seems to be.
  static func format(of source: ByteSource) throws(CloudFileError) -> CloudFormat {
    let head = try source.head(1 << 16)
    if let format = marked(head, isWhole: head.count == source.size) { return format }
    // Records without any mark: the extension announces them, or every value fits them.
    if CloudFormat(path: source.path) == .kitti { return .kitti }
    if source.size % 16 == 0, PackedFile.matches(head) { return .kitti }
    throw CloudFileError(
      .damaged, source.path,
      "not a known point-cloud format\(guess(head)); PLY, PCD, XYZ, CSV, KITTI .bin and NPY are read")
  }

  /// Whether a stream that begins like this may be a cloud.
  static func accepts(_ head: [UInt8]) -> Bool {
    marked(head, isWhole: false) != nil || PackedFile.matches(head)
  }

  /// The format that the first bytes prove.
  static func marked(_ head: [UInt8], isWhole: Bool) -> CloudFormat? {
    if head.starts(with: NPYHeader.magic) { return .npy }
    if head.starts(with: Array("ply".utf8)), head.count == 3 || head[3] == 10 || head[3] == 13 || head[3] == 32 {
      return .ply
    }
    if PCDHeader.matches(head) { return .pcd }
    if TableHeader.matches(head, isWhole: isWhole) {
      let first = TableHeader.withoutMark(head).split(separator: 10).first { $0.first != 0x23 } ?? []
      return first.contains(0x2C) || first.contains(0x3B) || first.contains(9) ? .csv : .xyz
    }
    return nil
  }

  /// What a file of another kind seems to be.
  private static func guess(_ head: [UInt8]) -> String {
    let marks: [([UInt8], String)] = [
      (Array("LASF".utf8), "LAS or LAZ, which is not read yet: convert it to PLY"),
      (Array("ASTM-E57".utf8), "E57, which is not read yet: convert it to PLY"),
      ([0x1F, 0x8B], "compressed with gzip: unpack it first"), ([0x50, 0x4B, 3, 4], "a zip archive: unpack it first"),
      ([0x28, 0xB5, 0x2F, 0xFD], "compressed with zstd: unpack it first"),
      ([0x89, 0x48, 0x44, 0x46], "HDF5, which is not read"), (Array("solid".utf8), "STL, which is not read yet"),
      (Array("OFF".utf8), "OFF, which is not read yet"), ([0xFF, 0xFE], "text in UTF-16: save it as UTF-8"),
      ([0xFE, 0xFF], "text in UTF-16: save it as UTF-8"), ([0x7F, 0x45, 0x4C, 0x46], "a program"),
    ]
    return marks.first { head.starts(with: $0.0) }.map { " (it looks like \($0.1))" } ?? ""
  }
}
