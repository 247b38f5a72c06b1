// VRRPv3: each router has an interval of its own, and all others wait for it as long as it says.
#include <catch2/catch.hpp>

#include "network.hpp"
#include "seeds.hpp"
#include "vrrp/intervals.hpp"

using namespace sustain;
using namespace sustain::sim;
using namespace std::chrono_literals;

namespace {

Duration some_interval(Network& network) {
    return std::chrono::milliseconds(10 * (1 + network.pick(300)));
}

}  // namespace

TEST_CASE("whoever follows a VRRPv3 MASTER waits as long as its interval says, whatever its own is") {
    for_each_seed(1000, [](std::uint64_t seed) {
        INFO("SUSTAIN_SIM_SEED=" << seed);
        Network network(seed);
        const auto dialect = network.chance() < 0.5 ? Dialect::v3 : Dialect::v3_ipv6;
        const auto add = [&](std::uint8_t priority) {
            return network.add_router(priority, [&](vrrp::Instance& config) {
                speak(config, dialect);
                config.advert_interval = some_interval(network);
                config.down_timer_adverts = static_cast<std::uint8_t>(2 + network.pick(4));
            });
        };
        const auto low = add(static_cast<std::uint8_t>(1 + network.pick(100)));
        const auto high = add(static_cast<std::uint8_t>(150 + network.pick(100)));
        const auto settle = [&](Network::Index master) {
            network.pass(30s);
            network.pass(some_interval(network));
            REQUIRE(network.masters() == std::vector{master});
        };
        const auto down = [&](Network::Index master, Network::Index follower) {
            const auto& config = network.config(follower);
            return vrrp::master_down_interval(network.config(master).advert_interval, config.priority, 3,
                                              config.down_timer_adverts);
        };
        network.start(low);
        network.start(high);
        settle(high);
        network.crash(high);
        const auto last = network.last_advert(high);
        network.pass(down(high, low) + 10ms);
        REQUIRE(network.is_master(low));
        REQUIRE(network.master_since(low) - last >= down(high, low));
        REQUIRE(network.master_since(low) - last <= down(high, low) + network.weather.most_delay);
        // With an interval of its own again: promised at every step by Network. And what it has learned is forgotten.
        settle(low);
        network.set_link(low, false);
        network.set_link(low, true);
        const auto up = network.now();
        network.pass(30s);
        REQUIRE(network.master_since(low) - up == down(low, low));
        REQUIRE(network.broken().empty());
    });
}

TEST_CASE("a VRRPv3 MASTER that stops is followed within the skew time of its interval") {
    for_each_seed(500, [](std::uint64_t seed) {
        INFO("SUSTAIN_SIM_SEED=" << seed);
        Network network(seed);
        const auto interval = some_interval(network);
        const auto change = [&](vrrp::Instance& config) {
            speak(config, Dialect::v3);
            config.advert_interval = interval;
        };
        const auto low = network.add_router(static_cast<std::uint8_t>(1 + network.pick(200)), change);
        const auto high = network.add_router(254, change);
        network.start(low);
        network.start(high);
        network.pass(30s);
        network.pass(some_interval(network));
        REQUIRE(network.masters() == std::vector{high});
        const auto stopped = network.now();
        network.stop(high);
        const auto skew = vrrp::skew_time(network.config(low).priority, 3, interval);
        network.pass(skew + network.weather.most_delay);
        REQUIRE(network.is_master(low));
        REQUIRE(network.master_since(low) - stopped >= skew);
        REQUIRE(network.broken().empty());
    });
}

TEST_CASE("a MASTER that loses an address comes back with its own interval, not with one that it has learned") {
    for_each_seed(200, [](std::uint64_t seed) {
        INFO("SUSTAIN_SIM_SEED=" << seed);
        Network network(seed);
        const auto change = [&](vrrp::Instance& config) {
            speak(config, Dialect::v3);
            config.advert_interval = some_interval(network);
        };
        const auto low = network.add_router(100, change);
        const auto high = network.add_router(200, change);
        network.start(low);
        network.start(high);
        network.pass(30s);
        network.crash(high);
        network.pass(30s);
        REQUIRE(network.is_master(low));
        const auto lost = network.now();
        network.lose_address(low);
        network.pass(vrrp::skew_time(100, 3, network.config(low).advert_interval));
        REQUIRE(network.is_master(low));
        REQUIRE(network.master_since(low) - lost == vrrp::skew_time(100, 3, network.config(low).advert_interval));
        REQUIRE(network.broken().empty());
    });
}
