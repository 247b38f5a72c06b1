#include "vrrp/announcer.hpp"

#include <catch2/catch.hpp>

using namespace sustain;
using namespace std::chrono_literals;

namespace {

/// (milliseconds, rounds) of everything that becomes due until `end`.
std::vector<std::pair<int, unsigned>> schedule(vrrp::Announcer& announcer, core::TimePoint end) {
    std::vector<std::pair<int, unsigned>> sets;
    while (announcer.deadline() && *announcer.deadline() <= end) {
        const core::TimePoint now = *announcer.deadline();
        sets.emplace_back(static_cast<int>(now.time_since_epoch() / 1ms), announcer.expire(now).rounds);
    }
    return sets;
}

using Sets = std::vector<std::pair<int, unsigned>>;

}  // namespace

TEST_CASE("a new master announces at once and again after the delay") {
    vrrp::Announcer announcer({});
    CHECK_FALSE(announcer.deadline().has_value());
    CHECK(announcer.master(core::TimePoint{}) == 5);
    CHECK(schedule(announcer, core::TimePoint(100s)) == Sets{{5000, 5}});
    CHECK_FALSE(announcer.deadline().has_value());
}

TEST_CASE("no second set with delay 0") {
    vrrp::GarpSettings settings;
    settings.delay = 0s;
    vrrp::Announcer announcer(settings);
    CHECK(announcer.master(core::TimePoint{}) == 5);
    CHECK_FALSE(announcer.deadline().has_value());
}

TEST_CASE("A15: refreshes follow delay + refresh") {
    vrrp::GarpSettings settings;
    settings.delay = 1s;
    settings.refresh = 2s;
    settings.refresh_repeat = 2;
    vrrp::Announcer announcer(settings);
    announcer.master(core::TimePoint{});
    CHECK(schedule(announcer, core::TimePoint(7s)) == Sets{{1000, 5}, {3000, 2}, {5000, 2}, {7000, 2}});
    SECTION("a late call does not make up for what it missed") {
        CHECK(announcer.expire(core::TimePoint(20s)).rounds == 2);
        CHECK(announcer.deadline() == core::TimePoint(22s));
    }
}

TEST_CASE("timers neither survive a mastership nor multiply (spec/vrrp.md 19, 4)") {
    vrrp::GarpSettings settings;
    settings.refresh = 10s;
    vrrp::Announcer announcer(settings);
    for (int mastership = 0; mastership < 4; ++mastership) {
        announcer.master(core::TimePoint(mastership * 1s));
        announcer.losing_advert(core::TimePoint(mastership * 1s));
        announcer.stop();
        CHECK_FALSE(announcer.deadline().has_value());
    }
    announcer.master(core::TimePoint(4s));
    CHECK(schedule(announcer, core::TimePoint(40s)) == Sets{{9000, 5}, {19000, 1}, {29000, 1}, {39000, 1}});
}

TEST_CASE("losing adverts are answered at once and once more after the last of them") {
    vrrp::Announcer announcer({});
    announcer.master(core::TimePoint{});
    (void)schedule(announcer, core::TimePoint(9s));
    CHECK(announcer.losing_advert(core::TimePoint(10s)) == 5);
    SECTION("one") {
        CHECK(schedule(announcer, core::TimePoint(100s)) == Sets{{15000, 5}});
    }
    SECTION("many") {
        for (int i = 1; i <= 20; ++i) {
            announcer.losing_advert(core::TimePoint(10s + i * 100ms));
        }
        CHECK(schedule(announcer, core::TimePoint(100s)) == Sets{{15000, 5}, {17000, 5}});
    }
}

TEST_CASE("garp_lower_prio_repeat 0 switches these sets off") {
    vrrp::GarpSettings settings;
    settings.lower_prio_repeat = 0;
    vrrp::Announcer announcer(settings);
    announcer.master(core::TimePoint{});
    (void)schedule(announcer, core::TimePoint(9s));
    CHECK(announcer.losing_advert(core::TimePoint(10s)) == 0);
    CHECK_FALSE(announcer.deadline().has_value());
}

TEST_CASE("a reload begins and ends refreshes") {
    vrrp::Announcer announcer({});
    announcer.master(core::TimePoint{});
    vrrp::GarpSettings refreshing;
    refreshing.refresh = 3s;
    announcer.set(refreshing, {}, core::TimePoint(10s));
    CHECK(schedule(announcer, core::TimePoint(13s)) == Sets{{5000, 5}, {13000, 1}});
    announcer.set({}, {}, core::TimePoint(14s));
    CHECK_FALSE(announcer.deadline().has_value());
}

TEST_CASE("a reload does not lose the second set, nor does it send one at once (spec/vrrp.md 5.2)") {
    vrrp::Announcer announcer({});
    announcer.master(core::TimePoint{});
    vrrp::GarpSettings settings;
    settings.delay = 60s;
    announcer.set(settings, {}, core::TimePoint(3s));
    CHECK(schedule(announcer, core::TimePoint(100s)) == Sets{{5000, 5}});
}

TEST_CASE("extra packets come at their own interval, begin with the mastership and end with it") {
    vrrp::ExtraGarp extra;
    extra.interval = 2s;
    vrrp::GarpSettings settings;
    settings.delay = 0s;
    vrrp::Announcer announcer(settings, extra);
    CHECK_FALSE(announcer.deadline().has_value());
    announcer.master(core::TimePoint{});
    CHECK(announcer.deadline() == core::TimePoint(2s));
    const auto due = announcer.expire(core::TimePoint(2s));
    CHECK(due.extra);
    CHECK(due.rounds == 0);
    CHECK(announcer.deadline() == core::TimePoint(4s));
    SECTION("a late call does not make up for what it missed") {
        CHECK(announcer.expire(core::TimePoint(9s)).extra);
        CHECK(announcer.deadline() == core::TimePoint(11s));
    }
    SECTION("the mastership ends") {
        announcer.stop();
        CHECK_FALSE(announcer.deadline().has_value());
    }
    SECTION("a reload makes them more frequent, and ends them") {
        extra.interval = 1s;
        announcer.set(settings, extra, core::TimePoint(2500ms));
        CHECK(announcer.deadline() == core::TimePoint(3500ms));
        announcer.set(settings, {}, core::TimePoint(2600ms));
        CHECK_FALSE(announcer.deadline().has_value());
    }
}
