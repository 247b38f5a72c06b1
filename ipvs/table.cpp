#include "ipvs/table.hpp"

#include <fmt/format.h>

namespace sustain::ipvs {

namespace {

std::string_view name_of(Protocol protocol) {
    switch (protocol) {
        case Protocol::tcp: return "tcp";
        case Protocol::udp: return "udp";
        case Protocol::sctp: return "sctp";
        case Protocol::none: break;
    }
    return "none";
}

}  // namespace

std::string to_string(const ServiceKey& key) {
    return key.fwmark != 0 ? fmt::format("FWM {}", key.fwmark) : server_name(key.address, key.protocol, key.port);
}

std::string server_name(const core::Address& address, Protocol protocol, std::uint16_t port) {
    return fmt::format("[{}]:{}:{}", address, name_of(protocol), port);
}

}  // namespace sustain::ipvs
