// nftables, and the iptables keywords of old.
#include "parser/keywords/global/rows.hpp"

#include <limits>

namespace sustain::parser {

namespace {

using core::FirewallSettings;

constexpr std::int64_t kLeastInteger = std::numeric_limits<std::int32_t>::min();

/// A table, by name or by default. Its priority starts anew.
template <auto Table, auto Priority, bool Ipvs>
void set_table(Context& context, const Statement& statement) {
    constexpr std::size_t kMaxName = 254;
    FirewallSettings& firewall = context.draft.config.global.firewall;
    constexpr std::string_view fallback = Ipvs ? "keepalived_ipvs" : "keepalived";
    const std::string_view name = statement.size() > 1 ? statement[1] : fallback;
    if (!(firewall.*Table).empty()) {
        context.error(statement, 0, fmt::format("{} already specified - ignoring", statement.keyword.name));
    } else if (name.empty() || name.size() > kMaxName) {
        context.error(
            statement, 1,
            fmt::format("{} table name has to have 1 to {} characters - ignoring", statement.keyword.name, kMaxName));
    } else {
        firewall.*Table = name;
        firewall.*Priority = FirewallSettings().*Priority;
    }
}

void set_iptables(Context& context, const Statement& statement) {
    context.error(statement, 0, "vrrp_iptables needs iptables, which is not used - using nftables instead",
                  "nftables, if need be with the name of a table");
    auto& table = context.draft.config.global.firewall.table;
    if (table.empty()) {
        table = "keepalived";
    }
}

/// As in builds of keepalived without iptables.
void refuse_ipsets(Context& context, const Statement& statement) {
    context.error(statement, 0, Rank::unknown_keyword, fmt::format("Unknown keyword '{}'", statement.keyword.name),
                  "sets belong to iptables, which is not used; nftables has its own");
}

constexpr Keyword kRows[] = {
    not_yet({.name = "vrrp_iptables",
             .apply = set_iptables,
             .arguments = "[IN-CHAIN [OUT-CHAIN]]",
             .replaced_by = "nftables"}),
    not_yet({.name = "vrrp_ipsets", .apply = refuse_ipsets, .arguments = "[SET...]", .replaced_by = "nftables"}),
    not_yet({.name = "nftables",
             .value = word(),
             .apply = set_table<&FirewallSettings::table, &FirewallSettings::priority, false>,
             .repeat = Repeat::first_wins,
             .arguments = "[TABLE]"}),
    not_yet(amount<&FirewallSettings::priority>("nftables_priority", Missing::fatal,
                                                integer_strict(kLeastInteger, kMaxInteger), "-1")),
    not_yet(flag<&FirewallSettings::by_interface_index>("nftables_ifindex")),
    not_yet(flag<&FirewallSettings::counters>("nftables_counters")),
    not_yet({.name = "nftables_ipvs",
             .value = word(),
             .apply = set_table<&FirewallSettings::ipvs_table, &FirewallSettings::ipvs_priority, true>,
             .repeat = Repeat::first_wins,
             .arguments = "[TABLE]"}),
    not_yet(amount<&FirewallSettings::ipvs_priority>("nftables_ipvs_priority", Missing::fatal,
                                                     integer_strict(kLeastInteger, kMaxInteger), "-1")),
    not_yet(amount<&FirewallSettings::ipvs_first_fwmark>("nftables_ipvs_start_fwmark", Missing::fatal,
                                                         number(1, kMaxUnsigned, kStrict), "1000")),
};

}  // namespace

std::span<const Keyword> firewall_rows() {
    return kRows;
}

}  // namespace sustain::parser
