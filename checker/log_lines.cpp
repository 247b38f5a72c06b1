#include "checker/log_lines.hpp"

#include <fmt/format.h>

namespace sustain::checker {

namespace {

using Event = Verdict::Event;

/// The lines of one kind: one method an event.
class Lines {
public:
    Lines(const Check& check, unsigned retries, const std::string& reason, std::size_t url)
        : check_(check), retries_(retries), reason_(reason), url_(url) {}

    std::vector<std::string> take() { return std::move(lines_); }

    void up(const TcpCheck&) { add("TCP connection to {} success.", check_.real_server); }
    void down(const TcpCheck&, bool last) {
        if (last && retries_ > 0) {
            add("TCP_CHECK on service {} failed after {} retries.", check_.real_server, retries_);
        } else {
            add("TCP connection to {} failed.", check_.real_server);
        }
    }

    void up(const HttpGet& http) {
        add("HTTP status code success to {} url({})", check_.real_server, path(http));
        add("Remote Web server {} succeed on service.", check_.real_server);
    }
    void down(const HttpGet& http, bool last) {
        add("{} of {} url({}): {}", name(http), check_.real_server, path(http), reason_);
        if (last) {
            failed(name(http));
        }
    }

    void up(const SmtpCheck&) { add("SMTP_CHECK on service {} succeeded.", check_.real_server); }
    void down(const SmtpCheck&, bool last) {
        add("SMTP_CHECK of {}: {}", check_.real_server, reason_);
        if (last) {
            failed("SMTP_CHECK");
        }
    }

    void up(const DnsCheck&) { add("DNS_CHECK ({}) success.", check_.real_server); }
    void down(const DnsCheck&, bool) { add("DNS_CHECK ({}) failed: {}.", check_.real_server, reason_); }

    void up(const UdpCheck&) { add("UDP connection to {} success.", check_.real_server); }
    void down(const UdpCheck&, bool last) {
        add("UDP_CHECK of {}: {}", check_.real_server, reason_);
        if (last) {
            failed("UDP_CHECK");
        }
    }

    void up(const PingCheck&) { add("ICMP connection to {} success.", check_.real_server); }
    void down(const PingCheck&, bool last) {
        add("ICMP CHECK of {}: {}", check_.real_server, reason_);
        if (last) {
            failed("ICMP CHECK");
        }
    }

    void up(const MiscCheck& misc) {
        add("Misc check for [{} VS {}] by [{}] succeeded.", check_.real_server, check_.virtual_server,
            misc.arguments.front());
    }
    void down(const MiscCheck& misc, bool last) {
        add("Misc check for [{} VS {}] by [{}] failed{} ({}).", check_.real_server, check_.virtual_server,
            misc.arguments.front(), last && retries_ > 0 ? fmt::format(" after {} retries", retries_) : std::string(),
            reason_);
    }

    // The word of BFD is logged where it is heard of.
    void up(const BfdCheck&) {}
    void down(const BfdCheck&, bool) {}
    void up(const FileCheck& file) { add("FILE_CHECK of {} by {} succeeded.", check_.real_server, file.track_file); }
    void down(const FileCheck& file, bool) {
        add("FILE_CHECK of {} by {} failed ({}).", check_.real_server, file.track_file, reason_);
    }

    template <typename Kind>
    void up(const core::Boxed<Kind>& boxed) {
        up(*boxed);
    }
    template <typename Kind>
    void down(const core::Boxed<Kind>& boxed, bool last) {
        down(*boxed, last);
    }

private:
    template <typename... Args>
    void add(fmt::format_string<Args...> format, Args&&... args) {
        lines_.push_back(fmt::format(format, std::forward<Args>(args)...));
    }
    void failed(std::string_view what) {
        if (retries_ > 0) {
            add("{} on service {} failed after {} retries.", what, check_.real_server, retries_);
        } else {
            add("{} on service {} failed.", what, check_.real_server);
        }
    }
    static std::string_view name(const HttpGet& http) { return http.tls ? "SSL_CHECK" : "HTTP_CHECK"; }
    [[nodiscard]] std::string_view path(const HttpGet& http) const {
        return url_ < http.urls.size() ? std::string_view(http.urls[url_].path) : std::string_view();
    }

    const Check& check_;
    unsigned retries_;
    const std::string& reason_;
    std::size_t url_;
    std::vector<std::string> lines_;
};

}  // namespace

std::vector<std::string> log_lines(const Check& check, Event event, unsigned retries, const std::string& reason,
                                   std::size_t url) {
    Lines lines(check, retries, reason, url);
    if (event == Event::up) {
        std::visit([&lines](const auto& kind) { lines.up(kind); }, check.identity.kind);
    } else if (event == Event::down || (event == Event::retrying && check.log_all_failures)) {
        std::visit([&lines, event](const auto& kind) { lines.down(kind, event == Event::down); }, check.identity.kind);
    }
    return lines.take();
}

}  // namespace sustain::checker
