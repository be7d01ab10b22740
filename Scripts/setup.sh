#!/usr/bin/env bash
# Installs the system libraries that the package links, where they are missing.
#
# For Debian and its relatives: it needs apt, and sudo where not root. It does nothing, and says so
# in one line, where everything is there.
set -euo pipefail

packages=(
  libopenblas-dev          # matrix products
  liblapacke-dev           # decompositions
  libgsl-dev               # distribution functions
  libsvm-dev               # kernel support vector machines
  libpng-dev               # PNG images
  libdnnl-dev              # network kernels
  libmatio-dev             # MATLAB files
  libzip-dev               # NPZ files
  zlib1g-dev               # compressed IDX and CSV files
  libssl-dev               # SHA-256
  libcurl4-openssl-dev     # downloads
  libsqlite3-dev           # the result store
  librsvg2-dev             # figures as PDF and PNG
  fonts-dejavu-core        # their text
  pkg-config               # finds the libraries above
)
# The tests of `bench run --launcher slurm` start one of their own; elsewhere they are skipped.
if [ "${CI:-}" = true ]; then packages+=(slurm-wlm munge); fi

fail() {
  printf 'setup: %s\n' "$@" >&2
  exit 1
}

installed() {
  [ "$(dpkg-query --show --showformat='${db:Status-Status}' "$1" 2>/dev/null)" = installed ]
}

command -v swift >/dev/null ||
  fail 'there is no swift: install Swift 6.3 or later from https://www.swift.org/install/linux'
command -v dpkg-query >/dev/null || {
  echo 'setup: no dpkg here, so nothing is installed; the build needs the libraries of these' \
    "Debian packages: ${packages[*]}"
  exit 0
}

missing=()
for package in "${packages[@]}"; do
  installed "$package" || missing+=("$package")
done

if [ ${#missing[@]} -eq 0 ]; then
  echo "setup: all ${#packages[@]} system packages are there."
  exit 0
fi

as_root=()
if [ "$(id -u)" -ne 0 ]; then
  command -v sudo >/dev/null ||
    fail "not root and no sudo; as root, run: apt-get install -y ${missing[*]}"
  as_root=(sudo)
fi

echo "setup: installing with apt${as_root[0]:+ and sudo}: ${missing[*]}"
export DEBIAN_FRONTEND=noninteractive
install_missing() {
  "${as_root[@]}" apt-get install -y --no-install-recommends "${missing[@]}" </dev/null
}
# The package lists may be new enough already; if not, they are brought up to date once.
if ! install_missing >/dev/null 2>&1; then
  "${as_root[@]}" apt-get update -q </dev/null ||
    echo 'setup: the package lists could not be updated; trying with those that are there.' >&2
  install_missing ||
    fail 'apt could not install everything.' \
      'Without a network, copy the .deb files of these packages here and install them with dpkg -i:' \
      "  ${missing[*]}"
fi
echo "setup: installed ${#missing[@]} packages."
