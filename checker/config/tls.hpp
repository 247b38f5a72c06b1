// The files that SSL_GET checks offer or trust: the SSL block, of which there is one for all of them.
#pragma once

#include <string>

#include "core/secret.hpp"

namespace sustain::checker {

/// Empty: not given. Certificates of servers are not verified, whatever is trusted.
struct Tls {
    core::Secret password;    ///< of the private key
    std::string ca;           ///< file of trusted certificates
    std::string certificate;  ///< file with the chain that is offered where a server asks
    std::string key;          ///< file with its private key
};

}  // namespace sustain::checker
