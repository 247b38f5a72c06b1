// HTTP_GET { … } and SSL_GET { … } in a real server
#include "parser/keywords/check_blocks.hpp"
#include "parser/keywords/checks/network_rows.hpp"
#include "parser/keywords/checks/url.hpp"
#include "parser/keywords/tables.hpp"

namespace sustain::parser {

namespace {

using checker::HttpGet;
using checker::HttpProtocol;

void set_old_retry(Context& context, const Statement& statement) {
    context.error(statement, 0, Rank::deprecated, "nb_get_retry is deprecated - please use 'retry'");
    store<&CheckDefaults::retry, CheckDraft>(context, statement);
}

void set_protocol(Context& context, const Statement& statement) {
    auto& check = context.draft.current<HttpGet>();
    const std::string_view version = statement[1];
    if (version == "1.0") {
        check.protocol = HttpProtocol::http_1_0;
    } else if (version == "1.0C" || version == "1.0c") {
        check.protocol = HttpProtocol::http_1_0_close;
    } else if (version == "1.1") {
        check.protocol = HttpProtocol::http_1_1;
    } else {
        context.error(statement, 1, fmt::format("Invalid http_protocol version {}", version),
                      fmt::format("one of {}", statement.keyword.value.choices));
    }
}

void set_sni_name(Context& context, const Statement& statement) {
    auto& check = context.draft.current<HttpGet>();
    if (statement.size() > 1) {
        replace<&HttpGet::sni_name>(context, statement);
    } else if (check.sni_name) {
        context.error(statement, 0, "sni_name without a name after one that has been specified - ignoring");
        return;
    }
    check.enable_sni = true;
}

void open_url(Context& context, const Statement&) {
    context.draft.current<UrlDraft>() = {};
}

constexpr std::array<Keyword, 6> own_rows() {
    return {{
        {.name = "nb_get_retry",
         .missing = Missing::fatal,
         .value = number(0, kMaxUnsigned),
         .apply = set_old_retry,
         .arguments = "N",
         .replaced_by = "retry"},
        virtualhost_row<&HttpGet::virtualhost>("virtual_server/real_server/virtualhost"),
        {.name = "http_protocol",
         .missing = Missing::reported,
         .value = choice("1.0 1.0C 1.0c 1.1"),
         .apply = set_protocol,
         .arguments = "VERSION",
         .fallback = "1.0"},
        {.name = "enable_sni",
         .value = boolean(),
         .apply = store<&HttpGet::enable_sni>,
         .arguments = "[BOOL]",
         .fallback = "off"},
        {.name = "sni_name", .value = word(), .apply = set_sni_name, .arguments = "[NAME]"},
        {.name = "fast_recovery",
         .value = boolean(),
         .apply = store<&HttpGet::fast_recovery>,
         .arguments = "[BOOL]",
         .fallback = "off"},
    }};
}

constexpr Keyword url_row(const BlockTable& (*table)()) {
    return {.name = "url",
            .kind = Kind::block,
            .apply = open_url,
            .close = close_url,
            .table = table,
            .repeat = Repeat::accumulates};
}

constexpr Keyword kTlsCompliantRow = {.name = "tls_compliant",
                                      .value = boolean(),
                                      .apply = store<&HttpGet::tls_compliant>,
                                      .arguments = "[BOOL]",
                                      .fallback = "off"};

constexpr CheckFallbacks kFallbacks = {.delay_before_retry = "3"};
constexpr auto kHttpRows = join(network_rows(kFallbacks), own_rows(), std::array{url_row(http_get_url_table)});
constexpr auto kSslRows =
    join(network_rows(kFallbacks), own_rows(), std::array{kTlsCompliantRow, url_row(ssl_get_url_table)});

}  // namespace

const BlockTable& http_get_table() {
    static const BlockTable table("virtual_server/real_server/HTTP_GET", kHttpRows);
    return table;
}

const BlockTable& ssl_get_table() {
    static const BlockTable table("virtual_server/real_server/SSL_GET", kSslRows);
    return table;
}

void open_ssl_get(Context& context, const Statement& statement) {
    open_check<HttpGet>(context, statement);
    context.draft.current<HttpGet>().tls = true;
}

void close_http_get(Context& context, const Statement& statement) {
    if (context.draft.current<HttpGet>().urls.empty()) {
        context.report.error(Rank::general, Prefix::file_line, statement.place(),
                             "HTTP/SSL_GET checker has no urls specified - ignoring", "the check is left out");
        drop_check(context);
    } else {
        (void)keep_reachable(context, statement);
    }
}

}  // namespace sustain::parser
