// What keywords change in the rules of the state machine (spec/vrrp.md 3.1, 3.2, 3.5 and 3.7).
#include <catch2/catch.hpp>

#include "helpers.hpp"
#include "vrrp/intervals.hpp"

using namespace sustain::vrrp;
using namespace sustain::vrrp::test;
using namespace std::chrono_literals;

namespace {

using Times = std::vector<std::int64_t>;
using Priorities = std::vector<int>;

Driver started(const Instance& config) {
    Driver driver(config);
    driver.start();
    driver.forget();
    return driver;
}

Driver master(const Instance& config) {
    Driver driver = started(config);
    driver.pass(master_down_interval(config.advert_interval, config.priority, 2, config.down_timer_adverts));
    REQUIRE(driver.router.state() == State::master);
    driver.forget();
    return driver;
}

std::int64_t microseconds(sustain::core::TimePoint time) {
    return time.time_since_epoch().count();
}

}  // namespace

TEST_CASE("C11: down_timer_adverts") {
    auto config = example(100);
    config.down_timer_adverts = 5;
    Driver driver = started(config);
    driver.pass(6s);
    CHECK(driver.advert_times.at(0) == 5'609'375);
    SECTION("1: one lost advert is enough") {
        config.down_timer_adverts = 1;
        Driver hasty = started(config);
        hasty.pass(100ms);
        hasty.hear(200);
        hasty.pass(2s);
        CHECK(hasty.advert_times.at(0) == 100'000 + 1'609'375);
    }
    SECTION("a reload starts the wait anew") {
        Driver other = started(example(100));
        other.pass(1s);
        other.call(&VirtualRouter::reconfigure, config);
        other.pass(7s);
        CHECK(other.advert_times.at(0) == 6'609'375);
    }
}

TEST_CASE("C10: vrrp_startup_delay holds timers and ears") {
    Driver driver(example(100));
    driver.router.delay_until(driver.now + 3s);
    driver.start();
    CHECK(driver.router.state() == State::backup);
    for (int i = 0; i < 28; ++i) {
        driver.pass(100ms);
        driver.hear(200);
    }
    CHECK(driver.router.counters().received == 0);
    driver.pass(4s);
    CHECK(driver.advert_times.at(0) == 6'609'375);

    SECTION("an owner is MASTER when it ends, not an interval later") {
        Driver owner(example(255));
        owner.router.delay_until(owner.now + 3s);
        owner.start();
        CHECK(owner.router.state() == State::backup);
        CHECK(owner.all<action::StateChanged>().empty());  // nobody is told of a BACKUP that it never is
        owner.pass(4s);
        CHECK(owner.advert_times.at(0) == 3'000'000);
        CHECK(owner.all<action::StateChanged>().size() == 1);
    }
    SECTION("a fault that ends meanwhile does not shorten it") {
        Driver faulty(example(100));
        faulty.router.delay_until(faulty.now + 3s);
        faulty.start();
        faulty.call(&VirtualRouter::interface_changed, "eth0", false);
        faulty.pass(1s);
        faulty.call(&VirtualRouter::interface_changed, "eth0", true);
        faulty.pass(6s);
        CHECK(faulty.advert_times.at(0) == 6'609'375);
    }
}

TEST_CASE("D02: lower_prio_no_advert answers a losing advert with an announcement only") {
    auto config = example(150);
    config.lower_prio_no_advert = true;
    Driver driver = master(config);
    driver.pass(400ms);
    const auto heard = microseconds(driver.now);
    driver.hear(100);
    CHECK(driver.adverts().empty());
    CHECK(driver.all<action::Announce>().size() == 1);
    CHECK(driver.logged("(X) Received advert from 10.0.0.3 with lower priority 100, ours 150"));
    driver.pass(2s);
    CHECK(driver.advert_times == Times{heard + 600'000, heard + 1'600'000});
}

TEST_CASE("D03: garp_lower_prio_repeat 0 announces nothing") {
    auto config = example(150);
    config.garp.lower_prio_repeat = 0;
    Driver driver = master(config);
    driver.hear(100);
    CHECK(driver.adverts() == Priorities{150});
    CHECK(driver.all<action::Announce>().empty());
    CHECK(driver.all<action::HeardLowerPriority>().size() == 1);
}

TEST_CASE("D05: higher_prio_send_advert") {
    auto config = example(150);
    config.higher_prio_send_advert = true;
    Driver driver = master(config);
    driver.hear(200);
    CHECK(driver.router.state() == State::backup);
    CHECK(driver.adverts() == Priorities{150});
    SECTION("not for a losing one") {
        Driver other = master(config);
        other.hear(100);
        CHECK(other.router.state() == State::master);
        CHECK(other.adverts() == Priorities{150});  // the answer
    }
}

TEST_CASE("owner_ignore_adverts") {
    auto config = example(255);
    config.owner_ignore_adverts = true;
    Driver driver = started(config);
    for (int i = 0; i < 3; ++i) {
        driver.pass(400ms);
        driver.hear(255, "10.0.0.3");
    }
    CHECK(driver.router.state() == State::master);
    CHECK(driver.router.counters().received == 0);
    CHECK(driver.times_logged("(X) Dropping packet(s) from 10.0.0.3 since we are address owner") == 1);
    CHECK(driver.advert_times == Times{1'000'000});
}

TEST_CASE("F09: dont_track_primary goes on without its interface, but not without its address") {
    auto config = example(150);
    config.track_primary = false;
    Driver driver = master(config);
    driver.call(&VirtualRouter::interface_changed, "eth0", false);
    CHECK(driver.router.state() == State::master);
    driver.call(&VirtualRouter::source_changed, std::nullopt);
    CHECK(driver.router.state() == State::fault);
    SECTION("an address on the interface tracks it all the same") {
        config.addresses[1].device = "eth0";
        Driver other = master(config);
        other.call(&VirtualRouter::interface_changed, "eth0", false);
        CHECK(other.router.state() == State::fault);
    }
}

TEST_CASE("unicast_fault_no_peer: a configuration that cannot work stays in FAULT until the next one") {
    auto config = example(100);
    config.faulty = true;
    Driver driver(config);
    driver.start();
    CHECK(driver.router.state() == State::fault);
    CHECK(driver.logged("(X) entering FAULT state"));
    driver.call(&VirtualRouter::reconfigure, example(100));
    CHECK(driver.router.state() == State::backup);
}

TEST_CASE("3.5: an owner whom another one does not heed gives in") {
    Driver driver = started(example(255));
    SECTION("one with a lower address that goes on") {
        int heard = 0;
        while (driver.router.state() == State::master && heard < 20) {
            driver.hear(255, "10.0.0.0");
            driver.pass(500ms);
            ++heard;
        }
        CHECK(driver.router.state() == State::backup);
        CHECK(heard == 8);  // 2 s and 1.2 s after the first one
        CHECK(driver.router.priority() == 254);
        CHECK(driver.logged("(X) Changing effective priority from 255 to 254"));
        SECTION("and takes over as owner when it is gone") {
            driver.pass(4s);
            CHECK(driver.router.state() == State::master);
            CHECK(driver.router.priority() == 255);
            CHECK(driver.adverts().back() == 255);
        }
        SECTION("or shows another priority") {
            driver.hear(200, "10.0.0.0");
            CHECK(driver.router.priority() == 255);
        }
    }
    SECTION("one that stops") {
        driver.hear(255, "10.0.0.0");
        driver.pass(500ms);
        driver.hear(255, "10.0.0.0");
        driver.pass(5s);
        CHECK(driver.router.state() == State::master);
        CHECK(driver.router.priority() == 255);
        CHECK(driver.logged("(X): rogue address owner appears to have stopped advertising"));
    }
}

TEST_CASE("timer_expired_backup: a MASTER that was stopped for too long does not go on") {
    auto config = example(200);
    config.preempt = false;
    config.rare.make().timer_expired_priority = 254;
    Driver driver = master(config);
    driver.hear(100);  // another router exists, and its master down time is 3.61 s
    const auto pause = [&](sustain::core::Duration duration) {
        driver.now += duration;  // nothing runs meanwhile
        driver.forget();
    };
    SECTION("a short pause changes nothing") {
        pause(3600ms);
        driver.call(&VirtualRouter::expire);
        CHECK(driver.router.state() == State::master);
    }
    SECTION("after a long one it is BACKUP without priority 0") {
        pause(3700ms);
        driver.call(&VirtualRouter::expire);
        CHECK(driver.router.state() == State::backup);
        CHECK(driver.adverts().empty());
        CHECK(driver.logged("(X) VRRP thread timer expired 2.700000 seconds ago"));
        CHECK(driver.logged("(X) Entering BACKUP STATE"));
    }
    SECTION("even if the usurper's advert is read before the timer") {
        pause(3700ms);
        driver.hear(100);
        CHECK(driver.router.state() == State::backup);
        CHECK(driver.adverts().empty());
    }
    SECTION("without the keyword it goes on") {
        config.rare.make().timer_expired_priority = 0;
        driver.call(&VirtualRouter::reconfigure, config);
        pause(10s);
        driver.hear(100);
        CHECK(driver.router.state() == State::master);
    }
    SECTION("with nobody else it goes on") {
        Driver alone = master(config);
        alone.now += 10s;
        alone.call(&VirtualRouter::expire);
        CHECK(alone.router.state() == State::master);
    }
}

TEST_CASE("an address that somebody removes: the skew time, even of an instance with long intervals") {
    auto config = example(200);
    config.advert_interval = 10s;
    Driver driver = master(config);
    driver.call(&VirtualRouter::address_removed, "eth0", sustain::core::Prefix{address("10.0.0.100"), 24});
    const auto removed = microseconds(driver.now);
    driver.pass(1s);
    CHECK(driver.advert_times.at(1) == removed + 218'750);
}

TEST_CASE("spec/vrrp.md 19, 3 (F15): of two interfaces that are down one returns") {
    auto config = example(150);
    config.addresses[0].device = "eth1";
    config.addresses[1].device = "eth2";
    Driver driver = master(config);
    driver.call(&VirtualRouter::interface_changed, "eth1", false);
    driver.call(&VirtualRouter::interface_changed, "eth2", false);
    CHECK(driver.router.state() == State::fault);
    driver.call(&VirtualRouter::interface_changed, "eth1", true);
    CHECK(driver.router.state() == State::fault);
    driver.call(&VirtualRouter::interface_changed, "eth2", true);
    CHECK(driver.router.state() == State::backup);
    SECTION("no_track: not a fault") {
        config.addresses[0].track = false;
        Driver other = master(config);
        other.call(&VirtualRouter::interface_changed, "eth1", false);
        CHECK(other.router.state() == State::master);
    }
}

TEST_CASE("a backup's timer runs from the arrival of an advert, not from its being read") {
    Driver driver(example(100));
    driver.start();
    driver.hear(200);
    driver.pass(1s);
    OtherRouter other;
    other.instance.priority = 200;
    const auto octets = other.advert();
    auto datagram = read_ipv4(octets).value();
    const auto timer = [&] { return *driver.router.deadline() - driver.now; };
    const auto down = master_down_interval(1s, 100);
    driver.call(&VirtualRouter::receive, datagram);
    CHECK(timer() == down);
    datagram.arrived = driver.now - 30ms;
    driver.call(&VirtualRouter::receive, datagram);
    CHECK(timer() == down - 30ms);
    datagram.arrived = driver.now + 30ms;  // nothing arrives later than it is read
    driver.call(&VirtualRouter::receive, datagram);
    CHECK(timer() == down);
    other.instance.priority = 0;
    const auto goodbye = other.advert();
    auto zero = read_ipv4(goodbye).value();
    zero.arrived = driver.now - 30ms;
    driver.call(&VirtualRouter::receive, zero);
    CHECK(timer() == skew_time(100) - 30ms);
}
