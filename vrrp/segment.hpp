// One interface that virtual routers talk on: its sockets, and the reading of what arrives.
#pragma once

#include <array>
#include <functional>
#include <memory>

#include "core/loop.hpp"
#include "vrrp/advert_socket.hpp"
#include "vrrp/datagram.hpp"

namespace sustain::vrrp {

class Segment : public std::enable_shared_from_this<Segment> {
public:
    using Handler = std::function<void(const Datagram&)>;

    /// Joins the group on `link` and calls `handler` with each datagram until close().
    [[nodiscard]] static core::Result<std::shared_ptr<Segment>> open(core::Loop& loop, const netlink::Link& link,
                                                                     Handler handler);
    ~Segment() { close(); }
    Segment(const Segment&) = delete;
    Segment& operator=(const Segment&) = delete;

    /// \return 0 or errno.
    [[nodiscard]] int send(std::span<const std::uint8_t> datagram);
    /// Handles at most `count` datagrams that have arrived.
    void read(std::size_t count);
    void close();

    [[nodiscard]] int interface_index() const { return interface_index_; }

private:
    Segment(core::Loop& loop, const netlink::Link& link, AdvertSockets sockets, Handler handler);
    static core::Awaitable<> keep_reading(std::shared_ptr<Segment> self);

    // The largest advert (60 octets of IP header, 255 addresses and any trailer) is far smaller.
    static constexpr std::size_t kLargestDatagram = 2048;

    std::string name_;
    int interface_index_;
    core::UniqueFd send_;
    core::asio::posix::stream_descriptor receive_;
    Handler handler_;
    std::array<std::uint8_t, kLargestDatagram> buffer_{};
};

}  // namespace sustain::vrrp
