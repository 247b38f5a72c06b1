// Transitions and timers: scenarios C and D of spec/vrrp-scenarios.md.
#include "vrrp/virtual_router.hpp"

#include <catch2/catch.hpp>

#include "helpers.hpp"
#include "vrrp/intervals.hpp"

using namespace sustain::vrrp;
using namespace sustain::vrrp::test;
using namespace std::chrono_literals;

namespace {

using Times = std::vector<std::int64_t>;
using Priorities = std::vector<int>;

/// A driver whose router has become MASTER just now.
Driver master(std::uint8_t priority) {
    Driver driver(example(priority));
    driver.start();
    driver.pass(master_down_interval(1s, priority));
    REQUIRE(driver.router.state() == State::master);
    driver.forget();
    return driver;
}

}  // namespace

TEST_CASE("C01: a router that hears nobody takes over after its master down interval") {
    const auto [priority, interval, takeover] = GENERATE(table<int, int, std::int64_t>(
        {{100, 1, 3'609'375}, {254, 1, 3'007'812}, {1, 1, 3'996'093}, {100, 2, 6'609'375}, {200, 1, 3'218'750}}));
    auto config = example(static_cast<std::uint8_t>(priority));
    config.advert_interval = std::chrono::seconds(interval);
    Driver driver(config);
    driver.start();
    CHECK(driver.logged("(X) Entering BACKUP STATE (init)"));
    driver.pass(30s);
    CHECK(driver.advert_times.at(0) == takeover);
    CHECK(driver.advert_times.at(1) == takeover + interval * 1'000'000);
    CHECK(driver.advert_times.at(9) == takeover + 9 * interval * 1'000'000);
}

TEST_CASE("C02, C03: state MASTER matters to an owner only") {
    auto config = example(255);
    std::int64_t first = 0;
    SECTION("owner") {}
    SECTION("owner with state MASTER") {
        config.initial_state = State::master;
    }
    SECTION("owner with state BACKUP") {
        config.initial_state = State::backup;
        first = 3'003'906;
    }
    SECTION("not an owner") {
        config.priority = 200;
        config.initial_state = State::master;
        first = 3'218'750;
    }
    Driver driver(config);
    driver.start();
    driver.pass(4s);
    CHECK(driver.advert_times.at(0) == first);
    CHECK(driver.logged("(X) Entering BACKUP STATE (init)") == (first != 0));
}

TEST_CASE("becoming MASTER: advert, log, addresses, announcement") {
    auto config = example(255);
    config.excluded = {virtual_address("10.0.0.110")};
    Driver driver(config);
    driver.forget();
    driver.start();
    std::vector<std::string> order;
    for (const Action& action : driver.actions) {
        order.push_back(std::visit(
            [](const auto& one) -> std::string {
                using T = std::decay_t<decltype(one)>;
                if constexpr (std::is_same_v<T, action::SendAdvert>) {
                    return "advert";
                } else if constexpr (std::is_same_v<T, action::Log>) {
                    return one.text;
                } else if constexpr (std::is_same_v<T, action::SetAddresses>) {
                    return fmt::format("set {}", one.addresses.size());
                } else if constexpr (std::is_same_v<T, action::Announce>) {
                    return fmt::format("announce {}", one.rounds);
                } else if constexpr (std::is_same_v<T, action::StateChanged>) {
                    return fmt::format("state {}", static_cast<int>(one.state));
                } else {
                    return "?";
                }
            },
            action));
    }
    CHECK(order == std::vector<std::string>{"(X) Receive advertisement timeout", "advert", "(X) Entering MASTER STATE",
                                            "(X) setting VIPs.", "set 3", "announce 5", "state 2"});
    const auto advert = driver.all<action::SendAdvert>().at(0).datagrams.front().octets;
    CHECK(advert == octets("45c0002c00010000ff70d08d0a000001e00000122133ff020001caff0a0000640a0000650000000000000000"));
    CHECK(driver.all<action::SetAddresses>().at(0).addresses.at(2).device == "eth0");
}

TEST_CASE("C04: priority 0 hands over within the skew time") {
    Driver driver(example(100));
    driver.start();
    driver.hear(200);
    driver.pass(700ms);
    driver.hear(0);
    CHECK(driver.logged("(X) Backup received priority 0 advertisement"));
    driver.pass(2s);
    CHECK(driver.advert_times.at(0) == 700'000 + 609'375);
    CHECK(driver.router.counters().priority_zero_received == 1);
}

TEST_CASE("C05: lower adverts do not stop the timer of a preempting router") {
    Driver driver(example(100));
    driver.start();
    driver.pass(100ms);
    driver.hear(200);
    for (int i = 0; i < 7; ++i) {
        driver.pass(500ms);
        driver.hear(50);
    }
    driver.pass(1s);
    CHECK(driver.advert_times.at(0) == 100'000 + 3'609'375);
    CHECK(driver.times_logged("(X) received lower priority (50) advert from 10.0.0.3 - discarding") == 7);
}

TEST_CASE("C08: nopreempt") {
    auto config = example(200);
    config.preempt = false;
    Driver driver(config);
    driver.start();
    for (int i = 0; i < 20; ++i) {
        driver.pass(1s);
        driver.hear(50);
    }
    CHECK(driver.router.state() == State::backup);
    driver.pass(4s);
    CHECK(driver.advert_times.at(0) == 20'000'000 + 3'218'750);
}

TEST_CASE("C09: preempt_delay") {
    auto config = example(200);
    config.preempt_delay = 4s;
    Driver driver(config);
    driver.start();
    const auto hear_each_second = [&](int count) {
        for (int i = 0; i < count; ++i) {
            driver.hear(50);
            driver.pass(1s);
        }
    };
    SECTION("a lower master is taken over from after the delay") {
        hear_each_second(8);
        CHECK(driver.logged("(X) start preempt delay (4.000000)"));
        CHECK(driver.advert_times.at(0) == 3'000'000 + 3'218'750);
    }
    SECTION("a master that dies meanwhile is not waited for") {
        hear_each_second(2);
        driver.pass(3s);
        CHECK(driver.advert_times.at(0) == 1'000'000 + 3'218'750);
    }
    SECTION("nobody at all") {
        driver.pass(4s);
        CHECK(driver.advert_times.at(0) == 3'218'750);
    }
    SECTION("a higher master stops it, the next lower one starts it anew") {
        hear_each_second(3);
        driver.hear(250);
        CHECK(driver.logged("(X) stop preempt delay"));
        driver.pass(1s);
        hear_each_second(8);
        CHECK(driver.times_logged("(X) start preempt delay (4.000000)") == 2);
        CHECK(driver.advert_times.at(0) == 7'000'000 + 3'218'750);
    }
    SECTION("H06: a reload begins it anew") {
        hear_each_second(3);
        driver.router.begin_preempt_delay_anew();
        hear_each_second(8);
        CHECK(driver.times_logged("(X) start preempt delay (4.000000)") == 2);
        CHECK(driver.advert_times.at(0) == 6'000'000 + 3'218'750);
    }
}

TEST_CASE("D01: a losing advert is answered at once, and the next advert comes one interval later") {
    Driver driver = master(150);
    driver.pass(400ms);
    const std::int64_t now = driver.now.time_since_epoch().count();
    driver.hear(100);
    driver.pass(2s);
    CHECK(driver.advert_times == Times{now, now + 1'000'000, now + 2'000'000});
    CHECK(driver.logged("(X) Received advert from 10.0.0.3 with lower priority 100, ours 150, forcing new election"));
    REQUIRE(driver.all<action::Announce>().size() == 1);
    CHECK(driver.all<action::Announce>().at(0).rounds == 5);
    driver.pass(4s);  // the second set of the mastership and that after the losing advert
    CHECK(driver.all<action::Announce>().size() == 3);
    CHECK(driver.router.state() == State::master);
}

TEST_CASE("D04: a higher advert ends mastership without priority 0") {
    Driver driver = master(150);
    driver.hear(200);
    CHECK(driver.router.state() == State::backup);
    CHECK(driver.adverts().empty());
    CHECK(driver.logged("(X) Master received advert from 10.0.0.3 with higher priority 200, ours 150"));
    CHECK(driver.logged("(X) Entering BACKUP STATE"));
    CHECK(driver.logged("(X) master set to 10.0.0.3"));
    REQUIRE(driver.all<action::RemoveAddresses>().size() == 1);
    CHECK(driver.all<action::RemoveAddresses>().at(0).addresses.size() == 2);
    CHECK(driver.all<action::StopAnnouncing>().size() == 1);
    const auto heard = driver.now;
    driver.pass(4s);
    CHECK(driver.advert_times.at(0) == (heard + 3'414'062us).time_since_epoch().count());
}

TEST_CASE("D06, D07: equal priorities are decided by address, unsigned") {
    Driver driver = master(150);
    SECTION("higher address") {
        driver.hear(150, "10.0.0.3");
        CHECK(driver.router.state() == State::backup);
        CHECK(driver.logged(
            "(X) Master received advert from 10.0.0.3 with same priority 150 but higher IP address than ours"));
    }
    SECTION("higher address beyond the sign bit") {
        driver.hear(150, "200.0.0.1");
        CHECK(driver.router.state() == State::backup);
    }
    SECTION("lower address") {
        driver.hear(150, "9.255.255.254");
        CHECK(driver.router.state() == State::master);
        CHECK(driver.adverts() == Priorities{150});
    }
    SECTION("D08: our own address") {
        driver.hear(150, "10.0.0.1");
        CHECK(driver.router.state() == State::master);
        CHECK(driver.adverts().empty());
        CHECK(driver.logged("(X) WARNING - equal priority advert received from remote host with our IP address."));
    }
}

TEST_CASE("D09: a MASTER answers priority 0") {
    Driver driver = master(150);
    driver.hear(0);
    CHECK(driver.router.state() == State::master);
    CHECK(driver.adverts() == Priorities{150});
    CHECK(driver.all<action::Announce>().empty());
}

TEST_CASE("D10, D11: owners") {
    Driver driver(example(255));
    driver.start();
    (void)driver.adverts();
    SECTION("a second owner with a higher address") {
        driver.hear(255, "10.0.0.3");
        CHECK(driver.router.state() == State::backup);
        driver.pass(4s);
        CHECK(driver.advert_times.at(1) == 3'003'906);
    }
    SECTION("a second owner with a lower address") {
        driver.hear(255, "10.0.0.0");
        CHECK(driver.router.state() == State::master);
        CHECK(driver.adverts() == Priorities{255});
    }
    SECTION("anyone else") {
        driver.hear(254, "10.0.0.3");
        CHECK(driver.router.state() == State::master);
        CHECK_FALSE(
            driver.logged("(X) CONFIGURATION ERROR: local instance and 10.0.0.3 are both configured as address "
                          "owner, please resolve"));
    }
}

TEST_CASE("spec/vrrp.md 19, 1: no rejected packet delays a MASTER's adverts") {
    Driver driver = master(150);
    OtherRouter liar;
    liar.instance = example(200);
    liar.instance.authentication = {AuthenticationType::password, sustain::core::Secret("guess")};
    const auto begin = driver.now.time_since_epoch().count();
    for (int i = 0; i < 100; ++i) {
        driver.pass(50ms);
        driver.receive(liar.advert());
    }
    CHECK(driver.advert_times ==
          Times{begin + 1'000'000, begin + 2'000'000, begin + 3'000'000, begin + 4'000'000, begin + 5'000'000});
    CHECK(driver.router.counters().authentication_type_mismatch == 100);
    CHECK(driver.router.counters().received == 0);
    CHECK(driver.times_logged("(X) received a 1 auth from 10.0.0.3, expecting 0!") == 1);
}

TEST_CASE("spec/vrrp.md 19, 11: a rejected packet names no new master") {
    Driver driver(example(100));
    driver.start();
    driver.hear(200);
    CHECK(driver.times_logged("(X) master set to 10.0.0.3") == 1);
    OtherRouter liar;
    liar.source = address("10.0.0.5");
    auto spoilt = liar.advert();
    spoilt[8] = 1;
    driver.receive(spoilt);
    CHECK_FALSE(driver.logged("(X) master changed from 10.0.0.3 to 10.0.0.5"));
    driver.hear(201, "10.0.0.5");
    CHECK(driver.logged("(X) master changed from 10.0.0.3 to 10.0.0.5"));
    SECTION("a new master makes old news new") {
        driver.receive(spoilt);
        CHECK(driver.times_logged("(X) invalid TTL/HL from 10.0.0.5. Received 1 and expect 255") == 2);
    }
}

TEST_CASE("new masters by the thousand do not fill the log with old news") {
    Driver driver(example(100));
    driver.start();
    OtherRouter liar;
    auto spoilt = liar.advert();
    spoilt[8] = 1;
    for (int i = 0; i < 20'000; ++i) {
        driver.pass(100us);
        driver.hear(200, i % 2 == 0 ? "10.0.0.3" : "10.0.0.5");
        driver.receive(spoilt);
    }
    CHECK(driver.all<action::Log>().size() < 100);
}

TEST_CASE("a flood of losing adverts is answered and logged at a bounded rate") {
    Driver driver = master(150);
    for (int i = 0; i < 20'000; ++i) {
        driver.pass(100us);
        driver.hear(100);
    }
    CHECK(driver.advert_times.size() < 40);
    CHECK(driver.all<action::Log>().size() < 60);
    for (std::size_t i = 1; i < driver.advert_times.size(); ++i) {
        CHECK(driver.advert_times[i] - driver.advert_times[i - 1] <= 1'000'000);
    }
}

TEST_CASE("F: faults and their end") {
    Driver driver = master(150);
    driver.call(&VirtualRouter::interface_changed, "eth0", false);
    CHECK(driver.router.state() == State::fault);
    CHECK(driver.adverts() == Priorities{0, 0});
    CHECK(driver.logged("(X) Entering FAULT STATE"));
    CHECK(driver.all<action::RemoveAddresses>().size() == 1);
    CHECK_FALSE(driver.router.deadline().has_value());

    SECTION("packets are ignored") {
        driver.hear(0);
        CHECK(driver.router.counters().received == 0);
    }
    SECTION("all causes must be gone") {
        driver.call(&VirtualRouter::source_changed, std::nullopt);
        driver.call(&VirtualRouter::interface_changed, "eth0", true);
        CHECK(driver.router.state() == State::fault);
        driver.call(&VirtualRouter::source_changed, address("10.0.0.7"));
        CHECK(driver.router.state() == State::backup);
    }
    SECTION("up again") {
        driver.call(&VirtualRouter::interface_changed, "eth0", true);
        CHECK(driver.router.state() == State::backup);
        const auto up = driver.now;
        driver.pass(4s);
        CHECK(driver.advert_times.back() == (up + 3'414'062us).time_since_epoch().count());
    }
}

TEST_CASE("F03: the source address") {
    Driver driver = master(150);
    SECTION("another one: used from the next advert") {
        driver.call(&VirtualRouter::source_changed, address("10.0.0.2"));
        CHECK(driver.router.state() == State::master);
        driver.pass(1s);
        const auto sent = driver.all<action::SendAdvert>();
        REQUIRE(sent.size() == 1);
        CHECK(read_ipv4(sent[0].datagrams.front().octets)->source == address("10.0.0.2"));
    }
    SECTION("none: goodbye from the old one") {
        driver.call(&VirtualRouter::source_changed, std::nullopt);
        CHECK(driver.router.state() == State::fault);
        CHECK(read_ipv4(driver.all<action::SendAdvert>().at(0).datagrams.front().octets)->source ==
              address("10.0.0.1"));
    }
}

TEST_CASE("starting with faults") {
    auto config = example(255);
    config.addresses[1].device = "eth1";
    VirtualRouter router(config);
    CHECK(router.interfaces() == std::vector<std::string>{"eth0", "eth1"});
    Actions actions;
    const sustain::core::TimePoint now{};
    router.interface_changed("eth1", false, now, actions);
    router.start(false, now, actions);
    CHECK(router.state() == State::fault);
    std::vector<std::string> lines;
    for (const Action& action : actions) {
        if (const auto* line = std::get_if<action::Log>(&action)) {
            lines.push_back(line->text);
        }
    }
    CHECK(lines == std::vector<std::string>{"(X): entering FAULT state (interface eth1 down)",
                                            "(X) entering FAULT state (no IPv4 address for interface)",
                                            "(X) entering FAULT state"});
    router.source_changed(address("10.0.0.1"), now, actions);
    router.interface_changed("eth1", true, now, actions);
    CHECK(router.state() == State::backup);  // an owner, too, recovers through BACKUP
    CHECK(router.deadline() == now + 3'003'906us);
}

TEST_CASE("F01: an address removed by somebody") {
    Driver driver = master(200);
    const sustain::core::Prefix prefix{address("10.0.0.100"), 24};
    SECTION("on the MASTER") {
        driver.call(&VirtualRouter::address_removed, "eth0", prefix);
        CHECK(driver.router.state() == State::backup);
        CHECK(driver.adverts() == Priorities{0});
        CHECK(driver.all<action::RemoveAddresses>().size() == 1);
        const auto removed = driver.now;
        driver.pass(1s);
        CHECK(driver.router.state() == State::master);
        CHECK(driver.advert_times.at(1) == removed.time_since_epoch().count() + 218'750);
    }
    SECTION("that is not ours") {
        driver.call(&VirtualRouter::address_removed, "eth0", sustain::core::Prefix{address("10.0.0.100"), 32});
        driver.call(&VirtualRouter::address_removed, "eth1", prefix);
        CHECK(driver.router.state() == State::master);
    }
    SECTION("no_track") {
        auto config = example(200);
        config.addresses[0].track = false;
        driver.call(&VirtualRouter::reconfigure, config);
        driver.call(&VirtualRouter::address_removed, "eth0", prefix);
        CHECK(driver.router.state() == State::master);
    }
}

TEST_CASE("stop") {
    SECTION("a MASTER says goodbye and releases") {
        Driver driver = master(150);
        driver.call(&VirtualRouter::stop);
        CHECK(driver.adverts() == Priorities{0});
        CHECK(driver.logged("(X) sent 0 priority"));
        CHECK(driver.all<action::RemoveAddresses>().size() == 1);
        CHECK_FALSE(driver.router.deadline().has_value());
    }
    SECTION("a BACKUP just ends") {
        Driver driver(example(100));
        driver.start();
        driver.forget();
        driver.call(&VirtualRouter::stop);
        CHECK(driver.actions.empty());
    }
}

TEST_CASE("a router resumed after a crash goes on as MASTER at once") {
    Driver driver(example(100));
    driver.start(true);
    CHECK(driver.router.state() == State::master);
    CHECK(driver.advert_times == Times{0});
    CHECK(driver.all<action::SetAddresses>().size() == 1);
    CHECK(driver.all<action::Announce>().size() == 1);
    CHECK(driver.all<action::RemoveAddresses>().empty());
}

TEST_CASE("more addresses than an advert can name") {
    auto config = example(255);
    config.addresses.clear();
    for (int i = 0; i < 500; ++i) {
        config.addresses.push_back(virtual_address(fmt::format("10.1.{}.{}", i / 250, i % 250 + 1), 32));
    }
    Driver driver(config);
    driver.start();
    CHECK(driver.all<action::SendAdvert>().at(0).datagrams.front().octets[kIpv4HeaderSize + 3] == 255);
    CHECK(driver.all<action::SetAddresses>().at(0).addresses.size() == 500);
    CHECK(
        driver.logged("(X) Number of VIPs (500) exceeds maximum/space available in packet (max 255 addresses) - "
                      "excess moved to eVIPs"));
}
