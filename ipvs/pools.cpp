#include "ipvs/pools.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>
#include <utility>

#include "ipvs/destination_list.hpp"

namespace sustain::ipvs {

namespace {

/// Verdicts of so many replaced configurations are still understood: more cannot be on their way.
constexpr std::size_t kEarlierGenerations = 4;

/// What a pool needs of its configuration beside the virtual server.
class Common {
public:
    Common(Config& config, bool init_notifies)
        : groups_(config.groups),
          scripts_(std::make_shared<const std::vector<core::Command>>(std::move(config.scripts))),
          init_notifies_(init_notifies) {}

    [[nodiscard]] const Group* group_of(const VirtualServer& server) const {
        return server.selector == Selector::group ? &groups_.at(server.group) : nullptr;
    }
    [[nodiscard]] Surroundings surroundings_of(const VirtualServer& server) const {
        return {.group = group_of(server), .scripts = scripts_, .init_notifies = init_notifies_};
    }

private:
    const std::vector<Group>& groups_;
    std::shared_ptr<const std::vector<core::Command>> scripts_;
    bool init_notifies_;
};

bool is_within(const core::Address& address, const std::vector<AddressRange>& ranges) {
    return std::ranges::any_of(
        ranges, [&](const AddressRange& range) { return range.first <= address && address <= range.last; });
}

}  // namespace

Pools::Pools(Config config, core::Generation generation, bool init_notifies) : generation_(generation) {
    const Common common(config, init_notifies);
    pools_.reserve(config.virtual_servers.size());
    for (VirtualServer& server : config.virtual_servers) {
        const Group* const group = common.group_of(server);
        auto surroundings = common.surroundings_of(server);
        add(Pool(std::move(server), std::move(surroundings)), group);
    }
}

Pools::Identity Pools::identity_of(const VirtualServer& server, const Group* group) {
    return group != nullptr ? Identity(fmt::format("[{}]:{}", group->name, server.ordinal), ServiceKey{})
                            : Identity("", services_of(server, nullptr).front());
}

void Pools::add(Pool pool, const Group* group) {
    const std::size_t index = pools_.size();
    by_identity_[identity_of(pool.config(), group)].push_back(index);
    for (const ServiceKey& key : pool.services()) {
        auto& same_key = by_key_[key];
        if (same_key.empty()) {
            keys_.push_back(key);
        }
        same_key.push_back(index);
    }
    if (pool.config().ha_suspend) {
        const VirtualServer& config = pool.config();
        suspendable_.push_back({.pool = index,
                                .ranges = group != nullptr
                                              ? group->ranges
                                              : std::vector<AddressRange>{{config.address, config.address, 0}}});
    }
    const auto& servers = pool.config().real_servers;
    for (std::size_t server = 0; server < servers.size(); ++server) {
        for (std::size_t check = 0; check < servers[server].checks.size(); ++check) {
            const std::uint32_t number = servers[server].checks[check].number;
            if (number >= places_.size()) {
                places_.resize(number + std::size_t{1});
            }
            places_[number] = Place{index, server, check};
        }
    }
    pools_.push_back(std::move(pool));
}

std::vector<Pools::Event> Pools::evaluate() {
    std::vector<Event> events;
    for (Pool& pool : pools_) {
        for (Transition& transition : pool.evaluate()) {
            events.push_back({&pool, std::move(transition)});
        }
    }
    return events;
}

std::vector<Pools::Event> Pools::events_of(std::size_t pool, std::vector<Transition> transitions) const {
    std::vector<Event> events;
    events.reserve(transitions.size());
    for (Transition& transition : transitions) {
        events.push_back({&pools_[pool], std::move(transition)});
    }
    return events;
}

std::optional<Pools::Place> Pools::find(core::Generation generation, std::uint32_t check) const {
    if (generation != generation_) {
        const auto numbers = earlier_.find(generation);
        if (numbers == earlier_.end() || check >= numbers->second.size() || !numbers->second[check]) {
            return std::nullopt;
        }
        check = *numbers->second[check];
    }
    return check < places_.size() ? places_[check] : std::nullopt;
}

std::vector<Pools::Event> Pools::verdict(core::Generation generation, std::uint32_t check, bool up) {
    const auto place = find(generation, check);
    return place ? events_of(place->pool, pools_[place->pool].verdict(place->server, place->check, up))
                 : std::vector<Event>();
}

std::vector<Pools::Event> Pools::contribute(core::Generation generation, std::uint32_t check, std::int64_t weight) {
    const auto place = find(generation, check);
    return place ? events_of(place->pool, pools_[place->pool].contribute(place->server, place->check, weight))
                 : std::vector<Event>();
}

std::vector<Pools::Event> Pools::reload(Config config, core::Generation generation, bool init_notifies) {
    Pools before = std::exchange(*this, Pools({}, generation));
    const Common common(config, init_notifies);
    pools_.reserve(config.virtual_servers.size());
    std::vector<bool> kept(before.pools_.size());
    for (VirtualServer& server : config.virtual_servers) {
        const Group* const group = common.group_of(server);
        auto surroundings = common.surroundings_of(server);
        const Identity identity = identity_of(server, group);
        const auto known = before.by_identity_.find(identity);
        const auto ours = by_identity_.find(identity);
        const std::size_t ordinal = ours == by_identity_.end() ? 0 : ours->second.size();
        if (known != before.by_identity_.end() && ordinal < known->second.size()) {
            const std::size_t predecessor = known->second[ordinal];
            kept[predecessor] = true;
            add(Pool(std::move(server), before.pools_[predecessor], std::move(surroundings)), group);
        } else {
            add(Pool(std::move(server), std::move(surroundings)), group);
        }
    }
    (void)set_local_addresses(before.local_);
    const Numbers numbers = translate(before);
    earlier_ = before.earlier_;
    for (auto& [earlier, translated] : earlier_) {
        for (auto& number : translated) {
            number = number ? numbers[*number] : std::nullopt;
        }
    }
    earlier_.insert_or_assign(before.generation_, numbers);
    if (earlier_.size() > kEarlierGenerations) {
        earlier_.erase(earlier_.begin());
    }
    for (std::size_t index = 0; index < kept.size(); ++index) {
        if (!kept[index]) {
            departed_.push_back(std::move(before.pools_[index]));
        }
    }
    std::vector<Event> events;
    for (const Pool& pool : departed_) {
        for (Transition& transition : farewell_of(pool)) {
            events.push_back({&pool, std::move(transition)});
        }
    }
    std::ranges::move(evaluate(), std::back_inserter(events));
    return events;
}

/// What is to be told of one that a reload has removed. One that was written twice goes on under its name.
std::vector<Transition> Pools::farewell_of(const Pool& pool) const {
    auto transitions = pool.farewell(Transition::Cause::removal, true);
    const bool of_group = pool.config().selector == Selector::group;
    const auto twins = of_group ? by_identity_.end() : by_identity_.find(identity_of(pool.config(), nullptr));
    if (twins == by_identity_.end()) {
        return transitions;
    }
    std::set<std::string> present;
    for (const std::size_t twin : twins->second) {
        for (const RealServer& server : pools_[twin].config().real_servers) {
            present.insert(pools_[twin].name_of(server));
        }
    }
    std::erase_if(transitions, [&](const Transition& transition) {
        return transition.server.empty() || present.contains(transition.server);
    });
    return transitions;
}

std::vector<Pools::Rest> Pools::set_local_addresses(const std::set<core::Address>& local) {
    local_ = local;
    std::vector<Rest> changes;
    for (Suspendable& suspendable : suspendable_) {
        const bool here = std::ranges::any_of(
            local, [&](const core::Address& address) { return is_within(address, suspendable.ranges); });
        if (suspendable.suspended == here) {
            suspendable.suspended = !here;
            for (const RealServer& server : pools_[suspendable.pool].config().real_servers) {
                for (const Check& check : server.checks) {
                    changes.push_back({check.number, !here});
                }
            }
        }
    }
    return changes;
}

std::vector<bool> Pools::suspended() const {
    std::vector<bool> suspended(places_.size());
    for (const Suspendable& suspendable : suspendable_) {
        for (const RealServer& server : pools_[suspendable.pool].config().real_servers) {
            for (const Check& check : server.checks) {
                suspended[check.number] = suspendable.suspended;
            }
        }
    }
    return suspended;
}

Pools::Numbers Pools::translate(const Pools& before) const {
    Numbers numbers(before.places_.size());
    for (const auto& [identity, indexes] : by_identity_) {
        const auto known = before.by_identity_.find(identity);
        for (std::size_t ordinal = 0; known != before.by_identity_.end() && ordinal < indexes.size(); ++ordinal) {
            if (ordinal >= known->second.size()) {
                break;
            }
            const Pool& old = before.pools_[known->second[ordinal]];
            const Pool& pool = pools_[indexes[ordinal]];
            for (std::size_t index = 0; index < pool.config().real_servers.size(); ++index) {
                const RealServer& server = pool.config().real_servers[index];
                const auto place = old.find(server.address, server.port, pool.twin(index));
                if (!place) {
                    continue;
                }
                const auto& old_checks = old.config().real_servers[*place].checks;
                const auto origins = predecessors(server.checks, old_checks);
                for (std::size_t check = 0; check < origins.size(); ++check) {
                    if (origins[check]) {
                        numbers[old_checks[*origins[check]].number] = server.checks[check].number;
                    }
                }
            }
        }
    }
    return numbers;
}

std::optional<Service> Pools::desired(const ServiceKey& key) const {
    const auto found = by_key_.find(key);
    if (found == by_key_.end()) {
        return std::nullopt;
    }
    Service service = pools_[found->second.front()].desired(key);
    if (found->second.size() > 1) {
        DestinationList list(service);
        for (std::size_t ordinal = 1; ordinal < found->second.size(); ++ordinal) {
            for (const auto& destination : pools_[found->second[ordinal]].desired(key).destinations) {
                list.add(destination);
            }
        }
    }
    return service;
}

std::vector<std::optional<bool>> Pools::verdicts() const {
    std::vector<std::optional<bool>> verdicts(places_.size());
    for (std::size_t number = 0; number < places_.size(); ++number) {
        if (const auto& place = places_[number]) {
            verdicts[number] = pools_[place->pool].last_verdict(place->server, place->check);
        }
    }
    return verdicts;
}

}  // namespace sustain::ipvs
