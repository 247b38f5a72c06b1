// What is at the beginning of a file that others write, read without waiting and without trust.
#pragma once

#include <string>

#include "core/error.hpp"

namespace sustain::core {

/// What is read of such a file at most, in octets.
constexpr std::size_t kMostSmallFile = 4096;

/// The first octets of a regular file. A pipe, a device or a folder yields the empty text, and nothing waits for a
/// writer; an Error says why there is none.
[[nodiscard]] Result<std::string> read_small_file(const std::string& path);

}  // namespace sustain::core
