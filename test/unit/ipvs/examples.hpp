// Virtual servers to play with.
#pragma once

#include <initializer_list>

#include "ipvs/config.hpp"

namespace sustain::test {

inline core::Address address(std::string_view text) {
    return core::Address::parse(text).value();
}

/// A real server at 10.0.0.`host`:80 with one check, number `host`.
inline ipvs::RealServer real_server(std::uint32_t host, std::int32_t weight = 1) {
    ipvs::RealServer server;
    server.address = core::Address::ipv4(0x0a000000 + host);
    server.port = 80;
    server.weight = weight;
    server.checks.push_back({.number = host, .alpha = false, .identity = "tcp " + server.address.to_string()});
    return server;
}

inline ipvs::VirtualServer virtual_server(std::initializer_list<ipvs::RealServer> servers) {
    ipvs::VirtualServer server;
    server.address = address("10.9.0.1");
    server.port = 80;
    server.scheduler = "wrr";
    server.real_servers = servers;
    return server;
}

inline ipvs::SorryServer sorry_server(std::uint32_t host = 99) {
    return {.address = core::Address::ipv4(0x0a000000 + host), .port = 80};
}

}  // namespace sustain::test
