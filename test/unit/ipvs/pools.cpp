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

TEST_CASE("marks and groups are left out yet, and their checks harm nobody") {
    Config config = two();
    VirtualServer mark = virtual_server({real_server(50)});
    mark.selector = Selector::fwmark;
    mark.fwmark = 5;
    VirtualServer group = virtual_server({real_server(51)});
    group.selector = Selector::group;
    config.virtual_servers.insert(config.virtual_servers.begin(), {mark, group});
    Pools pools(config, 1);
    CHECK(pools.evaluate().size() == 2);
    CHECK(pools.verdict(1, 50, false).empty());
    CHECK(pools.verdict(1, 102, false).size() == 1);
    (void)pools.reload(config, 2);
    CHECK(pools.keys().size() == 2);
    CHECK(destinations(pools, 1) == 1);
    CHECK(pools.verdict(2, 51, false).empty());
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
        CHECK(pools.reload({}, 3).empty());
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
