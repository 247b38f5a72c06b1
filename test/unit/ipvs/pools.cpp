#include "ipvs/pools.hpp"

#include <catch2/catch.hpp>

#include "examples.hpp"

using namespace sustain;
using namespace sustain::ipvs;
using namespace sustain::test;

namespace {

/// Two virtual servers; the checks of the second have the numbers 101 ….
Config two() {
    VirtualServer second = virtual_server({real_server(1), real_server(2)});
    second.port = 81;
    second.real_servers[0].checks[0].number = 101;
    second.real_servers[1].checks[0].number = 102;
    return {{virtual_server({real_server(1), real_server(2)}), second}};
}

std::size_t destinations(const Pools& pools, std::size_t key) {
    return pools.desired(pools.keys().at(key)).value().destinations.size();
}

}  // namespace

TEST_CASE("a verdict reaches the pool that its check belongs to, and nothing else is harmed") {
    Pools pools(two(), 1);
    CHECK(pools.evaluate().size() == 2);
    const auto events = pools.verdict(1, 102, false);
    REQUIRE(events.size() == 1);
    CHECK(events[0].pool->key() == pools.keys()[1]);
    CHECK(events[0].transition.server == "[10.0.0.2]:tcp:80");
    CHECK(destinations(pools, 0) == 2);
    CHECK(destinations(pools, 1) == 1);

    for (const std::uint32_t unknown : {0U, 3U, 100U, 103U, 0xffffffffU}) {
        CHECK(pools.verdict(1, unknown, false).empty());
    }
    CHECK(pools.verdict(2, 1, false).empty());
    CHECK(pools.verdict(0, 1, false).empty());
    CHECK(pools.verdicts()[102] == false);
    CHECK_FALSE(pools.verdicts()[1].has_value());
    CHECK(pools.verdicts().size() == 103);
}

TEST_CASE("marks and groups have their services, and a verdict concerns all of them") {
    Config config = two();
    config.groups.push_back({.name = "G",
                             .ranges = {{address("10.8.0.1"), address("10.8.0.3"), 80}},
                             .marks = {{.value = 7, .family = {}}}});
    VirtualServer mark = virtual_server({real_server(50)});
    mark.selector = Selector::fwmark;
    mark.fwmark = 5;
    VirtualServer group = virtual_server({real_server(51), real_server(52)});
    group.selector = Selector::group;
    config.virtual_servers.insert(config.virtual_servers.begin(), {mark, group});
    Pools pools(config, 1);
    CHECK(pools.evaluate().size() == 4);
    REQUIRE(pools.keys().size() == 7);  // 1 + 4 + 2
    CHECK(to_string(pools.keys()[0]) == "FWM 5");
    CHECK(to_string(pools.keys()[3]) == "[10.8.0.3]:tcp:80");
    CHECK(to_string(pools.keys()[4]) == "FWM 7");
    const auto events = pools.verdict(1, 51, false);
    REQUIRE(events.size() == 1);
    CHECK(events[0].pool->name() == "[G]:0");
    CHECK(events[0].pool->services().size() == 4);
    for (std::size_t key = 1; key <= 4; ++key) {
        CHECK(destinations(pools, key) == 1);
    }
    CHECK(destinations(pools, 0) == 1);

    // A reload that changes the group: what is left is what it was.
    config.groups[0].ranges[0].last = address("10.8.0.2");
    CHECK(pools.reload(config, 2).empty());
    CHECK(pools.keys().size() == 6);
    CHECK(destinations(pools, 1) == 1);
}

TEST_CASE("two virtual servers on one group share its services; the ordinal tells them apart") {
    Config config;
    config.groups.push_back({.name = "G", .ranges = {{address("10.8.0.1"), address("10.8.0.1"), 80}}, .marks = {}});
    VirtualServer first = virtual_server({real_server(1)});
    first.selector = Selector::group;
    VirtualServer second = virtual_server({real_server(2)});
    second.selector = Selector::group;
    second.ordinal = 1;
    second.scheduler = "rr";
    config.virtual_servers = {first, second};
    Pools pools(config, 1);
    (void)pools.evaluate();
    REQUIRE(pools.keys().size() == 1);
    CHECK(destinations(pools, 0) == 2);
    CHECK(pools.desired(pools.keys()[0])->settings.scheduler == "wrr");
    CHECK(pools.all()[1].name() == "[G]:1");

    config.virtual_servers = {first};
    const auto events = pools.reload(config, 2);
    REQUIRE(events.size() == 2);  // the server and the quorum of the second one
    CHECK(events[0].pool->name() == "[G]:1");
    CHECK(events[0].transition.cause == Transition::Cause::removal);
    CHECK(events[1].transition.kind == Transition::Kind::quorum_lost);
    CHECK(destinations(pools, 0) == 1);
}

TEST_CASE("with ha_suspend checks rest while no address of the virtual server is here") {
    Config config = two();
    config.groups.push_back({.name = "G", .ranges = {{address("10.8.0.1"), address("10.8.9.9"), 80}}, .marks = {}});
    VirtualServer group = virtual_server({real_server(51)});
    group.selector = Selector::group;
    group.ha_suspend = true;
    config.virtual_servers.push_back(group);
    config.virtual_servers[1].ha_suspend = true;  // 10.9.0.1, checks 101 and 102
    Pools pools(config, 1);
    REQUIRE(pools.depends_on_addresses());
    const auto rests = [&](std::uint32_t check) -> bool { return pools.suspended().at(check); };
    CHECK((rests(51) && rests(101) && rests(102)));
    CHECK_FALSE(rests(1));
    using Rests = std::vector<Pools::Rest>;
    CHECK(pools.set_local_addresses({address("10.8.3.200"), address("::1")}) == Rests{{51, false}});
    CHECK(pools.set_local_addresses({address("10.8.3.200"), address("10.8.4.4"), address("::1")}).empty());
    CHECK(pools.set_local_addresses({address("10.9.0.1")}) == Rests{{101, false}, {102, false}, {51, true}});
    (void)pools.reload(config, 2);  // knows the addresses still
    CHECK((rests(51) && !rests(101)));
    config.virtual_servers[1].ha_suspend = false;
    config.virtual_servers[2].ha_suspend = false;
    (void)pools.reload(config, 3);
    CHECK_FALSE(pools.depends_on_addresses());
    CHECK_FALSE(rests(51));
}

TEST_CASE("weights of checks reach their server, under earlier numbers too") {
    Pools pools(two(), 1);
    (void)pools.evaluate();
    const auto events = pools.contribute(1, 102, 6);
    REQUIRE(events.size() == 1);
    CHECK(events[0].transition.new_weight == 7);
    (void)pools.reload(two(), 2);
    CHECK(pools.all()[1].weight(1) == 7);  // it is carried over
    CHECK(pools.contribute(1, 102, 8).size() == 1);
    CHECK(pools.all()[1].weight(1) == 9);
    CHECK(pools.contribute(1, 4711, 8).empty());
}

TEST_CASE("virtual servers of the same address are one service: the settings of the first, the servers of all") {
    Config config = two();
    config.virtual_servers[1].port = 80;
    config.virtual_servers[1].scheduler = "rr";
    config.virtual_servers[1].real_servers[1].address = address("10.0.0.3");
    Pools pools(config, 1);
    (void)pools.evaluate();
    REQUIRE(pools.keys().size() == 1);
    CHECK(pools.desired(pools.keys()[0])->settings.scheduler == "wrr");
    CHECK(destinations(pools, 0) == 3);
    (void)pools.verdict(1, 1, false);  // 10.0.0.1 is still wanted by the other
    CHECK(destinations(pools, 0) == 3);
    (void)pools.verdict(1, 101, false);
    CHECK(destinations(pools, 0) == 2);
}

TEST_CASE("after a reload late verdicts about the old configuration are understood") {
    Pools pools(two(), 1);
    (void)pools.evaluate();
    (void)pools.verdict(1, 1, false);

    Config config = two();
    std::swap(config.virtual_servers[0], config.virtual_servers[1]);
    config.virtual_servers[0].real_servers[0].checks[0].number = 0;  // was 101
    config.virtual_servers[0].real_servers[1].checks[0].number = 1;  // was 102
    config.virtual_servers[1].real_servers[0].checks[0].number = 2;  // was 1
    config.virtual_servers[1].real_servers[1].checks[0].number = 3;  // was 2
    config.virtual_servers[1].real_servers[1].checks[0].identity = "another";
    CHECK(pools.reload(config, 2).empty());
    CHECK(pools.verdicts() == std::vector<std::optional<bool>>{std::nullopt, std::nullopt, false, std::nullopt});

    CHECK(pools.verdict(1, 101, false).size() == 1);
    CHECK(pools.verdict(1, 2, false).empty());  // the check is not the same any more
    CHECK(pools.verdict(2, 2, true).size() == 1);
    CHECK(pools.verdicts() == std::vector<std::optional<bool>>{false, std::nullopt, true, std::nullopt});

    SECTION("through several reloads") {
        (void)pools.reload(two(), 3);
        CHECK(pools.verdict(1, 101, true).size() == 1);
        CHECK(pools.verdict(2, 2, false).size() == 1);
        CHECK(pools.verdicts()[101] == true);
        CHECK(pools.verdicts()[1] == false);
        for (core::Generation generation = 4; generation < 10; ++generation) {
            (void)pools.reload(two(), generation);
        }
        CHECK(pools.verdict(1, 101, false).empty());  // that is too long ago
        CHECK(pools.verdict(8, 101, false).size() == 1);
    }
    SECTION("and nothing is left to understand when all is gone") {
        for (const auto& event : pools.reload({}, 3)) {
            CHECK(event.transition.cause == Transition::Cause::removal);
            CHECK_FALSE(event.pool->name().empty());
        }
        CHECK(pools.verdict(2, 2, false).empty());
        CHECK(pools.verdicts().empty());
        CHECK(pools.keys().empty());
        CHECK_FALSE(pools.desired({}).has_value());
    }
}

TEST_CASE("many virtual servers cost linear time") {
    const auto config = [](std::uint32_t count) {
        Config result;
        for (std::uint32_t number = 0; number < count; ++number) {
            VirtualServer server = virtual_server({real_server(1), real_server(2)});
            server.address = core::Address::ipv4(number);
            server.real_servers[0].checks[0].number = 2 * number;
            server.real_servers[1].checks[0].number = 2 * number + 1;
            result.virtual_servers.push_back(server);
        }
        return result;
    };
    const auto time_for = [&](std::uint32_t count) {
        const auto begin = core::now();
        Pools pools(config(count), 1);
        (void)pools.evaluate();
        for (std::uint32_t number = 0; number < 2 * count; ++number) {
            (void)pools.verdict(1, number, false);
        }
        (void)pools.reload(config(count), 2);
        CHECK(pools.verdicts().size() == 2 * count);
        return core::now() - begin;
    };
    const auto small = std::max<core::Duration>(time_for(2500), std::chrono::milliseconds(1));
    CHECK(time_for(40000) < 100 * small);  // linear: 16 and some; quadratic: 256
}

TEST_CASE(
    "a virtual server that was written twice and is so no more is not told as gone, nor are the servers that it "
    "keeps") {
    Config config{{virtual_server({real_server(1)}), virtual_server({real_server(2), real_server(3)})}};
    Pools pools(config, 1);
    (void)pools.evaluate();
    const Config merged{{virtual_server({real_server(1), real_server(2)})}};
    const auto events = pools.reload(merged, 2);
    REQUIRE(events.size() == 1);
    CHECK(events[0].transition.kind == Transition::Kind::server_down);
    CHECK(events[0].transition.server == "[10.0.0.3]:tcp:80");
    CHECK(pools.reload({}, 3).size() == 3);  // now it is: two servers and the quorum
}

TEST_CASE("real servers at one place keep their verdicts over a reload, each its own") {
    RealServer other = real_server(2);
    other.address = real_server(1).address;  // as direct routing makes it of another port
    Config config{{virtual_server({real_server(1), other})}};
    Pools pools(config, 1);
    (void)pools.evaluate();
    (void)pools.verdict(1, 1, false);
    (void)pools.verdict(1, 2, true);
    CHECK(pools.reload(config, 2).empty());
    CHECK(pools.verdicts()[1] == false);
    CHECK(pools.verdicts()[2] == true);
    (void)pools.verdict(1, 2, false);  // of before the reload, on its way
    CHECK(pools.verdicts()[2] == false);
    CHECK(destinations(pools, 0) == 0);
}
