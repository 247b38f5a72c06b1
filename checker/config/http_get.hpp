// HTTP_GET and SSL_GET: pages are fetched, and their status, digest or content is as expected (spec/lvs.md 5.3 to 5.5).
#pragma once

#include <algorithm>
#include <cstdint>
#include <optional>
#include <string>
#include <tuple>
#include <vector>

#include "checker/config/status_codes.hpp"
#include "core/boxed.hpp"

namespace sustain::checker {

/// The words of regex_options, in the order of their names in the manual; each stands for the option of PCRE2 of the
/// same name.
enum class RegexOption : std::uint8_t {
    allow_empty_class,
    alt_bsux,
    alt_circumflex,
    alt_verbnames,
    auto_callout,
    caseless,
    dollar_endonly,
    dotall,
    dupnames,
    extended,
    firstline,
    match_unset_backref,
    multiline,
    never_backslash_c,
    never_ucp,
    never_utf,
    no_auto_capture,
    no_auto_possess,
    no_dotstar_anchor,
    no_start_optimize,
    ucp,
    ungreedy,
    use_offset_limit,
    utf,
};

/// What a page must, or must not, contain.
struct Regex {
    std::string pattern;        ///< for PCRE2; it may be one that does not compile: it never matches then
    std::uint32_t options = 0;  ///< bit n: the RegexOption of number n
    bool forbidden = false;     ///< regex_no_match: a page that matches is a failure
    std::uint32_t min_offset = 0;
    std::optional<std::uint32_t> max_offset;  ///< where a match may begin at the latest
    std::uint32_t stack_start = 0;            ///< of the JIT compiler, in bytes; 0: as the library likes
    std::uint32_t stack_max = 0;

    void add(RegexOption option) { options |= 1U << static_cast<unsigned>(option); }
    [[nodiscard]] bool has(RegexOption option) const { return (options >> static_cast<unsigned>(option) & 1U) != 0; }

    /// What makes it the same one after a reload (spec/lvs.md 11.3).
    [[nodiscard]] auto identity() const { return std::tie(pattern, options, forbidden, min_offset, max_offset); }
    bool operator==(const Regex& other) const { return identity() == other.identity(); }
};

struct Url {
    std::string path;    ///< sent as it is
    std::string digest;  ///< MD5 of the body, 32 lower case hexadecimal digits; empty: any
    StatusCodes status;  ///< nothing in it: 200 to 299
    std::optional<std::string> virtualhost;
    core::Boxed<Regex> regex;
    bool tls_compliant = false;  ///< close_notify is sent at the end; here or in the check

    [[nodiscard]] auto identity() const { return std::tie(path, digest, status, virtualhost, regex); }
    bool operator==(const Url& other) const { return identity() == other.identity(); }
};

enum class HttpProtocol : std::uint8_t {
    http_1_0,
    http_1_0_close,  ///< 1.0 with "Connection: close"
    http_1_1,
};

struct HttpGet {
    bool tls = false;  ///< SSL_GET
    HttpProtocol protocol = HttpProtocol::http_1_0;
    bool enable_sni = false;
    bool fast_recovery = false;
    bool tls_compliant = false;
    std::vector<Url> urls;                   ///< at least one, in the order in which they are fetched
    std::optional<std::string> virtualhost;  ///< where the url says none
    std::optional<std::string> sni_name;
    // Where neither url nor check say anything.
    std::optional<std::string> real_server_virtualhost;  ///< for the Host header only
    std::optional<std::string> virtual_server_virtualhost;

    [[nodiscard]] auto identity() const { return std::tie(tls, virtualhost, sni_name, urls); }
    bool operator==(const HttpGet& other) const { return identity() == other.identity(); }
    /// Whether it does the same to a server, url by url, and judges it alike.
    [[nodiscard]] bool same_conversation(const HttpGet& other) const {
        const auto options = [](const HttpGet& check) {
            return std::tie(check.tls, check.protocol, check.enable_sni, check.fast_recovery, check.tls_compliant,
                            check.urls, check.virtualhost, check.sni_name, check.real_server_virtualhost,
                            check.virtual_server_virtualhost);
        };
        return options(*this) == options(other) &&
               std::ranges::equal(urls, other.urls, {}, &Url::tls_compliant, &Url::tls_compliant);
    }
};

}  // namespace sustain::checker
