// RFC 9568 6.4 and the UNH-IOL tests of groups 2 and 3, as far as they are the state machine's: for each requirement
// what happens where it applies, and what does not happen where it does not (spec/vrrp-conformance.md).
#include <catch2/catch.hpp>

#include "helpers.hpp"
#include "vrrp/intervals.hpp"

using namespace sustain::vrrp;
using namespace sustain::vrrp::test;
using namespace std::chrono_literals;

namespace {

using Priorities = std::vector<int>;

Driver backup(std::uint8_t priority = 100) {
    Driver driver(example(priority));
    driver.start();
    driver.forget();
    return driver;
}

Driver master(std::uint8_t priority = 150) {
    Driver driver = backup(priority);
    driver.pass(master_down_interval(1s, priority));
    REQUIRE(driver.router.state() == State::master);
    driver.forget();
    return driver;
}

Instance version3(std::uint8_t priority, sustain::core::Duration interval) {
    Instance config = example(priority);
    config.version = 3;
    config.advert_interval = interval;
    return config;
}

std::vector<std::uint8_t> advert_of(const Instance& config) {
    OtherRouter other;
    other.instance = config;
    return other.advert();
}

/// How long until the router sends its next advert.
sustain::core::Duration until_advert(Driver& driver) {
    driver.forget();
    const auto begin = driver.now;
    driver.pass(60s);
    REQUIRE_FALSE(driver.advert_times.empty());
    return sustain::core::Duration(driver.advert_times[0]) - begin.time_since_epoch();
}

}  // namespace

// --- Initialize ---

TEST_CASE("Startup: an owner is MASTER at once", "[unh-2.1][positive][rfc9568-5.2.4-1][positive]") {
    Driver driver(example(255));
    driver.start();
    CHECK(driver.router.state() == State::master);
    CHECK(driver.adverts() == Priorities{255});
    CHECK(driver.all<action::Announce>().size() == 1);
}

TEST_CASE("Startup: anybody else is BACKUP and says nothing", "[unh-2.1][negative][rfc9568-5.2.4-2][negative]") {
    Driver driver(example(254));
    driver.start();
    CHECK(driver.router.state() == State::backup);
    CHECK(driver.all<action::SendAdvert>().empty());
    CHECK(driver.all<action::SetAddresses>().empty());
    SECTION("and before it is started nothing is heard") {
        Driver unborn(example(254));
        unborn.hear(100);
        CHECK(unborn.router.counters().received == 0);
        CHECK_FALSE(unborn.router.deadline().has_value());
    }
}

TEST_CASE("only an owner's adverts carry priority 255", "[rfc9568-5.2.4-1][negative]") {
    Driver driver = master(254);
    driver.call(&VirtualRouter::tracking_changed, Tracking{.weight = 253});
    driver.pass(1s);
    CHECK(driver.adverts() == Priorities{254});
}

TEST_CASE("whatever trackers take away, the priority of a router that serves is not 0", "[rfc9568-5.2.4-2][positive]") {
    Driver driver = master(100);
    driver.call(&VirtualRouter::tracking_changed, Tracking{.weight = -253});
    driver.pass(1s);
    CHECK(driver.adverts() == Priorities{1});
}

// --- Backup ---

TEST_CASE("a BACKUP that is shut down is silent from then on", "[rfc9568-6.4.2-6][positive][unh-2.6][positive]") {
    Driver driver = backup();
    driver.call(&VirtualRouter::stop);
    CHECK(driver.router.state() == State::init);
    driver.pass(60s);
    CHECK(driver.actions.empty());
}

TEST_CASE("a BACKUP that is not shut down keeps its timer", "[rfc9568-6.4.2-6][negative]") {
    Driver driver = backup();
    CHECK(driver.router.deadline().has_value());
    driver.pass(4s);
    CHECK(driver.router.state() == State::master);
}

TEST_CASE("the timer of a BACKUP fires: advert, gratuitous ARP, MASTER",
          "[rfc9568-6.4.2-7][positive][unh-2.3][positive][unh-3.3][positive]") {
    Driver driver = backup();
    driver.pass(master_down_interval(1s, 100));
    CHECK(driver.router.state() == State::master);
    CHECK(driver.adverts() == Priorities{100});
    CHECK(driver.all<action::SetAddresses>().size() == 1);
    CHECK(driver.all<action::Announce>().size() == 1);
    CHECK(driver.router.deadline() == driver.now + 1s);
}

TEST_CASE("the timer of a BACKUP does not fire a microsecond early, nor while adverts come",
          "[rfc9568-6.4.2-7][negative][unh-2.3][negative][unh-3.3][negative]") {
    Driver driver = backup();
    driver.pass(master_down_interval(1s, 100) - 1us);
    CHECK(driver.router.state() == State::backup);
    for (int i = 0; i < 100; ++i) {
        driver.hear(100);
        driver.pass(master_down_interval(1s, 100) - 1us);
    }
    CHECK(driver.router.state() == State::backup);
    CHECK(driver.all<action::SendAdvert>().empty());
}

TEST_CASE("priority 0 sets the timer of a BACKUP to the skew time",
          "[rfc9568-6.4.2-8][positive][unh-2.4][positive][unh-3.2][positive]") {
    const int priority = GENERATE(1, 100, 254);
    Driver driver = backup(static_cast<std::uint8_t>(priority));
    driver.hear(255);
    driver.hear(0);
    CHECK(driver.router.state() == State::backup);
    CHECK(until_advert(driver) == skew_time(static_cast<std::uint8_t>(priority)));
}

TEST_CASE("no other priority does", "[rfc9568-6.4.2-8][negative][unh-2.4][negative][unh-3.2][negative]") {
    Driver driver = backup(100);
    driver.hear(static_cast<std::uint8_t>(GENERATE(1, 99, 100, 255)));
    CHECK(until_advert(driver) == master_down_interval(1s, 100));
}

TEST_CASE("C06: a BACKUP adopts the interval of a VRRPv3 MASTER", "[rfc9568-6.4.2-9][positive]") {
    const auto [interval, down] = GENERATE(
        table<std::chrono::milliseconds, std::chrono::microseconds>({{300ms, 1'082'812us}, {2500ms, 9'023'437us}}));
    Driver driver(version3(100, 1s));
    driver.start();
    driver.receive(advert_of(version3(200, interval)));
    CHECK(driver.logged(
        fmt::format("(X) advertisement interval updated from 1000ms to {}ms by master", interval.count())));
    CHECK(until_advert(driver) == down);
    SECTION("but sends its own adverts at its own interval, which they carry") {
        CHECK(driver.advert_times.at(1) - driver.advert_times.at(0) == 1'000'000);
        CHECK(driver.all<action::SendAdvert>().at(0).datagrams.front().octets[kIpv4HeaderSize + 5] == 100);
        CHECK(driver.logged(
            fmt::format("(X) changing advert interval from {}ms to locally configured 1000ms", interval.count())));
    }
    SECTION("19, 5: and has forgotten it when it loses its place") {
        const auto removed = driver.now;
        driver.forget();
        driver.call(&VirtualRouter::address_removed, "eth0", sustain::core::Prefix{address("10.0.0.100"), 24});
        CHECK(until_advert(driver) == skew_time(100, 3, 1s));
        CHECK(driver.now > removed);
    }
}

TEST_CASE("a BACKUP adopts no interval of an advert that it discards, nor one of VRRPv2",
          "[rfc9568-6.4.2-9][negative]") {
    Driver driver(version3(100, 1s));
    driver.start();
    driver.pass(1s);
    driver.receive(advert_of(version3(99, 10ms)));
    CHECK(until_advert(driver) == master_down_interval(1s, 100, 3) - 1s);
    auto config = example(100);
    Driver old(config);
    old.start();
    config.advert_interval = 2s;
    config.priority = 200;
    old.receive(advert_of(config));
    CHECK(old.router.counters().received == 0);
    CHECK(until_advert(old) == master_down_interval(1s, 100));
}

TEST_CASE("a BACKUP discards lower adverts when it may preempt", "[rfc9568-6.4.2-10][positive][unh-3.4][positive]") {
    Driver driver = backup(100);
    driver.pass(2s);
    driver.hear(99);
    CHECK(until_advert(driver) == master_down_interval(1s, 100) - 2s);
}

TEST_CASE("a BACKUP heeds equal and higher adverts, and lower ones with nopreempt",
          "[rfc9568-6.4.2-10][negative][unh-3.4][negative]") {
    auto config = example(100);
    int heard = 100;
    SECTION("equal") {}
    SECTION("higher") {
        heard = 101;
    }
    SECTION("nopreempt") {
        config.preempt = false;
        heard = 1;
    }
    Driver driver(config);
    driver.start();
    driver.pass(2s);
    driver.hear(static_cast<std::uint8_t>(heard));
    CHECK(until_advert(driver) == master_down_interval(1s, 100));
}

TEST_CASE("a BACKUP hears adverts and nothing else", "[unh-2.2][positive]") {
    Driver driver = backup(100);
    driver.hear(200);
    CHECK(driver.router.counters().received == 1);
    CHECK(driver.router.master_address() == address("10.0.0.3"));
}

TEST_CASE("what a BACKUP hears makes it send nothing", "[unh-2.2][negative]") {
    Driver driver = backup(100);
    for (const int priority : {0, 1, 99, 100, 101, 255}) {
        driver.hear(static_cast<std::uint8_t>(priority));
    }
    CHECK(driver.router.state() == State::backup);
    CHECK(driver.all<action::SendAdvert>().empty());
    CHECK(driver.all<action::Announce>().empty());
}

// --- Active ---

TEST_CASE("a MASTER that is shut down says priority 0", "[rfc9568-6.4.3-8][positive][unh-2.6][positive]") {
    Driver driver = master();
    driver.call(&VirtualRouter::stop);
    CHECK(driver.adverts() == Priorities{0});
    CHECK(driver.router.state() == State::init);
    CHECK(driver.all<action::RemoveAddresses>().size() == 1);
    CHECK_FALSE(driver.router.deadline().has_value());
}

TEST_CASE("a BACKUP that is shut down does not", "[rfc9568-6.4.3-8][negative][unh-2.6][negative]") {
    Driver driver = backup();
    driver.call(&VirtualRouter::stop);
    CHECK(driver.all<action::SendAdvert>().empty());
}

TEST_CASE("the advert timer of a MASTER fires every interval", "[rfc9568-6.4.3-9][positive][unh-3.1][positive]") {
    const int seconds = GENERATE(1, 2, 255);
    auto config = example(255);
    config.advert_interval = std::chrono::seconds(seconds);
    Driver driver(config);
    driver.start();
    driver.pass(std::chrono::seconds(3 * seconds));
    const std::int64_t interval = seconds * 1'000'000;
    CHECK(driver.advert_times == std::vector<std::int64_t>{0, interval, 2 * interval, 3 * interval});
    CHECK(driver.adverts() == Priorities{255, 255, 255, 255});
}

TEST_CASE("and not in between, whatever is rejected meanwhile",
          "[rfc9568-6.4.3-9][negative][unh-3.1][negative][unh-2.5][negative]") {
    Driver driver = master();
    OtherRouter other;
    other.instance.vrid = 51;
    auto spoilt = other.advert();
    spoilt[20] = 0x71;
    for (int i = 0; i < 9; ++i) {
        driver.pass(100ms);
        driver.receive(spoilt);
    }
    CHECK(driver.adverts().empty());
    driver.pass(100ms);
    CHECK(driver.adverts() == Priorities{150});
}

TEST_CASE("a MASTER answers priority 0 at once and begins a new interval",
          "[rfc9568-6.4.3-10][positive][unh-2.7][positive]") {
    Driver driver = master();
    driver.pass(400ms);
    driver.hear(0);
    CHECK(driver.adverts() == Priorities{150});
    CHECK(driver.router.state() == State::master);
    CHECK(until_advert(driver) == 1s);
}

TEST_CASE("a BACKUP does not answer priority 0", "[rfc9568-6.4.3-10][negative][unh-2.7][negative]") {
    Driver driver = backup();
    driver.hear(0);
    CHECK(driver.all<action::SendAdvert>().empty());
}

TEST_CASE("a MASTER yields to a higher priority, and to an equal one from a greater address, unsigned",
          "[rfc9568-6.4.3-11][positive][unh-2.7][positive]") {
    Driver driver = master(150);
    SECTION("higher") {
        driver.hear(151, "10.0.0.0");
    }
    SECTION("equal, greater") {
        driver.hear(150, "10.0.0.2");
    }
    SECTION("equal, greater as an unsigned number") {
        driver.hear(150, "192.0.2.1");
    }
    CHECK(driver.router.state() == State::backup);
    CHECK(driver.adverts().empty());
    CHECK(driver.all<action::RemoveAddresses>().size() == 1);
    CHECK(until_advert(driver) == master_down_interval(1s, 150));
}

TEST_CASE("a MASTER yields to nobody else", "[rfc9568-6.4.3-11][negative][unh-2.7][negative]") {
    Driver driver = master(150);
    SECTION("lower, from a greater address") {
        driver.hear(149, "10.0.0.200");
    }
    SECTION("equal, from a lesser address") {
        driver.hear(150, "10.0.0.0");
    }
    SECTION("0, from a greater address") {
        driver.hear(0, "10.0.0.200");
    }
    CHECK(driver.router.state() == State::master);
    CHECK(driver.all<action::RemoveAddresses>().empty());
}

TEST_CASE("a MASTER answers a losing advert at once",
          "[rfc9568-6.4.3-12][positive][unh-2.7][positive][unh-2.5][positive]") {
    Driver driver = master(150);
    driver.pass(700ms);
    driver.hear(static_cast<std::uint8_t>(GENERATE(1, 149)));
    CHECK(driver.adverts() == Priorities{150});
    CHECK(driver.all<action::Announce>().size() == 1);
    CHECK(until_advert(driver) == 1s);
}

TEST_CASE("a MASTER does not answer a winning one", "[rfc9568-6.4.3-12][negative][unh-2.7][negative]") {
    Driver driver = master(150);
    driver.hear(151);
    CHECK(driver.adverts().empty());
    CHECK(driver.all<action::Announce>().empty());
}
