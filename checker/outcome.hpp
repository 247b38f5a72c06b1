// What comes of one attempt of a check.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

namespace sustain::checker {

enum class Outcome : std::uint8_t {
    success,
    failure,
    abandoned,  ///< it could not be made at all, which says nothing about the real server (spec/lvs.md 4.6)
};

struct Attempt {
    Outcome outcome = Outcome::abandoned;
    std::string reason = {};  ///< for the log: why it failed or was abandoned; empty where the outcome says it all
    std::optional<std::int32_t> weight = std::nullopt;   ///< what it adds to the weight of the real server
    std::optional<std::int64_t> surplus = std::nullopt;  ///< octets of a page beyond those that its server told

    bool operator==(const Attempt&) const = default;
};

}  // namespace sustain::checker
