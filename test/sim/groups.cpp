// Sync groups on two or three segments: never split, whatever happens; and in the calm one machine serves on all of
// them.
#include <catch2/catch.hpp>

#include "network.hpp"
#include "seeds.hpp"
#include "vrrp/intervals.hpp"

using namespace sustain;
using namespace sustain::sim;
using namespace std::chrono_literals;

namespace {

/// Machines with a router on each of the segments, all of one priority. Router i is on segment i % segments.
struct Machines {
    Machines(Network& segments_network, std::size_t machines, const std::function<void(vrrp::Instance&)>& change = {})
        : network(segments_network), segments(2 + network.pick(2)), count(machines) {
        for (std::size_t machine = 0; machine < machines; ++machine) {
            const auto priority = static_cast<std::uint8_t>(100 + 50 * network.pick(3));
            std::vector<Network::Index> members;
            for (std::size_t segment = 0; segment < segments; ++segment) {
                members.push_back(network.add_router(priority, [&](vrrp::Instance& config) {
                    config.interface = fmt::format("eth{}", segment);
                    config.vrid = static_cast<std::uint8_t>(51 + segment);
                    if (change) {
                        change(config);
                    }
                }));
            }
            network.make_group(members);
        }
    }

    [[nodiscard]] Network::Index router(std::size_t machine, std::size_t segment = 0) const {
        return machine * segments + segment;
    }
    [[nodiscard]] std::vector<std::size_t> masters() const {
        std::vector<std::size_t> found;
        for (std::size_t machine = 0; machine < count; ++machine) {
            if (network.is_master(router(machine))) {
                found.push_back(machine);
            }
        }
        return found;
    }
    [[nodiscard]] std::optional<int> highest_priority() const {
        std::optional<int> highest;
        for (std::size_t machine = 0; machine < count; ++machine) {
            if (network.running(router(machine))) {
                highest = std::max<int>(highest.value_or(0), network.config(router(machine)).priority);
            }
        }
        return highest;
    }

    Network& network;
    std::size_t segments;
    std::size_t count;
};

void misfortune(Machines& machines) {
    Network& network = machines.network;
    const std::size_t machine = network.pick(machines.count);
    const Network::Index router = machines.router(machine, network.pick(machines.segments));
    switch (network.pick(7)) {
        case 0: network.stop(router); break;
        case 1: network.crash(router); break;
        case 2: network.start(router); break;
        case 3:
        case 4: network.set_link(router, network.chance() < 0.6); break;
        case 5: network.move_to_island(router, static_cast<int>(network.pick(2))); break;
        default:
            network.weather.loss = network.chance() < 0.5 ? 0 : network.chance() * 0.3;
            network.weather.reordering = network.chance() < 0.3;
            network.weather.duplication = network.chance() * 0.3;
            network.weather.most_delay = std::chrono::milliseconds(1 + network.pick(200));
    }
}

/// Starts two machines one after the other. \return which one serves once they have settled
std::size_t start_both(Network& network, const Machines& machines) {
    network.start(machines.router(0));
    network.start(machines.router(1));
    network.pass(15s);
    const auto serving = machines.masters();
    REQUIRE(serving.size() == 1);
    return serving[0];
}

}  // namespace

TEST_CASE("a sync group is never split, and in the calm the best one serves on all segments") {
    for_each_seed(1000, [](std::uint64_t seed) {
        INFO("SUSTAIN_SIM_SEED=" << seed);
        Network network(seed);
        Machines machines(network, 2 + network.pick(2));
        for (std::size_t machine = 0; machine < machines.count; ++machine) {
            network.start(machines.router(machine));
        }
        for (int storm = 0; storm < 2; ++storm) {
            const auto misfortunes = 1 + network.pick(12);
            for (std::size_t i = 0; i < misfortunes; ++i) {
                misfortune(machines);
                network.pass(std::chrono::milliseconds(network.pick(3000)));
                REQUIRE(network.broken().empty());
            }
            network.weather = {};
            network.pass(1s);
            for (Network::Index router = 0; router < network.size(); ++router) {
                network.set_link(router, true);
                network.move_to_island(router, 0);
            }
            network.pass(20s);
            REQUIRE(network.broken().empty());
            const auto highest = machines.highest_priority();
            const auto masters = machines.masters();
            REQUIRE(masters.size() == (highest ? 1 : 0));
            if (highest) {
                REQUIRE(network.config(machines.router(masters[0])).priority == *highest);
            }
        }
    });
}

TEST_CASE("a group does not take over while one of its segments has a better MASTER") {
    for_each_seed(500, [](std::uint64_t seed) {
        INFO("SUSTAIN_SIM_SEED=" << seed);
        Network network(seed);
        Machines machines(network, 2, [](vrrp::Instance& config) { config.priority = 150; });
        network.start(machines.router(1));  // the one with the greater addresses
        network.pass(std::chrono::milliseconds(network.pick(2000)));
        network.start(machines.router(0));
        network.pass(10s);
        const auto serving = machines.masters();
        REQUIRE(serving.size() == 1);
        const std::size_t waiting = 1 - serving[0];
        const std::size_t heard = network.pick(machines.segments);
        // First it would take over there, if it were not for the others; then only there it must not.
        network.move_to_island(machines.router(waiting, heard), 1);
        network.pass(std::chrono::seconds(5 + network.pick(10)));
        for (std::size_t segment = 0; segment < machines.segments; ++segment) {
            network.move_to_island(machines.router(waiting, segment), segment == heard ? 0 : 1);
        }
        const auto before = network.masterships(machines.router(waiting));
        network.pass(std::chrono::seconds(20 + network.pick(20)));
        REQUIRE(network.masterships(machines.router(waiting)) == before);
        REQUIRE(machines.masters() == serving);
        // Alone on all segments it takes over, once.
        network.move_to_island(machines.router(waiting, heard), 1);
        network.pass(8s);
        REQUIRE(machines.masters().size() == 2);
        REQUIRE(network.masterships(machines.router(waiting)) == before + 1);
        REQUIRE(network.broken().empty());
    });
}

TEST_CASE("a group that stops is followed within the skew time of the next one") {
    for_each_seed(500, [](std::uint64_t seed) {
        INFO("SUSTAIN_SIM_SEED=" << seed);
        Network network(seed);
        Machines machines(network, 2);
        const auto serving = start_both(network, machines);
        network.pass(std::chrono::milliseconds(network.pick(1000)));
        const auto next = machines.router(1 - serving);
        const auto stopped = network.now();
        network.stop(machines.router(serving));
        network.pass(2s);
        REQUIRE(network.is_master(next));
        const auto skew = vrrp::skew_time(network.config(next).priority);
        REQUIRE(network.master_since(next) - stopped >= skew);
        REQUIRE(network.master_since(next) - stopped <= skew + network.weather.most_delay);
        REQUIRE(network.broken().empty());
    });
}

TEST_CASE("one segment without link takes a whole group away, within one master down interval") {
    for_each_seed(500, [](std::uint64_t seed) {
        INFO("SUSTAIN_SIM_SEED=" << seed);
        Network network(seed);
        Machines machines(network, 2);
        const auto serving = start_both(network, machines);
        network.set_link(machines.router(serving, network.pick(machines.segments)), false);
        REQUIRE(network.machine(machines.router(serving)).state() == State::fault);
        network.pass(vrrp::master_down_interval(1s, 1) + 10ms);
        REQUIRE(machines.masters() == std::vector{1 - serving});
        REQUIRE(network.broken().empty());
    });
}
