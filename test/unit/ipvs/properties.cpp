// Random configurations and random events: what must hold whatever happens.
#include <catch2/catch.hpp>
#include <random>

#include "examples.hpp"
#include "ipvs/pools.hpp"
#include "ipvs/reconciler.hpp"

using namespace sustain;
using namespace sustain::ipvs;
using namespace sustain::test;

namespace {

/// A daemon without kernel: pools, a table that the edits are applied to, and dice.
class World {
public:
    explicit World(unsigned seed) : random_(seed), config_(config()), pools_(config_, generation_) {
        (void)pools_.evaluate();
        repair();
    }

    void step() {
        switch (dice(12)) {
            case 0: reload(); break;
            case 1: meddle(); break;
            case 2: (void)pools_.contribute(generation_, number(), static_cast<std::int64_t>(dice(600)) - 300); break;
            case 3: (void)pools_.set_local_addresses({core::Address::ipv4(0x0a080000 + dice(12))}); break;
            default: (void)pools_.verdict(generation_, number(), dice(2) == 0); break;
        }
        repair();
    }

private:
    std::uint32_t dice(std::uint32_t sides) {
        return std::uniform_int_distribution<std::uint32_t>(0, sides - 1)(random_);
    }
    std::uint32_t number() { return dice(40); }

    VirtualServer server() {
        VirtualServer result = virtual_server({});
        result.address = core::Address::ipv4(0x0a080000 + dice(4));
        switch (dice(4)) {
            case 0:
                result.selector = Selector::fwmark;
                result.fwmark = 1 + dice(3);
                break;
            case 1: result.selector = Selector::group; break;
            default: break;
        }
        result.quorum = 1 + dice(5);
        result.hysteresis = dice(result.quorum);
        result.ha_suspend = result.selector != Selector::fwmark && dice(4) == 0;
        result.persistence_timeout = dice(2) * 50;
        const std::uint32_t count = 1 + dice(4);
        for (std::uint32_t index = 0; index < count; ++index) {
            RealServer real = real_server(1 + dice(6), static_cast<std::int32_t>(dice(4)));
            real.inhibit_on_failure = dice(3) == 0;
            real.forwarding = dice(3) == 0 ? Forwarding::direct : Forwarding::nat;
            real.port = static_cast<std::uint16_t>(80 + dice(2));
            real.upper_threshold = dice(2) * 10;
            real.checks.clear();
            for (std::uint32_t check = dice(3); check > 0; --check) {
                real.checks.push_back({.number = next_number_++,
                                       .alpha = dice(3) == 0,
                                       .identity = std::string(1, static_cast<char>('a' + dice(2)))});
            }
            result.real_servers.push_back(real);
        }
        if (dice(2) == 0) {
            result.sorry_server = sorry_server(dice(3) == 0 ? 1 : 99);
            result.sorry_server->inhibit = dice(2) == 0;
        }
        return result;
    }

    Config config() {
        next_number_ = 0;
        Config result;
        result.groups.push_back(
            {.name = "G",
             .ranges = {{core::Address::ipv4(0x0a080000 + dice(3)), core::Address::ipv4(0x0a080003 + dice(3)), 80}},
             .marks = {{.value = 1 + dice(3), .family = {}}}});
        for (std::uint32_t count = dice(5); count > 0; --count) {
            result.virtual_servers.push_back(server());
        }
        return result;
    }

    void reload() {
        config_ = config();
        (void)pools_.reload(config_, ++generation_);
    }

    /// Somebody runs ipvsadm.
    void meddle() {
        if (table_.empty()) {
            return;
        }
        auto found = table_.begin();
        std::advance(found, dice(static_cast<std::uint32_t>(table_.size())));
        switch (dice(3)) {
            case 0: table_.erase(found); break;
            case 1: found->second.destinations.clear(); break;
            default: found->second.settings.scheduler = "lc"; break;
        }
    }

    [[nodiscard]] static std::int64_t weight_of(const Entry& entry) {
        std::int64_t sum = 0;
        for (const auto& [key, settings] : entry.destinations) {
            sum += settings.weight;
        }
        return sum;
    }

    [[nodiscard]] std::vector<Edit> edits() const {
        std::vector<Edit> result;
        std::set<ServiceKey> keys(pools_.keys().begin(), pools_.keys().end());
        for (const auto& [key, entry] : table_) {
            keys.insert(key);
        }
        for (const ServiceKey& key : keys) {
            const auto known = table_.find(key);
            const auto wanted = pools_.desired(key);
            reconcile(key, known != table_.end() ? &known->second : nullptr, wanted ? &*wanted : nullptr, result);
        }
        return result;
    }

    void repair() {
        const Table before = table_;
        for (const Edit& edit : edits()) {
            apply(edit, table_);
            const auto was = before.find(edit.service);
            const auto wanted = pools_.desired(edit.service);
            const bool serves_after = wanted && std::ranges::any_of(wanted->destinations, [](const auto& destination) {
                                          return destination.settings.weight > 0;
                                      });
            if (was != before.end() && weight_of(was->second) > 0 && serves_after) {
                REQUIRE(weight_of(table_.at(edit.service)) > 0);  // at every moment
            }
        }
        REQUIRE(edits().empty());  // never an edit for what is equal
        REQUIRE(table_.size() == pools_.keys().size());
        for (const ServiceKey& key : pools_.keys()) {
            const auto wanted = pools_.desired(key);
            REQUIRE(wanted.has_value());
            const Entry& entry = table_.at(key);
            REQUIRE(entry.settings == wanted->settings);
            REQUIRE(entry.destinations == std::map<DestinationKey, DestinationSettings>(plain(wanted->destinations)));
        }
        for (const Pool& pool : pools_.all()) {
            if (pool.quorum_up()) {
                REQUIRE_FALSE(pool.sorry_server_in_service());
                for (const ServiceKey& key : pool.services()) {
                    REQUIRE(weight_of(table_.at(key)) > 0);  // never without servers while quorum holds
                }
            }
        }
    }

    static std::map<DestinationKey, DestinationSettings> plain(const std::vector<Service::Destination>& destinations) {
        std::map<DestinationKey, DestinationSettings> result;
        for (const auto& [key, settings] : destinations) {
            REQUIRE(result.emplace(key, settings).second);
        }
        return result;
    }

    std::mt19937 random_;
    std::uint32_t next_number_ = 0;
    core::Generation generation_ = 1;
    Config config_;
    Pools pools_;
    Table table_;
};

}  // namespace

TEST_CASE("whatever happens, the table becomes what is wanted, with no edit to spare and no service left alone") {
    for (unsigned seed = 0; seed < 150; ++seed) {
        INFO("seed " << seed);
        World world(seed);
        for (int step = 0; step < 60; ++step) {
            world.step();
        }
    }
}
