#include "vrrp/announcement_sender.hpp"

#include <arpa/inet.h>
#include <fcntl.h>
#include <linux/if_ether.h>
#include <linux/if_packet.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>

#include "vrrp/announcement_frame.hpp"

namespace sustain::vrrp {

namespace {

constexpr int kPacketsATurn = 16;  // a third of a millisecond, and much more where forwarding them is our work, too
constexpr core::Duration kPause = std::chrono::milliseconds(1);  ///< for a socket that takes no more
constexpr core::Duration kForwardingAge = std::chrono::seconds(5);

std::string_view packet(const core::Address& address) {
    return address.is_ipv4() ? "gratuitous ARP" : "unsolicited Neighbour Advert";
}

/// Whether the kernel routes IPv6 packets that arrive there; reading it never waits.
bool reads_as_forwarding(const std::string& interface) {
    const std::string path = "/proc/sys/net/ipv6/conf/" + interface + "/forwarding";
    const core::UniqueFd file(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
    char value = '0';
    return file && ::read(file.get(), &value, 1) == 1 && value != '0';
}

}  // namespace

core::Result<std::unique_ptr<AnnouncementSender>> AnnouncementSender::open(core::Loop& loop,
                                                                           const netlink::LinkTable& links) {
    // Protocol 0: nothing is ever received.
    core::UniqueFd socket(::socket(AF_PACKET, SOCK_RAW | SOCK_NONBLOCK | SOCK_CLOEXEC, 0));
    if (!socket) {
        return core::failure("opening a socket for gratuitous ARP", errno);
    }
    return std::unique_ptr<AnnouncementSender>(new AnnouncementSender(loop, links, std::move(socket)));
}

AnnouncementSender::AnnouncementSender(core::Loop& loop, const netlink::LinkTable& links, core::UniqueFd socket)
    : links_(links), socket_(std::move(socket)), timer_(loop) {}

void AnnouncementSender::configure(const core::VrrpSettings& settings, const std::vector<GarpGroup>& groups) {
    queue_.configure(settings, groups);
}

void AnnouncementSender::announce(Owner owner, const std::vector<Announcement>& announcements, unsigned rounds) {
    queue_.add(owner, announcements, rounds, core::now());
    flush();
}

void AnnouncementSender::announce_once(Owner owner, const Announcement& announcement) {
    queue_.add_single(owner, announcement, core::now());
    flush();
}

void AnnouncementSender::forget(Owner owner) {
    queue_.forget(owner);
}

void AnnouncementSender::flush() {
    core::TimePoint now = core::now();
    if (waiting_ && waits_for_ <= now) {
        return;  // its turn comes
    }
    for (int count = 0; count < kPacketsATurn; ++count) {
        const Announcement* announcement = queue_.next(now);
        if (announcement == nullptr) {
            break;
        }
        const netlink::Link* link = links_.find(announcement->interface_index);
        if (link == nullptr || !link->has_arp()) {
            queue_.drop(now);  // it has gone meanwhile
            continue;
        }
        const int error = send(*link, announcement->address);
        if (error == EAGAIN || error == ENOBUFS) {
            if (stuck_.insert(link->index).second) {
                core::log::warning("sending {} on {} for {}: {} - trying again", packet(announcement->address),
                                   link->name, announcement->address, std::strerror(error));
            }
            queue_.postpone(now + kPause);
            continue;
        }
        if (error == 0) {
            stuck_.erase(link->index);
            core::log::detail("Sending {} on {} for {}", packet(announcement->address), link->name,
                              announcement->address);
            queue_.sent(now);
        } else {
            core::log::info("Error {} sending {} on {} for {}", std::strerror(error), packet(announcement->address),
                            link->name, announcement->address);
            queue_.drop(now);  // once is enough to know it, and no reason to spare the others
        }
        now = core::now();
    }
    if (const auto next = queue_.deadline()) {
        wake_at(*next);
    }
}

/// Others have their turn before, even if `time` has come.
void AnnouncementSender::wake_at(core::TimePoint time) {
    if (waiting_ && waits_for_ <= time) {
        return;
    }
    waiting_ = true;
    waits_for_ = time;
    timer_.expires_at(time);
    timer_.async_wait([this](boost::system::error_code error) {
        if (!error) {  // else there is a newer wait, or `this` may be gone
            waiting_ = false;
            flush();
        }
    });
}

int AnnouncementSender::send(const netlink::Link& link, const core::Address& address) {
    const Hardware hardware(link.hardware.data(), kHardwareAddressSize);
    const auto frame =
        address.is_ipv4() ? encode_garp(hardware, address) : encode_neighbour_advert(hardware, address, forwards(link));
    sockaddr_ll to{};
    to.sll_family = AF_PACKET;
    to.sll_protocol = htons(address.is_ipv4() ? ETH_P_ARP : ETH_P_IPV6);
    to.sll_ifindex = link.index;
    to.sll_halen = kHardwareAddressSize;
    std::copy_n(frame.begin(), kHardwareAddressSize, to.sll_addr);
    const auto sent = ::sendto(socket_.get(), frame.data(), frame.size(), MSG_DONTWAIT | MSG_NOSIGNAL,
                               reinterpret_cast<const sockaddr*>(&to), sizeof to);
    return sent < 0 ? errno : 0;
}

bool AnnouncementSender::forwards(const netlink::Link& link) {
    const core::TimePoint now = core::now();
    const auto [known, is_new] = forwarding_.try_emplace(link.index);
    if (is_new || now - known->second.read_at >= kForwardingAge) {
        known->second = {reads_as_forwarding(link.name), now};
    }
    return known->second.enabled;
}

}  // namespace sustain::vrrp
