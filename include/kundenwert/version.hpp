// The one version number of kundenwert. CMake, the C header and the Python package read it from here.
#pragma once

#define KW_VERSION_MAJOR 0
#define KW_VERSION_MINOR 1
#define KW_VERSION_PATCH 0

// Raised whenever a program compiled against an older include/kundenwert.h could break; equals the SOVERSION.
#define KW_ABI_VERSION 0

namespace kundenwert {

struct version_number {
  int major;
  int minor;
  int patch;
};

inline constexpr version_number version{KW_VERSION_MAJOR, KW_VERSION_MINOR, KW_VERSION_PATCH};

}  // namespace kundenwert
