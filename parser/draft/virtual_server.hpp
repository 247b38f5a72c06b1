// virtual_server while it is being read. It is checked at the end of its block and then forgotten; only one that names
// a group which has not been defined yet waits for that group.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

#include "core/address.hpp"
#include "core/time.hpp"
#include "ipvs/config.hpp"
#include "parser/draft/check.hpp"
#include "parser/draft/current.hpp"
#include "parser/report.hpp"

namespace sustain::parser {

/// lvs_method with its tunnel words.
struct Method {
    ipvs::Forwarding forwarding = ipvs::Forwarding::nat;
    ipvs::Tunnel tunnel;  ///< stays when a later line names another method only
};

struct RealServerDraft : CheckDefaults {
    Place place;
    core::Address address;
    std::uint16_t port = 0;
    std::uint16_t written_port = 0;  ///< stays, for the checks
    std::optional<std::int32_t> weight;
    std::optional<Method> method;
    std::optional<bool> inhibit_on_failure;
    std::optional<bool> smtp_alert;
    std::uint32_t uthreshold = 0;
    std::uint32_t lthreshold = 0;
    core::CommandNumber notify_up = core::kNoCommand;
    core::CommandNumber notify_down = core::kNoCommand;
    std::optional<std::string> virtualhost;
    std::optional<std::string> snmp_name;
    std::vector<CheckDraft> checks;
    core::Boxed<std::unordered_set<std::string>> bfd_instances;  ///< that BFD_CHECKs name: each once
};

struct SorryServerDraft {
    Place place;
    core::Address address;
    std::uint16_t port = 0;
    std::optional<Method> method;
    bool inhibit = false;
};

struct VirtualServerDraft : CheckDefaults {
    Place place;
    Place closed;
    std::uint32_t order = 0;  ///< among all virtual_server blocks
    ipvs::Selector selector = ipvs::Selector::address;
    core::Address address;
    std::uint16_t port = 0;
    std::uint32_t fwmark = 0;
    std::string group;
    std::uint32_t ordinal = 0;                    ///< among those that name the group
    std::optional<core::Address::Family> family;  ///< not known at first without an address (spec/lvs.md 2.2)
    std::optional<ipvs::Protocol> protocol;
    std::string scheduler;
    std::optional<Method> method;
    std::optional<std::uint32_t> persistence_timeout;
    std::optional<std::uint32_t> persistence_granularity;
    std::string persistence_engine;
    std::uint32_t flags = 0;
    std::uint32_t quorum = 1;
    std::uint32_t hysteresis = 0;
    std::int32_t weight = 1;
    bool inhibit_on_failure = false;
    bool ha_suspend = false;
    bool omega = false;
    std::optional<bool> smtp_alert;
    core::CommandNumber quorum_up = core::kNoCommand;
    core::CommandNumber quorum_down = core::kNoCommand;
    std::optional<std::string> virtualhost;
    std::optional<std::string> snmp_name;
    std::optional<SorryServerDraft> sorry_server;
    std::vector<RealServerDraft> real_servers;
};

struct VirtualServerDrafts {
    VirtualServerDraft virtual_server;                                         ///< the one whose block is open
    std::uint32_t virtual_servers_read = 0;                                    ///< blocks so far
    std::unordered_map<std::string, std::uint32_t> group_users;                ///< how many name a group
    std::unordered_map<std::string, std::vector<VirtualServerDraft>> waiting;  ///< for the group of this name
    std::vector<std::uint32_t> virtual_server_order;  ///< `order` of each ipvs::Config::virtual_servers
    UrlDraft url;                                     ///< the one whose block is open
};

inline VirtualServerDraft& open_object(VirtualServerDrafts& drafts, Open<VirtualServerDraft>) {
    return drafts.virtual_server;
}
inline RealServerDraft& open_object(VirtualServerDrafts& drafts, Open<RealServerDraft>) {
    return drafts.virtual_server.real_servers.back();
}
inline CheckDraft& open_object(VirtualServerDrafts& drafts, Open<CheckDraft>) {
    return drafts.virtual_server.real_servers.back().checks.back();
}
template <BoxedKind T>
T& open_object(VirtualServerDrafts& drafts, Open<T>) {
    return *std::get<core::Boxed<T>>(open_object(drafts, Open<CheckDraft>()).kind);
}
inline HostDraft& open_object(VirtualServerDrafts& drafts, Open<HostDraft>) {
    return open_object(drafts, Open<CheckDraft>()).hosts.back();
}
inline UrlDraft& open_object(VirtualServerDrafts& drafts, Open<UrlDraft>) {
    return drafts.url;
}

}  // namespace sustain::parser
