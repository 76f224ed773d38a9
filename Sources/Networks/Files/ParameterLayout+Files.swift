extension ParameterLayout {
  /// The tensors of a network from its numbers.
  /// - Parameter prefix: stands before every name.
  public func tensors(_ values: [Float], prefix: String = "") -> [TensorFile.Tensor] {
    precondition(values.count == count, "numbers of another network")
    return parameters.map {
      TensorFile.Tensor(name: prefix + $0.name, shape: $0.shape, values: Array(values[$0.range]))
    }
  }

  /// The numbers of a network from a file that holds all of its tensors; those of other names are left alone.
  /// - Throws: when a tensor is missing or has another shape.
  public func values(_ file: TensorFile, prefix: String = "", path: String) throws(TensorFileError) -> [Float] {
    let byName = Dictionary(file.tensors.map { ($0.name, $0) }, uniquingKeysWith: { a, _ in a })
    var values: [Float] = []
    values.reserveCapacity(count)
    for parameter in parameters {
      let name = prefix + parameter.name
      guard let tensor = byName[name] else {
        throw TensorFileError(path, "no tensor \"\(name)\": weights of another network")
      }
      guard tensor.shape == parameter.shape else {
        throw TensorFileError(path, "\"\(name)\" has the shape \(tensor.shape), \(parameter.shape) is expected")
      }
      values += tensor.values
    }
    return values
  }
}
