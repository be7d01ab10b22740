// swift-tools-version: 6.1
import PackageDescription

/// The layers, from the bottom up.
///
/// Each may import only those it lists.
let layers: [Target] = [
  .target(name: "CKernels"),
  .target(name: "CTransport", dependencies: ["CKernels"]),
  .target(name: "LinearAlgebra", dependencies: ["COpenBLAS", "CLAPACKE", "CKernels"]),
  .target(name: "Randomness", dependencies: ["CKernels"]),
  .target(name: "Parameters"),
  .target(
    name: "Domains",
    dependencies: [
      "LinearAlgebra", "Randomness", "Parameters", "CPNG", "CMatio", "CZip", "CZlib", "CCrypto",
      "CCurl", "Yams",
    ],
    resources: [.copy("Resources/data-cards"), .copy("Resources/data")]),
  .target(
    name: "Networks", dependencies: ["LinearAlgebra", "Randomness", "CKernels", "CDNNL"]),
  .target(
    name: "Learners",
    dependencies: ["Networks", "LinearAlgebra", "Randomness", "CSVM", "CTransport"]),
  .target(
    name: "Metrics",
    dependencies: ["Learners", "Domains", "LinearAlgebra", "Randomness", "CKernels", "CGSL"]),
  .target(
    name: "Methods",
    dependencies: [
      "Learners", "Networks", "Domains", "Parameters", "Randomness", "LinearAlgebra",
    ]),
  .target(
    name: "Experiments",
    dependencies: [
      "Methods", "Metrics", "Learners", "Domains", "Parameters", "Randomness", "LinearAlgebra",
      "CRSVG", "Yams", .product(name: "GRDB", package: "GRDB.swift"),
    ]),
  .executableTarget(
    name: "Bench",
    dependencies: [
      "Experiments", "Methods", "Metrics", "Learners", "Domains", "Parameters", "LinearAlgebra",
      "Randomness", .product(name: "ArgumentParser", package: "swift-argument-parser"),
      .product(name: "Logging", package: "swift-log"),
    ]),
]

let systemLibraries: [Target] = [
  .systemLibrary(
    name: "COpenBLAS", path: "Sources/COpenBLAS", pkgConfig: "openblas",
    providers: [.apt(["libopenblas-dev"])]),
  .systemLibrary(
    name: "CLAPACKE", path: "Sources/CLAPACKE", pkgConfig: "lapacke",
    providers: [.apt(["liblapacke-dev"])]),
  // GSL with OpenBLAS's flags: its own pkg-config file would link gslcblas.
  .systemLibrary(
    name: "CGSL", path: "Sources/CGSL", pkgConfig: "openblas", providers: [.apt(["libgsl-dev"])]),
  .systemLibrary(
    name: "CPNG", path: "Sources/CPNG", pkgConfig: "libpng", providers: [.apt(["libpng-dev"])]),
  .systemLibrary(
    name: "CMatio", path: "Sources/CMatio", pkgConfig: "matio", providers: [.apt(["libmatio-dev"])]),
  .systemLibrary(name: "CSVM", path: "Sources/CSVM", providers: [.apt(["libsvm-dev"])]),
  .systemLibrary(
    name: "CZip", path: "Sources/CZip", pkgConfig: "libzip", providers: [.apt(["libzip-dev"])]),
  .systemLibrary(
    name: "CZlib", path: "Sources/CZlib", pkgConfig: "zlib", providers: [.apt(["zlib1g-dev"])]),
  .systemLibrary(
    name: "CCrypto", path: "Sources/CCrypto", pkgConfig: "libcrypto",
    providers: [.apt(["libssl-dev"])]),
  .systemLibrary(
    name: "CCurl", path: "Sources/CCurl", pkgConfig: "libcurl",
    providers: [.apt(["libcurl4-openssl-dev"])]),
  .systemLibrary(name: "CDNNL", path: "Sources/CDNNL", providers: [.apt(["libdnnl-dev"])]),
  .systemLibrary(
    name: "CRSVG", path: "Sources/CRSVG", pkgConfig: "cairo-pdf",
    providers: [.apt(["librsvg2-dev"])]),
]

let tests: [Target] = [
  .target(
    name: "TestSupport", dependencies: ["LinearAlgebra", "Randomness"], path: "Tests/TestSupport"),
  .testTarget(
    name: "LinearAlgebraTests", dependencies: ["LinearAlgebra", "Randomness", "TestSupport"]),
  .testTarget(name: "RandomnessTests", dependencies: ["Randomness"]),
  .testTarget(name: "ParametersTests", dependencies: ["Parameters"]),
  .testTarget(
    name: "DomainsTests", dependencies: ["Domains", "LinearAlgebra", "Randomness", "TestSupport"],
    exclude: ["Fixtures"]),
  .testTarget(
    name: "LearnersTests",
    dependencies: ["Learners", "LinearAlgebra", "Randomness", "TestSupport"],
    exclude: ["Golden"]),
  .testTarget(
    name: "MetricsTests",
    dependencies: ["Metrics", "Domains", "LinearAlgebra", "Randomness", "TestSupport"],
    exclude: ["Golden"]),
  .target(name: "CGolden", path: "Tests/CGolden"),
  .testTarget(
    name: "NetworksTests", dependencies: ["Networks", "Randomness", "CGolden"],
    exclude: ["Golden"]),
  .testTarget(
    name: "MethodsTests",
    dependencies: [
      "Methods", "Learners", "Networks", "Domains", "Parameters", "LinearAlgebra", "Randomness",
      "TestSupport",
    ],
    exclude: ["Golden"]),
  .testTarget(
    name: "ExperimentsTests",
    dependencies: [
      "Experiments", "Methods", "Metrics", "Domains", "Parameters", "LinearAlgebra", "Randomness",
      "TestSupport", .product(name: "GRDB", package: "GRDB.swift"),
    ]),
  .testTarget(
    name: "BenchTests",
    dependencies: [
      "Bench", "Experiments", "Methods", "Metrics", "Learners", "Domains", "Parameters",
      "LinearAlgebra", "TestSupport",
      .product(name: "ArgumentParser", package: "swift-argument-parser"),
      .product(name: "Logging", package: "swift-log"),
    ]),
  .testTarget(name: "RepositoryTests", dependencies: ["Methods", "Domains", "TestSupport"]),
]

/// What measures the package and isn't part of it.
let measurements: [Target] = [
  .executableTarget(
    name: "Coverage", dependencies: ["Metrics", "Domains", "LinearAlgebra", "Randomness"],
    path: "Benchmarks/Coverage"),
  .executableTarget(
    name: "NetworkTiming", dependencies: ["Methods", "Networks", "Domains", "Randomness"],
    path: "Benchmarks/Networks"),
  .executableTarget(
    name: "Mutations", dependencies: ["Experiments", "Domains", "Randomness"],
    path: "Benchmarks/Mutations"),
]

let targetsInC = ["CKernels", "CTransport", "CGolden"]

for target in layers + tests + measurements where !targetsInC.contains(target.name) {
  target.swiftSettings = [
    .swiftLanguageMode(.v6),
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("InternalImportsByDefault"),
    .enableUpcomingFeature("MemberImportVisibility"),
  ]
}

let package = Package(
  name: "transfer-bench",
  products: [.executable(name: "bench", targets: ["Bench"])],
  dependencies: [
    .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
    .package(url: "https://github.com/apple/swift-log", from: "1.16.2"),
    .package(url: "https://github.com/groue/GRDB.swift", from: "7.10.0"),
    .package(url: "https://github.com/jpsim/Yams", from: "6.2.2"),
  ],
  targets: systemLibraries + layers + measurements + tests
)
