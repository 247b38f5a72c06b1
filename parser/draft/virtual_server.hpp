// virtual_server while it is being read. It is checked at the end of its block and then forgotten.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
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
    bool plain = true;  ///< false: a kind of tunnel that is not supported yet
};

struct RealServerDraft : CheckDefaults {
    Place place;
    core::Address address;
    std::uint16_t port = 0;
    std::optional<std::int32_t> weight;
    std::optional<Method> method;
    std::optional<bool> inhibit_on_failure;
    std::uint32_t uthreshold = 0;
    std::uint32_t lthreshold = 0;
    std::vector<CheckDraft> checks;
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
    core::Address address;
    std::uint16_t port = 0;
    std::optional<ipvs::Protocol> protocol;
    std::string scheduler;
    std::optional<Method> method;
    std::optional<std::uint32_t> persistence_timeout;
    std::optional<std::uint32_t> persistence_granularity;
    std::uint32_t flags = 0;
    std::uint32_t quorum = 1;
    std::uint32_t hysteresis = 0;
    std::int32_t weight = 1;
    bool inhibit_on_failure = false;
    std::optional<SorryServerDraft> sorry_server;
    std::vector<RealServerDraft> real_servers;
};

struct VirtualServerDrafts {
    VirtualServerDraft virtual_server;  ///< the one whose block is open
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

}  // namespace sustain::parser
