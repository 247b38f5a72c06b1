// The command line of genhash (spec/genhash.md).
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "checker/config/http_get.hpp"
#include "core/address.hpp"
#include "core/time.hpp"

namespace sustain::genhash {

struct Options {
    std::optional<core::Address> server;
    std::optional<std::uint16_t> port;
    std::optional<std::string> url;
    std::string virtualhost;  ///< empty: the server and its port
    bool tls = false;
    bool sni = false;  ///< the virtualhost is the server name
    bool verbose = false;
    std::uint32_t fwmark = 0;
    checker::HttpProtocol protocol = checker::HttpProtocol::http_1_0;
    core::Duration timeout = std::chrono::seconds(4295);  ///< of each step
};

struct CommandLine {
    std::optional<Options> options;  ///< absent: usage is to be shown
    std::string complaint;           ///< what is wrong; may be empty
};

/// Words: everything behind the program's name. The last one of an option counts.
[[nodiscard]] CommandLine parse(const std::vector<std::string>& words);

/// `program`: "genhash" or "keepalived --genhash".
[[nodiscard]] std::string usage(const std::string& program);

}  // namespace sustain::genhash
