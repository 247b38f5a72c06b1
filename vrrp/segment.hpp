// A transport that virtual routers talk on: its sockets, and the reading of what arrives.
#pragma once

#include <functional>
#include <memory>
#include <string>

#include "core/loop.hpp"
#include "vrrp/advert_socket.hpp"
#include "vrrp/datagram.hpp"
#include "vrrp/rate_limit.hpp"

namespace sustain::vrrp {

class Segment : public std::enable_shared_from_this<Segment> {
public:
    using Handler = std::function<void(const Datagram&)>;
    /// A buffer that all segments of a process use in turn; empty while one of them does.
    using SharedInbox = std::unique_ptr<AdvertInbox>;

    /// Opens the sockets and calls `handler` with each datagram until close(). `link` is that of the transport's
    /// interface, if it has one. `inbox` must outlive it.
    [[nodiscard]] static core::Result<std::shared_ptr<Segment>> open(core::Loop& loop, Transport transport,
                                                                     const netlink::Link* link, SharedInbox& inbox,
                                                                     Handler handler);
    ~Segment() { close(); }
    Segment(const Segment&) = delete;
    Segment& operator=(const Segment&) = delete;

    /// \return 0 or errno, of the one datagram.
    [[nodiscard]] int send(const action::SendAdvert& advert, const OutgoingAdvert& datagram);
    /// Handles about `count` datagrams that have arrived.
    void read(std::size_t count);
    /// Zero: what the system gives.
    void set_receive_buffer(std::size_t bytes);
    void close();

    [[nodiscard]] int interface_index() const { return interface_index_; }

private:
    Segment(core::Loop& loop, Transport transport, int interface_index, AdvertSockets sockets, SharedInbox& inbox,
            Handler handler);
    static core::Awaitable<> keep_reading(std::shared_ptr<Segment> self);
    void complain(const AdvertInbox& inbox, std::size_t index);

    Transport transport_;
    int interface_index_;
    core::UniqueFd send_;
    core::asio::posix::stream_descriptor receive_;
    SharedInbox& inbox_;
    Handler handler_;
    RateLimit lines_;
};

}  // namespace sustain::vrrp
