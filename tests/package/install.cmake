# cmake -DBUILD=<build folder> -DPREFIX=<prefix> -DCOMPONENTS=<list> -P install.cmake
# Installs the components into an empty prefix.
file(REMOVE_RECURSE "${PREFIX}")
foreach(component IN LISTS COMPONENTS)
  execute_process(
    COMMAND ${CMAKE_COMMAND} --install "${BUILD}" --prefix "${PREFIX}" --component ${component} COMMAND_ERROR_IS_FATAL ANY
  )
endforeach()
