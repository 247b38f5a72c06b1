// Whether an interface counts as up (spec/vrrp.md 9.4): with interface_up_down_delays a change counts only when it has
// lasted for a time. The first time up counts at once. Knows no clock.
#pragma once

#include <optional>

#include "core/time.hpp"

namespace sustain::vrrp {

class LinkDebounce {
public:
    explicit LinkDebounce(bool up = false) : up_(up), has_been_up_(up) {}

    /// A change that waits already keeps its time.
    void set(core::Duration down, core::Duration up) {
        down_ = down;
        up_delay_ = up;
    }

    /// How the link is. Afterwards up() and deadline() may be different.
    void observe(bool up, core::TimePoint now) {
        if (up == up_) {
            change_.reset();
            return;
        }
        const core::Duration delay = !up ? down_ : has_been_up_ ? up_delay_ : core::Duration{0};
        if (!change_) {
            change_ = now + delay;
        }
        expire(now);
    }
    /// The interface is gone: there is nothing to wait for.
    void vanish() {
        up_ = false;
        change_.reset();
    }
    void expire(core::TimePoint now) {
        if (change_ && *change_ <= now) {
            up_ = !up_;
            has_been_up_ = has_been_up_ || up_;
            change_.reset();
        }
    }

    [[nodiscard]] bool up() const { return up_; }
    /// When to call expire().
    [[nodiscard]] const std::optional<core::TimePoint>& deadline() const { return change_; }

private:
    core::Duration down_{0};
    core::Duration up_delay_{0};
    bool up_;
    bool has_been_up_;
    std::optional<core::TimePoint> change_;
};

}  // namespace sustain::vrrp
