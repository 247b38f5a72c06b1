// When gratuitous ARP is sent (spec/vrrp.md 5.2): the first set on becoming MASTER, a second one later, refreshes, and
// sets that answer a losing advert. It only says how many rounds are due; a round is one packet for every address.
// There is at most one timer of each kind, and none outlives the mastership that started it.
#pragma once

#include <optional>

#include "core/time.hpp"
#include "vrrp/config.hpp"

namespace sustain::vrrp {

class Announcer {
public:
    explicit Announcer(const GarpSettings& settings) : settings_(settings) {}

    /// Timers that run keep their times; refreshes begin or end with the new settings.
    void set(const GarpSettings& settings, core::TimePoint now);

    // Each yields the number of rounds to send now.
    unsigned master(core::TimePoint now);
    unsigned losing_advert(core::TimePoint now);
    unsigned expire(core::TimePoint now);

    /// Mastership is over.
    void stop();

    /// When to call expire().
    [[nodiscard]] std::optional<core::TimePoint> deadline() const;

private:
    GarpSettings settings_;
    bool master_ = false;
    std::optional<core::TimePoint> second_set_;
    std::optional<core::TimePoint> refresh_;
    std::optional<core::TimePoint> after_losing_advert_;
    core::TimePoint last_losing_advert_{};
};

}  // namespace sustain::vrrp
