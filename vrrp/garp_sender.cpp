#include "vrrp/garp_sender.hpp"

#include <arpa/inet.h>
#include <linux/if_ether.h>
#include <linux/if_packet.h>
#include <sys/socket.h>

#include <algorithm>
#include <cerrno>
#include <cstring>

namespace sustain::vrrp {

namespace {

constexpr int kPacketsATurn = 64;
constexpr core::Duration kPause = std::chrono::milliseconds(1);

}  // namespace

core::Result<std::unique_ptr<GarpSender>> GarpSender::open(core::Loop& loop) {
    // Protocol 0: nothing is ever received.
    core::UniqueFd socket(::socket(AF_PACKET, SOCK_RAW | SOCK_NONBLOCK | SOCK_CLOEXEC, 0));
    if (!socket) {
        return core::failure("opening a socket for gratuitous ARP", errno);
    }
    return std::unique_ptr<GarpSender>(new GarpSender(loop, std::move(socket)));
}

GarpSender::GarpSender(core::Loop& loop, core::UniqueFd socket) : socket_(std::move(socket)), timer_(loop) {}

void GarpSender::announce(Owner owner, std::vector<Announcement> announcements, unsigned rounds) {
    forget(owner);
    if (rounds > 0 && !announcements.empty()) {
        queue_.push_back({owner, std::move(announcements), rounds, 0});
        if (!waiting_) {
            flush();
        }
    }
}

void GarpSender::forget(Owner owner) {
    std::erase_if(queue_, [owner](const Set& set) { return set.owner == owner; });
}

void GarpSender::flush() {
    for (int count = 0; !queue_.empty(); ++count) {
        if (count == kPacketsATurn) {
            continue_later();
            return;
        }
        Set& set = queue_.front();
        const Announcement& announcement = set.announcements[set.next];
        const int error = send(announcement);
        if (error == EAGAIN || error == ENOBUFS) {
            continue_later();
            return;
        }
        if (error == 0) {
            core::log::detail("Sending gratuitous ARP on {} for {}", announcement.interface, announcement.address);
        } else {
            core::log::info("Error {} sending gratuitous ARP on {} for {}", std::strerror(error),
                            announcement.interface, announcement.address);
            // Once is enough to know it, and no reason to spare the others.
            set.announcements.erase(set.announcements.begin() + static_cast<std::ptrdiff_t>(set.next));
            if (set.announcements.empty()) {
                queue_.pop_front();
                continue;
            }
            --set.next;  // wraps; the step below makes it good
        }
        if (++set.next == set.announcements.size()) {
            set.next = 0;
            if (--set.rounds == 0) {
                queue_.pop_front();
            }
        }
    }
}

void GarpSender::continue_later() {
    waiting_ = true;
    timer_.expires_after(kPause);
    timer_.async_wait([this](boost::system::error_code error) {
        if (!error) {  // else `this` may be gone
            waiting_ = false;
            flush();
        }
    });
}

int GarpSender::send(const Announcement& announcement) {
    sockaddr_ll to{};
    to.sll_family = AF_PACKET;
    to.sll_protocol = htons(ETH_P_ARP);
    to.sll_ifindex = announcement.interface_index;
    to.sll_halen = kHardwareAddressSize;
    std::fill_n(to.sll_addr, kHardwareAddressSize, std::uint8_t{0xff});
    const GarpFrame frame = encode_garp(announcement.hardware, announcement.address);
    const auto sent = ::sendto(socket_.get(), frame.data(), frame.size(), MSG_DONTWAIT | MSG_NOSIGNAL,
                               reinterpret_cast<const sockaddr*>(&to), sizeof to);
    return sent < 0 ? errno : 0;
}

}  // namespace sustain::vrrp
