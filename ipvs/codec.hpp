// IPVS over generic netlink, as octets: edits and questions to messages, replies to values (spec/lvs.md 8.2,
// linux/ip_vs.h). Pure: no socket.
#pragma once

#include <optional>
#include <utility>

#include "ipvs/edit.hpp"
#include "netlink/message.hpp"

namespace sustain::ipvs {

/// `family` is the number that the kernel gave to "IPVS".
[[nodiscard]] netlink::Message encode(std::uint16_t family, const Edit& edit);

/// IPVS_CMD_GET_INFO: is anybody there?
[[nodiscard]] netlink::Message ask_info(std::uint16_t family);
/// All services (a dump).
[[nodiscard]] netlink::Message ask_services(std::uint16_t family);
/// One service; ESRCH where it is not there.
[[nodiscard]] netlink::Message ask_service(std::uint16_t family, const ServiceKey& key);
/// The destinations of a service (a dump); without any where the service is not there.
[[nodiscard]] netlink::Message ask_destinations(std::uint16_t family, const ServiceKey& key);

/// A message of the kernel that tells of a service. Nothing if it does not, or not completely.
[[nodiscard]] std::optional<std::pair<ServiceKey, ServiceSettings>> decode_service(const nlmsghdr* message);
/// The same for a destination of a service whose addresses are of `family`.
[[nodiscard]] std::optional<Service::Destination> decode_destination(const nlmsghdr* message,
                                                                     core::Address::Family family);

}  // namespace sustain::ipvs
