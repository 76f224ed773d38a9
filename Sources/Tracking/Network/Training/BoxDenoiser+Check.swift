/// The loss in double precision, so that its derivatives can be compared with differences.
extension BoxDenoiser {
  /// The summed loss of a batch, its gradient, and the boxes from which geometry was taken.
  package func checkedGradient(
    _ batch: [DenoisingInput], _ targets: [DenoisingTarget], _ parameters: [Double]
  ) -> (loss: Double, gradient: [Double], anchors: [[SIMD4<Double>]]) {
    var gradient = [Double](repeating: 0, count: parameters.count)
    let anchors = forward(batch, parameters).0.anchors
    let loss = addGradient(batch, targets, parameters, &gradient)
    return (loss, gradient, anchors)
  }

  /// The summed loss where geometry is taken from given boxes, through which no gradient goes.
  package func checkedLoss(
    _ batch: [DenoisingInput], _ targets: [DenoisingTarget], _ parameters: [Double], anchors: [[SIMD4<Double>]]
  ) -> Double {
    let output = forward(batch, parameters, anchors: anchors).0
    return DenoisingLoss(shape: shape)(output, batch, targets).value
  }
}
