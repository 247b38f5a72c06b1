// The messages that the kernel sent in reply to one question, kept for reading.
#pragma once

#include <linux/netlink.h>

#include <cstdint>
#include <vector>

#include "netlink/datagrams.hpp"

namespace sustain::netlink {

class Replies {
public:
    /// A copy of a complete message.
    void add(const nlmsghdr* message) {
        const auto* octets = reinterpret_cast<const std::uint8_t*>(message);
        octets_.insert(octets_.end(), octets, octets + message->nlmsg_len);
        octets_.resize(NLMSG_ALIGN(octets_.size()));
    }
    void clear() { octets_.clear(); }

    /// In the order of arrival; valid as long as this object is neither changed nor moved.
    [[nodiscard]] std::vector<const nlmsghdr*> messages() const { return split(octets_); }

private:
    std::vector<std::uint8_t> octets_;
};

}  // namespace sustain::netlink
