// Checks that say a few words to a server, or only look whether it is there (spec/lvs.md 5.2 and 5.6 to 5.9).
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <tuple>
#include <vector>

namespace sustain::checker {

/// TCP_CHECK: it accepts connections.
struct TcpCheck {
    [[nodiscard]] auto identity() const { return std::tie(); }
    bool operator==(const TcpCheck&) const = default;
};

/// PING_CHECK: it answers echo requests.
struct PingCheck {
    [[nodiscard]] auto identity() const { return std::tie(); }
    bool operator==(const PingCheck&) const = default;
};

/// SMTP_CHECK: it greets and answers HELO.
struct SmtpCheck {
    std::string helo_name = "smtpchecker.keepalived.org";

    [[nodiscard]] auto identity() const { return std::tie(helo_name); }
    bool operator==(const SmtpCheck&) const = default;
};

/// The type of records that a DNS_CHECK asks for, as in the query.
enum class DnsType : std::uint16_t {
    a = 1,
    ns = 2,
    cname = 5,
    soa = 6,
    mx = 15,
    txt = 16,
    aaaa = 28,
    rrsig = 46,
    dnskey = 48,
};

/// DNS_CHECK: it answers a query without error.
struct DnsCheck {
    DnsType type = DnsType::soa;
    /// Labels with dots between them, none at the end, each of at least one byte; empty: the root. A label of more than
    /// 63 bytes, or more than 253 bytes in all, cannot be asked for: such a check fails.
    std::string name;

    [[nodiscard]] auto identity() const { return std::tie(type, name); }
    bool operator==(const DnsCheck&) const = default;
};

/// Bytes that a reply begins with; where a bit of the mask is 0, any will do. Both are of the same size.
struct BytePattern {
    std::vector<std::uint8_t> bytes;
    std::vector<std::uint8_t> mask;

    bool operator==(const BytePattern&) const = default;
};

/// UDP_CHECK: a datagram is not answered by an error, and perhaps by the right reply.
struct UdpCheck {
    std::optional<std::vector<std::uint8_t>> payload;  ///< absent: the text that the reference sends
    bool require_reply = false;
    std::optional<BytePattern> reply;    ///< absent: any reply will do
    std::uint16_t min_reply_length = 0;  ///< counts only with a pattern, as does the maximum
    std::uint16_t max_reply_length = 255;

    /// What it sends and expects is not part of it (spec/lvs.md 11.3).
    [[nodiscard]] auto identity() const { return std::tie(); }
    bool operator==(const UdpCheck&) const { return true; }
    /// Whether it does the same to a server and judges it alike.
    [[nodiscard]] bool same_conversation(const UdpCheck& other) const {
        const auto options = [](const UdpCheck& check) {
            return std::tie(check.payload, check.require_reply, check.reply, check.min_reply_length,
                            check.max_reply_length);
        };
        return options(*this) == options(other);
    }
};

}  // namespace sustain::checker
