// The lines of virtual_routes and static_routes as rtnetlink(7) wants them (spec/routes-rules.md section 3). What is
// not written is not sent.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "core/address.hpp"
#include "core/boxed.hpp"

namespace sustain::vrrp {

constexpr std::uint8_t kProtocolKeepalived = 18;  ///< of rt_protos: marks routes and rules as ours
constexpr std::uint32_t kTableMain = 254;

/// How packets are wrapped on their way (lwtunnel). With none but the type, the line was faulty.
struct Encapsulation {
    enum class Type : std::uint8_t { none, mpls, ip, ip6, ila };

    Type type = Type::none;
    std::vector<std::uint32_t> labels;  ///< MPLS: outermost first
    std::optional<std::uint64_t> id;
    std::optional<core::Address> destination;
    std::optional<core::Address> source;
    std::optional<std::uint8_t> traffic_class;  ///< tos, tc
    std::optional<std::uint8_t> hop_limit;      ///< ttl, hoplimit
    std::optional<std::uint16_t> flags;
    std::optional<std::uint64_t> locator;  ///< ILA, host order

    bool operator==(const Encapsulation&) const = default;
};

struct NextHop {
    std::optional<core::Address> gateway;
    std::string device;        ///< empty: none
    std::uint16_t weight = 1;  ///< 1–256
    bool onlink = false;
    std::optional<std::uint32_t> realms;  ///< source << 16 | destination
    core::Boxed<Encapsulation> encapsulation;

    bool operator==(const NextHop&) const = default;
};

/// An attribute within RTA_METRICS.
struct RouteMetric {
    /// RTAX_… of linux/rtnetlink.h.
    enum class Kind : std::uint8_t {
        mtu = 2,
        window = 3,
        rtt = 4,
        rttvar = 5,
        ssthresh = 6,
        cwnd = 7,
        advmss = 8,
        reordering = 9,
        hoplimit = 10,
        initcwnd = 11,
        features = 12,
        rto_min = 13,
        initrwnd = 14,
        quickack = 15,
        congestion_control = 16,  ///< value: unused, see Route::congestion_control
        fastopen_no_cookie = 17,
    };
    Kind kind = Kind::mtu;
    bool lock = false;
    std::uint32_t value = 0;

    bool operator==(const RouteMetric&) const = default;
};

struct Route {
    /// Among routes to the same destination.
    enum class Position : std::uint8_t { prepend, append, only };

    core::Prefix destination;          ///< its family is that of the route
    std::optional<std::uint8_t> type;  ///< RTN_…; none: unicast
    Position position = Position::prepend;
    std::uint8_t protocol = kProtocolKeepalived;
    std::uint8_t tos = 0;
    std::optional<std::uint8_t> scope;  ///< RT_SCOPE_…; none: universe
    std::optional<core::Prefix> source;
    std::optional<core::Address> preferred_source;
    std::optional<core::Address> gateway;
    std::string device;  ///< empty: none
    bool onlink = false;
    bool track = true;  ///< false with no_track
    std::uint32_t table = kTableMain;
    std::string vrf;  ///< whose table it is, instead of `table`; empty: none
    std::optional<std::uint32_t> metric;
    std::optional<std::uint32_t> realms;     ///< source << 16 | destination
    std::optional<std::uint32_t> expires;    ///< seconds; IPv6
    std::optional<std::uint8_t> preference;  ///< ICMPv6 router preference: 0 medium, 1 high, 3 low
    std::optional<bool> propagate_ttl;
    std::vector<RouteMetric> metrics;  ///< each kind once
    std::string congestion_control;
    core::Boxed<Encapsulation> encapsulation;
    std::vector<NextHop> next_hops;
    std::string track_group;  ///< static routes; empty: none

    bool operator==(const Route&) const = default;
};

}  // namespace sustain::vrrp
