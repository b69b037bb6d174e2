# The few helpers every folder uses: kk_library, kk_actor, kk_test, kk_fuzz.

set(KK_SANITIZE "" CACHE STRING "sanitizers to build with, e.g. address,undefined")
option(KK_WERROR "warnings are errors" OFF)

add_compile_options(-Wall -Wextra -Wconversion -Wno-sign-conversion -Wshadow -Wstrict-prototypes -Wmissing-prototypes -Wvla -Wno-missing-field-initializers
                    -Wformat=2 -Werror=implicit-function-declaration -fno-omit-frame-pointer -fstack-protector-strong)
add_compile_definitions(_GNU_SOURCE KK_VERSION="${PROJECT_VERSION}")
add_link_options(-Wl,--as-needed) # a library nobody calls would still cost every daemon its memory
if(KK_WERROR)
    add_compile_options(-Werror)
endif()
if(KK_SANITIZE)
    add_compile_options(-fsanitize=${KK_SANITIZE} -fno-sanitize-recover=all)
    add_link_options(-fsanitize=${KK_SANITIZE})
endif()
if(KK_FUZZ)
    add_compile_options(-fsanitize=fuzzer-no-link)
endif()
if(CMAKE_BUILD_TYPE STREQUAL "RelWithDebInfo")
    add_compile_definitions(_FORTIFY_SOURCE=2)
endif()

# kk_library(NAME SOURCES … LINK …): a static library of the listed sources.
function(kk_library name)
    cmake_parse_arguments(A "" "" "SOURCES;LINK" ${ARGN})
    add_library(${name} STATIC ${A_SOURCES})
    target_link_libraries(${name} PUBLIC ${A_LINK})
endfunction()

# kk_actor(NAME SOURCES …): library NAME (so that tests link what ships) and the daemon kakehashi-NAME, whose main.c stays outside it.
function(kk_actor name)
    cmake_parse_arguments(A "" "" "SOURCES" ${ARGN})
    kk_library(${name} SOURCES ${A_SOURCES} LINK core)
    add_executable(kakehashi-${name} main.c)
    target_link_libraries(kakehashi-${name} PRIVATE ${name})
    install(TARGETS kakehashi-${name} RUNTIME DESTINATION bin)
endfunction()

# kk_test(LABEL NAME SOURCE LINK …): a cmocka program registered under a label (unit, flow, system, fuzz, lint).
function(kk_test label name source)
    add_executable(${name} ${source})
    target_link_libraries(${name} PRIVATE ${ARGN} PkgConfig::CMOCKA)
    add_test(NAME ${label}/${name} COMMAND ${name} WORKING_DIRECTORY ${CMAKE_SOURCE_DIR})
    set_tests_properties(${label}/${name} PROPERTIES LABELS ${label} TIMEOUT 120)
endfunction()

# kk_fuzz(NAME LINK …): tests/fuzz/fuzz_NAME.c. With KK_FUZZ a libFuzzer program; always a test that replays its corpus folder.
function(kk_fuzz name)
    add_executable(fuzz_${name} fuzz_${name}.c)
    target_link_libraries(fuzz_${name} PRIVATE ${ARGN})
    if(KK_FUZZ)
        target_link_options(fuzz_${name} PRIVATE -fsanitize=fuzzer)
    else()
        target_sources(fuzz_${name} PRIVATE standalone.c)
        add_test(NAME fuzz/${name} COMMAND fuzz_${name} ${CMAKE_CURRENT_SOURCE_DIR}/corpus/${name})
        set_tests_properties(fuzz/${name} PROPERTIES LABELS fuzz TIMEOUT 120)
    endif()
endfunction()
