#include "netlink/datagrams.hpp"

#include <sys/socket.h>
#include <sys/uio.h>

#include <algorithm>
#include <array>
#include <cerrno>

namespace sustain::netlink {

namespace {

void set_option(int socket, int level, int option, int value) {
    // All of them are improvements that an old kernel may lack.
    (void)::setsockopt(socket, level, option, &value, sizeof value);
}

constexpr std::size_t kMostDatagrams = 64;

/// Up to `most` datagrams in one system call, each into an equal part of the buffer.
Received receive(int socket, std::span<std::uint8_t> buffer, std::size_t most) {
    const std::size_t count = std::min(most, kMostDatagrams);
    const std::size_t part = buffer.size() / count;
    std::array<mmsghdr, kMostDatagrams> packets{};
    std::array<iovec, kMostDatagrams> vectors{};
    std::array<sockaddr_nl, kMostDatagrams> senders{};
    for (std::size_t i = 0; i < count; ++i) {
        vectors[i] = {buffer.data() + i * part, part};
        packets[i].msg_hdr.msg_name = &senders[i];
        packets[i].msg_hdr.msg_namelen = sizeof senders[i];
        packets[i].msg_hdr.msg_iov = &vectors[i];
        packets[i].msg_hdr.msg_iovlen = 1;
    }
    int got = 0;
    do {
        got = ::recvmmsg(socket, packets.data(), static_cast<unsigned>(count), MSG_DONTWAIT, nullptr);
    } while (got < 0 && errno == EINTR);
    if (got < 0) {
        switch (errno) {
            case EAGAIN: return {};
            case ENOBUFS: return {Received::Kind::overrun, 0, {}};
            default: return {Received::Kind::failed, errno, {}};
        }
    }
    Received received{Received::Kind::messages, 0, {}};
    for (std::size_t i = 0; i < static_cast<std::size_t>(got); ++i) {
        if (packets[i].msg_hdr.msg_namelen != sizeof senders[i] || senders[i].nl_pid != 0) {
            continue;  // not from the kernel: as if it had said nothing
        }
        if ((packets[i].msg_hdr.msg_flags & MSG_TRUNC) != 0) {
            received.kind = Received::Kind::overrun;
            continue;
        }
        const auto messages = split(buffer.subspan(i * part, packets[i].msg_len));
        received.messages.insert(received.messages.end(), messages.begin(), messages.end());
    }
    return received;
}

}  // namespace

void set_receive_buffer(int socket, const ReceiveBuffer& buffer) {
    set_option(socket, SOL_SOCKET, SO_RCVBUF, buffer.octets);
    if (buffer.force) {
        set_option(socket, SOL_SOCKET, SO_RCVBUFFORCE, buffer.octets);
    }
}

core::Result<core::UniqueFd> open_netlink_socket(int protocol, const ReceiveBuffer& buffer) {
    core::UniqueFd socket(::socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC | SOCK_NONBLOCK, protocol));
    sockaddr_nl self{};
    self.nl_family = AF_NETLINK;
    if (!socket || ::bind(socket.get(), reinterpret_cast<const sockaddr*>(&self), sizeof self) != 0) {
        return core::failure("opening a netlink socket", errno);
    }
    set_receive_buffer(socket.get(), buffer);
    set_option(socket.get(), SOL_NETLINK, NETLINK_CAP_ACK, 1);
    set_option(socket.get(), SOL_NETLINK, NETLINK_EXT_ACK, 1);
    return socket;
}

int send_together(int socket, std::span<const Message* const> messages) {
    std::vector<iovec> vectors;
    vectors.reserve(messages.size());
    for (const Message* message : messages) {
        // Every header and attribute is padded within the buffer, so that messages stand aligned one after another.
        const auto octets = message->octets();
        vectors.push_back({const_cast<std::uint8_t*>(octets.data()), NLMSG_ALIGN(octets.size())});
    }
    sockaddr_nl kernel{};
    kernel.nl_family = AF_NETLINK;
    msghdr packet{};
    packet.msg_name = &kernel;
    packet.msg_namelen = sizeof kernel;
    packet.msg_iov = vectors.data();
    packet.msg_iovlen = vectors.size();
    ssize_t sent = 0;
    do {
        sent = ::sendmsg(socket, &packet, MSG_NOSIGNAL | MSG_DONTWAIT);
    } while (sent < 0 && errno == EINTR);
    return sent < 0 ? errno : 0;
}

Received receive_datagram(int socket, std::span<std::uint8_t> buffer) {
    return receive(socket, buffer, 1);
}

Received receive_short_datagrams(int socket, std::span<std::uint8_t> buffer) {
    return receive(socket, buffer, buffer.size() / kLargestShortDatagram);
}

std::vector<const nlmsghdr*> split(std::span<const std::uint8_t> octets) {
    std::vector<const nlmsghdr*> messages;
    auto* next = const_cast<nlmsghdr*>(reinterpret_cast<const nlmsghdr*>(octets.data()));
    int remaining = static_cast<int>(octets.size());
    while (nlmsg_ok(next, remaining) != 0) {
        messages.push_back(next);
        next = nlmsg_next(next, &remaining);
    }
    return messages;
}

}  // namespace sustain::netlink
