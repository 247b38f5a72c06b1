#include "vrrp/segment.hpp"

namespace sustain::vrrp {

namespace {

// Then timers get their turn, whatever else arrives.
constexpr std::size_t kDatagramsATurn = 32;

}  // namespace

core::Result<std::shared_ptr<Segment>> Segment::open(core::Loop& loop, const netlink::Link& link, Handler handler) {
    auto sockets = open_advert_sockets(link, multicast_group());
    if (!sockets) {
        return std::unexpected(std::move(sockets.error()));
    }
    core::log::detail("VRRP sockpool: [ifindex({:3}), family(IPv4), proto({}), fd({},{}) multicast, address({})]",
                      link.index, kProtocol, sockets->receive.get(), sockets->send.get(), multicast_group());
    std::shared_ptr<Segment> segment(new Segment(loop, link, std::move(*sockets), std::move(handler)));
    core::spawn(loop, "reading adverts", keep_reading(segment));
    return segment;
}

Segment::Segment(core::Loop& loop, const netlink::Link& link, AdvertSockets sockets, Handler handler)
    : name_(link.name),
      interface_index_(link.index),
      send_(std::move(sockets.send)),
      receive_(loop, sockets.receive.release()),
      handler_(std::move(handler)) {}

core::Awaitable<> Segment::keep_reading(std::shared_ptr<Segment> self) {
    for (;;) {
        const auto [error] = co_await self->receive_.async_wait(core::asio::posix::stream_descriptor::wait_read,
                                                                core::as_tuple_awaitable);
        if (error || !self->receive_.is_open()) {
            co_return;
        }
        self->read(kDatagramsATurn);
    }
}

int Segment::send(std::span<const std::uint8_t> datagram) {
    return send_advert(send_.get(), multicast_group(), datagram);
}

void Segment::read(std::size_t count) {
    const auto self = shared_from_this();  // the handler may let go of us
    for (; count > 0 && receive_.is_open(); --count) {
        const AdvertRead read = receive_advert(receive_.native_handle(), buffer_);
        if (read.kind == AdvertRead::Kind::nothing) {
            return;
        }
        if (read.kind == AdvertRead::Kind::truncated) {
            continue;
        }
        if (const auto datagram = read_ipv4(read.octets)) {
            handler_(*datagram);
        }
    }
}

void Segment::close() {
    boost::system::error_code ignored;
    receive_.close(ignored);
    send_.reset();
}

}  // namespace sustain::vrrp
