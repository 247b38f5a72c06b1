#include "daemon/lvs_notice.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <type_traits>

#include "checker/misc_check.hpp"

namespace sustain::daemon {

namespace {

/// A server's own words on one line.
std::string printable(std::string_view text) {
    std::string result(text);
    std::ranges::replace_if(
        result, [](char c) { return c < ' ' || c > '~'; }, '?');
    return result;
}

/// What keepalived's checkers write under their mails. FILE_CHECK writes none.
std::string result_of(const checker::Kind& kind, bool up, const std::string& reason) {
    return std::visit(
        [up, &reason]<typename Boxed>(const Boxed& check) -> std::string {
            const std::string_view failed = up ? "succeed" : "failed";
            if constexpr (std::is_same_v<Boxed, checker::TcpCheck>) {
                return fmt::format("=> TCP CHECK {} on service <=", failed);
            } else if constexpr (std::is_same_v<Boxed, checker::PingCheck>) {
                return fmt::format("=> ICMP CHECK {} on service <=", failed);
            } else if constexpr (std::is_same_v<Boxed, core::Boxed<checker::UdpCheck>>) {
                return fmt::format("=> UDP CHECK {} on service <=", failed);
            } else if constexpr (std::is_same_v<Boxed, core::Boxed<checker::DnsCheck>>) {
                return fmt::format("=> DNS_CHECK: {} on service <=", failed);
            } else if constexpr (std::is_same_v<Boxed, core::Boxed<checker::MiscCheck>>) {
                const bool late = reason == checker::kScriptTimedOut;
                return fmt::format("=> MISC CHECK {} on service <=", up ? "succeeded" : late ? reason : "failed");
            } else if constexpr (std::is_same_v<Boxed, core::Boxed<checker::BfdCheck>>) {
                return fmt::format("=> BFD CHECK {} {} on service <=", check->instance, up ? "succeeded" : "failed");
            } else if constexpr (std::is_same_v<Boxed, core::Boxed<checker::FileCheck>>) {
                return {};
            } else if constexpr (std::is_same_v<Boxed, core::Boxed<checker::HttpGet>>) {
                return up ? "=> CHECK succeed on service <="
                          : "=> CHECK failed on service : HTTP/SSL request failed <=";
            } else {
                static_assert(std::is_same_v<Boxed, core::Boxed<checker::SmtpCheck>>);
                return up ? "=> CHECK succeed on service <="
                          : fmt::format("=> CHECK failed on service : {} <=", printable(reason));
            }
        },
        kind);
}

void mail_about_server(Notice& notice, const ipvs::Notice& said, bool up, std::string body) {
    notice.subject =
        fmt::format("Realserver {} of virtual server {} - {}", said.server, said.service, up ? "UP" : "DOWN");
    notice.body = std::move(body);
}

}  // namespace

Notice lvs_notice(const ipvs::Notice& said, const checker::Config& checks, const core::MailSettings& mail) {
    using Kind = ipvs::Notice::Kind;
    Notice notice;
    notice.from = Subsystem::lvs;
    notice.at_stop = said.cause == ipvs::Transition::Cause::shutdown;
    if (said.script && said.script->usable()) {
        notice.scripts.push_back(*said.script);
    }
    if (said.kind != Kind::check) {
        notice.line = ipvs::fifo_line(said);
    }
    if (!said.mail) {
        return notice;
    }
    if (said.kind == Kind::quorum) {
        notice.subject = fmt::format("Virtualserver {} - {}", said.service, said.up ? "UP" : "DOWN");
        notice.body = fmt::format("=> {} <=", said.reason);
    } else if (said.kind == Kind::server && !said.reason.empty()) {
        mail_about_server(notice, said, said.up, fmt::format("=> {} <=", said.reason));
    } else if (said.kind == Kind::check && said.check < checks.checks.size()) {
        const checker::Kind& kind = checks.checks[said.check].identity.kind;
        const bool is_news = said.changed || std::holds_alternative<core::Boxed<checker::MiscCheck>>(kind);
        if (is_news && (said.server_changed || !mail.no_checker_mails)) {
            if (std::string body = result_of(kind, said.up, said.reason); !body.empty()) {
                mail_about_server(notice, said, said.server_up, std::move(body));
            }
        }
    }
    return notice;
}

}  // namespace sustain::daemon
