// SMTP_CHECK { … } in a real server, with the deprecated host { … } in it
#include "parser/keywords/check_blocks.hpp"
#include "parser/keywords/checks/network_rows.hpp"
#include "parser/keywords/tables.hpp"

namespace sustain::parser {

namespace {

void set_helo_name(Context& context, const Statement& statement) {
    auto& draft = context.draft.current<CheckDraft>();
    if (std::exchange(draft.named, true)) {
        context.error(statement, 0, "helo_name already specified - replacing", "the last one counts");
    }
    context.draft.current<checker::SmtpCheck>().helo_name = statement[1];
}

void open_host(Context& context, const Statement& statement) {
    context.report.add(Severity::notice, Rank::none, context.prefix, statement.place(),
                       "SMTP_CHECK host is deprecated - please use additional SMTP_CHECKs");
    context.draft.current<CheckDraft>().hosts.emplace_back();
}

void close_host(Context& context, const Statement& statement) {
    auto& hosts = context.draft.current<CheckDraft>().hosts;
    const auto destination = hosts.back().connect_ip.value_or(context.draft.current<RealServerDraft>().address);
    if (lacks_interface(hosts.back(), destination)) {
        report_no_interface(context, statement, destination);
        hosts.pop_back();
    }
}

constexpr Keyword kHostRow = {.name = "host",
                              .kind = Kind::block,
                              .apply = open_host,
                              .close = close_host,
                              .table = smtp_check_host_table,
                              .repeat = Repeat::accumulates,
                              .replaced_by = "SMTP_CHECK"};

constexpr Keyword kHeloRow = {.name = "helo_name",
                              .missing = Missing::reported,
                              .value = word(),
                              .apply = set_helo_name,
                              .arguments = "NAME",
                              .fallback = "smtpchecker.keepalived.org"};

constexpr Keyword kHostTimeoutRow = {.name = "connect_timeout",
                                     .missing = Missing::fatal,
                                     .value = seconds(1, kMaxUnsigned),
                                     .apply = store<&HostDraft::connect_timeout>,
                                     .arguments = "SECONDS",
                                     .fallback = "5",
                                     .inherits = "virtual_server/real_server/SMTP_CHECK/connect_timeout",
                                     .unit = "seconds"};

constexpr auto kRows = join(network_rows<BindFamily::of_connect_ip>(), std::array{kHeloRow, kHostRow});

// What a host cannot have of its own is said of the whole check.
constexpr auto kHostRows =
    join(target_rows<HostDraft, BindFamily::of_connect_ip>(), timing_rows<CheckDraft>(Level::check),
         std::array{kHostTimeoutRow, alpha_row<CheckDraft>(Level::check), kLogAllFailuresRow});

/// A source address of the wrong family makes every attempt fail before it begins.
void check_family(Context& context, const Statement& statement, TargetDraft& target) {
    const auto destination = target.connect_ip.value_or(context.draft.current<RealServerDraft>().address);
    if (target.bindto && target.bindto->family() != destination.family()) {
        context.report.add(Severity::warning, Rank::none, Prefix::file_line, statement.place(),
                           fmt::format("bindto address {} does not match address family of {} - ignoring",
                                       *target.bindto, destination));
        target.bindto.reset();
    }
}

}  // namespace

const BlockTable& smtp_check_table() {
    static const BlockTable table("virtual_server/real_server/SMTP_CHECK", kRows);
    return table;
}

const BlockTable& smtp_check_host_table() {
    static const BlockTable table("virtual_server/real_server/SMTP_CHECK/host", kHostRows);
    return table;
}

void close_smtp_check(Context& context, const Statement& statement) {
    if (!keep_reachable(context, statement)) {
        return;
    }
    auto& draft = context.draft.current<CheckDraft>();
    check_family(context, statement, draft);
    for (HostDraft& host : draft.hosts) {
        check_family(context, statement, host);
    }
}

}  // namespace sustain::parser
