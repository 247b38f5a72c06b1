// What trackers do to one virtual router: spec/vrrp.md 8.1 to 8.3.
#include <catch2/catch.hpp>

#include "helpers.hpp"
#include "vrrp/intervals.hpp"

using namespace sustain::vrrp;
using namespace sustain::vrrp::test;
using namespace std::chrono_literals;

namespace {

void track(Driver& driver, const Tracking& tracking) {
    driver.call(&VirtualRouter::tracking_changed, tracking);
}

Driver started(std::uint8_t priority) {
    Driver driver(example(priority));
    driver.start();
    driver.forget();
    return driver;
}

}  // namespace

TEST_CASE("C12: a new priority moves the running timer of a BACKUP by the difference of the skew times") {
    Driver driver = started(200);
    driver.pass(1s);
    track(driver, {.weight = -100});
    CHECK(driver.logged("(X) Changing effective priority from 200 to 100"));
    CHECK(driver.router.priority() == 100);
    REQUIRE(driver.all<action::PriorityChanged>().size() == 1);
    CHECK(driver.all<action::PriorityChanged>()[0].priority == 100);
    driver.pass(4s);
    CHECK(driver.advert_times.at(0) == 3'609'375);
    CHECK(driver.adverts().at(0) == 100);
}

TEST_CASE("a MASTER says its new priority with the next advert, not before") {
    Driver driver = started(200);
    driver.pass(3500ms);
    (void)driver.adverts();
    track(driver, {.weight = -60});
    CHECK(driver.adverts().empty());
    driver.pass(1s);
    CHECK(driver.adverts() == std::vector<int>{140});
}

TEST_CASE("the effective priority stays within 1 and 254, whatever the sum; an owner's never changes") {
    Driver driver = started(100);
    track(driver, {.weight = 253});
    CHECK(driver.router.priority() == 254);
    track(driver, {.weight = -2000});
    CHECK(driver.router.priority() == 1);
    track(driver, {.weight = -1});
    CHECK(driver.router.priority() == 99);
    track(driver, {});
    CHECK(driver.router.priority() == 100);

    Driver owner = started(255);
    track(owner, {.weight = -100});
    CHECK(owner.router.priority() == 255);
    CHECK(owner.all<action::PriorityChanged>().empty());
}

TEST_CASE("a reload with another priority keeps the weight of the trackers") {
    Driver driver = started(100);
    track(driver, {.weight = -20});
    driver.call(&VirtualRouter::reconfigure, example(150));
    CHECK(driver.router.priority() == 130);
}

TEST_CASE("faults of trackers are counted: the last one that ends is the end of FAULT") {
    Driver driver = started(100);
    track(driver, {.faults = 2});
    CHECK(driver.router.state() == State::fault);
    CHECK(driver.logged("(X) Entering FAULT STATE"));
    track(driver, {.faults = 1});
    CHECK(driver.router.state() == State::fault);
    driver.call(&VirtualRouter::interface_changed, "eth0", false);
    track(driver, {});
    CHECK(driver.router.state() == State::fault);
    driver.call(&VirtualRouter::interface_changed, "eth0", true);
    CHECK(driver.router.state() == State::backup);
    CHECK(driver.times_logged("(X) Entering FAULT STATE") == 1);
}

TEST_CASE("F10: an unweighted script that has not reported holds the router in INIT") {
    Driver driver(example(100));
    track(driver, {.waiting = true});
    driver.start();
    driver.pass(60s);
    CHECK(driver.actions.empty());
    CHECK(driver.router.state() == State::init);
    driver.hear(50);
    CHECK(driver.router.counters().received == 0);
    SECTION("success") {
        track(driver, {});
        CHECK(driver.logged("(X) Entering BACKUP STATE"));
        driver.pass(4s);
        CHECK(driver.advert_times.at(0) == 63'609'375);
    }
    SECTION("failure") {
        track(driver, {.faults = 1});
        CHECK(driver.router.state() == State::fault);
        track(driver, {});
        CHECK(driver.router.state() == State::backup);
    }
    SECTION("one of two") {
        track(driver, {.faults = 1, .waiting = true});
        CHECK(driver.router.state() == State::fault);
        track(driver, {.waiting = true});
        CHECK(driver.router.state() == State::fault);
        track(driver, {});
        CHECK(driver.router.state() == State::backup);
    }
}

TEST_CASE("a router that a crash interrupted does not wait for its scripts") {
    Driver driver(example(100));
    track(driver, {.waiting = true});
    driver.start(true);
    CHECK(driver.router.state() == State::master);
    track(driver, {.faults = 1});
    CHECK(driver.router.state() == State::fault);
}

TEST_CASE("a script that a reload adds does not take a running router to FAULT before it has failed") {
    Driver driver = started(100);
    track(driver, {.waiting = true});
    CHECK(driver.router.state() == State::backup);
}
