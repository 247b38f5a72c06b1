// Alert mail.
#include "parser/keywords/global/rows.hpp"

namespace sustain::parser {

namespace {

using core::MailSettings;

void set_sender(Context& context, const Statement& statement) {
    context.draft.config.global.mail.sender = statement[1];
    if (statement.size() > 2) {
        context.error(statement, 2, "Extra parameters to notification_email_from - ignoring",
                      "\"Name <user@host>\" needs double quotes");
    }
}

void set_server(Context& context, const Statement& statement) {
    auto& server = context.draft.config.global.mail.server;
    server.reset();
    core::MailServer wanted{.host = std::string(statement[1])};
    if (statement.size() > 2) {
        const auto port = context.number(statement, 2, number(1, 65535));
        if (!port) {
            return;
        }
        wanted.port = static_cast<std::uint16_t>(*port);
    }
    // The daemon looks names up when there is a mail to send: a name server must not delay a reload.
    if (!core::Address::parse(wanted.host) && context.strict && !context.environment.resolves(wanted.host)) {
        context.environment_error(statement, 1, Rank::general,
                                  fmt::format("Invalid smtp server {} {}", wanted.host, wanted.port),
                                  "an address, or a name that can be looked up");
        return;
    }
    server = std::move(wanted);
}

void set_helo_name(Context& context, const Statement& statement) {
    if (statement.size() > 1) {
        context.draft.config.global.mail.helo_name = statement[1];
    }
}

void set_connect_timeout(Context& context, const Statement& statement) {
    auto timeout = context.number(statement, 1, statement.keyword.value);
    if (timeout == 0) {
        context.error(statement, 1, "smtp_connect_timeout must be greater than 0, setting to 1");
        timeout = 1;
    }
    if (timeout) {
        context.draft.config.global.mail.connect_timeout = std::chrono::seconds(*timeout);
    }
}

void add_recipients(Context& context, const Statement& statement) {
    for (const ast::Word& recipient : statement.words) {
        context.draft.config.global.mail.recipients.emplace_back(recipient.text);
    }
}

constexpr Keyword kRows[] = {
    {.name = "notification_email_from",
     .missing = Missing::reported,
     .value = word(),
     .apply = set_sender,
     .arguments = "ADDRESS"},
    {.name = "smtp_server",
     .missing = Missing::fatal,
     .value = word(),
     .apply = set_server,
     .arguments = "HOST [PORT]"},
    {.name = "smtp_helo_name", .value = word(), .apply = set_helo_name, .arguments = "[NAME]"},
    {.name = "smtp_connect_timeout",
     .missing = Missing::fatal,
     .value = number(0, 4294),
     .apply = set_connect_timeout,
     .arguments = "SECONDS",
     .fallback = "30",
     .unit = "seconds"},
    {.name = "notification_email",
     .kind = Kind::words,
     .apply = add_recipients,
     .repeat = Repeat::accumulates,
     .arguments = "ADDRESS..."},
    toggle<&MailSettings::alert>("smtp_alert"),
    {.name = "smtp_alert_vrrp",
     .value = boolean(),
     .apply = store<&vrrp::Defaults::smtp_alert>,
     .arguments = "[BOOL]",
     .fallback = "off",
     .inherits = "global_defs/smtp_alert"},
    {.name = "smtp_alert_checker",
     .value = boolean(),
     .apply = store<&MailSettings::alert_checker>,
     .arguments = "[BOOL]",
     .fallback = "off",
     .inherits = "global_defs/smtp_alert"},
    flag<&MailSettings::no_fault_mails>("no_email_faults"),
    toggle<&MailSettings::no_checker_mails>("no_checker_emails"),
};

}  // namespace

std::span<const Keyword> mail_rows() {
    return kRows;
}

}  // namespace sustain::parser
