#include "parser/keywords/checks/url.hpp"

#include "parser/keywords/check_rows.hpp"
#include "parser/keywords/checks/network_rows.hpp"
#include "parser/keywords/checks/regex_rows.hpp"
#include "parser/keywords/tables.hpp"
#include "parser/values_check.hpp"

namespace sustain::parser {

namespace {

checker::Url& url_of(Context& context) {
    return context.draft.current<UrlDraft>().value;
}

void set_digest(Context& context, const Statement& statement) {
    constexpr std::size_t kDigits = 32;
    std::string& digest = url_of(context).digest;
    const std::string_view word = statement[1];
    if (!digest.empty()) {
        context.error(statement, 1, fmt::format("Digest '{}' is a duplicate", word), "the first one counts");
    } else if (word.size() != kDigits) {
        context.error(
            statement, 1,
            fmt::format("digest '{}' character length should be {} rather than {}", word, kDigits, word.size()),
            "genhash makes one");
    } else if (!is_digest(word)) {
        context.error(statement, 1, fmt::format("Unable to interpret hex digit in '{}'", word), "genhash makes one");
    } else {
        digest = word;
        std::ranges::transform(digest, digest.begin(), [](char c) { return c >= 'A' && c <= 'F' ? c + 0x20 : c; });
    }
}

void add_status(Context& context, const Statement& statement) {
    for (std::size_t i = 1; i < statement.size(); ++i) {
        if (const auto range = read_status_range(statement[i])) {
            url_of(context).status.add(*range);
        } else {
            context.error(statement, i, fmt::format("Invalid HTTP_GET status code '{}'", statement[i]),
                          "a code from 100 to 599, or two of them as in 200-204");
        }
    }
}

void set_virtualhost(Context& context, const Statement& statement) {
    auto& host = url_of(context).virtualhost;
    if (host) {
        context.error(statement, 0, "virtualhost already specified - replacing", "the last one counts");
    }
    host = statement[1];
}

void set_tls_compliant(Context& context, const Statement& statement) {
    if (const auto value = context.boolean(statement)) {
        url_of(context).tls_compliant = *value;
    }
}

/// Virtualhost: of the check, which counts where a url has none.
constexpr std::array<Keyword, 4> own_rows(std::string_view virtualhost) {
    return {{
        {.name = "path",
         .missing = Missing::fatal,
         .value = word(),
         .apply = replace<&UrlDraft::path>,
         .arguments = "PATH"},
        {.name = "digest",
         .missing = Missing::fatal,
         .value = word(Value::Type::text),
         .apply = set_digest,
         .repeat = Repeat::first_wins,
         .arguments = "MD5"},
        {.name = "status_code",
         .value = word(Value::Type::text),
         .apply = add_status,
         .repeat = Repeat::accumulates,
         .arguments = "CODE[-CODE]…",
         .fallback = "200-299"},
        {.name = "virtualhost",
         .missing = Missing::reported,
         .value = word(),
         .apply = set_virtualhost,
         .arguments = "NAME",
         .inherits = virtualhost},
    }};
}

constexpr Keyword kTlsCompliantRow = {
    .name = "tls_compliant", .value = boolean(), .apply = set_tls_compliant, .arguments = "[BOOL]", .fallback = "off"};

constexpr auto kHttpRows = join(own_rows("virtual_server/real_server/HTTP_GET/virtualhost"), regex_rows());
constexpr auto kSslRows =
    join(own_rows("virtual_server/real_server/SSL_GET/virtualhost"), regex_rows(), std::array{kTlsCompliantRow});

}  // namespace

const BlockTable& http_get_url_table() {
    static const BlockTable table("virtual_server/real_server/HTTP_GET/url", kHttpRows);
    return table;
}

const BlockTable& ssl_get_url_table() {
    static const BlockTable table("virtual_server/real_server/SSL_GET/url", kSslRows);
    return table;
}

void close_url(Context& context, const Statement& statement) {
    auto& draft = context.draft.current<UrlDraft>();
    if (!draft.path) {
        context.report.error(Rank::general, Prefix::file_line, statement.place(),
                             "HTTP/SSL_GET checker url has no path - ignoring", "the url is left out");
        return;
    }
    settle_regex(context, draft);
    draft.value.path = std::move(*draft.path);
    context.draft.current<checker::HttpGet>().urls.push_back(std::move(draft.value));
}

}  // namespace sustain::parser
