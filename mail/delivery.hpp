// Carries one mail to an SMTP server: the connection and the deadlines around an SmtpDialogue.
#pragma once

#include <cstdint>
#include <string>

#include "core/error.hpp"
#include "core/loop.hpp"
#include "mail/smtp_dialogue.hpp"

namespace sustain::mail {

struct Server {
    std::string host;  ///< an address, or a name that is looked up now
    std::uint16_t port = 25;
    /// For the connection and for each reply (smtp_connect_timeout). A whole mail has kWholeMail times that, so that a
    /// server that drips holds nothing for long.
    core::Duration patience = std::chrono::seconds(30);
    static constexpr int kWholeMail = 4;
};

/// "[192.0.2.1]:25"
[[nodiscard]] std::string to_string(const Server& server);

/// Sends it, or says why that failed. Names are looked up in a thread of the resolver's.
[[nodiscard]] core::Awaitable<core::Result<>> deliver(core::Loop& loop, Server server, Envelope envelope);

}  // namespace sustain::mail
