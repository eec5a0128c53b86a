# The C grammar, from the npm package that ./dev fetches and checks by hash (no network here).
set(HOTPROOF_GRAMMAR_DIR ${CMAKE_SOURCE_DIR}/.cache/tree-sitter-c-0.23.6 CACHE PATH "Unpacked npm package tree-sitter-c")
if(NOT EXISTS ${HOTPROOF_GRAMMAR_DIR}/src/parser.c)
  message(FATAL_ERROR "no C grammar in ${HOTPROOF_GRAMMAR_DIR}: run ./dev setup")
endif()
add_library(tree_sitter_c STATIC ${HOTPROOF_GRAMMAR_DIR}/src/parser.c)
target_include_directories(tree_sitter_c PRIVATE ${HOTPROOF_GRAMMAR_DIR}/src)
target_compile_options(tree_sitter_c PRIVATE -w -O1 -fno-sanitize=all)
target_link_libraries(tree_sitter_c PUBLIC ${TREE_SITTER_LIBRARY})
