// What one tracker does to one virtual router: the rules of spec/vrrp.md 8.2, for all kinds alike.
#pragma once

#include <cstdint>

#include "vrrp/config/tracker.hpp"

namespace sustain::vrrp {

/// How things are with something that is tracked.
struct TrackedStatus {
    enum class Known : std::uint8_t {
        waiting,  ///< a script that has not reported yet
        up,
        down,
        number,   ///< of a file
        unusable  ///< a script that is not run: it counts for nothing
    };
    Known known = Known::down;
    std::int32_t number = 0;

    bool operator==(const TrackedStatus&) const = default;
};

struct Contribution {
    std::int32_t weight = 0;
    bool fault = false;
    bool waiting = false;

    bool operator==(const Contribution&) const = default;
};

constexpr std::int32_t kMostWeight = 253;

/// With a weight: +w while up or w (a loss) while down; a script that has not reported adds nothing. Without one: a
/// fault while down. `reverse` exchanges up and down and negates the weight. A file's number times its weight is added;
/// from 254 on it is 253, from -254 down it is a fault, and without a weight any number but 0 is.
[[nodiscard]] Contribution contribution(const Tracker& tracker, const TrackedStatus& status);

}  // namespace sustain::vrrp
