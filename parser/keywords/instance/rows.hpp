// The rows of vrrp_instance by what they are about; vrrp_instance.cpp makes one table of them.
#pragma once

#include <span>

#include "parser/keyword.hpp"

namespace sustain::parser {

using Rows = std::span<const Keyword>;

[[nodiscard]] Rows instance_identity_rows();  ///< interface, VRID, priority, version
[[nodiscard]] Rows instance_timer_rows();     ///< intervals, preemption
[[nodiscard]] Rows instance_advert_rows();    ///< how adverts are sent and received
[[nodiscard]] Rows instance_garp_rows();
[[nodiscard]] Rows instance_source_rows();  ///< source and multicast group
[[nodiscard]] Rows instance_unicast_rows();
[[nodiscard]] Rows instance_authentication_rows();
[[nodiscard]] Rows instance_own_interface_rows();  ///< VMAC, ipvlan
[[nodiscard]] Rows instance_address_rows();        ///< addresses, routes, rules
[[nodiscard]] Rows instance_tracking_rows();
[[nodiscard]] Rows instance_notify_rows();

/// Without it the router would not do what is asked for: it is read, but the instance is not started.
constexpr Keyword keeps_from_starting(Keyword keyword) {
    return not_yet(keyword, "the instance is not started");
}

}  // namespace sustain::parser
