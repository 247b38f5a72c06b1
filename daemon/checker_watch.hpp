// Whether the health checks can be relied on: a checker that says nothing any more, or a check whose last result has
// become older than it can be, leaves verdicts in force that nobody stands behind. That is a state with a name and a
// log line, not a surprise. Rules only: no clock, no channel.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_set>

#include "core/time.hpp"

namespace sustain::daemon {

class CheckerWatch {
public:
    enum class State : std::uint8_t {
        absent,   ///< there is no checker, or it is not ready yet
        current,  ///< it is at work, and so are all checks
        overdue,  ///< it is at work, and some checks have had no result for too long
        frozen,   ///< it has given no sign of life for kPatience
    };

    /// Signs of life come every second.
    static constexpr core::Duration kPatience = std::chrono::seconds(5);

    /// A child is ready, for the first time or after a reload: what was known of its checks is void.
    void ready(core::TimePoint now);
    /// The child is gone.
    void ended() { *this = {}; }
    /// A sign of life.
    void alive(core::TimePoint now) { last_sign_ = now; }
    /// The word of the child about a check. True if it is news.
    bool note(std::uint32_t check, bool overdue);

    [[nodiscard]] State state(core::TimePoint now) const;
    /// The state, if it is another one than at the last call.
    [[nodiscard]] std::optional<State> change(core::TimePoint now);
    [[nodiscard]] std::size_t overdue_checks() const { return overdue_.size(); }

private:
    std::optional<core::TimePoint> last_sign_;
    std::unordered_set<std::uint32_t> overdue_;
    State told_ = State::absent;
};

/// "CURRENT" …
[[nodiscard]] std::string_view to_string(CheckerWatch::State state);

}  // namespace sustain::daemon
