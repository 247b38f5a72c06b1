#include "daemon/dump.hpp"

#include "core/log.hpp"

namespace sustain::daemon {

namespace {

double seconds(core::Duration duration) {
    return std::chrono::duration<double>(duration).count();
}

std::string_view on_off(bool value) {
    return value ? "ON" : "OFF";
}

std::string_view name(ipvs::Protocol protocol) {
    switch (protocol) {
        case ipvs::Protocol::tcp: return "TCP";
        case ipvs::Protocol::udp: return "UDP";
        case ipvs::Protocol::sctp: return "SCTP";
        case ipvs::Protocol::none: break;
    }
    return "none";
}

std::string_view name(ipvs::Forwarding forwarding) {
    switch (forwarding) {
        case ipvs::Forwarding::nat: return "NAT";
        case ipvs::Forwarding::tunnel: return "TUN";
        case ipvs::Forwarding::direct: return "DR";
    }
    return "unknown";
}

/// The scope as ip-address(8) names it, or its number.
std::string scope_name(std::uint8_t scope) {
    switch (scope) {
        case 0: return "global";
        case 200: return "site";
        case 253: return "link";
        case 254: return "host";
        case 255: return "nowhere";
        default: return std::to_string(scope);
    }
}

void dump_address(const vrrp::VirtualAddress& address, const std::string& interface) {
    std::string line = fmt::format("     {}/{}", address.prefix.address, address.prefix.length);
    if (address.broadcast) {
        line += fmt::format(" brd {}", *address.broadcast);
    }
    line +=
        fmt::format(" dev {} scope {}", address.device.empty() ? interface : address.device, scope_name(address.scope));
    if (!address.label.empty()) {
        line += fmt::format(" label {}", address.label);
    }
    if (!address.track) {
        line += " no_track";
    }
    core::log::info("{}", line);
}

void dump_garp(const vrrp::GarpSettings& garp) {
    core::log::info("   Gratuitous ARP delay = {:g}", seconds(garp.delay));
    core::log::info("   Gratuitous ARP repeat = {}", garp.repeat);
    core::log::info("   Gratuitous ARP refresh = {:g}", seconds(garp.refresh));
    core::log::info("   Gratuitous ARP refresh repeat = {}", garp.refresh_repeat);
    core::log::info("   Gratuitous ARP lower priority delay = {:g}", seconds(garp.lower_prio_delay));
    core::log::info("   Gratuitous ARP lower priority repeat = {}", garp.lower_prio_repeat);
}

void dump_instance(const vrrp::Instance& instance) {
    core::log::info(" VRRP Instance = {}", instance.name);
    core::log::info("   VRRP Version = 2");
    const bool master = instance.initial_state.value_or(vrrp::State::backup) == vrrp::State::master;
    core::log::info("   Wantstate = {}", master ? "MASTER" : "BACKUP");
    core::log::info("   Interface = {}", instance.interface);
    dump_garp(instance.garp);
    core::log::info("   Virtual Router ID = {}", instance.vrid);
    core::log::info("   Priority = {}", instance.priority);
    core::log::info("   Advert interval = {:g} sec", seconds(instance.advert_interval));
    core::log::info("   Preempt = {}", instance.preempt ? "enabled" : "disabled");
    if (instance.preempt_delay > core::Duration{0}) {
        core::log::info("   Preempt delay = {:g} secs", seconds(instance.preempt_delay));
    }
    if (instance.authentication.type == vrrp::AuthenticationType::none) {
        core::log::info("   Authentication type = none");
    } else {
        core::log::info("   Authentication type = SIMPLE_PASSWORD");
        core::log::info("   Password = ********");
    }
    core::log::info("   Virtual IP ({}):", instance.addresses.size());
    for (const auto& address : instance.addresses) {
        dump_address(address, instance.interface);
    }
    if (!instance.excluded.empty()) {
        core::log::info("   Virtual IP Excluded :");
        for (const auto& address : instance.excluded) {
            dump_address(address, instance.interface);
        }
    }
}

void dump_real_server(const ipvs::RealServer& server) {
    core::log::info("   RIP = {}, RPORT = {}, WEIGHT = {}", server.address, server.port, server.weight);
    core::log::info("     forwarding method = {}", name(server.forwarding));
    core::log::info("     connection limit range = {} -> {}", server.lower_threshold, server.upper_threshold);
    core::log::info("     Inhibit on failure is {}", on_off(server.inhibit_on_failure));
    core::log::info("     health checkers = {}", server.checks.size());
}

void dump_virtual_server(const ipvs::VirtualServer& server, const std::vector<ipvs::Group>& groups) {
    switch (server.selector) {
        case ipvs::Selector::address: core::log::info(" VS VIP = {}, VPORT = {}", server.address, server.port); break;
        case ipvs::Selector::fwmark: core::log::info(" VS FWMARK = {}", server.fwmark); break;
        case ipvs::Selector::group: core::log::info(" VS GROUP = {}", groups[server.group].name); break;
    }
    core::log::info("   lvs_sched = {}", server.scheduler);
    if (server.persistence_timeout > 0) {
        core::log::info("   persistence timeout = {}", server.persistence_timeout);
    }
    core::log::info("   protocol = {}", name(server.protocol));
    core::log::info("   quorum = {}, hysteresis = {}", server.quorum, server.hysteresis);
    if (server.sorry_server) {
        core::log::info("   sorry server = [{}]:{} with forwarding method {}", server.sorry_server->address,
                        server.sorry_server->port, name(server.sorry_server->forwarding));
    }
    for (const ipvs::RealServer& real_server : server.real_servers) {
        dump_real_server(real_server);
    }
}

void dump_check(const checker::Check& check) {
    const checker::Endpoint& endpoint = check.identity.endpoint;
    core::log::info(" {} -> {}", check.virtual_server, check.real_server);
    core::log::info("   Alpha is {}", on_off(check.alpha));
    core::log::info("   Delay loop = {} us", check.delay_loop.count());
    core::log::info("   Warmup = {} us", check.warmup.count());
    core::log::info("   Retries = {}", check.retry);
    core::log::info("   Delay before retry = {} us", check.delay_before_retry.count());
    core::log::info("   Connection");
    core::log::info("     Dest = [{}]:{}", endpoint.address, endpoint.port);
    if (endpoint.bind_address) {
        core::log::info("     Bind to = [{}]:{}", *endpoint.bind_address, endpoint.bind_port);
    }
    if (!endpoint.bind_interface.empty()) {
        core::log::info("     Bind i/f = {}", endpoint.bind_interface);
    }
    if (endpoint.fwmark != 0) {
        core::log::info("     Mark = {}", endpoint.fwmark);
    }
    core::log::info("     Timeout = {} us", check.identity.connect_timeout.count());
    core::log::info("   Keepalive method = TCP_CHECK");
}

}  // namespace

void dump(const core::GlobalConfig& global) {
    core::log::info("------< Global definitions >------");
    core::log::info(" Router ID = {}", global.router_id);
    core::log::info(" Dynamic interfaces = {}", global.dynamic_interfaces ? "true" : "false");
}

void dump(const vrrp::Config& config) {
    if (!config.instances.empty()) {
        core::log::info("------< VRRP Topology >------");
    }
    for (const vrrp::Instance& instance : config.instances) {
        dump_instance(instance);
    }
}

void dump(const ipvs::Config& config) {
    if (!config.virtual_servers.empty()) {
        core::log::info("------< LVS Topology >------");
    }
    for (const ipvs::VirtualServer& server : config.virtual_servers) {
        dump_virtual_server(server, config.groups);
    }
}

void dump(const checker::Config& config) {
    if (!config.checks.empty()) {
        core::log::info("------< Health checkers >------");
    }
    for (const checker::Check& check : config.checks) {
        dump_check(check);
    }
}

}  // namespace sustain::daemon
