#include "ipvs/reconciler.hpp"

#include <catch2/catch.hpp>
#include <random>

#include "examples.hpp"

using namespace sustain;
using namespace sustain::ipvs;
using namespace sustain::test;

namespace {

/// Random tables over a small world, so that equal, different and missing things meet often.
class World {
public:
    explicit World(unsigned seed) : random_(seed) {}

    unsigned below(unsigned limit) { return static_cast<unsigned>(random_() % limit); }

    ServiceKey key(unsigned number) {
        return {.fwmark = number % 4 == 0 ? number + 1 : 0,
                .protocol = number % 4 == 0 ? Protocol::none : Protocol::tcp,
                .address = {},
                .port = static_cast<std::uint16_t>(number)};
    }

    std::optional<Service> service(unsigned number) {
        if (below(4) == 0) {
            return std::nullopt;
        }
        Service service;
        service.key = key(number);
        service.settings.scheduler = below(3) == 0 ? "rr" : "wrr";
        service.settings.timeout = below(3) == 0 ? 50 : 0;
        for (std::uint32_t host = 0; host < 6; ++host) {
            if (below(2) == 0) {
                DestinationSettings settings;
                settings.weight = static_cast<std::int32_t>(below(3));
                settings.forwarding = below(4) == 0 ? Forwarding::direct : Forwarding::nat;
                service.destinations.push_back({{core::Address::ipv4(host), 80}, settings});
            }
        }
        return service;
    }

private:
    std::mt19937 random_;
};

Entry entry_of(const Service& service) {
    Entry entry{service.settings, {}};
    for (const auto& [key, settings] : service.destinations) {
        entry.destinations.emplace(key, settings);
    }
    return entry;
}

/// Things that differ between the two: the least number of edits.
std::size_t differences(const Entry* actual, const Service* desired) {
    if (desired == nullptr) {
        return actual != nullptr ? 1 : 0;
    }
    const Entry wanted = entry_of(*desired);
    std::size_t count = actual == nullptr || actual->settings != wanted.settings ? 1 : 0;
    for (const auto& [key, settings] : wanted.destinations) {
        const auto* present =
            actual == nullptr || !actual->destinations.contains(key) ? nullptr : &actual->destinations.at(key);
        count += present == nullptr || *present != settings ? 1U : 0U;
    }
    for (const auto& destination : actual != nullptr ? actual->destinations : wanted.destinations) {
        count += wanted.destinations.contains(destination.first) ? 0U : 1U;
    }
    return count;
}

std::uint64_t weight_of(const Entry& entry) {
    std::uint64_t sum = 0;
    for (const auto& [key, settings] : entry.destinations) {
        sum += static_cast<std::uint64_t>(settings.weight);
    }
    return sum;
}

}  // namespace

TEST_CASE("the edits turn any table into any other, with none to spare and no service without servers meanwhile") {
    for (unsigned seed = 0; seed < 2000; ++seed) {
        INFO("seed " << seed);
        World world(seed);
        Table table;
        Table wanted;
        std::vector<Edit> edits;
        std::size_t least = 0;
        for (unsigned number = 0; number < 6; ++number) {
            const auto actual = world.service(number);
            const auto desired = world.service(number);
            if (actual) {
                table.emplace(actual->key, entry_of(*actual));
            }
            if (desired) {
                wanted.emplace(desired->key, entry_of(*desired));
            }
            if (actual || desired) {
                const Entry* present = actual ? &table.at(actual->key) : nullptr;
                least += differences(present, desired ? &*desired : nullptr);
                reconcile(world.key(number), present, desired ? &*desired : nullptr, edits);
            }
        }
        REQUIRE(edits.size() == least);
        Table before = table;
        for (const Edit& edit : edits) {
            apply(edit, table);
            const auto now = table.find(edit.service);
            const bool served_before = before.contains(edit.service) && weight_of(before.at(edit.service)) > 0;
            const bool served_after = wanted.contains(edit.service) && weight_of(wanted.at(edit.service)) > 0;
            if (served_before && served_after) {
                REQUIRE(now != table.end());
                REQUIRE(weight_of(now->second) > 0);
            }
        }
        REQUIRE(table == wanted);
    }
}

TEST_CASE("new destinations keep the order of the configuration") {
    Service desired;
    desired.settings.scheduler = "rr";
    for (const std::uint32_t host : {3U, 1U, 2U}) {
        desired.destinations.push_back({{core::Address::ipv4(host), 80}, {}});
    }
    std::vector<Edit> edits;
    reconcile(desired.key, nullptr, &desired, edits);
    REQUIRE(edits.size() == 4);
    CHECK(edits[0].operation == Edit::Operation::new_service);
    CHECK(edits[1].destination == desired.destinations[0]);
    CHECK(edits[2].destination == desired.destinations[1]);
    CHECK(edits[3].destination == desired.destinations[2]);
}

TEST_CASE("an edit says what it attempts") {
    Edit edit;
    edit.service = {.fwmark = 0, .protocol = Protocol::tcp, .address = address("172.27.9.100"), .port = 81};
    edit.settings.scheduler = "wrr";
    edit.destination.key = {address("172.27.9.91"), 81};
    CHECK(describe(edit) == "adding virtual server [172.27.9.100]:tcp:81 (wrr)");
    edit.operation = Edit::Operation::new_destination;
    CHECK(describe(edit) == "adding 172.27.9.91:81 to [172.27.9.100]:tcp:81");
    edit.operation = Edit::Operation::delete_destination;
    edit.destination.key.address = address("2001:db8::1");
    edit.service = {.fwmark = 7, .protocol = Protocol::none, .address = {}, .port = 0};
    CHECK(describe(edit) == "removing [2001:db8::1]:81 from FWM 7");
}
