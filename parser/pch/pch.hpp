// What nearly every translation unit includes, compiled once a library.
#ifndef SUSTAIN_PARSER_PCH_HPP  // (a #pragma once would be a warning in a file that is compiled itself)
#define SUSTAIN_PARSER_PCH_HPP

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <expected>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <unordered_set>
#include <utility>
#include <vector>

// Nearly all of this room works on these: reading them once is half of what compiling it costs.
#include "parser/context.hpp"
#include "parser/keyword.hpp"

#endif
