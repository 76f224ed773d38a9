internal import COpenBLAS

#if canImport(Glibc)
  import Glibc
#endif

/// Which of its kernels OpenBLAS multiplies with.
///
/// OpenBLAS looks its kernels up by the model of the processor and falls back to those of 2004 where it does not know the
/// model: release 0.3.21 knows no processor made after 2022, and a product then takes four times as long. So the
/// kernels are chosen by what the processor can do instead: those called Haswell wherever it has AVX2 and FMA. They are
/// the same on all these machines, and so are the bits of a product. `OPENBLAS_CORETYPE` in the environment overrides it.
public enum BLASKernels {
  /// The name that OpenBLAS has for the kernels in use.
  public static var name: String {
    prepare()
    return String(cString: openblas_get_corename())
  }

  /// Chooses the kernels. Every product does it when it is the first; a program that calls this before it starts threads
  /// keeps the change of the environment that it takes to itself.
  public static func prepare() { _ = chosen }

  private static let chosen: Void = {
    // Plumb splits the work itself.
    openblas_set_num_threads(1)
    #if canImport(Glibc) && arch(x86_64)
      let variable = "OPENBLAS_CORETYPE"
      guard getenv(variable) == nil, plumb_has_avx2() != 0,
        let forget = dlsym(nil, "gotoblas_dynamic_quit"), let choose = dlsym(nil, "gotoblas_dynamic_init")
      else { return }
      typealias Call = @convention(c) () -> Void
      setenv(variable, "Haswell", 1)
      unsafeBitCast(forget, to: Call.self)()
      unsafeBitCast(choose, to: Call.self)()
      unsetenv(variable)
    #endif
  }()
}
