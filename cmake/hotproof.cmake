# The two shapes every folder of the project has: a library with its tests beside it, and a program.

add_library(hotproof_options INTERFACE)
target_compile_options(hotproof_options INTERFACE -Wall -Wextra -Wpedantic -Wshadow=local -Wconversion -Werror
                       -Wno-restrict -Wno-maybe-uninitialized  # GCC 12 sees phantoms in strings and optionals
                       -Wno-subobject-linkage)  # what is private to a file counts as included where files are compiled as one
target_include_directories(hotproof_options INTERFACE ${CMAKE_SOURCE_DIR})
if(HOTPROOF_SANITIZE STREQUAL "address")
  add_compile_options(-fsanitize=address,undefined -fno-sanitize-recover=all -fno-omit-frame-pointer)
  add_link_options(-fsanitize=address,undefined)
elseif(HOTPROOF_SANITIZE STREQUAL "thread")
  add_compile_options(-fsanitize=thread -fno-omit-frame-pointer)
  add_link_options(-fsanitize=thread)
endif()

# Several files are compiled as one: that halves the time of a build. Where a preset does not want it, -DCMAKE_UNITY_BUILD=OFF.
set(CMAKE_UNITY_BUILD_BATCH_SIZE 8)

# One doctest main for all test programs.
add_library(hotproof_test_main OBJECT ${CMAKE_SOURCE_DIR}/cmake/test_main.cpp)

# Names of our own libraries are given without their prefix.
function(hotproof_link target scope)
  foreach(name IN LISTS ARGN)
    if(TARGET hotproof_${name})
      target_link_libraries(${target} ${scope} hotproof_${name})
    else()
      target_link_libraries(${target} ${scope} ${name})
    endif()
  endforeach()
endfunction()

# hotproof_library(NAME FOLDER [LINK …] [PRIVATE_LINK …] [TEST_LINK …] [EMBED FOLDER…])
# Every FOLDER/*.cpp that is not *_test.cpp; the tests make one program, labelled with the library's name, which may
# use the libraries of TEST_LINK besides.
# EMBED puts the text files of folders (*.c *.h *.spec *.tbl *.edit *.txt *.mbox *.lesson *.css *.js) into the library as data.
function(hotproof_library name folder)
  cmake_parse_arguments(arg "" "" "LINK;PRIVATE_LINK;TEST_LINK;EMBED" ${ARGN})
  file(GLOB sources CONFIGURE_DEPENDS ${CMAKE_SOURCE_DIR}/${folder}/*.cpp)
  set(tests ${sources})
  list(FILTER sources EXCLUDE REGEX "_test\\.cpp$")
  list(FILTER tests INCLUDE REGEX "_test\\.cpp$")
  if(arg_EMBED)
    hotproof_embed(${name} embedded ${arg_EMBED})
    list(APPEND sources ${embedded})
  endif()
  if(sources)
    add_library(hotproof_${name} STATIC ${sources})
    target_link_libraries(hotproof_${name} PUBLIC hotproof_options)
    hotproof_link(hotproof_${name} PUBLIC ${arg_LINK})
    hotproof_link(hotproof_${name} PRIVATE ${arg_PRIVATE_LINK})
  else()
    add_library(hotproof_${name} INTERFACE)
    target_link_libraries(hotproof_${name} INTERFACE hotproof_options)
    hotproof_link(hotproof_${name} INTERFACE ${arg_LINK})
  endif()
  if(tests)
    hotproof_test_program(${name}_test ${name} ${tests})
    hotproof_link(${name}_test PRIVATE ${name} ${arg_TEST_LINK})
  endif()
endfunction()

# hotproof_program(NAME FOLDER [LINK …])
function(hotproof_program name folder)
  cmake_parse_arguments(arg "" "" "LINK" ${ARGN})
  file(GLOB sources CONFIGURE_DEPENDS ${CMAKE_SOURCE_DIR}/${folder}/*.cpp)
  set(tests ${sources})
  list(FILTER sources EXCLUDE REGEX "_test\\.cpp$")
  list(FILTER tests INCLUDE REGEX "_test\\.cpp$")
  set(library_sources ${sources})
  list(FILTER library_sources EXCLUDE REGEX "/main\\.cpp$")
  if(library_sources)
    add_library(hotproof_${folder} STATIC ${library_sources})
    target_link_libraries(hotproof_${folder} PUBLIC hotproof_options)
    hotproof_link(hotproof_${folder} PUBLIC ${arg_LINK})
    add_executable(${name} ${CMAKE_SOURCE_DIR}/${folder}/main.cpp)
    target_link_libraries(${name} PRIVATE hotproof_${folder})
    if(tests)
      hotproof_test_executable(${folder}_test ${tests})
      set_target_properties(${folder}_test PROPERTIES UNITY_BUILD OFF)  # their helpers have the same names
      target_link_libraries(${folder}_test PRIVATE hotproof_${folder})
      target_compile_definitions(${folder}_test PRIVATE HOTPROOF_PROGRAM="$<TARGET_FILE:${name}>")
      add_dependencies(${folder}_test ${name})
      # These run the whole program and take long: each file is a test of its own, so that ctest runs them side by side.
      foreach(test IN LISTS tests)
        get_filename_component(file ${test} NAME)
        string(REPLACE "_test.cpp" "" label ${file})
        add_test(NAME ${folder}.${label} COMMAND ${folder}_test --source-file=*/${folder}/${file})
        set_tests_properties(${folder}.${label} PROPERTIES LABELS ${folder} TIMEOUT 1500 COST 10)
      endforeach()
    endif()
  endif()
endfunction()

# One test of ctest for all files.
function(hotproof_test_program program label)
  hotproof_test_executable(${program} ${ARGN})
  add_test(NAME ${label} COMMAND ${program})
  set_tests_properties(${label} PROPERTIES LABELS ${label} TIMEOUT 1500)
endfunction()

function(hotproof_test_executable program)
  add_executable(${program} ${ARGN} $<TARGET_OBJECTS:hotproof_test_main>)
  target_link_libraries(${program} PRIVATE hotproof_options rapidcheck)
  target_compile_options(${program} PRIVATE -O0)  # what is tested is optimised; its tests compile in half the time
  target_compile_definitions(${program} PRIVATE HOTPROOF_SOURCE_DIR="${CMAKE_SOURCE_DIR}"
                             HOTPROOF_BUILD_DIR="${CMAKE_BINARY_DIR}")
endfunction()

# Puts text files into a generated source that defines embedded::NAME(), a list of (path, text).
function(hotproof_embed name result)
  set(files)
  foreach(folder IN LISTS ARGN)
    foreach(ending c h spec tbl edit txt mbox lesson css js)
      file(GLOB_RECURSE found CONFIGURE_DEPENDS ${CMAKE_SOURCE_DIR}/${folder}/*.${ending})
      list(APPEND files ${found})
    endforeach()
  endforeach()
  set(out ${CMAKE_BINARY_DIR}/embedded/${name}.cpp)
  add_custom_command(
    OUTPUT ${out}
    COMMAND ${CMAKE_COMMAND} -DOUT=${out} -DNAME=${name} -DROOT=${CMAKE_SOURCE_DIR} "-DFILES=${files}"
            -P ${CMAKE_SOURCE_DIR}/cmake/embed.cmake
    DEPENDS ${files} ${CMAKE_SOURCE_DIR}/cmake/embed.cmake
    VERBATIM)
  set(${result} ${out} PARENT_SCOPE)
endfunction()
