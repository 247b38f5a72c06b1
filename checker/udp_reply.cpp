#include "checker/udp_reply.hpp"

#include <linux/errqueue.h>
#include <netinet/icmp6.h>
#include <netinet/ip_icmp.h>

#include <algorithm>

namespace sustain::checker {

std::span<const std::uint8_t> default_udp_payload() {
    static constexpr std::string_view kText = "keepalived check - keepalived ch";
    return {reinterpret_cast<const std::uint8_t*>(kText.data()), kText.size()};
}

bool is_good_reply(const UdpCheck& check, std::span<const std::uint8_t> reply, std::size_t length) {
    if (!check.reply) {
        return true;
    }
    if (length < check.min_reply_length || length > check.max_reply_length) {
        return false;
    }
    const BytePattern& pattern = *check.reply;
    const std::size_t compared = std::min({reply.size(), pattern.bytes.size(), pattern.mask.size()});
    for (std::size_t i = 0; i < compared; ++i) {
        if (((reply[i] ^ pattern.bytes[i]) & pattern.mask[i]) != 0) {
            return false;
        }
    }
    return true;
}

bool is_unreachable(const NetworkError& error) {
    return (error.icmp && error.type == ICMP_DEST_UNREACH) || (error.icmpv6 && error.type == ICMP6_DST_UNREACH);
}

bool is_failure(const UdpCheck& check, const NetworkError& error) {
    return is_unreachable(error) || (check.require_reply && check.reply);
}

NetworkError read_network_error(std::span<const std::uint8_t> octets) {
    sock_extended_err error{};
    const auto known = octets.first(std::min(sizeof error, octets.size()));
    std::ranges::copy(known, reinterpret_cast<std::uint8_t*>(&error));
    return {.icmp = error.ee_origin == SO_EE_ORIGIN_ICMP,
            .icmpv6 = error.ee_origin == SO_EE_ORIGIN_ICMP6,
            .type = error.ee_type,
            .code = error.ee_code};
}

}  // namespace sustain::checker
