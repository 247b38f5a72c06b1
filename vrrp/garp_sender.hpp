// Sends gratuitous ARP from a queue: as fast as the socket takes it, a bounded number a turn of the loop, and nothing
// for a router that is no longer MASTER.
#pragma once

#include <deque>
#include <memory>
#include <string>
#include <vector>

#include "core/error.hpp"
#include "core/loop.hpp"
#include "core/unique_fd.hpp"
#include "vrrp/garp.hpp"

namespace sustain::vrrp {

/// One address to announce, and where.
struct Announcement {
    int interface_index = 0;
    std::string interface;
    std::array<std::uint8_t, kHardwareAddressSize> hardware{};
    core::Address address;
};

class GarpSender {
public:
    using Owner = const void*;

    /// EPERM without CAP_NET_RAW.
    [[nodiscard]] static core::Result<std::unique_ptr<GarpSender>> open(core::Loop& loop);

    /// `rounds` times one packet for each. What still waits for the same owner is replaced.
    void announce(Owner owner, std::vector<Announcement> announcements, unsigned rounds);
    void forget(Owner owner);

private:
    struct Set {
        Owner owner = nullptr;
        std::vector<Announcement> announcements;
        unsigned rounds = 0;
        std::size_t next = 0;
    };

    GarpSender(core::Loop& loop, core::UniqueFd socket);
    void flush();
    [[nodiscard]] int send(const Announcement& announcement);
    void continue_later();

    core::UniqueFd socket_;
    core::Timer timer_;
    bool waiting_ = false;
    std::deque<Set> queue_;
};

}  // namespace sustain::vrrp
