#include "checker/dns_message.hpp"

#include <string_view>

#include "core/bytes.hpp"

namespace sustain::checker {

namespace {

constexpr std::uint16_t kRecursionDesired = 0x0100;
constexpr std::uint16_t kResponse = 0x8000;
constexpr std::uint16_t kResponseCode = 0x000f;
constexpr std::uint16_t kInternet = 1;
constexpr std::size_t kLongestLabel = 63;
constexpr std::size_t kLongestName = 253;

}  // namespace

std::optional<std::vector<std::uint8_t>> make_dns_query(const DnsCheck& check, std::uint16_t id) {
    if (check.name.size() > kLongestName) {
        return std::nullopt;
    }
    core::ByteWriter out;
    out.u16(id);
    out.u16(kRecursionDesired);
    out.u16(1);  // one question, nothing else
    out.u16(0);
    out.u16(0);
    out.u16(0);
    for (std::string_view rest = check.name; !rest.empty();) {
        const std::string_view label = rest.substr(0, rest.find('.'));
        if (label.empty() || label.size() > kLongestLabel) {
            return std::nullopt;
        }
        out.u8(static_cast<std::uint8_t>(label.size()));
        out.raw(label);
        rest.remove_prefix(label.size() < rest.size() ? label.size() + 1 : label.size());
    }
    out.u8(0);
    out.u16(static_cast<std::uint16_t>(check.type));
    out.u16(kInternet);
    return out.take();
}

DnsAnswer read_dns_answer(std::span<const std::uint8_t> datagram, std::uint16_t id) {
    core::ByteReader in(datagram);
    const std::uint16_t answered = in.u16();
    const std::uint16_t flags = in.u16();
    in.skip(8);  // how many records there are
    if (!in.ok() || answered != id || (flags & kResponse) == 0) {
        return {};
    }
    const auto code = static_cast<std::uint8_t>(flags & kResponseCode);
    return {code == 0 ? DnsAnswer::Kind::good : DnsAnswer::Kind::bad, code};
}

}  // namespace sustain::checker
