#include "daemon/ipvs_settings.hpp"

#include <algorithm>

#include "core/log.hpp"

namespace sustain::daemon {

namespace {

/// The settings with the id filled in (spec/lvs.md 12.2); nothing where no sync daemon is to run.
std::optional<core::LvsSyncDaemon> sync_daemon(const parser::Config& config, bool checker, bool vrrp) {
    auto daemon = config.global.lvs.sync_daemon;
    const auto& instances = config.vrrp.instances;
    if (!daemon && vrrp) {  // lvs_sync_daemon_interface, the old way: the first one counts
        const auto old = std::ranges::find_if(instances, [](const vrrp::Instance& instance) {
            return instance.rare && !instance.rare->lvs_sync_interface.empty();
        });
        if (old != instances.end()) {
            daemon.emplace();
            daemon->interface = old->rare->lvs_sync_interface;
            daemon->instance = old->name;
        }
    }
    if (!daemon) {
        return std::nullopt;
    }
    if (daemon->instance.empty()) {
        return checker && config.has_checker ? daemon : std::nullopt;
    }
    const auto followed = std::ranges::find(instances, daemon->instance, &vrrp::Instance::name);
    if (!vrrp) {
        return std::nullopt;
    }
    if (followed == instances.end()) {
        core::log::error("lvs_sync_daemon: there is no vrrp_instance {}: no sync daemon is run", daemon->instance);
        return std::nullopt;
    }
    daemon->id = daemon->id.value_or(followed->vrid);
    return daemon;
}

}  // namespace

ipvs::Settings ipvs_settings(const parser::Config& config, bool checker, bool vrrp) {
    ipvs::Settings settings;
    settings.lvs = config.global.lvs;
    settings.lvs.sync_daemon = sync_daemon(config, checker, vrrp);
    settings.command_buffer = config.global.netlink.lvs_commands;
    settings.command_buffer_force = config.global.netlink.lvs_commands_force;
    settings.monitor_buffer = config.global.netlink.lvs_monitor;
    settings.monitor_buffer_force = config.global.netlink.lvs_monitor_force;
    // Without a name: the namespace that we were started in, which is the one that we are in.
    settings.network_namespace = config.global.run.ipvs_namespace.value_or(std::string());
    return settings;
}

}  // namespace sustain::daemon
