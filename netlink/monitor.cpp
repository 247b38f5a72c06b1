#include "netlink/monitor.hpp"

#include <linux/rtnetlink.h>
#include <sys/socket.h>

#include <cerrno>
#include <utility>

#include "netlink/datagrams.hpp"

namespace sustain::netlink {

namespace {

constexpr core::Duration kPauseBeforeReading = std::chrono::milliseconds(50);

}  // namespace

core::Result<std::unique_ptr<Monitor>> Monitor::open(core::Loop& loop, const ReceiveBuffer& buffer) {
    auto socket = open_netlink_socket(NETLINK_ROUTE, buffer);
    if (!socket) {
        return std::unexpected(std::move(socket.error()));
    }
    for (const int group : {RTNLGRP_LINK, RTNLGRP_IPV4_IFADDR, RTNLGRP_IPV6_IFADDR}) {
        if (::setsockopt(socket->get(), SOL_NETLINK, NETLINK_ADD_MEMBERSHIP, &group, sizeof group) != 0) {
            return core::failure("listening to changes of interfaces", errno);
        }
    }
    return std::unique_ptr<Monitor>(new Monitor(loop, std::move(*socket)));
}

Monitor::Monitor(core::Loop& loop, core::UniqueFd socket)
    : descriptor_(loop, socket.release()), buffer_(kLargestDatagram) {}

core::Awaitable<core::Result<>> Monitor::synchronise() {
    Changes changes;
    auto result = request_dump();
    while (result && dump_ != Dump::none) {
        result = co_await receive(changes);
        changes.clear();
    }
    co_return result;
}

core::Awaitable<core::Result<Changes>> Monitor::next() {
    Changes changes;
    while (changes.empty()) {
        if (auto result = co_await receive(changes); !result) {
            co_return std::unexpected(std::move(result.error()));
        }
    }
    co_return changes;
}

core::Awaitable<core::Result<>> Monitor::receive(Changes& changes) {
    const Received received = receive_datagram(descriptor_.native_handle(), buffer_);
    switch (received.kind) {
        case Received::Kind::messages:
            for (const nlmsghdr* message : received.messages) {
                take(message, changes);
            }
            break;
        case Received::Kind::overrun:
            if (!std::exchange(overrun_told_, true)) {
                core::log::warning("Netlink: Receive buffer overrun on monitor socket - reading everything anew");
            }
            again_ = true;
            break;
        case Received::Kind::failed: co_return core::failure("listening to changes of interfaces", received.code);
        case Received::Kind::nothing: {
            const auto [error] = co_await descriptor_.async_wait(core::asio::posix::stream_descriptor::wait_read,
                                                                 core::as_tuple_awaitable);
            if (error) {
                co_return core::failure("listening to changes of interfaces", error.value());
            }
        }
    }
    if (again_ && dump_ == Dump::none) {
        // Not at once: while changes come that fast, a new dump would be overtaken, too, and others want to run.
        core::Timer pause(descriptor_.get_executor(), kPauseBeforeReading);
        (void)co_await pause.async_wait(core::as_tuple_awaitable);
        co_return request_dump();
    }
    co_return core::Result<>();
}

core::Result<> Monitor::request_dump() {
    if (dump_ == Dump::none) {
        dump_ = Dump::links;
        again_ = false;
        table_.begin_dump();
    }
    Message request = dump_ == Dump::links ? dump_links() : dump_addresses();
    request.header()->nlmsg_seq = ++sequence_;
    const Message* message = &request;
    if (const int code = send_together(descriptor_.native_handle(), {&message, 1}); code != 0) {
        return core::failure("reading the interfaces", code);
    }
    return {};
}

void Monitor::take(const nlmsghdr* message, Changes& changes) {
    const bool answer = dump_ != Dump::none && message->nlmsg_seq == sequence_;
    if (answer && (message->nlmsg_flags & NLM_F_DUMP_INTR) != 0) {
        again_ = true;
    }
    if (!answer || (message->nlmsg_type != NLMSG_DONE && message->nlmsg_type != NLMSG_ERROR)) {
        table_.take(message, changes);
        return;
    }
    // Addresses are asked for when the interfaces are known that they belong to.
    if (dump_ == Dump::links && message->nlmsg_type == NLMSG_DONE) {
        dump_ = Dump::addresses;
        again_ |= !request_dump().has_value();
    } else {
        dump_ = Dump::none;
        if (message->nlmsg_type == NLMSG_DONE && !again_) {
            table_.end_dump(changes);
            overrun_told_ = false;
        } else {
            again_ = true;
        }
    }
}

}  // namespace sustain::netlink
