// Alert mail: to whom, by which server, about what.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "core/time.hpp"

namespace sustain::core {

struct MailServer {
    std::string host;  ///< an address, or a name that is looked up when there is something to send
    std::uint16_t port = 25;

    bool operator==(const MailServer&) const = default;
};

/// Without a server or without recipients, nothing is sent.
struct MailSettings {
    std::vector<std::string> recipients;  ///< notification_email
    std::string sender;                   ///< notification_email_from; empty: USER@HOST
    std::optional<MailServer> server;
    std::string helo_name;                                ///< empty: the name of this host
    Duration connect_timeout = std::chrono::seconds(30);  ///< 1–4294 s
    std::optional<bool> alert;                            ///< smtp_alert: where nothing below says otherwise
    std::optional<bool> alert_checker;                    ///< smtp_alert_checker
    bool no_fault_mails = false;                          ///< no_email_faults
    bool no_checker_mails = false;                        ///< no_checker_emails

    bool operator==(const MailSettings&) const = default;
};

}  // namespace sustain::core
