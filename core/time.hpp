// The clock of everything that has a deadline. Protocol classes take a TimePoint as an argument and never ask a
// clock, so that test/sim can run them in virtual time.
#pragma once

#include <chrono>

namespace sustain::core {

using Clock = std::chrono::steady_clock;
using Duration = std::chrono::microseconds;  ///< the resolution of every time in keepalived.conf
using TimePoint = std::chrono::time_point<Clock, Duration>;

[[nodiscard]] inline TimePoint now() {
    return std::chrono::time_point_cast<Duration>(Clock::now());
}

}  // namespace sustain::core
