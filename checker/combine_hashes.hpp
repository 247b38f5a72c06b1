// One hash of several.
#pragma once

#include <cstddef>

namespace sustain::checker {

[[nodiscard]] constexpr std::size_t combine_hashes(std::size_t seed, std::size_t value) {
    return seed ^ (value + 0x9e3779b97f4a7c15U + (seed << 6U) + (seed >> 2U));
}

}  // namespace sustain::checker
