#include "vrrp/announcer.hpp"

namespace sustain::vrrp {

namespace {

/// The next beat of `period` after the one that is due; what was missed is not made up for.
core::TimePoint following(core::TimePoint due, core::Duration period, core::TimePoint now) {
    return due + period > now ? due + period : now + period;
}

}  // namespace

void Announcer::set(const GarpSettings& settings, const ExtraGarp& extra, core::TimePoint now) {
    settings_ = settings;
    extra_settings_ = extra;
    if (extra.interval.count() == 0) {
        extra_.reset();
    } else if (master_ && (!extra_ || *extra_ > now + extra.interval)) {
        extra_ = now + extra.interval;
    }
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
    if (extra_settings_.interval.count() > 0) {
        extra_ = now + extra_settings_.interval;
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

Announcer::Due Announcer::expire(core::TimePoint now) {
    Due due;
    if (second_set_ && *second_set_ <= now) {
        second_set_.reset();
        due.rounds += settings_.repeat;
    }
    if (after_losing_advert_ && *after_losing_advert_ <= now) {
        due.rounds += settings_.lower_prio_repeat;
        // More losing adverts came meanwhile: one set for all of them, its delay after the last.
        const core::TimePoint next = last_losing_advert_ + settings_.lower_prio_delay;
        after_losing_advert_ = next > now ? std::optional(next) : std::nullopt;
    }
    if (refresh_ && *refresh_ <= now) {
        due.rounds += settings_.refresh_repeat;
        refresh_ = following(*refresh_, settings_.refresh, now);
    }
    if (extra_ && *extra_ <= now) {
        due.extra = true;
        extra_ = following(*extra_, extra_settings_.interval, now);
    }
    return due;
}

void Announcer::stop() {
    master_ = false;
    second_set_.reset();
    refresh_.reset();
    after_losing_advert_.reset();
    extra_.reset();
}

std::optional<core::TimePoint> Announcer::deadline() const {
    std::optional<core::TimePoint> first;
    for (const auto& timer : {second_set_, refresh_, after_losing_advert_, extra_}) {
        if (timer && (!first || *timer < *first)) {
            first = timer;
        }
    }
    return first;
}

}  // namespace sustain::vrrp
