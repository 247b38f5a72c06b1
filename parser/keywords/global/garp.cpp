// Announcements: what instances inherit, and the gaps between packets of an interface.
#include "parser/keywords/global/rows.hpp"

namespace sustain::parser {

namespace {

using core::VrrpSettings;
using vrrp::Defaults;

/// A count of packets: none is not possible.
template <auto Member>
void store_repeat(Context& context, const Statement& statement) {
    auto count = context.number(statement, 1, statement.keyword.value);
    if (count == 0) {
        context.error(statement, 1, fmt::format("{} must be greater than 0, setting to 1", statement.keyword.name));
        count = 1;
    }
    if (count) {
        context.draft.config.vrrp.defaults.*Member = static_cast<unsigned>(*count);
    }
}

template <auto Member>
void store_gap(Context& context, const Statement& statement) {
    store<Member>(context, statement);
    if (context.draft.config.global.vrrp.*Member >= std::chrono::seconds(1)) {
        context.report.add(Severity::notice, Rank::none, context.prefix, statement.place(1),
                           fmt::format("The {} is very large - {} seconds", statement.keyword.name, statement[1]));
    }
}

/// Only what still has its default: one packet, no second set.
void set_min_garp(Context& context, const Statement& statement) {
    if (!context.boolean(statement).value_or(false)) {
        return;
    }
    const Defaults untouched;
    Defaults& defaults = context.draft.config.vrrp.defaults;
    if (defaults.garp_master_repeat == untouched.garp_master_repeat) {
        defaults.garp_master_repeat = 1;
    }
    if (defaults.garp_master_delay == untouched.garp_master_delay) {
        defaults.garp_master_delay = {};
    }
    if (defaults.garp_master_refresh == untouched.garp_master_refresh) {
        defaults.garp_master_refresh = {};
    }
    if (defaults.garp_master_refresh_repeat == untouched.garp_master_refresh_repeat) {
        defaults.garp_master_refresh_repeat = 0;
    }
}

/// `all` and a number of seconds, in any order; of several numbers the last one counts.
void set_extra_interfaces(Context& context, const Statement& statement) {
    if (!statement.keyword.replaced_by.empty()) {
        context.error(
            statement, 0, Rank::deprecated,
            fmt::format("{} is deprecated; please use {}", statement.keyword.name, statement.keyword.replaced_by));
    }
    vrrp::ExtraGarp wanted;
    std::optional<std::int64_t> interval;
    for (std::size_t i = 1; i < statement.size(); ++i) {
        if (statement[i] == "all") {
            wanted.all_interfaces = true;
        } else if (interval = context.number(statement, i, statement.keyword.value); !interval) {
            return;
        }
    }
    if (!interval) {
        context.error(statement, statement.size() - 1,
                      fmt::format("{} - no time specified - ignoring", statement.keyword.name));
        return;
    }
    wanted.interval = std::chrono::seconds(*interval);
    context.draft.config.vrrp.defaults.garp_extra_if = wanted;
}

constexpr Keyword extra_row(std::string_view name, std::string_view replaced_by = {}) {
    return {.name = name,
            .missing = Missing::reported,
            .value = number(1, 86400),
            .apply = set_extra_interfaces,
            .arguments = "[all] SECONDS",
            .unit = "seconds",
            .replaced_by = replaced_by};
}

template <auto Member>
constexpr Keyword repeat_row(std::string_view name, std::string_view fallback) {
    return {.name = name,
            .missing = Missing::fatal,
            .value = number(0, kMaxUnsigned),
            .apply = store_repeat<Member>,
            .arguments = "N",
            .fallback = fallback};
}

template <auto Member>
constexpr Keyword gap_row(std::string_view name) {
    return {.name = name,
            .missing = Missing::fatal,
            .value = seconds(1, 4'294'967'295),
            .apply = store_gap<Member>,
            .arguments = "SECONDS",
            .unit = "seconds"};
}

constexpr Keyword kRows[] = {
    amount<&Defaults::garp_master_delay>("vrrp_garp_master_delay", Missing::fatal, number(0, 4294), "5", "SECONDS",
                                         "seconds"),
    repeat_row<&Defaults::garp_master_repeat>("vrrp_garp_master_repeat", "5"),
    amount<&Defaults::garp_master_refresh>("vrrp_garp_master_refresh", Missing::fatal,
                                           number(0, kMaxUnsigned, false, 0), "0", "SECONDS", "seconds"),
    repeat_row<&Defaults::garp_master_refresh_repeat>("vrrp_garp_master_refresh_repeat", "1"),
    {.name = "vrrp_garp_lower_prio_delay",
     .missing = Missing::fatal,
     .value = number(0, 4294),
     .apply = store<&Defaults::garp_lower_prio_delay>,
     .arguments = "SECONDS",
     .fallback = "5",
     .inherits = "global_defs/vrrp_garp_master_delay",
     .unit = "seconds"},
    {.name = "vrrp_garp_lower_prio_repeat",
     .missing = Missing::fatal,
     .value = number(0, kMaxInteger),
     .apply = store<&Defaults::garp_lower_prio_repeat>,
     .arguments = "N",
     .fallback = "5",
     .inherits = "global_defs/vrrp_garp_master_repeat"},
    gap_row<&VrrpSettings::garp_interval>("vrrp_garp_interval"),
    gap_row<&VrrpSettings::gna_interval>("vrrp_gna_interval"),
    {.name = "vrrp_min_garp", .value = boolean(), .apply = set_min_garp, .arguments = "[BOOL]", .fallback = "off"},
    extra_row("vrrp_garp_extra_if"),
    extra_row("vrrp_vmac_garp_intvl", "vrrp_garp_extra_if"),
};

}  // namespace

std::span<const Keyword> garp_rows() {
    return kRows;
}

}  // namespace sustain::parser
