#!/usr/bin/env bash
# Measures on simulated data how well intervals cover and whether tests keep their level.
#
#   Scripts/coverage.sh [SIMULATIONS [RESAMPLES]]     2000 and 1000 by default
#
# Prints the tables of Sources/Metrics/Documentation.docc/Coverage.md.
set -euo pipefail
cd "$(dirname "$0")/.."
swift build -c release --product Coverage
.build/release/Coverage "${1:-2000}" "${2:-1000}"
