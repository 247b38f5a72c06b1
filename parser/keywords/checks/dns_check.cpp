// DNS_CHECK { … } in a real server
#include "parser/keywords/checks/network_rows.hpp"
#include "parser/keywords/tables.hpp"
#include "parser/values_check.hpp"

namespace sustain::parser {

namespace {

using checker::DnsCheck;

void set_type(Context& context, const Statement& statement) {
    if (const auto type = read_dns_type(statement[1])) {
        context.draft.current<DnsCheck>().type = *type;
    } else {
        context.error(statement, 1, fmt::format("Unknown DNS check type {} - ignoring", statement[1]),
                      fmt::format("one of {}", statement.keyword.value.choices));
    }
}

/// keepalived refuses a name whose first label is a single character, too, by mistake (spec/lvs.md 15).
void set_name(Context& context, const Statement& statement) {
    auto& draft = context.draft.current<CheckDraft>();
    if (draft.named) {
        context.error(statement, 1, "DNS_CHECK name already specified - ignoring", "the first one counts");
        return;
    }
    const auto name = read_domain(statement[1]);
    if (!name) {
        context.error(statement, 1, fmt::format("DNS_CHECK name '{}' has empty label - ignoring", statement[1]),
                      "something must stand between two dots and before the first one");
        return;
    }
    if (!fits_query(*name)) {
        context.report.add(Severity::warning, Rank::none, context.prefix, statement.place(1),
                           "DNS_CHECK name is too long for a query: the check fails",
                           "at most 63 bytes between dots and 253 in all");
    }
    draft.named = true;
    context.draft.current<DnsCheck>().name = *name;
}

constexpr Keyword kOwn[] = {
    {.name = "type",
     .missing = Missing::fatal,
     .value = choice("A NS CNAME SOA MX TXT AAAA RRSIG DNSKEY"),
     .apply = set_type,
     .arguments = "TYPE",
     .fallback = "SOA"},
    {.name = "name",
     .missing = Missing::fatal,
     .value = word(),
     .apply = set_name,
     .repeat = Repeat::first_wins,
     .arguments = "DOMAIN",
     .fallback = "."},
};

constexpr CheckFallbacks kFallbacks = {.retry = "3", .delay_before_retry = {}};  // its own delay_loop
constexpr auto kRows = join(network_rows(kFallbacks), std::to_array(kOwn));

}  // namespace

const BlockTable& dns_check_table() {
    static const BlockTable table("virtual_server/real_server/DNS_CHECK", kRows);
    return table;
}

}  // namespace sustain::parser
