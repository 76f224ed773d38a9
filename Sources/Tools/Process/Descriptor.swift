import Glibc

/// Writes all of a text to a descriptor; returns 0 or the error number.
@discardableResult
func writeAll(_ text: String, to descriptor: Int32) -> Int32 {
  var text = text
  return text.withUTF8 { bytes in
    var done = 0
    while done < bytes.count {
      let n = write(descriptor, bytes.baseAddress! + done, bytes.count - done)
      if n < 0, errno == EINTR { continue }
      if n < 0 { return errno }
      done += n
    }
    return 0
  }
}
