// What nearly every unit test includes, compiled once a test program: Catch2 is one big header.
#ifndef SUSTAIN_TEST_UNIT_PCH_HPP  // (a #pragma once would be a warning in a file that is compiled itself)
#define SUSTAIN_TEST_UNIT_PCH_HPP

#include <fmt/format.h>

#include <algorithm>
#include <catch2/catch.hpp>
#include <chrono>
#include <cstdint>
#include <expected>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#endif
