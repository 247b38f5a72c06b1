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

std::string_view name_of(const checker::TcpCheck&) {
    return "TCP_CHECK";
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
    text += std::visit([](const auto& kind) { return name_of(kind); }, identity.kind);
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
    return text;
}

}  // namespace sustain::parser
