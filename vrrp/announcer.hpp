// When addresses are announced (spec/vrrp.md 5.2): the first set on becoming MASTER, a second one later, refreshes,
// sets that answer a losing advert, and single packets from other interfaces. It only says how many rounds are due; a
// round is one packet for every address. There is at most one timer of each kind, and none outlives the mastership that
// started it.
#pragma once

#include <optional>

#include "core/time.hpp"
#include "vrrp/config.hpp"

namespace sustain::vrrp {

class Announcer {
public:
    explicit Announcer(const GarpSettings& settings, const ExtraGarp& extra = {})
        : settings_(settings), extra_settings_(extra) {}

    /// Timers that run keep their times; refreshes and extra packets begin or end with the new settings.
    void set(const GarpSettings& settings, const ExtraGarp& extra, core::TimePoint now);

    // Each yields the number of rounds to send now.
    unsigned master(core::TimePoint now);
    unsigned losing_advert(core::TimePoint now);

    struct Due {
        unsigned rounds = 0;
        bool extra = false;  ///< one packet from each other interface (garp_extra_if)
    };
    Due expire(core::TimePoint now);

    /// Mastership is over.
    void stop();

    /// When to call expire().
    [[nodiscard]] std::optional<core::TimePoint> deadline() const;

private:
    GarpSettings settings_;
    ExtraGarp extra_settings_;
    bool master_ = false;
    std::optional<core::TimePoint> second_set_;
    std::optional<core::TimePoint> refresh_;
    std::optional<core::TimePoint> after_losing_advert_;
    std::optional<core::TimePoint> extra_;
    core::TimePoint last_losing_advert_{};
};

}  // namespace sustain::vrrp
