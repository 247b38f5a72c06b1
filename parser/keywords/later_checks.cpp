// Checkers that are read and skipped yet: their keywords.
#include "parser/keywords/tables.hpp"

namespace sustain::parser {

namespace {

constexpr Keyword kSmtpCheck[] = {
    later("connect_ip", Missing::fatal),
    later("connect_port", Missing::fatal),
    later("bindto", Missing::fatal),
    later("bind_port", Missing::fatal),
    later("bind_if", Missing::fatal),
    later("connect_timeout", Missing::fatal),
    later("fwmark", Missing::fatal),
    later("retry", Missing::fatal),
    later("delay_before_retry", Missing::fatal),
    later("warmup", Missing::fatal),
    later("delay_loop", Missing::fatal),
    later("alpha"),
    later("log_all_failures"),
    later("helo_name", Missing::reported),
    later_block("host", Kind::block),
};

constexpr Keyword kSmtpCheckHost[] = {
    later("connect_ip", Missing::fatal),
    later("connect_port", Missing::fatal),
    later("bindto", Missing::fatal),
    later("bind_port", Missing::fatal),
    later("bind_if", Missing::fatal),
    later("connect_timeout", Missing::fatal),
    later("fwmark", Missing::fatal),
    later("retry", Missing::fatal),
    later("delay_before_retry", Missing::fatal),
    later("warmup", Missing::fatal),
    later("delay_loop", Missing::fatal),
    later("alpha"),
    later("log_all_failures"),
};

constexpr Keyword kDnsCheck[] = {
    later("connect_ip", Missing::fatal),
    later("connect_port", Missing::fatal),
    later("bindto", Missing::fatal),
    later("bind_port", Missing::fatal),
    later("bind_if", Missing::fatal),
    later("connect_timeout", Missing::fatal),
    later("fwmark", Missing::fatal),
    later("retry", Missing::fatal),
    later("delay_before_retry", Missing::fatal),
    later("warmup", Missing::fatal),
    later("delay_loop", Missing::fatal),
    later("alpha"),
    later("log_all_failures"),
    later("type", Missing::fatal),
    later("name", Missing::fatal),
};

constexpr Keyword kUdpCheck[] = {
    later("connect_ip", Missing::fatal),
    later("connect_port", Missing::fatal),
    later("bindto", Missing::fatal),
    later("bind_port", Missing::fatal),
    later("bind_if", Missing::fatal),
    later("connect_timeout", Missing::fatal),
    later("fwmark", Missing::fatal),
    later("retry", Missing::fatal),
    later("delay_before_retry", Missing::fatal),
    later("warmup", Missing::fatal),
    later("delay_loop", Missing::fatal),
    later("alpha"),
    later("log_all_failures"),
    later("payload", Missing::reported),
    later("require_reply"),
    later("min_reply_length", Missing::fatal),
    later("max_reply_length", Missing::fatal),
};

constexpr Keyword kPingCheck[] = {
    later("connect_ip", Missing::fatal),
    later("connect_port", Missing::fatal),
    later("bindto", Missing::fatal),
    later("bind_port", Missing::fatal),
    later("bind_if", Missing::fatal),
    later("connect_timeout", Missing::fatal),
    later("fwmark", Missing::fatal),
    later("retry", Missing::fatal),
    later("delay_before_retry", Missing::fatal),
    later("warmup", Missing::fatal),
    later("delay_loop", Missing::fatal),
    later("alpha"),
    later("log_all_failures"),
};

constexpr Keyword kHttpGet[] = {
    later("connect_ip", Missing::fatal),
    later("connect_port", Missing::fatal),
    later("bindto", Missing::fatal),
    later("bind_port", Missing::fatal),
    later("bind_if", Missing::fatal),
    later("connect_timeout", Missing::fatal),
    later("fwmark", Missing::fatal),
    later("retry", Missing::fatal),
    later("delay_before_retry", Missing::fatal),
    later("warmup", Missing::fatal),
    later("delay_loop", Missing::fatal),
    later("alpha"),
    later("log_all_failures"),
    later("nb_get_retry", Missing::fatal),
    later("virtualhost", Missing::reported),
    later("http_protocol", Missing::reported),
    later("enable_sni"),
    later("sni_name"),
    later("fast_recovery"),
    later_block("url", Kind::block),
};

constexpr Keyword kHttpGetUrl[] = {
    later("path", Missing::fatal),
    later("digest", Missing::fatal),
    later("status_code"),
    later("virtualhost", Missing::reported),
    later("regex", Missing::reported),
    later("regex_no_match"),
    later("regex_options"),
    later("regex_min_offset"),
    later("regex_max_offset"),
    later("regex_stack"),
};

constexpr Keyword kSslGet[] = {
    later("connect_ip", Missing::fatal),
    later("connect_port", Missing::fatal),
    later("bindto", Missing::fatal),
    later("bind_port", Missing::fatal),
    later("bind_if", Missing::fatal),
    later("connect_timeout", Missing::fatal),
    later("fwmark", Missing::fatal),
    later("retry", Missing::fatal),
    later("delay_before_retry", Missing::fatal),
    later("warmup", Missing::fatal),
    later("delay_loop", Missing::fatal),
    later("alpha"),
    later("log_all_failures"),
    later("nb_get_retry", Missing::fatal),
    later("virtualhost", Missing::reported),
    later("http_protocol", Missing::reported),
    later("enable_sni"),
    later("sni_name"),
    later("fast_recovery"),
    later("tls_compliant"),
    later_block("url", Kind::block),
};

constexpr Keyword kSslGetUrl[] = {
    later("path", Missing::fatal),
    later("digest", Missing::fatal),
    later("status_code"),
    later("virtualhost", Missing::reported),
    later("regex", Missing::reported),
    later("regex_no_match"),
    later("regex_options"),
    later("regex_min_offset"),
    later("regex_max_offset"),
    later("regex_stack"),
    later("tls_compliant"),
};

constexpr Keyword kMiscCheck[] = {
    later("retry", Missing::fatal),
    later("delay_before_retry", Missing::fatal),
    later("warmup", Missing::fatal),
    later("delay_loop", Missing::fatal),
    later("alpha"),
    later("log_all_failures"),
    later("misc_path"),
    later("misc_timeout", Missing::fatal),
    later("misc_dynamic"),
    later("user", Missing::reported),
};

constexpr Keyword kBfdCheck[] = {
    later("name", Missing::reported),
    later("alpha"),
};

constexpr Keyword kFileCheck[] = {
    later("track_file", Missing::fatal),
    later("weight", Missing::reported),
};

}  // namespace

std::vector<BlockTable> later_check_tables() {
    return {
        {"virtual_server/real_server/SMTP_CHECK", kSmtpCheck},
        {"virtual_server/real_server/SMTP_CHECK/host", kSmtpCheckHost},
        {"virtual_server/real_server/DNS_CHECK", kDnsCheck},
        {"virtual_server/real_server/UDP_CHECK", kUdpCheck},
        {"virtual_server/real_server/PING_CHECK", kPingCheck},
        {"virtual_server/real_server/HTTP_GET", kHttpGet},
        {"virtual_server/real_server/HTTP_GET/url", kHttpGetUrl},
        {"virtual_server/real_server/SSL_GET", kSslGet},
        {"virtual_server/real_server/SSL_GET/url", kSslGetUrl},
        {"virtual_server/real_server/MISC_CHECK", kMiscCheck},
        {"virtual_server/real_server/BFD_CHECK", kBfdCheck},
        {"virtual_server/real_server/FILE_CHECK", kFileCheck},
    };
}

}  // namespace sustain::parser
