// The page behind one url of an HTTP_GET or SSL_GET: takes what the server sends and judges it (spec/lvs.md 5.3). No
// I/O, and no more memory than a read and what a regular expression holds on to.
#pragma once

#include <cstdint>
#include <optional>
#include <span>

#include "checker/config/http_get.hpp"
#include "checker/http_reply.hpp"
#include "checker/md5.hpp"
#include "checker/outcome.hpp"
#include "checker/page_search.hpp"

namespace sustain::checker {

class Page {
public:
    /// Pattern: that of the url; null if it has none, or one that does not compile. All of them must outlive it.
    Page(const Url& url, const Pattern* pattern, const RegexStack& stack);

    /// Where the next read goes.
    [[nodiscard]] std::span<std::uint8_t> room() { return reply_.room(); }
    /// So many octets were read. False: it is over, nothing that follows can make it good.
    [[nodiscard]] bool received(std::size_t count);
    /// After the server has closed.
    [[nodiscard]] Attempt judge();

    /// Octets of the body more than Content-Length says; nothing if it says nothing.
    [[nodiscard]] std::optional<std::int64_t> surplus() const;

private:
    const Url& url_;
    HttpReply reply_;
    std::optional<Md5> digest_;
    std::optional<PageSearch> search_;
};

}  // namespace sustain::checker
