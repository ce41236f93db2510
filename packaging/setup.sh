# Sourced by tests/run.sh and examples/demo.sh from the project's folder: installs what is missing, and does nothing
# where nothing is.
#   kundenwert_setup build   what building the library and the Python package needs
#   kundenwert_setup tests   that, and what the tests need
# Debian packages are installed when run as root; otherwise the missing ones are listed and the script ends with 2.
# Python packages go into build/venv, never into the machine's Python. KUNDENWERT_SETUP=skip skips the Debian part.

# cmake, a C++20 compiler, Eigen, date, JSON
KUNDENWERT_DEBIAN_BUILD="ca-certificates ccache cmake g++ libeigen3-dev libhowardhinnant-date-dev ninja-build\
 nlohmann-json3-dev python3"
# the second compiler, doctest, google-benchmark, what the package tests call, the browser that opens the report page
KUNDENWERT_DEBIAN_TESTS="chromium clang-14 clang-format-14 doctest-dev git libbenchmark-dev pkg-config"

# Prints those of the given Debian packages that are not installed.
kundenwert_missing() {
  for kw_package in "$@"; do
    kw_status=$(dpkg-query -W -f='${db:Status-Status}' "$kw_package" 2>/dev/null) || kw_status=absent
    [ "$kw_status" = installed ] || printf '%s ' "$kw_package"
  done
}

# kundenwert_install <package>...: all of them are missing.
kundenwert_install() {
  if [ "$(id -u)" != 0 ]; then
    echo "These Debian packages are missing; install them and start again:" >&2
    echo "  sudo apt-get install $*" >&2
    exit 2
  fi
  echo "installing Debian packages: $*"
  if ! {
    apt-get update && DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends "$@"
  } >build/log/apt.log 2>&1 </dev/null; then
    tail -n 20 build/log/apt.log >&2
    echo "apt-get failed; the whole log is build/log/apt.log" >&2
    exit 2
  fi
}

kundenwert_debian() {
  if [ "${KUNDENWERT_SETUP:-}" = skip ]; then
    return 0
  fi
  if ! command -v dpkg-query >/dev/null 2>&1; then
    echo "This is no Debian system. Install what these packages of Debian 12 hold, then set KUNDENWERT_SETUP=skip:" >&2
    echo "  $* python3-dev python3-venv" >&2
    exit 2
  fi
  kw_missing=$(kundenwert_missing "$@")
  # A Python that is not Debian's brings both of these with it.
  python3 -c 'import ensurepip, venv' 2>/dev/null || kw_missing="$kw_missing python3-venv"
  python3 -c 'import os, sys, sysconfig; sys.exit(not os.path.exists(sysconfig.get_path("include") + "/Python.h"))' \
    2>/dev/null || kw_missing="$kw_missing python3-dev"
  # shellcheck disable=SC2086 # a list of words
  [ -z "$kw_missing" ] || kundenwert_install $kw_missing
}

kundenwert_python() {
  # A virtual environment knows its own place: one that was moved is made anew.
  kw_stamp="$PWD $(python3 -c 'import sys; print(sys.version)') $(cksum <packaging/python-requirements.txt)"
  if [ -x build/venv/bin/python ] && [ "$(cat build/venv/.kundenwert 2>/dev/null)" = "$kw_stamp" ]; then
    return 0
  fi
  echo "installing Python packages into build/venv"
  if ! {
    python3 -m venv --clear build/venv &&
      build/venv/bin/python -m pip install --disable-pip-version-check --no-input -r packaging/python-requirements.txt
  } >build/log/pip.log 2>&1 </dev/null; then
    tail -n 20 build/log/pip.log >&2
    echo "the Python packages could not be installed; the whole log is build/log/pip.log" >&2
    exit 2
  fi
  printf '%s' "$kw_stamp" >build/venv/.kundenwert
}

# The Python package, compiled with the flags of the preset "dev"; quick when nothing has changed.
kundenwert_python_package() {
  CC=gcc CXX=g++ build/venv/bin/python -m pip install --disable-pip-version-check --no-input --no-build-isolation \
    --no-deps --config-settings=cmake.define.KUNDENWERT_FETCH_DEPS=OFF \
    --config-settings=cmake.define.KUNDENWERT_WARNINGS_AS_ERRORS=ON .
}

kundenwert_setup() {
  mkdir -p build/log
  if [ "$1" = tests ]; then
    # shellcheck disable=SC2086 # lists of words
    kundenwert_debian $KUNDENWERT_DEBIAN_BUILD $KUNDENWERT_DEBIAN_TESTS
  else
    # shellcheck disable=SC2086 # a list of words
    kundenwert_debian $KUNDENWERT_DEBIAN_BUILD
  fi
  kundenwert_python
  kw_cores=$(getconf _NPROCESSORS_ONLN 2>/dev/null || echo 1)
  [ "$kw_cores" -lt 2 ] || kw_cores=2 # a compiler takes up to 2 GB
  export CMAKE_BUILD_PARALLEL_LEVEL="${CMAKE_BUILD_PARALLEL_LEVEL:-$kw_cores}"
}
