# Eigen, date, nlohmann_json and threads: the ones installed, or, where the build may download, pinned releases.
# A downloaded header-only library becomes an imported target of the name its own package would give it, so that the
# exported kundenwert refers to the same names either way.

find_package(Threads REQUIRED)

# kundenwert_fetch(<variable> <name> <url> <sha256>) unpacks a release and sets <variable> to its folder.
function(kundenwert_fetch variable name url sha256)
  include(FetchContent)
  # A folder without CMakeLists.txt: the release is unpacked and nothing of its own build is run.
  FetchContent_Declare(
    ${name}
    URL ${url}
    URL_HASH SHA256=${sha256}
    DOWNLOAD_EXTRACT_TIMESTAMP ON
    SOURCE_SUBDIR headers-only
  )
  FetchContent_MakeAvailable(${name})
  FetchContent_GetProperties(${name} SOURCE_DIR folder)
  set(${variable} "${folder}" PARENT_SCOPE)
endfunction()

function(kundenwert_imported_headers target folder)
  add_library(${target} INTERFACE IMPORTED GLOBAL)
  target_include_directories(${target} SYSTEM INTERFACE "${folder}")
endfunction()

if(KUNDENWERT_FETCH_DEPS)
  # The wheel cmeel-eigen, a build requirement of the Python package, puts Eigen under cmeel.prefix.
  set(kw_eigen_prefixes ${CMAKE_PREFIX_PATH})
  list(TRANSFORM kw_eigen_prefixes APPEND "/cmeel.prefix")
  find_package(Eigen3 3.4 CONFIG QUIET HINTS ${kw_eigen_prefixes})
  if(NOT TARGET Eigen3::Eigen)
    kundenwert_fetch(
      kw_eigen_folder kundenwert_eigen https://gitlab.com/libeigen/eigen/-/archive/3.4.0/eigen-3.4.0.tar.gz
      8586084f71f9bde545ee7fa6d00288b264a2b7ac3607b974e54d13e7162c1c72
    )
    kundenwert_imported_headers(Eigen3::Eigen "${kw_eigen_folder}")
  endif()
  find_package(date CONFIG QUIET)
  if(NOT TARGET date::date)
    kundenwert_fetch(
      kw_date_folder kundenwert_date https://github.com/HowardHinnant/date/archive/v3.0.1.tar.gz
      7a390f200f0ccd207e8cff6757e04817c1a0aec3e327b006b7eb451c57ee3538
    )
    kundenwert_imported_headers(date::date "${kw_date_folder}/include")
  endif()
else()
  if(NOT TARGET Eigen3::Eigen)
    find_package(Eigen3 3.4 CONFIG REQUIRED)
  endif()
  if(NOT TARGET date::date)
    find_package(date CONFIG REQUIRED)
  endif()
endif()

# JSON stands behind kundenwert::persist, which the C library and the Python extension have in them; the headers alone
# do without.
if(NOT TARGET nlohmann_json::nlohmann_json)
  if(KUNDENWERT_FETCH_DEPS OR NOT (KUNDENWERT_BUILD_C OR KUNDENWERT_BUILD_PYTHON))
    find_package(nlohmann_json 3.10 CONFIG QUIET)
  else()
    find_package(nlohmann_json 3.10 CONFIG REQUIRED)
  endif()
  if(NOT TARGET nlohmann_json::nlohmann_json AND KUNDENWERT_FETCH_DEPS)
    kundenwert_fetch(
      kw_json_folder kundenwert_json https://github.com/nlohmann/json/releases/download/v3.11.3/json.tar.xz
      d6c65aca6b1ed68e7a182f4757257b107ae403032760ed6ef121c9d55e81757d
    )
    kundenwert_imported_headers(nlohmann_json::nlohmann_json "${kw_json_folder}/include")
  endif()
endif()
