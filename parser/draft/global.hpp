// The parts of the configuration that global_defs and top level statements fill directly: by type, as the keyword
// tables name them.
#pragma once

#include "parser/config.hpp"
#include "parser/draft/current.hpp"

namespace sustain::parser {

/// What of global_defs counts once only, and was written.
struct GlobalDrafts {
    bool vmac_prefix_written = false;
    bool vmac_addr_prefix_written = false;
};

inline core::GlobalConfig& part_of(Config& config, Open<core::GlobalConfig>) {
    return config.global;
}
inline core::RunSettings& part_of(Config& config, Open<core::RunSettings>) {
    return config.global.run;
}
inline core::MailSettings& part_of(Config& config, Open<core::MailSettings>) {
    return config.global.mail;
}
inline core::ProcessesSettings& part_of(Config& config, Open<core::ProcessesSettings>) {
    return config.global.processes;
}
inline core::VrrpProcess& part_of(Config& config, Open<core::VrrpProcess>) {
    return config.global.processes.vrrp;
}
inline core::CheckerProcess& part_of(Config& config, Open<core::CheckerProcess>) {
    return config.global.processes.checker;
}
inline core::BfdProcess& part_of(Config& config, Open<core::BfdProcess>) {
    return config.global.processes.bfd;
}
inline core::ScriptSettings& part_of(Config& config, Open<core::ScriptSettings>) {
    return config.global.scripts;
}
inline core::FifoSettings& part_of(Config& config, Open<core::FifoSettings>) {
    return config.global.fifos;
}
inline core::GlobalFifo& part_of(Config& config, Open<core::GlobalFifo>) {
    return config.global.fifos.global;
}
inline core::VrrpFifo& part_of(Config& config, Open<core::VrrpFifo>) {
    return config.global.fifos.vrrp;
}
inline core::LvsFifo& part_of(Config& config, Open<core::LvsFifo>) {
    return config.global.fifos.lvs;
}
inline core::NetlinkBuffers& part_of(Config& config, Open<core::NetlinkBuffers>) {
    return config.global.netlink;
}
inline core::SnmpSettings& part_of(Config& config, Open<core::SnmpSettings>) {
    return config.global.snmp;
}
inline core::DbusSettings& part_of(Config& config, Open<core::DbusSettings>) {
    return config.global.dbus;
}
inline core::FirewallSettings& part_of(Config& config, Open<core::FirewallSettings>) {
    return config.global.firewall;
}
inline core::LvsSettings& part_of(Config& config, Open<core::LvsSettings>) {
    return config.global.lvs;
}
inline core::VrrpSettings& part_of(Config& config, Open<core::VrrpSettings>) {
    return config.global.vrrp;
}
inline core::ReloadSettings& part_of(Config& config, Open<core::ReloadSettings>) {
    return config.global.reload;
}
inline core::FileSettings& part_of(Config& config, Open<core::FileSettings>) {
    return config.global.files;
}
inline vrrp::Defaults& part_of(Config& config, Open<vrrp::Defaults>) {
    return config.vrrp.defaults;
}

}  // namespace sustain::parser
