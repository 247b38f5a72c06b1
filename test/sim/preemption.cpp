// Who takes over from whom: nopreempt, preempt_delay and the address owner.
#include <catch2/catch.hpp>

#include "network.hpp"
#include "seeds.hpp"
#include "vrrp/intervals.hpp"

using namespace sustain;
using namespace sustain::sim;
using namespace std::chrono_literals;

TEST_CASE("nobody takes over from a living MASTER with nopreempt") {
    for_each_seed(1000, [](std::uint64_t seed) {
        INFO("SUSTAIN_SIM_SEED=" << seed);
        Network network(seed);
        const auto nopreempt = [](vrrp::Instance& config) { config.preempt = false; };
        const std::size_t routers = 3 + network.pick(3);
        for (std::size_t i = 0; i < routers; ++i) {
            network.add_router(static_cast<std::uint8_t>(1 + network.pick(254)), nopreempt);
        }
        const auto first = network.pick(routers);
        network.start(first);
        network.pass(5s);
        REQUIRE(network.masters() == std::vector{first});
        for (int i = 0; i < 30; ++i) {
            const auto other = network.pick(routers);
            if (other != first) {
                switch (network.pick(3)) {
                    case 0: network.start(other); break;
                    case 1: network.stop(other); break;
                    default: network.crash(other);
                }
            }
            network.pass(std::chrono::milliseconds(network.pick(4000)));
            REQUIRE(network.masters() == std::vector{first});
        }
        REQUIRE(network.masterships(first) == 1);
        REQUIRE(network.broken().empty());
    });
}

TEST_CASE("a preempting router takes over one master down interval after its start") {
    for_each_seed(1000, [](std::uint64_t seed) {
        INFO("SUSTAIN_SIM_SEED=" << seed);
        Network network(seed);
        const auto low = network.add_router(static_cast<std::uint8_t>(1 + network.pick(100)));
        const auto high = network.add_router(static_cast<std::uint8_t>(150 + network.pick(100)));
        network.start(low);
        network.pass(5s);
        network.pass(std::chrono::milliseconds(network.pick(1000)));
        const TimePoint started = network.now();
        network.start(high);
        network.pass(5s);
        REQUIRE(network.masters() == std::vector{high});
        REQUIRE(network.master_since(high) - started == vrrp::master_down_interval(1s, network.config(high).priority));
        REQUIRE(network.broken().empty());
    });
}

TEST_CASE("a preempt delay postpones that") {
    for_each_seed(500, [](std::uint64_t seed) {
        INFO("SUSTAIN_SIM_SEED=" << seed);
        Network network(seed);
        const auto low = network.add_router(100);
        const auto delay = std::chrono::milliseconds(1 + network.pick(30000));
        const auto high = network.add_router(200, [&](vrrp::Instance& config) { config.preempt_delay = delay; });
        network.start(low);
        network.pass(5s);
        network.pass(std::chrono::milliseconds(network.pick(1000)));
        const TimePoint started = network.now();
        network.start(high);
        network.pass(delay + 6s);
        REQUIRE(network.masters() == std::vector{high});
        // From the first advert heard to the delay's end the low master is good; the last good advert counts.
        const Duration waited = network.master_since(high) - started;
        const Duration down = vrrp::master_down_interval(1s, 200);
        REQUIRE(waited >= delay - 1s + down);
        REQUIRE(waited <= delay + 1s + down + 5ms);
    });
}

TEST_CASE("the address owner is MASTER from its first moment, and all others yield") {
    for_each_seed(1000, [](std::uint64_t seed) {
        INFO("SUSTAIN_SIM_SEED=" << seed);
        Network network(seed);
        const auto owner = network.add_router(255);
        const std::size_t others = 1 + network.pick(4);
        for (std::size_t i = 0; i < others; ++i) {
            network.start(network.add_router(static_cast<std::uint8_t>(1 + network.pick(254)),
                                             [&](vrrp::Instance& config) { config.preempt = network.chance() < 0.5; }));
        }
        network.pass(std::chrono::milliseconds(network.pick(15000)));
        network.start(owner);
        REQUIRE(network.is_master(owner));
        network.pass(2 * network.weather.most_delay);
        REQUIRE(network.masters() == std::vector{owner});
        network.pass(20s);
        REQUIRE(network.masters() == std::vector{owner});
        REQUIRE(network.masterships(owner) == 1);
        REQUIRE(network.broken().empty());
    });
}
