// What HTTP_GET, SSL_GET and genhash ask a server (spec/lvs.md 5.3 and 5.5), octet by octet. No I/O.
#pragma once

#include <string>
#include <string_view>

#include "checker/config.hpp"

namespace sustain::checker {

/// Path and host are sent as they are.
[[nodiscard]] std::string http_request(std::string_view path, std::string_view host, HttpProtocol protocol);

/// "192.0.2.1:80", "[2001:db8::1]:80": the host where no virtualhost is given.
[[nodiscard]] std::string host_of(const core::Address& address, std::uint16_t port);

/// The host of a url: the nearest virtualhost, or the destination.
[[nodiscard]] std::string host_of(const HttpGet& check, const Url& url, const Endpoint& endpoint);

/// The server name that is sent in the TLS handshake; empty: none.
[[nodiscard]] std::string server_name_of(const HttpGet& check, const Url& url);

}  // namespace sustain::checker
