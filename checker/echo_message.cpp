#include "checker/echo_message.hpp"

#include <netinet/icmp6.h>
#include <netinet/ip_icmp.h>

#include <string_view>

#include "checker/udp_reply.hpp"
#include "core/bytes.hpp"

namespace sustain::checker {

EchoRequest make_echo_request(core::Address::Family family, std::uint16_t sequence) {
    EchoRequest request{};
    request[0] = family == core::Address::Family::ipv4 ? ICMP_ECHO : ICMP6_ECHO_REQUEST;
    request[6] = static_cast<std::uint8_t>(sequence >> 8U);
    request[7] = static_cast<std::uint8_t>(sequence);
    for (std::size_t i = 0; i < kEchoDataSize; ++i) {
        request[kEchoHeaderSize + i] = static_cast<std::uint8_t>(kGreeting[i % kGreeting.size()]);
    }
    return request;
}

bool is_echo_reply(std::span<const std::uint8_t> message, core::Address::Family family, std::uint16_t sequence) {
    core::ByteReader in(message);
    const std::uint8_t type = in.u8();
    in.skip(1 + 2 + 2);  // code, checksum, identifier: the kernel has compared them
    const std::uint16_t answered = in.u16();
    const std::uint8_t wanted = family == core::Address::Family::ipv4 ? ICMP_ECHOREPLY : ICMP6_ECHO_REPLY;
    return in.ok() && type == wanted && answered == sequence;
}

}  // namespace sustain::checker
