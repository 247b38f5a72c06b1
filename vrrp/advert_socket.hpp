// The raw sockets of adverts (spec/vrrp.md 14): one that receives what is sent to a group on an interface, or to an
// address of ours, and one that sends. Over IPv4 the sending one takes the IP header from us; over IPv6 the kernel
// makes it, and the checksum too. System calls only.
#pragma once

#include <netinet/in.h>
#include <sys/socket.h>

#include <array>
#include <compare>
#include <cstdint>
#include <optional>
#include <span>
#include <string>

#include "core/address.hpp"
#include "core/error.hpp"
#include "core/unique_fd.hpp"
#include "netlink/link.hpp"
#include "vrrp/action.hpp"
#include "vrrp/datagram.hpp"

namespace sustain::vrrp {

/// Virtual routers with the same transport share its sockets.
struct Transport {
    std::string interface;  ///< empty: unicast on whatever interface
    std::uint8_t protocol = kProtocol;
    bool unicast = false;
    core::Address address;  ///< the group, or our own address

    [[nodiscard]] core::Address::Family family() const { return address.family(); }
    auto operator<=>(const Transport&) const = default;
};

struct AdvertSockets {
    core::UniqueFd receive;
    core::UniqueFd send;
};

/// Both non-blocking, bound to the device, if there is one. An own address need not exist yet. EPERM without
/// CAP_NET_RAW.
[[nodiscard]] core::Result<AdvertSockets> open_advert_sockets(const Transport& transport, const netlink::Link* link);

/// The size that SO_RCVBUF is set to. Errors do not matter: the kernel keeps what it has.
void set_receive_buffer(int socket, std::size_t bytes);

struct SendRoute {
    int interface_index = 0;  ///< 0: the kernel chooses
    bool unicast = false;
};
/// \return 0 or errno.
[[nodiscard]] int send_advert(int socket, const action::SendAdvert& advert, const OutgoingAdvert& datagram,
                              const SendRoute& route);

/// Room for what one system call reads.
class AdvertInbox {
public:
    AdvertInbox();
    AdvertInbox(const AdvertInbox&) = delete;
    AdvertInbox& operator=(const AdvertInbox&) = delete;

    /// Reads the datagrams that wait, as many as there is room for. \return how many; any error counts as none.
    std::size_t read(int socket, core::Address::Family family);
    /// One of those; nothing if it was longer than any advert or is no datagram of ours.
    [[nodiscard]] std::optional<Datagram> datagram(std::size_t index) const;
    [[nodiscard]] std::size_t size(std::size_t index) const { return messages_.at(index).msg_len; }
    [[nodiscard]] bool is_truncated(std::size_t index) const;

    static constexpr std::size_t kDatagrams = 16;

private:
    // The largest advert (60 octets of IP header, 24 of AH, 255 IPv4 or 89 IPv6 addresses and a trailer) is smaller, on
    // interfaces with an Ethernet MTU; 255 IPv6 addresses fit, too.
    static constexpr std::size_t kLargestDatagram = 4608;
    static constexpr std::size_t kControl = 128;

    [[nodiscard]] std::optional<core::TimePoint> arrival(std::int64_t stamp) const;

    core::Address::Family family_ = core::Address::Family::ipv4;
    core::TimePoint read_at_{};     ///< the moment of read() …
    std::int64_t read_at_world_{};  ///< … as the kernel stamps it, in nanoseconds
    std::array<mmsghdr, kDatagrams> messages_{};
    std::array<iovec, kDatagrams> vectors_{};
    std::array<sockaddr_in6, kDatagrams> sources_{};
    alignas(cmsghdr) std::array<std::array<std::uint8_t, kControl>, kDatagrams> controls_{};
    std::array<std::array<std::uint8_t, kLargestDatagram>, kDatagrams> buffers_;
};

}  // namespace sustain::vrrp
