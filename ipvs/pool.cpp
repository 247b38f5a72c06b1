#include "ipvs/pool.hpp"

#include <linux/ip_vs.h>

#include <algorithm>
#include <set>
#include <utility>

namespace sustain::ipvs {

namespace {

constexpr std::uint32_t kIpv6HostPrefix = 128;

std::uint32_t netmask_of(const VirtualServer& config) {
    constexpr std::uint32_t kIpv4HostMask = 0xffffffff;
    const bool narrowed = config.persistence_timeout != 0 && config.persistence_granularity != kIpv4HostMask;
    if (config.address.is_ipv4()) {
        return narrowed ? config.persistence_granularity : kIpv4HostMask;
    }
    return narrowed ? std::min(config.persistence_granularity, kIpv6HostPrefix) : kIpv6HostPrefix;
}

std::uint64_t weight_of(const RealServer& server) {
    return static_cast<std::uint64_t>(std::max(server.weight, 0));
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

Pool::Pool(VirtualServer config) : config_(std::move(config)) {
    for (const RealServer& server : config_.real_servers) {
        places_.emplace(DestinationKey{server.address, server.port}, servers_.size());
        Server& state = servers_.emplace_back();
        for (const Check& check : server.checks) {
            state.checks.push_back({.up = !check.alpha, .has_run = false});
        }
    }
    count();
}

Pool::Pool(VirtualServer config, const Pool& before) : Pool(std::move(config)) {
    for (std::size_t index = 0; index < servers_.size(); ++index) {
        const RealServer& server = config_.real_servers[index];
        if (const auto old = before.find(server.address, server.port)) {
            carry_over(index, before, *old);
        }
    }
    count();
    using Kind = Transition::Kind;
    for (std::size_t old = 0; old < before.servers_.size(); ++old) {
        const RealServer& server = before.config_.real_servers[old];
        const auto index = find(server.address, server.port);
        const bool alive_now = index && alive(*index);
        if (before.alive(old) != alive_now) {
            carried_.push_back({.kind = alive_now ? Kind::server_up : Kind::server_down,
                                .server = before.name_of(server),
                                .inhibited = index && config_.real_servers[*index].inhibit_on_failure});
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
            state.checks[check].up = !(checks[check].alpha && (failed || never_was_up));
        }
    }
}

void Pool::count() {
    weight_ = 0;
    for (std::size_t index = 0; index < servers_.size(); ++index) {
        Server& server = servers_[index];
        server.checks_down = static_cast<std::size_t>(std::ranges::count(server.checks, false, &CheckState::up));
        if (server.checks_down == 0) {
            weight_ += weight_of(config_.real_servers[index]);
        }
    }
}

std::vector<Transition> Pool::evaluate() {
    auto transitions = std::exchange(carried_, {});
    evaluated_ = true;
    judge_quorum(true, transitions);
    return transitions;
}

std::vector<Transition> Pool::verdict(std::size_t server, std::size_t check, bool up) {
    Server& state = servers_[server];
    CheckState& known = state.checks[check];
    known.has_run = true;
    std::vector<Transition> transitions;
    if (known.up == up) {
        return transitions;
    }
    known.up = up;
    const bool alive_before = alive(server);
    up ? --state.checks_down : ++state.checks_down;
    if (alive(server) == alive_before) {
        return transitions;
    }
    const RealServer& config = config_.real_servers[server];
    up ? weight_ += weight_of(config) : weight_ -= weight_of(config);
    transitions.push_back({.kind = up ? Transition::Kind::server_up : Transition::Kind::server_down,
                           .server = name_of(config),
                           .inhibited = config.inhibit_on_failure});
    judge_quorum(false, transitions);
    return transitions;
}

void Pool::judge_quorum(bool first, std::vector<Transition>& transitions) {
    const std::uint64_t gained_at = std::uint64_t{config_.quorum} + config_.hysteresis;
    const std::uint64_t lost_below = config_.quorum > config_.hysteresis ? config_.quorum - config_.hysteresis : 0;
    using Kind = Transition::Kind;
    const auto tell = [&](Kind kind, std::uint64_t limit, bool is_first = false) {
        transitions.push_back(
            {.kind = kind, .server = {}, .inhibited = false, .first = is_first, .limit = limit, .weight = weight_});
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

ServiceKey Pool::key() const {
    return {.fwmark = 0, .protocol = config_.protocol, .address = config_.address, .port = config_.port};
}

Service::Destination Pool::destination(const auto& server, std::int32_t weight) const {
    const bool keeps_port = server.forwarding == Forwarding::nat && server.port != 0;  // spec/lvs.md 8.2
    return {.key = {server.address, keeps_port ? server.port : config_.port},
            .settings = {.forwarding = server.forwarding,
                         .weight = weight,
                         .tunnel_type = static_cast<std::uint8_t>(server.tunnel.type),
                         .tunnel_port = server.tunnel.port,
                         .tunnel_flags = static_cast<std::uint16_t>(server.tunnel.checksum)}};
}

Service Pool::desired() const {
    Service service;
    service.key = key();
    service.settings.scheduler = config_.scheduler;
    service.settings.flags = config_.flags;
    service.settings.netmask = netmask_of(config_);
    if (config_.persistence_timeout != 0) {
        service.settings.flags |= IP_VS_SVC_F_PERSISTENT;
        service.settings.timeout = config_.persistence_timeout;
    }
    const auto& sorry = config_.sorry_server;
    const bool sorry_serves = sorry_server_in_service();
    std::set<DestinationKey> taken;
    const auto add = [&](const Service::Destination& destination) {
        if (taken.insert(destination.key).second) {
            service.destinations.push_back(destination);
        }
    };
    if (sorry && sorry_serves) {  // first: where it is one of the real servers too, it is this entry that counts
        add(destination(*sorry, 1));
    }
    for (std::size_t index = 0; index < servers_.size(); ++index) {
        const RealServer& server = config_.real_servers[index];
        const bool serves = alive(index) && !sorry_serves;
        if (!serves && !server.inhibit_on_failure) {
            continue;
        }
        auto entry = destination(server, serves ? std::max(server.weight, 0) : 0);
        entry.settings.upper_threshold = server.upper_threshold;
        entry.settings.lower_threshold = server.lower_threshold;
        add(entry);
    }
    if (sorry && !sorry_serves && sorry->inhibit && !find(sorry->address, sorry->port)) {
        add(destination(*sorry, 0));
    }
    return service;
}

std::optional<bool> Pool::last_verdict(std::size_t server, std::size_t check) const {
    const CheckState& state = servers_[server].checks[check];
    return state.has_run ? std::optional(state.up) : std::nullopt;
}

std::optional<std::size_t> Pool::find(const core::Address& address, std::uint16_t port) const {
    const auto found = places_.find({address, port});
    return found == places_.end() ? std::nullopt : std::optional(found->second);
}

std::string Pool::name_of(const RealServer& server) const {
    return server_name(server.address, config_.protocol, server.port != 0 ? server.port : config_.port);
}

}  // namespace sustain::ipvs
