// What global_defs and the top-level statements say: the settings that belong to no subsystem alone.
#pragma once

#include <string>
#include <vector>

#include "core/config/fifo.hpp"
#include "core/config/files.hpp"
#include "core/config/firewall.hpp"
#include "core/config/lvs.hpp"
#include "core/config/mail.hpp"
#include "core/config/management.hpp"
#include "core/config/netlink.hpp"
#include "core/config/processes.hpp"
#include "core/config/run.hpp"
#include "core/config/scripts.hpp"
#include "core/config/track_file.hpp"
#include "core/config/vrrp.hpp"

namespace sustain::core {

/// Defaults are those of spec/keywords-core.tsv.
struct GlobalConfig {
    std::string router_id;            ///< names this machine in mails and dumps; the host name where not set
    bool dynamic_interfaces = false;  ///< interfaces may come into being later
    RunSettings run;
    MailSettings mail;
    ProcessesSettings processes;
    ScriptSettings scripts;
    FifoSettings fifos;
    NetlinkBuffers netlink;
    SnmpSettings snmp;
    DbusSettings dbus;
    FirewallSettings firewall;
    LvsSettings lvs;
    VrrpSettings vrrp;
    ReloadSettings reload;
    FileSettings files;
    std::vector<TrackFile> track_files;  ///< of VRRP and of FILE_CHECK; the first of a name counts
};

}  // namespace sustain::core
