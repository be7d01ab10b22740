import CDNNL

/// How a matrix enters a product.
enum Orientation {
  case plain
  case transposed

  fileprivate var code: CChar { CChar(self == .plain ? UInt8(ascii: "N") : UInt8(ascii: "T")) }
}

/// C = A B + β C in single precision, C rows × columns and `inner` what is summed over.
///
/// A matrix that enters transposed is stored so. Strides are between stored rows.
func multiply(
  _ a: UnsafePointer<Float>?, _ aOrientation: Orientation = .plain, stride aStride: Int,
  _ b: UnsafePointer<Float>?, _ bOrientation: Orientation = .plain, stride bStride: Int,
  into c: UnsafeMutablePointer<Float>?, stride cStride: Int,
  rows: Int, columns: Int, inner: Int, factor: Float = 1, adding beta: Float = 0
) {
  guard rows > 0, columns > 0 else { return }
  let status = dnnl_sgemm(
    aOrientation.code, bOrientation.code, Int64(rows), Int64(columns), Int64(inner), factor, a,
    Int64(aStride), b, Int64(bStride), beta, c, Int64(cStride))
  precondition(status == dnnl_success, "A product's shapes fit each other.")
}
