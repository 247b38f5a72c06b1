#include "ipvs/pools.hpp"

#include <utility>

namespace sustain::ipvs {

namespace {

/// Verdicts of so many replaced configurations are still understood: more cannot be on their way.
constexpr std::size_t kEarlierGenerations = 4;

/// Marks and groups are not set up yet.
bool is_supported(const VirtualServer& server) {
    return server.selector == Selector::address;
}

}  // namespace

Pools::Pools(Config config, core::Generation generation) : generation_(generation) {
    pools_.reserve(config.virtual_servers.size());
    for (VirtualServer& server : config.virtual_servers) {
        if (is_supported(server)) {
            add(Pool(std::move(server)));
        }
    }
}

void Pools::add(Pool pool) {
    const ServiceKey key = pool.key();
    const std::size_t index = pools_.size();
    auto& same_key = by_key_[key];
    if (same_key.empty()) {
        keys_.push_back(key);
    }
    same_key.push_back(index);
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

std::vector<Pools::Event> Pools::verdict(core::Generation generation, std::uint32_t check, bool up) {
    if (generation != generation_) {
        const auto numbers = earlier_.find(generation);
        if (numbers == earlier_.end() || check >= numbers->second.size() || !numbers->second[check]) {
            return {};
        }
        check = *numbers->second[check];
    }
    if (check >= places_.size() || !places_[check]) {
        return {};
    }
    const Place& place = *places_[check];
    Pool& pool = pools_[place.pool];
    std::vector<Event> events;
    for (Transition& transition : pool.verdict(place.server, place.check, up)) {
        events.push_back({&pool, std::move(transition)});
    }
    return events;
}

std::vector<Pools::Event> Pools::reload(Config config, core::Generation generation) {
    const Pools before = std::exchange(*this, Pools({}, generation));
    pools_.reserve(config.virtual_servers.size());
    for (VirtualServer& server : config.virtual_servers) {
        if (!is_supported(server)) {
            continue;
        }
        Pool pool(std::move(server));
        const auto known = before.by_key_.find(pool.key());
        const auto ours = by_key_.find(pool.key());
        const std::size_t ordinal = ours == by_key_.end() ? 0 : ours->second.size();
        if (known != before.by_key_.end() && ordinal < known->second.size()) {
            pool = Pool(pool.config(), before.pools_[known->second[ordinal]]);
        }
        add(std::move(pool));
    }
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
    return evaluate();
}

Pools::Numbers Pools::translate(const Pools& before) const {
    Numbers numbers(before.places_.size());
    for (const auto& [key, indexes] : by_key_) {
        const auto known = before.by_key_.find(key);
        for (std::size_t ordinal = 0; known != before.by_key_.end() && ordinal < indexes.size(); ++ordinal) {
            if (ordinal >= known->second.size()) {
                break;
            }
            const Pool& old = before.pools_[known->second[ordinal]];
            for (const RealServer& server : pools_[indexes[ordinal]].config().real_servers) {
                const auto place = old.find(server.address, server.port);
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
    Service service = pools_[found->second.front()].desired();
    if (found->second.size() > 1) {
        std::set<DestinationKey> taken;
        for (const auto& destination : service.destinations) {
            taken.insert(destination.key);
        }
        for (std::size_t ordinal = 1; ordinal < found->second.size(); ++ordinal) {
            for (const auto& destination : pools_[found->second[ordinal]].desired().destinations) {
                if (taken.insert(destination.key).second) {
                    service.destinations.push_back(destination);
                }
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
