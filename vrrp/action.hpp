// What the state machine wants done. It lists actions in the order in which they must happen; whoever drives it (the
// child, or test/sim in virtual time) performs them.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "vrrp/config.hpp"

namespace sustain::vrrp {

/// An advert on its way to a multicast group or a unicast peer.
struct OutgoingAdvert {
    core::Address destination;
    std::vector<std::uint8_t> octets;  ///< IPv4: with the IP header. IPv6: from VRRP on, without a checksum.
};

namespace action {

/// Send one advert: a datagram to the group, or one to each peer.
struct SendAdvert {
    core::Address source;
    std::vector<OutgoingAdvert> datagrams;
    std::optional<std::uint8_t> hop_limit{};  ///< IPv6 unicast: other than the kernel's
};

/// Put these on their interfaces; `device` is always filled in. One that is there already is fine.
struct SetAddresses {
    std::vector<VirtualAddress> addresses;
};

/// Take these from their interfaces. One that is not there is fine.
struct RemoveAddresses {
    std::vector<VirtualAddress> addresses;
};

/// Send so many rounds of gratuitous ARP or unsolicited NA: one packet for each address of VirtualRouter::addresses() a
/// round.
struct Announce {
    unsigned rounds = 0;
};

/// Send one for one address of each interface other than that of the adverts (garp_extra_if).
struct AnnounceExtra {};

/// Send one for the address that unicast adverts come from (spec/vrrp.md 3.8): the master's neighbour entry is old.
struct AnnounceSource {
    core::Address source;
};

/// Forget announcements that wait to be sent.
struct StopAnnouncing {};

struct StateChanged {
    State state = State::init;
};

/// The effective priority is another one.
struct PriorityChanged {
    std::uint8_t priority = 0;
};

/// A MASTER has received a losing advert (MASTER_RX_LOWER_PRI of the notify FIFO), at a limited rate.
struct HeardLowerPriority {};

struct Log {
    int priority = 0;     ///< LOG_…
    bool detail = false;  ///< only with -D
    std::string text;
};

}  // namespace action

using Action = std::variant<action::SendAdvert, action::SetAddresses, action::RemoveAddresses, action::Announce,
                            action::AnnounceExtra, action::AnnounceSource, action::StopAnnouncing, action::StateChanged,
                            action::PriorityChanged, action::HeardLowerPriority, action::Log>;
using Actions = std::vector<Action>;

}  // namespace sustain::vrrp
