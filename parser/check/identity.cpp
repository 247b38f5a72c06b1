#include "parser/check/identity.hpp"

#include <fmt/format.h>

#include <iterator>

namespace sustain::parser {

namespace {

std::string_view name_of(ipvs::Protocol protocol) {
    switch (protocol) {
        case ipvs::Protocol::tcp: return "tcp";
        case ipvs::Protocol::udp: return "udp";
        case ipvs::Protocol::sctp: return "sctp";
        case ipvs::Protocol::none: break;
    }
    return "none";
}

std::string_view name_of(const checker::Kind& kind) {
    // in the order of the alternatives
    static constexpr std::string_view kNames[] = {"TCP_CHECK",  "HTTP_GET",   "SMTP_CHECK", "DNS_CHECK", "UDP_CHECK",
                                                  "PING_CHECK", "MISC_CHECK", "BFD_CHECK",  "FILE_CHECK"};
    static_assert(std::size(kNames) == std::variant_size_v<checker::Kind>);
    return kNames[kind.index()];
}

// What two identities differ in, in words that cannot run into each other.

template <typename T>
concept Identified = requires(const T& value) {
    value.identity();
};

template <Identified T>
void append(std::string& text, const T& value);

void append(std::string& text, const std::string& value) {
    fmt::format_to(std::back_inserter(text), " {}:{}", value.size(), value);
}

template <typename T>
requires std::is_integral_v<T> || std::is_enum_v<T>
void append(std::string& text, T value) {
    fmt::format_to(std::back_inserter(text), " {}", static_cast<std::int64_t>(value));
}

template <typename T>
void append(std::string& text, const std::vector<T>& values) {
    append(text, values.size());
    for (const T& value : values) {
        append(text, value);
    }
}

/// Of an optional or boxed value.
template <typename T>
requires requires(const T& value) {
    value.has_value();
    *value;
}
void append(std::string& text, const T& value) {
    if (value.has_value()) {
        append(text, *value);
    } else {
        text += " -";
    }
}

template <Identified T>
void append(std::string& text, const T& value) {
    std::apply([&text](const auto&... parts) { (append(text, parts), ...); }, value.identity());
}

}  // namespace

std::string server_name(const core::Address& address, ipvs::Protocol protocol, std::uint16_t port) {
    std::string name = "[";
    name += address.to_string();
    name += "]:";
    name += name_of(protocol);
    name += ':';
    name += fmt::format_int(port).c_str();
    return name;
}

std::string identity_text(const checker::Identity& identity) {
    const checker::Endpoint& endpoint = identity.endpoint;
    std::string text;
    text.reserve(64);
    text += name_of(identity.kind);
    text += ' ';
    text += endpoint.address.to_string();
    text += ' ';
    text += fmt::format_int(endpoint.port).c_str();
    text += " timeout ";
    text += fmt::format_int(identity.connect_timeout.count()).c_str();
    if (endpoint.bind_address) {
        fmt::format_to(std::back_inserter(text), " from {} {}", *endpoint.bind_address, endpoint.bind_port);
    }
    if (!endpoint.bind_interface.empty()) {
        text += " on ";
        text += endpoint.bind_interface;
    }
    if (endpoint.fwmark != 0) {
        fmt::format_to(std::back_inserter(text), " mark {}", endpoint.fwmark);
    }
    std::visit([&text](const auto& kind) { append(text, kind); }, identity.kind);
    return text;
}

}  // namespace sustain::parser
