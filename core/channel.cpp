#include "core/channel.hpp"

#include <sys/socket.h>

#include <array>
#include <cerrno>
#include <cstring>

namespace sustain::core {

namespace {

/// Room for the control data of one descriptor, aligned as the kernel wants it.
union ControlData {
    cmsghdr header;
    std::array<std::uint8_t, CMSG_SPACE(sizeof(int))> octets;
};

bool send_packet(int socket, std::span<const std::uint8_t> octets, int attached) {
    iovec vector{const_cast<std::uint8_t*>(octets.data()), octets.size()};
    msghdr packet{};
    packet.msg_iov = &vector;
    packet.msg_iovlen = 1;
    ControlData control{};
    if (attached >= 0) {
        packet.msg_control = &control;
        packet.msg_controllen = sizeof control.octets;
        cmsghdr* header = CMSG_FIRSTHDR(&packet);
        header->cmsg_level = SOL_SOCKET;
        header->cmsg_type = SCM_RIGHTS;
        header->cmsg_len = CMSG_LEN(sizeof attached);
        std::memcpy(CMSG_DATA(header), &attached, sizeof attached);
    }
    return ::sendmsg(socket, &packet, MSG_NOSIGNAL | MSG_DONTWAIT) >= 0;
}

UniqueFd attached_descriptor(msghdr& packet) {
    UniqueFd attached;
    for (cmsghdr* header = CMSG_FIRSTHDR(&packet); header != nullptr; header = CMSG_NXTHDR(&packet, header)) {
        if (header->cmsg_level == SOL_SOCKET && header->cmsg_type == SCM_RIGHTS &&
            header->cmsg_len == CMSG_LEN(sizeof(int))) {
            int fd = -1;
            std::memcpy(&fd, CMSG_DATA(header), sizeof fd);
            attached.reset(fd);
        }
    }
    return attached;
}

/// One packet as a Message, or nothing if none is there yet.
std::optional<Result<Channel::Received>> receive_packet(int socket) {
    std::array<std::uint8_t, kLargestMessage> octets;
    iovec vector{octets.data(), octets.size()};
    ControlData control{};
    msghdr packet{};
    packet.msg_iov = &vector;
    packet.msg_iovlen = 1;
    packet.msg_control = &control;
    // Exactly one descriptor: CMSG_SPACE has room for two on 64 bit, and the second would leak.
    packet.msg_controllen = CMSG_LEN(sizeof(int));

    ssize_t count = 0;
    do {
        count = ::recvmsg(socket, &packet, MSG_CMSG_CLOEXEC | MSG_DONTWAIT);
    } while (count < 0 && errno == EINTR);
    if (count < 0 && errno == EAGAIN) {
        return std::nullopt;
    }
    if (count == 0 || (count < 0 && errno == ECONNRESET)) {
        return std::unexpected(Error{"the other process closed its end of the channel", 0});
    }
    if (count < 0) {
        return failure("reading a message of another process", errno);
    }
    UniqueFd attached = attached_descriptor(packet);
    auto message = decode({octets.data(), static_cast<std::size_t>(count)});
    if (!message || (packet.msg_flags & (MSG_TRUNC | MSG_CTRUNC)) != 0) {
        return failure("reading a message of another process", EBADMSG);
    }
    return Channel::Received{*message, std::move(attached)};
}

}  // namespace

Result<std::pair<UniqueFd, UniqueFd>> make_channel_ends() {
    int ends[2];
    if (::socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_NONBLOCK | SOCK_CLOEXEC, 0, ends) != 0) {
        return failure("making a channel to a child process", errno);
    }
    return std::pair(UniqueFd(ends[0]), UniqueFd(ends[1]));
}

Channel::Channel(Loop& loop, UniqueFd end) : descriptor_(loop, end.release()) {}

void Channel::send(const Message& message, UniqueFd attached) {
    if (!descriptor_.is_open()) {
        return;
    }
    outgoing_.push_back({encode(message), std::move(attached)});
    flush();
}

void Channel::flush() {
    while (!waiting_for_room_ && !outgoing_.empty()) {
        const Outgoing& next = outgoing_.front();
        if (!send_packet(descriptor_.native_handle(), next.octets, next.attached.get())) {
            if (errno == EINTR) {
                continue;
            }
            if (errno == EAGAIN || errno == ENOBUFS) {
                wait_for_room();
            } else {
                outgoing_.clear();  // nobody is left to read it; receive() tells
            }
            return;
        }
        outgoing_.pop_front();
    }
}

void Channel::wait_for_room() {
    waiting_for_room_ = true;
    descriptor_.async_wait(asio::posix::stream_descriptor::wait_write, [this](boost::system::error_code error) {
        if (error) {
            return;  // closed: `this` may be gone
        }
        waiting_for_room_ = false;
        flush();
    });
}

Awaitable<Result<Channel::Received>> Channel::receive() {
    for (;;) {
        if (auto packet = receive_packet(descriptor_.native_handle())) {
            co_return std::move(*packet);
        }
        const auto [error] =
            co_await descriptor_.async_wait(asio::posix::stream_descriptor::wait_read, as_tuple_awaitable);
        if (error) {
            co_return std::unexpected(Error{"the channel was closed", 0});
        }
    }
}

void Channel::close() {
    outgoing_.clear();
    boost::system::error_code ignored;
    descriptor_.close(ignored);
}

}  // namespace sustain::core
