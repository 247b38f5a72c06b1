#include "vrrp/announcer.hpp"

namespace sustain::vrrp {

void Announcer::set(const GarpSettings& settings, core::TimePoint now) {
    settings_ = settings;
    if (settings_.refresh.count() == 0) {
        refresh_.reset();
    } else if (master_ && !refresh_) {
        refresh_ = now + settings_.refresh;
    }
}

unsigned Announcer::master(core::TimePoint now) {
    stop();
    master_ = true;
    if (settings_.delay.count() > 0) {
        second_set_ = now + settings_.delay;
    }
    if (settings_.refresh.count() > 0) {
        refresh_ = now + settings_.delay + settings_.refresh;
    }
    return settings_.repeat;
}

unsigned Announcer::losing_advert(core::TimePoint now) {
    last_losing_advert_ = now;
    if (!after_losing_advert_ && settings_.lower_prio_repeat > 0 && settings_.lower_prio_delay.count() > 0) {
        after_losing_advert_ = now + settings_.lower_prio_delay;
    }
    return settings_.lower_prio_repeat;
}

unsigned Announcer::expire(core::TimePoint now) {
    unsigned rounds = 0;
    if (second_set_ && *second_set_ <= now) {
        second_set_.reset();
        rounds += settings_.repeat;
    }
    if (after_losing_advert_ && *after_losing_advert_ <= now) {
        rounds += settings_.lower_prio_repeat;
        // More losing adverts came meanwhile: one set for all of them, its delay after the last.
        const core::TimePoint next = last_losing_advert_ + settings_.lower_prio_delay;
        after_losing_advert_ = next > now ? std::optional(next) : std::nullopt;
    }
    if (refresh_ && *refresh_ <= now) {
        rounds += settings_.refresh_repeat;
        const core::TimePoint next = *refresh_ + settings_.refresh;
        refresh_ = next > now ? next : now + settings_.refresh;
    }
    return rounds;
}

void Announcer::stop() {
    master_ = false;
    second_set_.reset();
    refresh_.reset();
    after_losing_advert_.reset();
}

std::optional<core::TimePoint> Announcer::deadline() const {
    std::optional<core::TimePoint> first;
    for (const auto& timer : {second_set_, refresh_, after_losing_advert_}) {
        if (timer && (!first || *timer < *first)) {
            first = timer;
        }
    }
    return first;
}

}  // namespace sustain::vrrp
