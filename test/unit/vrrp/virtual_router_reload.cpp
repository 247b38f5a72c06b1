// Scenarios H of spec/vrrp-scenarios.md, as far as they concern one virtual router that goes on.
#include <catch2/catch.hpp>

#include "helpers.hpp"

using namespace sustain::vrrp;
using namespace sustain::vrrp::test;
using namespace std::chrono_literals;

namespace {

Driver started(const Instance& config) {
    Driver driver(config);
    driver.start();
    driver.forget();
    return driver;
}

}  // namespace

TEST_CASE("H01: an unchanged MASTER is not touched") {
    Driver driver = started(example(255));
    for (int i = 0; i < 3; ++i) {
        driver.pass(300ms);
        driver.call(&VirtualRouter::reconfigure, example(255));
    }
    CHECK(driver.actions.empty());
    driver.pass(100ms);
    CHECK(driver.advert_times == std::vector<std::int64_t>{1'000'000});
}

TEST_CASE("H02: addresses are replaced one by one") {
    Driver driver = started(example(255));
    auto config = example(255);
    config.addresses[1] = virtual_address("10.0.0.102");
    driver.pass(300ms);
    driver.call(&VirtualRouter::reconfigure, config);
    REQUIRE(driver.all<action::RemoveAddresses>().size() == 1);
    REQUIRE(driver.all<action::RemoveAddresses>()[0].addresses.size() == 1);
    CHECK(driver.all<action::RemoveAddresses>()[0].addresses[0].prefix.address == address("10.0.0.101"));
    REQUIRE(driver.all<action::SetAddresses>().size() == 1);
    REQUIRE(driver.all<action::SetAddresses>()[0].addresses.size() == 1);
    CHECK(driver.all<action::SetAddresses>()[0].addresses[0].prefix.address == address("10.0.0.102"));
    CHECK(driver.logged("(X) ip address 10.0.0.101/24 dev eth0, no longer exist"));
    CHECK(driver.all<action::Announce>().size() == 1);
    CHECK(driver.all<action::StateChanged>().empty());
    const auto sent = driver.all<action::SendAdvert>();
    REQUIRE(sent.size() == 1);
    CHECK(sent[0].datagrams.front().octets[kIpv4HeaderSize + 15] == 102);
}

TEST_CASE("H03: a lower priority does not end mastership") {
    auto config = example(200);
    Driver driver = started(config);
    driver.pass(4s);
    REQUIRE(driver.router.state() == State::master);
    (void)driver.adverts();
    config.priority = 50;
    driver.call(&VirtualRouter::reconfigure, config);
    CHECK(driver.router.state() == State::master);
    CHECK(driver.adverts() == std::vector<int>{50});
}

TEST_CASE("H04: a renamed router goes on under its new name") {
    Driver driver = started(example(255));
    auto config = example(255);
    config.name = "Y";
    driver.call(&VirtualRouter::reconfigure, config);
    CHECK(driver.router.state() == State::master);
    driver.call(&VirtualRouter::stop);
    CHECK(driver.logged("(Y) sent 0 priority"));
}

TEST_CASE("H06: a BACKUP keeps waiting, with the difference that a new priority makes") {
    auto config = example(100);
    Driver driver = started(config);
    driver.pass(1s);
    config.priority = 200;
    driver.call(&VirtualRouter::reconfigure, config);
    driver.pass(4s);
    CHECK(driver.advert_times.at(0) == 3'218'750);
}

TEST_CASE("a new interval opens with an advert") {
    auto config = example(255);
    config.advert_interval = 10s;
    Driver driver = started(config);
    driver.pass(2s);
    config.advert_interval = 1s;
    driver.call(&VirtualRouter::reconfigure, config);
    driver.pass(2s);
    CHECK(driver.advert_times == std::vector<std::int64_t>{2'000'000, 3'000'000, 4'000'000});
    CHECK(driver.adverts() == std::vector<int>{255, 255, 255});
}

TEST_CASE("a reload that names an interface that is down leads to FAULT with priority 0") {
    auto config = example(255);
    Driver driver = started(config);
    config.addresses[1].device = "eth1";
    driver.call(&VirtualRouter::reconfigure, config);
    CHECK(driver.router.state() == State::master);
    (void)driver.adverts();
    driver.call(&VirtualRouter::interface_changed, "eth1", false);
    CHECK(driver.router.state() == State::fault);
    CHECK(driver.adverts() == std::vector<int>{0, 0});
}
