// So many at once, then one every so often: what keeps a flood of packets from becoming a flood of answers.
#pragma once

#include <algorithm>

#include "core/time.hpp"

namespace sustain::vrrp {

class RateLimit {
public:
    /// `burst` at once; one more becomes possible every `period`.
    RateLimit(unsigned burst, core::Duration period) : tolerance_(period * (burst - 1)), period_(period) {}

    /// Whether one more is allowed now; if so it is counted.
    [[nodiscard]] bool allow(core::TimePoint now) {
        if (next_ > now + tolerance_) {
            return false;
        }
        next_ = std::max(next_, now) + period_;
        return true;
    }

private:
    core::Duration tolerance_;
    core::Duration period_;
    core::TimePoint next_ = core::TimePoint::min();  ///< when the next one would be due at an even pace
};

}  // namespace sustain::vrrp
