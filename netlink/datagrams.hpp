// The system calls of a netlink socket, and the only place that touches its octets: what is handed out comes from
// the kernel (another process may send to our port too) and consists of complete messages.
#pragma once

#include <linux/netlink.h>

#include <cstdint>
#include <span>
#include <vector>

#include "core/error.hpp"
#include "core/unique_fd.hpp"
#include "netlink/message.hpp"

namespace sustain::netlink {

/// The kernel limits one answer of a dump to 32 KiB, other answers are far smaller.
constexpr std::size_t kLargestDatagram = 64 * 1024;

struct ReceiveBuffer {
    int octets = 1 << 20;
    bool force = true;  ///< beyond the system's limit (net.core.rmem_max) where we may
};

/// Of a socket that is open already.
void set_receive_buffer(int socket, const ReceiveBuffer& buffer);

/// A bound socket of `protocol` (NETLINK_ROUTE, NETLINK_GENERIC), non-blocking and close-on-exec, that asks for short
/// acknowledgements with explanations.
[[nodiscard]] core::Result<core::UniqueFd> open_netlink_socket(int protocol, const ReceiveBuffer& buffer);

/// Sends the messages as one datagram. \return 0 or errno.
[[nodiscard]] int send_together(int socket, std::span<const Message* const> messages);

/// What one read from the socket gave.
struct Received {
    enum class Kind : std::uint8_t {
        messages,
        nothing,  ///< nothing is there yet
        overrun,  ///< the kernel had something to say that did not fit (ENOBUFS); `messages` did
        failed
    };
    Kind kind = Kind::nothing;
    int code = 0;                           ///< errno where failed
    std::vector<const nlmsghdr*> messages;  ///< within the buffer given
};

[[nodiscard]] Received receive_datagram(int socket, std::span<std::uint8_t> buffer);

/// An acknowledgement with the kernel's explanation.
constexpr std::size_t kLargestShortDatagram = 1024;

/// As many waiting datagrams as a system call can fetch, none of them longer than kLargestShortDatagram: what answers
/// a batch of requests.
[[nodiscard]] Received receive_short_datagrams(int socket, std::span<std::uint8_t> buffer);

/// The complete messages within `octets`, which must be aligned as a nlmsghdr; a torn last one is left out.
[[nodiscard]] std::vector<const nlmsghdr*> split(std::span<const std::uint8_t> octets);

}  // namespace sustain::netlink
