// How long nobody is MASTER: when one says goodbye, and when one is gone without a word.
#include <catch2/catch.hpp>

#include "network.hpp"
#include "seeds.hpp"
#include "vrrp/intervals.hpp"

using namespace sustain;
using namespace sustain::sim;
using namespace std::chrono_literals;

namespace {

/// Routers with different priorities, settled; the one with the highest is MASTER.
std::pair<Network::Index, Network::Index> settle(Network& network) {
    const std::size_t routers = 2 + network.pick(4);
    std::uint8_t priority = static_cast<std::uint8_t>(1 + network.pick(40));
    for (std::size_t i = 0; i < routers; ++i) {
        network.start(network.add_router(priority));
        priority = static_cast<std::uint8_t>(priority + 1 + network.pick(40));
    }
    network.pass(15s);
    network.pass(std::chrono::milliseconds(network.pick(1000)));
    return {routers - 1, routers - 2};
}

}  // namespace

TEST_CASE("a MASTER that stops is followed within the skew time of the next") {
    for_each_seed(2000, [](std::uint64_t seed) {
        INFO("SUSTAIN_SIM_SEED=" << seed);
        Network network(seed);
        const auto [first, second] = settle(network);
        REQUIRE(network.masters() == std::vector{first});
        const TimePoint stopped = network.now();
        network.stop(first);
        network.pass(2s);
        REQUIRE(network.masters() == std::vector{second});
        const Duration gap = network.master_since(second) - stopped;
        const Duration skew = vrrp::skew_time(network.config(second).priority);
        REQUIRE(gap >= skew);
        REQUIRE(gap <= skew + network.weather.most_delay);
        REQUIRE(network.broken().empty());
    });
}

TEST_CASE("a MASTER that crashes is followed within the master down interval after its last advert") {
    for_each_seed(2000, [](std::uint64_t seed) {
        INFO("SUSTAIN_SIM_SEED=" << seed);
        Network network(seed);
        const auto [first, second] = settle(network);
        const TimePoint last = network.last_advert(first);
        if (network.chance() < 0.5) {
            network.crash(first);
        } else {
            network.set_link(first, false);
        }
        network.pass(5s);
        REQUIRE(network.masters() == std::vector{second});
        const Duration gap = network.master_since(second) - last;
        const Duration down = vrrp::master_down_interval(1s, network.config(second).priority);
        REQUIRE(gap >= down);
        REQUIRE(gap <= down + network.weather.most_delay);
        REQUIRE(network.broken().empty());
    });
}

TEST_CASE("two lost adverts in a row change nothing") {
    for_each_seed(200, [](std::uint64_t seed) {
        INFO("SUSTAIN_SIM_SEED=" << seed);
        Network network(seed);
        const auto [first, second] = settle(network);
        const auto before = network.masterships(second);
        const TimePoint last = network.last_advert(first);
        network.pass(last + 10ms - network.now() < 0s ? 0us : last + 10ms - network.now());
        network.weather.loss = 1;
        network.pass(last + 2500ms - network.now());
        network.weather.loss = 0;
        network.pass(10s);
        REQUIRE(network.masters() == std::vector{first});
        REQUIRE(network.masterships(second) == before);
    });
}
