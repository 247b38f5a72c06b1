#include "ipvs/pool.hpp"

#include <fmt/format.h>
#include <linux/ip_vs.h>

#include <algorithm>
#include <iterator>
#include <limits>
#include <type_traits>
#include <utility>

#include "ipvs/destination_list.hpp"

namespace sustain::ipvs {

namespace {

constexpr std::uint32_t kIpv6HostPrefix = 128;

std::uint32_t netmask_of(const VirtualServer& config, const ServiceKey& service) {
    constexpr std::uint32_t kIpv4HostMask = 0xffffffff;
    const bool narrowed = config.persistence_timeout != 0 && config.persistence_granularity != kIpv4HostMask;
    if (service.address.is_ipv4()) {
        return narrowed ? config.persistence_granularity : kIpv4HostMask;
    }
    return narrowed ? std::min(config.persistence_granularity, kIpv6HostPrefix) : kIpv6HostPrefix;
}

std::string name_for(const VirtualServer& config, const Group* group, const std::vector<ServiceKey>& services) {
    return config.selector == Selector::group ? fmt::format("[{}]:{}", group->name, config.ordinal)
                                              : to_string(services.front());
}

}  // namespace

std::vector<std::optional<std::size_t>> predecessors(const std::vector<Check>& now, const std::vector<Check>& before) {
    std::multimap<std::string_view, std::size_t> known;
    for (std::size_t index = 0; index < before.size(); ++index) {
        known.emplace(before[index].identity, index);
    }
    std::vector<std::optional<std::size_t>> origins;
    for (const Check& check : now) {
        const auto found = known.lower_bound(check.identity);  // the first of equal ones
        if (found == known.end() || found->first != check.identity) {
            origins.emplace_back();
            continue;
        }
        origins.emplace_back(found->second);
        known.erase(found);
    }
    return origins;
}

Pool::Pool(VirtualServer config, Surroundings surroundings)
    : config_(std::move(config)),
      services_(services_of(config_, surroundings.group)),
      name_(name_for(config_, surroundings.group, services_)),
      scripts_(std::move(surroundings.scripts)),
      init_notifies_(surroundings.init_notifies) {
    for (const RealServer& server : config_.real_servers) {
        const DestinationKey place{server.address, server.port};
        const std::size_t index = servers_.size();
        Server& state = servers_.emplace_back();
        const auto after = places_.upper_bound({place, std::numeric_limits<std::size_t>::max()});
        if (after != places_.begin() && std::prev(after)->first.first == place) {
            state.twin = std::prev(after)->first.second + 1;
        }
        places_.emplace_hint(after, std::pair(place, state.twin), index);
        for (const Check& check : server.checks) {
            state.checks.push_back({.up = !check.alpha && !check.failed, .contribution = check.contribution});
        }
    }
    count();
}

Pool::Pool(VirtualServer config, const Pool& before, Surroundings surroundings)
    : Pool(std::move(config), std::move(surroundings)) {
    for (std::size_t index = 0; index < servers_.size(); ++index) {
        const RealServer& server = config_.real_servers[index];
        if (const auto old = before.find(server.address, server.port, twin(index))) {
            carry_over(index, before, *old);
        }
    }
    count();
    for (std::size_t old = 0; old < before.servers_.size(); ++old) {
        const RealServer& server = before.config_.real_servers[old];
        const auto index = find(server.address, server.port, before.twin(old));
        if (!index) {
            if (before.alive(old)) {
                carried_.push_back(before.of_server(old, false, Transition::Cause::removal));
            }
            continue;
        }
        if (before.alive(old) != alive(*index)) {
            carried_.push_back(of_server(*index, alive(*index), Transition::Cause::reload));
        }
        if (before.weight(old) != weight(*index)) {
            carried_.push_back({.kind = Transition::Kind::weight_changed,
                                .cause = Transition::Cause::reload,
                                .server = name_of(config_.real_servers[*index]),
                                .inhibited = !alive(*index),
                                .old_weight = before.weight(old),
                                .new_weight = weight(*index)});
        }
    }
    is_successor_ = true;
    quorum_up_ = before.quorum_up_;
    sorry_server_is_new_ =
        config_.sorry_server &&
        !(before.config_.sorry_server && before.config_.sorry_server->address == config_.sorry_server->address &&
          before.config_.sorry_server->port == config_.sorry_server->port);
}

void Pool::carry_over(std::size_t server, const Pool& before, std::size_t before_server) {
    const Server& old = before.servers_[before_server];
    const auto& checks = config_.real_servers[server].checks;
    const auto origins = predecessors(checks, before.config_.real_servers[before_server].checks);
    Server& state = servers_[server];
    state.is_new = false;
    bool failed = false;
    for (std::size_t check = 0; check < checks.size(); ++check) {
        if (origins[check]) {
            state.checks[check] = old.checks[*origins[check]];
            failed = failed || !state.checks[check].up;
        }
    }
    // A check that is new to a known server counts as up, even with alpha, unless the server is down anyway.
    const bool never_was_up = !before.alive(before_server) && std::ranges::none_of(old.checks, &CheckState::has_run);
    for (std::size_t check = 0; check < checks.size(); ++check) {
        if (!origins[check]) {
            state.checks[check].up = !checks[check].failed && !(checks[check].alpha && (failed || never_was_up));
        }
    }
}

/// The weight of the server as the kernel ought to have it (spec/lvs.md 6.1), its checks that are down, and the sum.
void Pool::count() {
    weight_ = 0;
    for (std::size_t index = 0; index < servers_.size(); ++index) {
        Server& server = servers_[index];
        server.checks_down = static_cast<std::size_t>(std::ranges::count(server.checks, false, &CheckState::up));
        server.weight = weight_of(index);
        if (server.checks_down == 0) {
            weight_ += static_cast<std::uint64_t>(server.weight);
        }
    }
}

std::int32_t Pool::weight_of(std::size_t server) const {
    std::int64_t sum = config_.real_servers[server].weight;
    for (const CheckState& check : servers_[server].checks) {
        sum += check.contribution;  // of 32 bits each
    }
    return static_cast<std::int32_t>(std::clamp<std::int64_t>(sum, 0, std::numeric_limits<std::int32_t>::max()));
}

void Pool::reweigh(std::size_t server, std::vector<Transition>& transitions) {
    Server& state = servers_[server];
    const std::int32_t before = std::exchange(state.weight, weight_of(server));
    if (before == state.weight) {
        return;
    }
    if (alive(server)) {
        weight_ += static_cast<std::uint64_t>(state.weight);
        weight_ -= static_cast<std::uint64_t>(before);
    }
    transitions.push_back({.kind = Transition::Kind::weight_changed,
                           .server = name_of(config_.real_servers[server]),
                           .inhibited = !alive(server),
                           .old_weight = before,
                           .new_weight = state.weight});
}

Transition Pool::of_server(std::size_t server, bool up, Transition::Cause cause) const {
    const RealServer& config = config_.real_servers[server];
    return {.kind = up ? Transition::Kind::server_up : Transition::Kind::server_down,
            .cause = cause,
            .server = name_of(config),
            .inhibited = config.inhibit_on_failure && cause != Transition::Cause::removal,
            .script = script(up ? config.notify_up : config.notify_down),
            .mail = config.smtp_alert.value_or(false)};
}

std::vector<Transition> Pool::evaluate() {
    auto transitions = std::exchange(carried_, {});
    evaluated_ = true;
    for (std::size_t index = 0; init_notifies_ && index < servers_.size(); ++index) {
        if (servers_[index].is_new && alive(index)) {
            transitions.push_back(of_server(index, true, Transition::Cause::start));
        }
    }
    judge_quorum(true, transitions);
    return transitions;
}

std::vector<Transition> Pool::verdict(std::size_t server, std::size_t check, bool up) {
    Server& state = servers_[server];
    CheckState& known = state.checks[check];
    const bool first = !std::exchange(known.has_run, true);
    std::vector<Transition> transitions;
    if (known.up == up) {
        // An alpha check that says for the first time what was assumed is news all the same (spec/lvs.md 7.1).
        const bool alpha = config_.real_servers[server].checks[check].alpha;
        if (first && alpha && (up ? alive(server) : true)) {
            transitions.push_back(of_server(server, up, Transition::Cause::verdict));
            transitions.back().confirmed = true;
        }
        return transitions;
    }
    known.up = up;
    const bool alive_before = alive(server);
    up ? --state.checks_down : ++state.checks_down;
    if (alive(server) != alive_before) {
        const auto weight = static_cast<std::uint64_t>(state.weight);
        up ? weight_ += weight : weight_ -= weight;
        transitions.push_back(of_server(server, up, Transition::Cause::verdict));
    }
    if (!up && known.contribution != 0) {
        known.contribution = 0;
        reweigh(server, transitions);
    }
    judge_quorum(false, transitions);
    return transitions;
}

std::vector<Transition> Pool::contribute(std::size_t server, std::size_t check, std::int64_t weight) {
    // Bounded, so that the sum of all checks cannot overflow.
    constexpr std::int64_t kMost = std::numeric_limits<std::int32_t>::max();
    servers_[server].checks[check].contribution = std::clamp(weight, -kMost - 1, kMost);
    std::vector<Transition> transitions;
    reweigh(server, transitions);
    judge_quorum(false, transitions);
    return transitions;
}

std::vector<Transition> Pool::farewell(Transition::Cause cause, bool of_servers) const {
    std::vector<Transition> transitions;
    for (std::size_t index = 0; of_servers && index < servers_.size(); ++index) {
        if (alive(index)) {
            transitions.push_back(of_server(index, false, cause));
        }
    }
    if (quorum_up_) {
        transitions.push_back({.kind = Transition::Kind::quorum_lost,
                               .cause = cause,
                               .server = {},
                               .weight = 0,
                               .script = script(config_.quorum_down),
                               .mail = config_.smtp_alert.value_or(false)});
    }
    return transitions;
}

std::shared_ptr<const core::Command> Pool::script(core::CommandNumber number) const {
    const bool usable = scripts_ && number < scripts_->size() && (*scripts_)[number].usable();
    return usable ? std::shared_ptr<const core::Command>(scripts_, &(*scripts_)[number]) : nullptr;
}

void Pool::judge_quorum(bool first, std::vector<Transition>& transitions) {
    const std::uint64_t gained_at = std::uint64_t{config_.quorum} + config_.hysteresis;
    const std::uint64_t lost_below = config_.quorum > config_.hysteresis ? config_.quorum - config_.hysteresis : 0;
    using Kind = Transition::Kind;
    const auto tell = [&](Kind kind, std::uint64_t limit, bool is_first = false) {
        transitions.push_back({.kind = kind,
                               .cause = first ? (is_successor_ ? Transition::Cause::reload : Transition::Cause::start)
                                              : Transition::Cause::verdict,
                               .server = {},
                               .first = is_first,
                               .limit = limit,
                               .weight = weight_,
                               .script = script(kind == Kind::quorum_gained ? config_.quorum_up : config_.quorum_down),
                               .mail = config_.smtp_alert.value_or(false)});
    };
    if (!quorum_up_ && weight_ > 0 && weight_ >= gained_at) {
        quorum_up_ = true;
        tell(Kind::quorum_gained, gained_at, first && !is_successor_);
    } else if (quorum_up_ && (weight_ == 0 || weight_ < lost_below)) {
        quorum_up_ = false;
        tell(Kind::quorum_lost, lost_below);
    } else if (first && !quorum_up_ && config_.sorry_server && sorry_server_is_new_) {
        tell(Kind::quorum_lost, lost_below, true);
    }
}

Service::Destination Pool::destination(const auto& server, std::int32_t weight, const ServiceKey& service) const {
    // Only NAT changes ports; the port of a mark's service is nobody's (spec/lvs.md 8.2). In a group and behind a mark
    // a real server may have none, and a sorry server anywhere: the kernel then takes that of the packet.
    constexpr bool kOfSorryServer = std::is_same_v<std::remove_cvref_t<decltype(server)>, SorryServer>;
    const bool keeps_port = server.forwarding == Forwarding::nat &&
                            (server.port != 0 || kOfSorryServer || config_.selector != Selector::address);
    return {.key = {server.address, keeps_port ? server.port : service.port},
            .settings = {.forwarding = server.forwarding,
                         .weight = weight,
                         .tunnel_type = static_cast<std::uint8_t>(server.tunnel.type),
                         .tunnel_port = server.tunnel.port,
                         .tunnel_flags = static_cast<std::uint16_t>(server.tunnel.checksum)}};
}

Service Pool::desired(const ServiceKey& of_service) const {
    Service service;
    service.key = of_service;
    service.settings.scheduler = config_.scheduler;
    service.settings.flags = config_.flags;
    service.settings.netmask = netmask_of(config_, of_service);
    if (config_.persistence_timeout != 0) {
        service.settings.flags |= IP_VS_SVC_F_PERSISTENT;
        service.settings.timeout = config_.persistence_timeout;
        service.settings.engine = config_.persistence_engine;
    }
    service.destinations.reserve(servers_.size() + 1);
    const auto& sorry = config_.sorry_server;
    const bool sorry_serves = sorry_server_in_service();
    DestinationList list(service);
    if (sorry && sorry_serves) {  // first: where it is one of the real servers too, it is this entry that counts
        list.add(destination(*sorry, 1, of_service));
    }
    for (std::size_t index = 0; index < servers_.size(); ++index) {
        const RealServer& server = config_.real_servers[index];
        const bool serves = alive(index) && !sorry_serves;
        if (!serves && !server.inhibit_on_failure) {
            continue;
        }
        auto entry = destination(server, serves ? servers_[index].weight : 0, of_service);
        entry.settings.upper_threshold = server.upper_threshold;
        entry.settings.lower_threshold = server.lower_threshold;
        list.add(entry);
    }
    if (sorry && !sorry_serves && sorry->inhibit && !find(sorry->address, sorry->port)) {
        list.add(destination(*sorry, 0, of_service));
    }
    return service;
}

std::optional<bool> Pool::last_verdict(std::size_t server, std::size_t check) const {
    const CheckState& state = servers_[server].checks[check];
    return state.has_run ? std::optional(state.up) : std::nullopt;
}

std::optional<std::size_t> Pool::find(const core::Address& address, std::uint16_t port, std::size_t nth) const {
    const auto found = places_.find({{address, port}, nth});
    return found == places_.end() ? std::nullopt : std::optional(found->second);
}

std::string Pool::name_of(const RealServer& server) const {
    const bool takes_port = server.port == 0 && config_.selector == Selector::address;
    return server_name(server.address, config_.protocol, takes_port ? config_.port : server.port);
}

}  // namespace sustain::ipvs
