// SNMP and D-Bus.
#include "parser/keywords/global/rows.hpp"

#include <climits>

namespace sustain::parser {

namespace {

using core::DbusSettings;
using core::SnmpSettings;

void set_socket(Context& context, const Statement& statement) {
    std::string& socket = context.draft.config.global.snmp.socket;
    if (statement.size() > 2) {
        context.error(statement, 2, "Too many parameters specified for snmp_socket - ignoring");
    } else if (statement[1].size() >= PATH_MAX) {
        context.error(statement, 1, "snmp_socket is too long - ignoring");
    } else if (!socket.empty()) {
        context.error(statement, 1, fmt::format("SNMP socket already set to {} - ignoring", socket));
    } else {
        socket = statement[1];
    }
}

void set_rfc(Context& context, const Statement&) {
    context.draft.config.global.snmp.rfc_v2 = true;
    context.draft.config.global.snmp.rfc_v3 = true;
}

constexpr Keyword named(Keyword row, std::string_view replaced_by) {
    row.replaced_by = replaced_by;
    return row;
}

template <auto Member>
constexpr Keyword interval_row(std::string_view name, std::string_view inherits = {}) {
    return not_yet({.name = name,
                    .missing = Missing::fatal,
                    .value = {.type = Value::Type::decimal, .min = 1000, .max = 30'000'000, .strict = true},
                    .apply = store<Member>,
                    .arguments = "SECONDS",
                    .fallback = "5",
                    .inherits = inherits,
                    .unit = "seconds"});
}

constexpr Keyword kRows[] = {
    not_yet({.name = "snmp_socket",
             .missing = Missing::reported,
             .value = word(),
             .apply = set_socket,
             .repeat = Repeat::first_wins,
             .arguments = "ADDRESS"}),
    not_yet(flag<&SnmpSettings::traps>("enable_traps")),
    not_yet(flag<&SnmpSettings::vrrp>("enable_snmp_vrrp")),
    not_yet(named(flag<&SnmpSettings::vrrp>("enable_snmp_keepalived"), "enable_snmp_vrrp")),
    not_yet({.name = "enable_snmp_rfc", .apply = set_rfc}),
    not_yet(flag<&SnmpSettings::rfc_v2>("enable_snmp_rfcv2")),
    not_yet(flag<&SnmpSettings::rfc_v3>("enable_snmp_rfcv3")),
    not_yet(flag<&SnmpSettings::checker>("enable_snmp_checker")),
    interval_row<&SnmpSettings::virtual_server_statistics>("snmp_vs_stats_update_interval"),
    interval_row<&SnmpSettings::real_server_statistics>("snmp_rs_stats_update_interval",
                                                        "global_defs/snmp_vs_stats_update_interval"),
    not_yet(flag<&DbusSettings::enabled>("enable_dbus")),
    not_yet({.name = "dbus_service_name",
             .missing = Missing::reported,
             .value = word(),
             .apply = store<&DbusSettings::service_name>,
             .arguments = "NAME",
             .fallback = "org.keepalived.Vrrp1"}),
    not_yet({.name = "dbus_no_interface_name",
             .missing = Missing::reported,
             .value = word(),
             .apply = store<&DbusSettings::no_interface_name>,
             .arguments = "NAME",
             .fallback = "none"}),
};

}  // namespace

std::span<const Keyword> management_rows() {
    return kRows;
}

}  // namespace sustain::parser
