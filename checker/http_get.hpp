// HTTP_GET and SSL_GET: a page is fetched, and its status, digest or content is as expected (spec/lvs.md 5.3 to 5.5).
#pragma once

#include "checker/config.hpp"
#include "checker/outcome.hpp"
#include "checker/page_search.hpp"
#include "checker/tls.hpp"
#include "core/loop.hpp"

namespace sustain::checker {

/// What one attempt needs; all of it must outlive the attempt.
struct PageRequest {
    const Identity& identity;
    const HttpGet& check;
    const Url& url;
    const Pattern* pattern;  ///< of the url's regular expression; null: none, or one that does not compile
    const RegexStack& stack;
    TlsClient* tls;  ///< for SSL_GET
};

/// One attempt at one url. Connecting (for SSL_GET with the handshake) and the wait for the first octet take
/// connect_timeout at most each, as does the wait for each further read of HTTP_GET. The whole takes three times as
/// long at most, however steadily the server sends.
[[nodiscard]] core::Awaitable<Attempt> http_get(core::Loop& loop, PageRequest request);

}  // namespace sustain::checker
