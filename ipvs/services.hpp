// Which services of the kernel a virtual server is for: the one of its address or mark, or one for each address and
// each mark of its group (spec/lvs.md section 9). Pure.
#pragma once

#include <vector>

#include "ipvs/table.hpp"

namespace sustain::ipvs {

/// A range is cut off after so many addresses: an IPv6 network cannot be set up one by one. (keepalived steps through
/// 65,536 addresses of IPv6, and for ever through an IPv4 range that leaves its /24.)
constexpr std::uint64_t kMostAddressesIpv4 = 1U << 20;
constexpr std::uint64_t kMostAddressesIpv6 = 1U << 16;

/// In the order in which they are programmed: addresses as they are written, each range ascending, then the marks.
/// Each once. A mark of a group that names no family has that of the virtual server, or IPv4.
/// \param group of Selector::group, else null
[[nodiscard]] std::vector<ServiceKey> services_of(const VirtualServer& server, const Group* group);

/// How many addresses a range has; the largest number there is where it does not fit.
[[nodiscard]] std::uint64_t size_of(const AddressRange& range);

}  // namespace sustain::ipvs
