// A letter as it goes over the wire after DATA (RFC 5322): header, empty line, body, and the line with a dot that ends
// it. No text from a configuration or a check can add a header line or end the letter early.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "mail/mailbox.hpp"

namespace sustain::mail {

struct Letter {
    std::uint64_t time = 0;  ///< seconds since 1970
    Mailbox from;
    std::vector<Mailbox> to;
    std::string subject;
    std::string body;
};

/// Lines end with CR LF.
[[nodiscard]] std::string to_wire(const Letter& letter);

/// "Sun, 22 Nov 2026 13:54:37 +0000": in the time zone of this machine.
[[nodiscard]] std::string date_of(std::uint64_t time);

}  // namespace sustain::mail
