// Whom mail is from and to, as people write it: "user@example.net", "<user@example.net>" or
// "Some Body <user@example.net>" (RFC 5322 3.4). The address alone goes into SMTP commands, both into the letter.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace sustain::mail {

struct Mailbox {
    std::string name;     ///< empty: none; without quotes
    std::string address;  ///< nothing in it can end an SMTP command or add a parameter to it

    /// Nothing where the text holds no address that can be sent to.
    [[nodiscard]] static std::optional<Mailbox> parse(std::string_view text);

    /// For From: and To:. A name with special characters stands in quotes.
    [[nodiscard]] std::string to_header() const;

    bool operator==(const Mailbox&) const = default;
};

/// The text without anything that could end a header line: control characters become blanks.
[[nodiscard]] std::string one_line(std::string_view text);

}  // namespace sustain::mail
