#include "vrrp/advert_socket.hpp"

#include <linux/filter.h>
#include <netinet/in.h>
#include <sys/socket.h>

#include <array>
#include <cerrno>
#include <cstring>

#include "vrrp/datagram.hpp"

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
        check(::setsockopt(socket_, SOL_SOCKET, SO_BINDTODEVICE, device.data(), static_cast<socklen_t>(device.size())));
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

sockaddr_in to_sockaddr(const core::Address& address) {
    sockaddr_in result{};
    result.sin_family = AF_INET;
    result.sin_addr = to_in_addr(address);
    return result;
}

core::UniqueFd raw_socket() {
    return core::UniqueFd(::socket(AF_INET, SOCK_RAW | SOCK_NONBLOCK | SOCK_CLOEXEC, kProtocol));
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

int open_receiver(const netlink::Link& link, const core::Address& group, core::UniqueFd& socket) {
    socket = raw_socket();
    if (!socket) {
        return errno;
    }
    Setup setup(socket.get());
    setup.bind_to_device(link.name);
    const sockaddr_in name = to_sockaddr(group);
    setup.check(::bind(socket.get(), reinterpret_cast<const sockaddr*>(&name), sizeof name));
    drain(socket.get());  // what other interfaces have brought since it was opened
    setup.option(IPPROTO_IP, IP_MULTICAST_ALL, 0);
    setup.option(IPPROTO_IP, IP_ADD_MEMBERSHIP, ip_mreqn{to_in_addr(group), {}, link.index});
    return setup.error();
}

int open_sender(const netlink::Link& link, core::UniqueFd& socket) {
    socket = raw_socket();
    if (!socket) {
        return errno;
    }
    Setup setup(socket.get());
    drop_everything(setup);
    setup.option(SOL_SOCKET, SO_RCVBUF, 0);
    setup.bind_to_device(link.name);
    setup.option(IPPROTO_IP, IP_HDRINCL, 1);
    setup.option(IPPROTO_IP, IP_TOS, int{kAdvertTos});
    setup.option(IPPROTO_IP, IP_MULTICAST_ALL, 0);
    setup.option(IPPROTO_IP, IP_MULTICAST_IF, ip_mreqn{{}, {}, link.index});
    setup.option(IPPROTO_IP, IP_MULTICAST_LOOP, 0);
    return setup.error();
}

}  // namespace

core::Result<AdvertSockets> open_advert_sockets(const netlink::Link& link, const core::Address& group) {
    AdvertSockets sockets;
    int error = open_receiver(link, group, sockets.receive);
    if (error == 0) {
        error = open_sender(link, sockets.send);
    }
    if (error != 0) {
        return core::failure(fmt::format("opening VRRP sockets on {}", link.name), error);
    }
    return sockets;
}

int send_advert(int socket, const core::Address& group, std::span<const std::uint8_t> datagram) {
    const sockaddr_in to = to_sockaddr(group);
    const auto sent = ::sendto(socket, datagram.data(), datagram.size(), MSG_DONTWAIT | MSG_DONTROUTE | MSG_NOSIGNAL,
                               reinterpret_cast<const sockaddr*>(&to), sizeof to);
    return sent < 0 ? errno : 0;
}

AdvertRead receive_advert(int socket, std::span<std::uint8_t> buffer) {
    ssize_t count = 0;
    do {
        count = ::recv(socket, buffer.data(), buffer.size(), MSG_DONTWAIT | MSG_TRUNC);
    } while (count < 0 && (errno == EINTR || errno == ENETDOWN));
    if (count < 0) {
        return {};
    }
    const auto size = static_cast<std::size_t>(count);
    if (size > buffer.size()) {
        return {AdvertRead::Kind::truncated, {}};
    }
    return {AdvertRead::Kind::datagram, buffer.first(size)};
}

}  // namespace sustain::vrrp
