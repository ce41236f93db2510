# Installation: export sets of their own, so that a C program needs neither Eigen nor date nor JSON, and a C++ program
# none that it did not ask for.
#   component cpp   headers, kundenwert::kundenwert, kundenwert::zone and kundenwert::persist
#   component c     the C library, its header, kundenwert::c and kundenwert.pc

set(kw_cmake_folder "${CMAKE_INSTALL_LIBDIR}/cmake/kundenwert")

install(TARGETS kundenwert EXPORT kundenwert-targets FILE_SET HEADERS COMPONENT cpp)
install(
  EXPORT kundenwert-targets
  NAMESPACE kundenwert::
  DESTINATION "${kw_cmake_folder}"
  COMPONENT cpp
)

foreach(part IN ITEMS zone persist)
  if(TARGET kundenwert_${part})
    install(TARGETS kundenwert_${part} EXPORT kundenwert-${part}-targets FILE_SET HEADERS COMPONENT cpp)
    install(
      EXPORT kundenwert-${part}-targets
      NAMESPACE kundenwert::
      DESTINATION "${kw_cmake_folder}"
      COMPONENT cpp
    )
  endif()
endforeach()

if(TARGET kundenwert_c)
  install(
    TARGETS kundenwert_c
    EXPORT kundenwert-c-targets
    RUNTIME COMPONENT c
    LIBRARY COMPONENT c NAMELINK_COMPONENT c
    ARCHIVE COMPONENT c
    FILE_SET HEADERS COMPONENT c
  )
  install(
    EXPORT kundenwert-c-targets
    NAMESPACE kundenwert::
    DESTINATION "${kw_cmake_folder}"
    COMPONENT c
  )
  # The .pc file finds its prefix from its own place, so that the installed tree can be moved.
  string(REGEX REPLACE "[^/]+" ".." kw_pc_to_prefix "${CMAKE_INSTALL_LIBDIR}/pkgconfig")
  configure_file(src/kundenwert.pc.in kundenwert.pc @ONLY)
  install(FILES "${PROJECT_BINARY_DIR}/kundenwert.pc" DESTINATION "${CMAKE_INSTALL_LIBDIR}/pkgconfig" COMPONENT c)
endif()

configure_package_config_file(
  src/kundenwert-config.cmake.in kundenwert-config.cmake
  INSTALL_DESTINATION "${kw_cmake_folder}"
  NO_SET_AND_CHECK_MACRO
)
# Before 1.0 a minor version may change the C++ interface.
write_basic_package_version_file(kundenwert-config-version.cmake COMPATIBILITY SameMinorVersion)
foreach(component IN ITEMS cpp c)
  install(
    FILES "${PROJECT_BINARY_DIR}/kundenwert-config.cmake" "${PROJECT_BINARY_DIR}/kundenwert-config-version.cmake"
    DESTINATION "${kw_cmake_folder}"
    COMPONENT ${component}
  )
endforeach()
