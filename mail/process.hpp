// The mail child: takes mails from the parent and carries them to the SMTP server, and nothing else. It has no rights;
// when it dies, mails that it held are lost and nothing else happens.
//
// Messages on the channel. From the parent: Mail, and Stop (end when everything is sent; the parent does not wait for
// ever). To the parent: Ready. The end of the channel means that the parent died. Signals that end other processes are
// ignored: whoever stops all of the daemon's processes at once wants the last mails to leave.
#pragma once

#include <string>
#include <vector>

#include "core/unique_fd.hpp"
#include "mail/delivery.hpp"
#include "mail/mailbox.hpp"

namespace sustain::mail {

struct Settings {
    Server server{};
    std::string helo;
    Mailbox sender{};
    std::vector<Mailbox> recipients{};
};

struct Start {
    Settings settings;
    core::UniqueFd channel;  ///< this child's end
};

/// Mails under way at a time, each on a connection of its own; and those that may wait for one. More are lost, which is
/// logged.
constexpr std::size_t kMostConnections = 8;
constexpr std::size_t kMostWaiting = 1000;

/// The whole life of the child. \return the exit status of the process.
[[nodiscard]] int run(Start start);

}  // namespace sustain::mail
