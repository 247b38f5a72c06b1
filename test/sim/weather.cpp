// In any weather: loss up to 30 %, delay, reordering and duplication, any order of starts and any priorities.
#include <algorithm>
#include <catch2/catch.hpp>
#include <iterator>

#include "network.hpp"
#include "seeds.hpp"
#include "vrrp/intervals.hpp"

using namespace sustain;
using namespace sustain::sim;
using namespace std::chrono_literals;

namespace {

constexpr auto kInterval = 1s;

void storm(Network& network) {
    network.weather.loss = network.chance() * 0.3;
    network.weather.duplication = network.chance() * 0.3;
    network.weather.reordering = network.chance() < 0.5;
    network.weather.most_delay = std::chrono::milliseconds(1 + network.pick(200));
}

/// Starts routers of any priorities in any order, some of them at once and some seconds later.
void start_all(Network& network, const std::function<void(vrrp::Instance&)>& more = {}) {
    const std::size_t routers = 2 + network.pick(5);
    const auto dialect = static_cast<Dialect>(network.pick(3));
    const auto change = [&](vrrp::Instance& config) {
        speak(config, dialect);
        if (more) {
            more(config);
        }
    };
    const bool few_values = network.chance() < 0.5;
    for (std::size_t i = 0; i < routers; ++i) {
        network.add_router(static_cast<std::uint8_t>(few_values ? 100 + 50 * network.pick(2) : 1 + network.pick(254)),
                           change);
    }
    while (true) {
        std::vector<Network::Index> left;
        for (Network::Index router = 0; router < routers; ++router) {
            if (!network.running(router)) {
                left.push_back(router);
            }
        }
        if (left.empty()) {
            return;
        }
        network.start(left[network.pick(left.size())]);
        if (network.chance() < 0.7) {
            network.pass(std::chrono::milliseconds(network.pick(3000)));
        }
    }
}

/// Of equal priorities the greater address, which is the later one.
Network::Index best(const Network& network, const std::vector<Network::Index>& routers) {
    return std::ranges::max(routers, {},
                            [&](Network::Index router) { return std::pair(network.config(router).priority, router); });
}

}  // namespace

TEST_CASE("in a storm every MASTER that hears a better one yields, and the calm leaves one, the best") {
    for_each_seed(1000, [](std::uint64_t seed) {
        INFO("SUSTAIN_SIM_SEED=" << seed);
        Network network(seed);
        storm(network);
        start_all(network);
        for (int i = 0; i < 4; ++i) {
            network.pass(15s);
            REQUIRE(network.broken().empty());
            storm(network);
        }
        const auto delay = network.weather.most_delay;
        network.weather = {};
        network.pass(delay);
        network.pass(kInterval + network.weather.most_delay);
        if (network.masters().size() > 1) {
            network.pass(2 * network.weather.most_delay);  // one that has just preempted, and is about to be heard
        }
        REQUIRE(network.masters().size() <= 1);  // each MASTER has sent one advert that all have heard
        network.pass(8s);
        REQUIRE(network.masters().size() == 1);
        REQUIRE(network.config(network.masters()[0]).priority == network.highest_priority());
        REQUIRE(network.broken().empty());
    });
}

TEST_CASE("after a partition one interval is the end of all MASTERs but one, and the winner announces again") {
    for_each_seed(1000, [](std::uint64_t seed) {
        INFO("SUSTAIN_SIM_SEED=" << seed);
        Network network(seed);
        const bool says_goodbye = network.chance() < 0.5;
        start_all(network, [&](vrrp::Instance& config) { config.higher_prio_send_advert = says_goodbye; });
        network.pass(5s);
        for (Network::Index router = 0; router < network.size(); ++router) {
            network.move_to_island(router, static_cast<int>(network.pick(2)));
        }
        network.pass(std::chrono::milliseconds(6000 + network.pick(2000)));
        std::vector<Network::Index> masters = network.masters(0);
        std::ranges::copy(network.masters(1), std::back_inserter(masters));
        const auto winner = best(network, masters);
        network.pass(7s);  // the second set of announcements is over
        const auto announced = network.announcements(winner);
        for (Network::Index router = 0; router < network.size(); ++router) {
            network.move_to_island(router, 0);
        }
        network.pass(kInterval + 2 * network.weather.most_delay);
        REQUIRE(network.masters() == std::vector{winner});
        if (says_goodbye && masters.size() > 1) {
            // Without this keyword the loser may yield before the winner has heard it: then nobody knows, as with
            // keepalived.
            REQUIRE(network.announcements(winner) > announced);
        }
        REQUIRE(network.broken().empty());
    });
}

TEST_CASE("two islands that lose half of their packets are never without MASTER for long") {
    for_each_seed(200, [](std::uint64_t seed) {
        INFO("SUSTAIN_SIM_SEED=" << seed);
        Network network(seed);
        start_all(network);
        network.pass(10s);
        network.weather.loss = 0.5;
        Duration without{};
        for (int i = 0; i < 600; ++i) {
            network.pass(100ms);
            without = network.masters().empty() ? without + 100ms : 0s;
            // A BACKUP that hears the last words of a MASTER waits for at most its whole master down interval; only a
            // MASTER that has yielded to one that has yielded, too, makes it longer.
            REQUIRE(without <= 2 * vrrp::master_down_interval(kInterval, 1));
        }
        REQUIRE(network.broken().empty());
    });
}
