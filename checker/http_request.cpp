#include "checker/http_request.hpp"

#include <fmt/format.h>

namespace sustain::checker {

std::string http_request(std::string_view path, std::string_view host, HttpProtocol protocol) {
    return fmt::format(
        "GET {} HTTP/1.{}\r\n"
        "User-Agent: KeepAliveClient\r\n"
        "{}"
        "Host: {}\r\n\r\n",
        path, protocol == HttpProtocol::http_1_1 ? 1 : 0,
        protocol == HttpProtocol::http_1_0 ? "" : "Connection: close\r\n", host);
}

std::string host_of(const core::Address& address, std::uint16_t port) {
    return address.is_ipv4() ? fmt::format("{}:{}", address, port) : fmt::format("[{}]:{}", address, port);
}

std::string host_of(const HttpGet& check, const Url& url, const Endpoint& endpoint) {
    for (const auto* const host :
         {&url.virtualhost, &check.virtualhost, &check.real_server_virtualhost, &check.virtual_server_virtualhost}) {
        if (*host) {
            return **host;
        }
    }
    return host_of(endpoint.address, endpoint.port);
}

std::string server_name_of(const HttpGet& check, const Url& url) {
    if (check.enable_sni) {
        // that of the real server is none of them
        for (const auto* const name :
             {&check.sni_name, &url.virtualhost, &check.virtualhost, &check.virtual_server_virtualhost}) {
            if (*name) {
                return **name;
            }
        }
    }
    return {};
}

}  // namespace sustain::checker
