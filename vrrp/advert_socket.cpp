#include "vrrp/advert_socket.hpp"

#include <linux/filter.h>

#include <cerrno>
#include <cstring>
#include <ctime>
#include <limits>

namespace sustain::vrrp {

namespace {

/// Collects the first error of a series of calls.
class Setup {
public:
    explicit Setup(int socket) : socket_(socket) {}

    template <typename Value>
    void option(int level, int name, const Value& value) {
        check(::setsockopt(socket_, level, name, &value, sizeof value));
    }
    void bind_to_device(const std::string& device) {
        if (!device.empty()) {
            check(::setsockopt(socket_, SOL_SOCKET, SO_BINDTODEVICE, device.data(),
                               static_cast<socklen_t>(device.size())));
        }
    }
    void check(int result) {
        if (result != 0 && error_ == 0) {
            error_ = errno;
        }
    }
    [[nodiscard]] int error() const { return error_; }

private:
    int socket_;
    int error_ = 0;
};

in_addr to_in_addr(const core::Address& address) {
    in_addr result{};
    std::memcpy(&result, address.octets().data(), sizeof result);
    return result;
}

in6_addr to_in6_addr(const core::Address& address) {
    in6_addr result{};
    std::memcpy(&result, address.octets().data(), sizeof result);
    return result;
}

core::Address to_address(const in6_addr& address) {
    return core::Address(std::span(address.s6_addr));
}

struct SocketName {
    sockaddr_storage storage{};
    socklen_t size = 0;
    [[nodiscard]] const sockaddr* get() const { return reinterpret_cast<const sockaddr*>(&storage); }
};

/// An interface counts for IPv6 addresses that are only good on one.
SocketName to_name(const core::Address& address, int interface_index) {
    SocketName name;
    if (address.is_ipv4()) {
        sockaddr_in in{};
        in.sin_family = AF_INET;
        in.sin_addr = to_in_addr(address);
        std::memcpy(&name.storage, &in, sizeof in);
        name.size = sizeof in;
    } else {
        sockaddr_in6 in{};
        in.sin6_family = AF_INET6;
        in.sin6_addr = to_in6_addr(address);
        if (address.is_link_local() || address.is_multicast()) {
            in.sin6_scope_id = static_cast<std::uint32_t>(interface_index);
        }
        std::memcpy(&name.storage, &in, sizeof in);
        name.size = sizeof in;
    }
    return name;
}

core::UniqueFd raw_socket(const Transport& transport) {
    return core::UniqueFd(
        ::socket(static_cast<int>(transport.family()), SOCK_RAW | SOCK_NONBLOCK | SOCK_CLOEXEC, transport.protocol));
}

/// A raw socket that sends also receives every packet of its protocol; nobody would ever read them.
void drop_everything(Setup& setup) {
    std::array<sock_filter, 1> program{{{BPF_RET | BPF_K, 0, 0, 0}}};
    const sock_fprog filter{program.size(), program.data()};
    setup.option(SOL_SOCKET, SO_ATTACH_FILTER, filter);
}

void drain(int socket) {
    std::array<std::uint8_t, 1> octet;
    while (::recv(socket, octet.data(), octet.size(), MSG_DONTWAIT) >= 0) {
    }
}

constexpr int kChecksumOffset = 6;
constexpr int kOn = 1;
constexpr int kOff = 0;
// A packet that has waited longer has waited for us, or the clock was set meanwhile.
constexpr auto kLongestWait = std::chrono::milliseconds(100);

std::int64_t to_nanoseconds(const timespec& time) {
    return std::int64_t{time.tv_sec} * 1'000'000'000 + time.tv_nsec;
}

int open_receiver(const Transport& transport, int interface_index, core::UniqueFd& socket) {
    socket = raw_socket(transport);
    if (!socket) {
        return errno;
    }
    const bool ipv4 = transport.address.is_ipv4();
    Setup setup(socket.get());
    setup.bind_to_device(transport.interface);
    if (transport.unicast) {
        setup.option(ipv4 ? int{IPPROTO_IP} : int{IPPROTO_IPV6}, ipv4 ? IP_FREEBIND : IPV6_FREEBIND, kOn);
    }
    if (!ipv4) {
        setup.option(IPPROTO_IPV6, IPV6_RECVPKTINFO, kOn);
        setup.option(IPPROTO_IPV6, IPV6_RECVHOPLIMIT, kOn);
        setup.option(IPPROTO_IPV6, IPV6_CHECKSUM, kChecksumOffset);
    }
    const SocketName name = to_name(transport.address, interface_index);
    setup.check(::bind(socket.get(), name.get(), name.size));
    drain(socket.get());  // what other interfaces have brought since it was opened
    setup.option(SOL_SOCKET, SO_TIMESTAMPNS, kOn);
    setup.option(ipv4 ? int{IPPROTO_IP} : int{IPPROTO_IPV6}, ipv4 ? IP_MULTICAST_ALL : IPV6_MULTICAST_ALL, kOff);
    if (!transport.unicast && ipv4) {
        setup.option(IPPROTO_IP, IP_ADD_MEMBERSHIP, ip_mreqn{to_in_addr(transport.address), {}, interface_index});
    } else if (!transport.unicast) {
        setup.option(IPPROTO_IPV6, IPV6_ADD_MEMBERSHIP,
                     ipv6_mreq{to_in6_addr(transport.address), static_cast<unsigned>(interface_index)});
    }
    return setup.error();
}

int open_sender(const Transport& transport, int interface_index, core::UniqueFd& socket) {
    socket = raw_socket(transport);
    if (!socket) {
        return errno;
    }
    Setup setup(socket.get());
    drop_everything(setup);
    setup.option(SOL_SOCKET, SO_RCVBUF, kOff);
    setup.bind_to_device(transport.interface);
    if (transport.address.is_ipv4()) {
        setup.option(IPPROTO_IP, IP_HDRINCL, kOn);
        setup.option(IPPROTO_IP, IP_TOS, int{kAdvertTos});
        setup.option(IPPROTO_IP, IP_MULTICAST_ALL, kOff);
        if (!transport.unicast) {
            setup.option(IPPROTO_IP, IP_MULTICAST_IF, ip_mreqn{{}, {}, interface_index});
            setup.option(IPPROTO_IP, IP_MULTICAST_LOOP, kOff);
        }
        return setup.error();
    }
    setup.option(IPPROTO_IPV6, IPV6_CHECKSUM, kChecksumOffset);
    setup.option(IPPROTO_IPV6, IPV6_TCLASS, int{kAdvertTos});
    setup.option(IPPROTO_IPV6, IPV6_MULTICAST_ALL, kOff);
    if (!transport.unicast) {
        setup.option(IPPROTO_IPV6, IPV6_MULTICAST_IF, interface_index);
        setup.option(IPPROTO_IPV6, IPV6_MULTICAST_LOOP, kOff);
        setup.option(IPPROTO_IPV6, IPV6_MULTICAST_HOPS, int{kAdvertTtl});
    }
    return setup.error();
}

template <typename Value>
void add_control(msghdr& message, int type, const Value& value) {
    auto* const place =
        reinterpret_cast<cmsghdr*>(static_cast<std::uint8_t*>(message.msg_control) + message.msg_controllen);
    place->cmsg_level = IPPROTO_IPV6;
    place->cmsg_type = type;
    place->cmsg_len = CMSG_LEN(sizeof value);
    std::memcpy(CMSG_DATA(place), &value, sizeof value);
    message.msg_controllen += CMSG_SPACE(sizeof value);
}

template <typename Value>
Value read_control(const cmsghdr* place) {
    Value value{};
    if (place->cmsg_len >= CMSG_LEN(sizeof value)) {
        std::memcpy(&value, CMSG_DATA(place), sizeof value);
    }
    return value;
}

}  // namespace

core::Result<AdvertSockets> open_advert_sockets(const Transport& transport, const netlink::Link* link) {
    const int interface_index = link != nullptr ? link->index : 0;
    AdvertSockets sockets;
    int error = open_receiver(transport, interface_index, sockets.receive);
    if (error == 0) {
        error = open_sender(transport, interface_index, sockets.send);
    }
    if (error != 0) {
        return core::failure(fmt::format("opening VRRP sockets for {}{}{}", transport.address,
                                         transport.interface.empty() ? "" : " on ", transport.interface),
                             error);
    }
    return sockets;
}

void set_receive_buffer(int socket, std::size_t bytes) {
    const int size = static_cast<int>(std::min<std::size_t>(bytes, std::numeric_limits<int>::max() / 2));
    (void)::setsockopt(socket, SOL_SOCKET, SO_RCVBUF, &size, sizeof size);
}

int send_advert(int socket, const action::SendAdvert& advert, const OutgoingAdvert& datagram, const SendRoute& route) {
    const SocketName to = to_name(datagram.destination, route.interface_index);
    const int flags = MSG_DONTWAIT | MSG_NOSIGNAL | (route.unicast ? 0 : MSG_DONTROUTE);
    if (datagram.destination.is_ipv4()) {
        const auto sent = ::sendto(socket, datagram.octets.data(), datagram.octets.size(), flags, to.get(), to.size);
        return sent < 0 ? errno : 0;
    }
    alignas(cmsghdr) std::array<std::uint8_t, CMSG_SPACE(sizeof(in6_pktinfo)) + CMSG_SPACE(sizeof(int))> control{};
    iovec vector{const_cast<std::uint8_t*>(datagram.octets.data()), datagram.octets.size()};
    msghdr message{};
    message.msg_name = const_cast<sockaddr*>(to.get());
    message.msg_namelen = to.size;
    message.msg_iov = &vector;
    message.msg_iovlen = 1;
    message.msg_control = control.data();
    in6_pktinfo info{};
    info.ipi6_addr = to_in6_addr(advert.source);
    info.ipi6_ifindex = static_cast<decltype(info.ipi6_ifindex)>(route.interface_index);
    add_control(message, IPV6_PKTINFO, info);
    if (advert.hop_limit) {
        add_control(message, IPV6_HOPLIMIT, int{*advert.hop_limit});
    }
    return ::sendmsg(socket, &message, flags) < 0 ? errno : 0;
}

AdvertInbox::AdvertInbox() {
    for (std::size_t i = 0; i < kDatagrams; ++i) {
        vectors_[i] = {buffers_[i].data(), buffers_[i].size()};
        msghdr& header = messages_[i].msg_hdr;
        header.msg_iov = &vectors_[i];
        header.msg_iovlen = 1;
    }
}

std::size_t AdvertInbox::read(int socket, core::Address::Family family) {
    family_ = family;
    for (std::size_t i = 0; i < kDatagrams; ++i) {
        msghdr& header = messages_[i].msg_hdr;
        const bool ipv6 = family == core::Address::Family::ipv6;  // an IPv4 header says everything itself
        header.msg_name = ipv6 ? &sources_[i] : nullptr;
        header.msg_namelen = ipv6 ? sizeof sources_[i] : 0;
        header.msg_control = controls_[i].data();
        header.msg_controllen = kControl;
    }
    int count = 0;
    do {
        count = ::recvmmsg(socket, messages_.data(), kDatagrams, MSG_DONTWAIT, nullptr);
    } while (count < 0 && (errno == EINTR || errno == ENETDOWN));
    timespec world{};
    (void)::clock_gettime(CLOCK_REALTIME, &world);
    read_at_ = core::now();
    read_at_world_ = to_nanoseconds(world);
    return count < 0 ? 0 : static_cast<std::size_t>(count);
}

std::optional<core::TimePoint> AdvertInbox::arrival(std::int64_t stamp) const {
    const auto age = std::chrono::nanoseconds(read_at_world_ - stamp);
    if (age < std::chrono::nanoseconds(0) || age > kLongestWait) {
        return std::nullopt;
    }
    return read_at_ - std::chrono::duration_cast<core::Duration>(age);
}

bool AdvertInbox::is_truncated(std::size_t index) const {
    return (messages_.at(index).msg_hdr.msg_flags & MSG_TRUNC) != 0;
}

std::optional<Datagram> AdvertInbox::datagram(std::size_t index) const {
    if (is_truncated(index)) {
        return std::nullopt;
    }
    const std::span<const std::uint8_t> octets(buffers_.at(index).data(), size(index));
    in6_pktinfo info{};
    int hop_limit = 0;
    std::optional<core::TimePoint> arrived;
    auto header = messages_.at(index).msg_hdr;  // the macros want one that may be written
    for (cmsghdr* place = CMSG_FIRSTHDR(&header); place != nullptr; place = CMSG_NXTHDR(&header, place)) {
        if (place->cmsg_level == IPPROTO_IPV6 && place->cmsg_type == IPV6_PKTINFO) {
            info = read_control<in6_pktinfo>(place);
        } else if (place->cmsg_level == IPPROTO_IPV6 && place->cmsg_type == IPV6_HOPLIMIT) {
            hop_limit = read_control<int>(place);
        } else if (place->cmsg_level == SOL_SOCKET && place->cmsg_type == SCM_TIMESTAMPNS) {
            arrived = arrival(to_nanoseconds(read_control<timespec>(place)));
        }
    }
    auto datagram = family_ == core::Address::Family::ipv4
                        ? read_ipv4(octets)
                        : received_ipv6(to_address(sources_.at(index).sin6_addr), to_address(info.ipi6_addr),
                                        static_cast<std::uint8_t>(hop_limit), octets);
    if (datagram) {
        datagram->arrived = arrived;
    }
    return datagram;
}

}  // namespace sustain::vrrp
