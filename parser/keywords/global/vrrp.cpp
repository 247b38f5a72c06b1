// VRRP as a whole, and what its instances inherit.
#include "parser/keywords/global/rows.hpp"

namespace sustain::parser {

namespace {

using core::VrrpSettings;
using vrrp::Defaults;

void set_dynamic_interfaces(Context& context, const Statement& statement) {
    context.draft.config.global.dynamic_interfaces = true;  // whatever the argument is
    context.draft.config.vrrp.dynamic_interfaces = true;
    if (statement.size() < 2) {
        return;
    }
    if (statement[1] == "allow_if_changes") {
        context.draft.config.global.vrrp.allow_if_changes = true;
        context.unsupported(statement, 1, "allow_if_changes is not supported yet: it has no effect");
    } else {
        context.error(statement, 1, fmt::format("Unknown dynamic_interfaces option '{}'", statement[1]));
    }
}

void set_no_local_igmp(Context& context, const Statement& statement) {
    if (!context.environment.can_write("/proc/sys/net/ipv4/igmp_link_local_mcast_reports")) {
        context.environment_error(statement, 0, Rank::general,
                                  "Unable to set igmp_link_local_mcast_reports - ignoring disable_local_igmp",
                                  "the kernel has no such setting, or it is read-only");
        return;
    }
    context.draft.config.global.vrrp.no_local_igmp = true;
}

void set_group4(Context& context, const Statement& statement) {
    const auto group = core::Address::parse(statement[1]);
    if (!group || group->family() != core::Address::Family::ipv4 || !group->is_multicast()) {
        context.error(statement, 1,
                      fmt::format("Configuration error: Cant parse vrrp_mcast_group4 [{}]. Skipping", statement[1]),
                      "an IPv4 multicast address");
        return;
    }
    context.draft.config.vrrp.defaults.mcast_group4 = *group;
}

void set_group6(Context& context, const Statement& statement) {
    const auto group = core::Address::parse(statement[1]);
    if (!group || group->family() != core::Address::Family::ipv6 || !group->is_multicast()) {
        context.error(statement, 1,
                      fmt::format("Configuration error: Cant parse vrrp_mcast_group6 [{}]. Skipping", statement[1]),
                      "an IPv6 multicast address");
        return;
    }
    constexpr std::uint8_t kLinkLocalScope = 2;
    if ((group->octets()[1] & 0x0f) != kLinkLocalScope) {
        context.error(statement, 1, fmt::format("vrrp_mcast_group6 {} does not have link-local scope", statement[1]),
                      "ff02::…");
    }
    context.draft.config.vrrp.defaults.mcast_group6 = *group;
}

/// Of several the longest counts.
template <auto Member>
void store_longest(Context& context, const Statement& statement) {
    core::Duration& stored = context.draft.config.global.vrrp.*Member;
    const core::Duration before = stored;
    store<Member>(context, statement);
    if (stored >= std::chrono::seconds(60)) {
        context.report.add(Severity::notice, Rank::none, context.prefix, statement.place(1),
                           fmt::format("The {} is very large - {} seconds", statement.keyword.name, statement[1]));
    }
    stored = std::max(stored, before);
}

/// Of several the first counts.
template <auto Member, auto Written>
void set_prefix(Context& context, const Statement& statement) {
    if (std::exchange(context.draft.*Written, true)) {
        context.error(statement, 1,
                      fmt::format("{} already specified - ignoring {}", statement.keyword.name, statement[1]));
        return;
    }
    context.draft.config.vrrp.defaults.*Member = statement[1];
}

template <auto Member>
constexpr Keyword delay_row(std::string_view name) {
    return {.name = name,
            .missing = Missing::fatal,
            .value = seconds(1000, 4'294'967'295),
            .apply = store_longest<Member>,
            .arguments = "SECONDS",
            .unit = "seconds"};
}

constexpr Keyword kRows[] = {
    {.name = "dynamic_interfaces",
     .value = choice("allow_if_changes"),
     .apply = set_dynamic_interfaces,
     .arguments = "[allow_if_changes]"},
    {.name = "default_interface",
     .missing = Missing::reported,
     .value = word(Value::Type::interface),
     .apply = store<&VrrpSettings::default_interface>,
     .arguments = "INTERFACE",
     .fallback = "eth0"},
    {.name = "disable_local_igmp", .apply = set_no_local_igmp},
    flag<&Defaults::v3_checksum_as_v2>("v3_checksum_as_v2"),
    {.name = "vrrp_mcast_group4",
     .missing = Missing::fatal,
     .value = word(Value::Type::address),
     .apply = set_group4,
     .arguments = "ADDRESS",
     .fallback = "224.0.0.18"},
    {.name = "vrrp_mcast_group6",
     .missing = Missing::fatal,
     .value = word(Value::Type::address),
     .apply = set_group6,
     .arguments = "ADDRESS",
     .fallback = "ff02::12"},
    amount<&Defaults::down_timer_adverts>("vrrp_down_timer_adverts", Missing::fatal, number(1, 100), "3"),
    toggle<&Defaults::lower_prio_no_advert>("vrrp_lower_prio_no_advert"),
    toggle<&Defaults::higher_prio_send_advert>("vrrp_higher_prio_send_advert"),
    amount<&Defaults::version>("vrrp_version", Missing::fatal, integer(2, 3), "2"),
    flag<&Defaults::check_unicast_src>("vrrp_check_unicast_src"),
    toggle<&Defaults::skip_check_adv_addr>("vrrp_skip_check_adv_addr"),
    toggle<&Defaults::strict>("vrrp_strict"),
    delay_row<&VrrpSettings::startup_delay>("vrrp_startup_delay"),
    delay_row<&VrrpSettings::delay_after_boot>("vrrp_delay_after_boot"),
    flag<&VrrpSettings::log_unknown_vrids>("log_unknown_vrids"),
    toggle<&Defaults::owner_ignore_adverts>("vrrp_owner_ignore_adverts"),
    not_yet({.name = "vmac_prefix",
             .missing = Missing::fatal,
             .value = word(),
             .apply = set_prefix<&Defaults::vmac_prefix, &GlobalDrafts::vmac_prefix_written>,
             .repeat = Repeat::first_wins,
             .arguments = "TEXT",
             .fallback = "vrrp"}),
    not_yet({.name = "vmac_addr_prefix",
             .missing = Missing::fatal,
             .value = word(),
             .apply = set_prefix<&Defaults::vmac_addr_prefix, &GlobalDrafts::vmac_addr_prefix_written>,
             .repeat = Repeat::first_wins,
             .arguments = "TEXT",
             .inherits = "global_defs/vmac_prefix"}),
};

}  // namespace

std::span<const Keyword> vrrp_rows() {
    return kRows;
}

}  // namespace sustain::parser
