// Which check is due when: a heap of times, so that 160,000 sleeping checks cost a few octets each and one timer.
#pragma once

#include <cstdint>
#include <optional>
#include <queue>
#include <random>
#include <vector>

#include "core/time.hpp"

namespace sustain::checker {

/// Never later than TimePoint can be: delays may be as long as 500,000 years.
[[nodiscard]] core::TimePoint later(core::TimePoint when, core::Duration duration);

/// When a check runs for the first time after start or reload: 1 s from `now`, plus up to `warmup` at random so that
/// the checks of a large configuration do not all run in the same moment for ever (spec/lvs.md 4.1).
[[nodiscard]] core::TimePoint first_run(core::TimePoint now, core::Duration warmup, std::mt19937& random);

class Schedule {
public:
    /// Check number `check` is due at `when`. One that waits already will be due twice.
    void add(std::uint32_t check, core::TimePoint when) { waiting_.push({when, check}); }

    /// Removes and returns the check that is due longest, if one is due at `now`.
    [[nodiscard]] std::optional<std::uint32_t> take_due(core::TimePoint now);

    /// When the next check is due; nothing if none waits.
    [[nodiscard]] std::optional<core::TimePoint> next_due() const {
        return waiting_.empty() ? std::nullopt : std::optional(waiting_.top().when);
    }

private:
    struct Entry {
        core::TimePoint when;
        std::uint32_t check;
        auto operator<=>(const Entry&) const = default;
    };

    std::priority_queue<Entry, std::vector<Entry>, std::greater<>> waiting_;
};

}  // namespace sustain::checker
