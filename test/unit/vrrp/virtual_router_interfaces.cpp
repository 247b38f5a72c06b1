// What virtual routers do about interfaces beyond their protocol: how long a link's change may be doubted, and the
// announcement of a unicast source.
#include <catch2/catch.hpp>

#include "helpers.hpp"

using namespace sustain;
using namespace sustain::vrrp;
using namespace std::chrono_literals;

TEST_CASE("a change of a link may be doubted for less than the others wait (spec/vrrp.md 9.4)") {
    Instance config = test::example(100);
    CHECK(VirtualRouter(config).longest_link_delay() == 1996094us);
    config.down_timer_adverts = 5;
    CHECK(VirtualRouter(config).longest_link_delay() == 3996094us);
    config.down_timer_adverts = 1;
    CHECK(VirtualRouter(config).longest_link_delay() == 0us);
    config.down_timer_adverts = 3;
    config.version = 3;
    config.advert_interval = 100ms;
    CHECK(VirtualRouter(config).longest_link_delay() == 199609us);
}

TEST_CASE("E11: on leaving FAULT a unicast router announces its own address") {
    Instance config = test::example(100);
    SECTION("unicast") {
        config.unicast.make().peers = {{test::address("10.0.0.2")}};
        test::Driver driver(config);
        driver.start();
        CHECK(driver.all<action::AnnounceSource>().empty());
        driver.call(&VirtualRouter::interface_changed, "eth0", false);
        driver.call(&VirtualRouter::interface_changed, "eth0", true);
        REQUIRE(driver.all<action::AnnounceSource>().size() == 1);
        CHECK(driver.all<action::AnnounceSource>().front().source == test::address("10.0.0.1"));
    }
    SECTION("multicast") {
        test::Driver driver(config);
        driver.start();
        driver.call(&VirtualRouter::interface_changed, "eth0", false);
        driver.call(&VirtualRouter::interface_changed, "eth0", true);
        CHECK(driver.router.state() == State::backup);
        CHECK(driver.all<action::AnnounceSource>().empty());
    }
}

TEST_CASE("F15: two interfaces down, one of them returns: still a fault") {
    Instance config = test::example(100);
    config.addresses.front().device = "eth1";
    test::Driver driver(config);
    driver.start();
    driver.call(&VirtualRouter::interface_changed, "eth0", false);
    driver.call(&VirtualRouter::interface_changed, "eth1", false);
    driver.call(&VirtualRouter::interface_changed, "eth0", true);
    CHECK(driver.router.state() == State::fault);
    driver.call(&VirtualRouter::interface_changed, "eth1", true);
    CHECK(driver.router.state() == State::backup);
}

TEST_CASE("packets from extra interfaces are due while MASTER only") {
    Instance config = test::example(255);
    config.garp.delay = 0s;
    config.extra_garp = {.interval = 10s, .all_interfaces = true};
    test::Driver driver(config);
    driver.start();
    driver.pass(30s);
    CHECK(driver.all<action::AnnounceExtra>().size() == 3);
    driver.call(&VirtualRouter::interface_changed, "eth0", false);
    driver.pass(30s);
    CHECK(driver.all<action::AnnounceExtra>().size() == 3);
}

TEST_CASE(
    "a reload that only changes what we do about a loss leaves the address alone, every other change sets it anew") {
    Instance config = test::example(255);
    test::Driver driver(config);
    driver.start();
    driver.forget();
    config.addresses.front().track = false;
    driver.call(&VirtualRouter::reconfigure, config);
    CHECK(driver.all<action::RemoveAddresses>().empty());
    CHECK(driver.all<action::SetAddresses>().empty());
    config.addresses.front().prefix_route = false;
    driver.call(&VirtualRouter::reconfigure, config);
    CHECK(driver.all<action::RemoveAddresses>().size() == 1);
    CHECK(driver.all<action::SetAddresses>().size() == 1);
    CHECK(driver.all<action::Announce>().size() == 1);
}
