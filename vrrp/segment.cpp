#include "vrrp/segment.hpp"

#include "vrrp/advert_codec.hpp"

namespace sustain::vrrp {

namespace {

// Then timers get their turn, whatever else arrives.
constexpr std::size_t kDatagramsATurn = 64;
constexpr unsigned kLinesBurst = 10;
constexpr auto kLinesPeriod = std::chrono::seconds(1);

}  // namespace

core::Result<std::shared_ptr<Segment>> Segment::open(core::Loop& loop, Transport transport, const netlink::Link* link,
                                                     SharedInbox& inbox, Handler handler) {
    auto sockets = open_advert_sockets(transport, link);
    if (!sockets) {
        return std::unexpected(std::move(sockets.error()));
    }
    const int index = link != nullptr ? link->index : 0;
    core::log::detail("VRRP sockpool: [ifindex({:3}), family({}), proto({}), fd({},{}) {}, address({})]", index,
                      transport.address.is_ipv4() ? "IPv4" : "IPv6", transport.protocol, sockets->receive.get(),
                      sockets->send.get(), transport.unicast ? "unicast" : "multicast", transport.address);
    std::shared_ptr<Segment> segment(
        new Segment(loop, std::move(transport), index, std::move(*sockets), inbox, std::move(handler)));
    core::spawn(loop, "reading adverts", keep_reading(segment));
    return segment;
}

Segment::Segment(core::Loop& loop, Transport transport, int interface_index, AdvertSockets sockets, SharedInbox& inbox,
                 Handler handler)
    : transport_(std::move(transport)),
      interface_index_(interface_index),
      send_(std::move(sockets.send)),
      receive_(loop, sockets.receive.release()),
      inbox_(inbox),
      handler_(std::move(handler)),
      lines_(kLinesBurst, kLinesPeriod) {}

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

int Segment::send(const action::SendAdvert& advert, const OutgoingAdvert& datagram) {
    return send_advert(send_.get(), advert, datagram, {interface_index_, transport_.unicast});
}

void Segment::set_receive_buffer(std::size_t bytes) {
    if (bytes > 0) {
        vrrp::set_receive_buffer(receive_.native_handle(), bytes);
    }
}

void Segment::read(std::size_t count) {
    const auto self = shared_from_this();  // the handler may let go of us
    // What one segment reads may make another one be read before a takeover.
    SharedInbox inbox = inbox_ ? std::move(inbox_) : std::make_unique<AdvertInbox>();
    for (std::size_t handled = 0; handled < count && receive_.is_open();) {
        const std::size_t arrived = inbox->read(receive_.native_handle(), transport_.family());
        for (std::size_t i = 0; i < arrived && receive_.is_open(); ++i) {
            const auto datagram = inbox->datagram(i);
            if (datagram && addressed_vrid(*datagram)) {
                handler_(*datagram);
            } else if (lines_.allow(core::now())) {
                complain(*inbox, i);
            }
        }
        handled += arrived;
        if (arrived < AdvertInbox::kDatagrams) {
            break;
        }
    }
    inbox_ = std::move(inbox);
}

void Segment::complain(const AdvertInbox& inbox, std::size_t index) {
    const char* const family = transport_.address.is_ipv4() ? "IPv4" : "IPv6";
    const std::string place = transport_.interface.empty() ? std::string() : " on " + transport_.interface;
    if (inbox.is_truncated(index)) {
        core::log::info("{} VRRP packet{} is longer than any advert: ignored", family, place);
        return;
    }
    core::log::info("{} VRRP packet{} too short - {} bytes{}", family,
                    transport_.protocol == kAhProtocol ? " with AH" : "", inbox.size(index), place);
}

void Segment::close() {
    boost::system::error_code ignored;
    receive_.close(ignored);
    send_.reset();
}

}  // namespace sustain::vrrp
