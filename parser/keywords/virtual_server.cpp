// virtual_server { … }
#include "parser/keywords/virtual_server.hpp"
#include "parser/keywords/check_rows.hpp"
#include "parser/values.hpp"

namespace sustain::parser {

namespace {

// IP_VS_SVC_F_… of linux/ip_vs.h
constexpr std::uint32_t kOnePacket = 0x04;
constexpr std::uint32_t kScheduler1 = 0x08;
constexpr std::uint32_t kScheduler2 = 0x10;
constexpr std::uint32_t kScheduler3 = 0x20;

constexpr std::uint32_t kDefaultPersistence = 360;         // seconds
constexpr std::uint64_t kMaxPersistence = 31 * 24 * 3600;  // seconds

VirtualServerDraft& draft_of(Context& context) {
    return context.draft.virtual_server;
}

void set_family(Context& context, const Statement& statement) {
    const std::string_view family = statement[1];
    if (family != "inet" && family != "inet6") {
        context.error(statement, 1, fmt::format("unknown address family {}", family), "inet or inet6");
    } else if (!settle_family(draft_of(context),
                              family == "inet6" ? core::Address::Family::ipv6 : core::Address::Family::ipv4)) {
        context.error(statement, 1,
                      fmt::format("Virtual server specified family {} conflicts with server family", family),
                      "the address or an earlier line has decided already");
    }
}

constexpr std::string_view kSchedulers = "rr wrr lc wlc lblc sh mh dh fo ovf lblcr sed nq twos";

bool is_among(std::string_view word, std::string_view words) {
    for (std::size_t begin = 0; begin < words.size();) {
        const std::size_t end = std::min(words.find(' ', begin), words.size());
        if (words.substr(begin, end - begin) == word) {
            return true;
        }
        begin = end + 1;
    }
    return false;
}

void set_scheduler(Context& context, const Statement& statement) {
    if (!is_among(statement[1], kSchedulers)) {
        context.error(statement, 1, fmt::format("Invalid lvs_scheduler '{}' - ignoring", statement[1]),
                      fmt::format("one of {}", kSchedulers));
        return;
    }
    draft_of(context).scheduler = statement[1];
}

template <std::uint32_t Flag>
void set_flag(Context& context, const Statement&) {
    draft_of(context).flags |= Flag;
}

/// sh-port, mh-fallback, …: needs the scheduler before it; with the wrong one of the two it is silently nothing.
template <std::uint32_t Flag>
void set_hash_flag(Context& context, const Statement& statement) {
    auto& draft = draft_of(context);
    const std::string_view keyword = statement.keyword.name;
    if (draft.scheduler != "sh" && draft.scheduler != "mh") {
        context.error(statement, 0, fmt::format("{} only applies to sh scheduler - ignoring", keyword),
                      "give lvs_sched before it");
    } else if (keyword.starts_with(draft.scheduler)) {
        draft.flags |= Flag;
    }
}

void set_method(Context& context, const Statement& statement) {
    read_method(context, statement, "virtual server", draft_of(context).method);
}

void set_engine(Context& context, const Statement& statement) {
    constexpr std::size_t kMaxName = 16;  // IP_VS_PENAME_MAXLEN
    if (statement[1].size() > kMaxName) {
        context.error(statement, 1, fmt::format("persistence_name too long, truncating - {}", statement[1]),
                      fmt::format("at most {} characters", kMaxName));
    }
    draft_of(context).persistence_engine = statement[1].substr(0, kMaxName);
}

void set_persistence(Context& context, const Statement& statement) {
    if (statement.size() < 2) {
        draft_of(context).persistence_timeout = kDefaultPersistence;
    } else {
        store<&VirtualServerDraft::persistence_timeout>(context, statement);
    }
}

std::optional<std::uint32_t> mask_of_length(std::uint64_t length) {
    return static_cast<std::uint32_t>(~std::uint64_t{0} << (32 - length));
}

/// A netmask or a prefix length in IPv4, a prefix length in IPv6; while the family is not known, a dot decides.
void set_granularity(Context& context, const Statement& statement) {
    using Family = core::Address::Family;
    auto& draft = draft_of(context);
    const bool dotted = statement[1].find('.') != std::string_view::npos;
    const Family family = draft.family.value_or(dotted ? Family::ipv4 : Family::ipv6);
    if (family == Family::ipv6) {
        const auto length = context.number(statement, 1, number(1, 128, kStrict));
        if (!length) {
            return;
        }
        draft.persistence_granularity = static_cast<std::uint32_t>(*length);
    } else {
        // keepalived takes 24 for the mask 0.0.0.24, which nobody means.
        const auto length = read_unsigned(statement[1], {1, 32});
        const auto mask = length.fault == NumberFault::none ? mask_of_length(length.value) : read_netmask(statement[1]);
        if (!mask) {
            context.error(statement, 1,
                          fmt::format("Invalid IPv4 persistence_granularity specified - {}", statement[1]),
                          "a netmask such as 255.255.255.0");
            return;
        }
        draft.persistence_granularity = mask;
    }
    draft.family = family;
    if (!draft.persistence_timeout) {
        draft.persistence_timeout = kDefaultPersistence;
    }
}

void set_protocol(Context& context, const Statement& statement) {
    std::string name(statement[1]);
    std::ranges::transform(name, name.begin(), [](char c) { return c >= 'a' && c <= 'z' ? c - 'a' + 'A' : c; });
    if (name == "TCP") {
        draft_of(context).protocol = ipvs::Protocol::tcp;
    } else if (name == "UDP") {
        draft_of(context).protocol = ipvs::Protocol::udp;
    } else if (name == "SCTP") {
        draft_of(context).protocol = ipvs::Protocol::sctp;
    } else {
        context.error(statement, 1, fmt::format("Unknown protocol {} - ignoring", statement[1]), "TCP, UDP or SCTP");
    }
}

using Server = VirtualServerDraft;

constexpr Keyword scheduler_row(std::string_view name, std::string_view replaced_by = {}) {
    return {.name = name,
            .missing = Missing::fatal,
            .value = choice(kSchedulers),
            .apply = set_scheduler,
            .arguments = "SCHEDULER",
            .fallback = "wlc",
            .replaced_by = replaced_by};
}

constexpr Keyword method_row(std::string_view name, std::string_view replaced_by = {}) {
    return {.name = name,
            .missing = Missing::fatal,
            .value = choice(kMethods),
            .apply = set_method,
            .arguments = kMethodArguments,
            .fallback = "NAT",
            .replaced_by = replaced_by};
}

constexpr Keyword kService[] = {
    {.name = "ip_family",
     .missing = Missing::fatal,
     .value = choice("inet inet6"),
     .apply = set_family,
     .arguments = "inet|inet6"},
    {.name = "protocol",
     .missing = Missing::fatal,
     .value = choice("TCP UDP SCTP"),
     .apply = set_protocol,
     .arguments = "TCP|UDP|SCTP",
     .fallback = "UDP"},
    scheduler_row("lvs_sched"),
    scheduler_row("lb_algo", "lvs_sched"),
    {.name = "hashed", .apply = set_hash_flag<0>},
    {.name = "ops", .apply = set_flag<kOnePacket>},
    {.name = "flag-1", .apply = set_flag<kScheduler1>},
    {.name = "flag-2", .apply = set_flag<kScheduler2>},
    {.name = "flag-3", .apply = set_flag<kScheduler3>},
    {.name = "sh-port", .apply = set_hash_flag<kScheduler2>},
    {.name = "sh-fallback", .apply = set_hash_flag<kScheduler1>},
    {.name = "mh-port", .apply = set_hash_flag<kScheduler2>},
    {.name = "mh-fallback", .apply = set_hash_flag<kScheduler1>},
    method_row("lvs_method"),
    method_row("lb_kind", "lvs_method"),
    {.name = "persistence_engine",
     .missing = Missing::fatal,
     .value = word(),
     .apply = set_engine,
     .arguments = "NAME"},
    {.name = "persistence_timeout",
     .value = number(1, kMaxPersistence, kStrict),
     .apply = set_persistence,
     .arguments = "[SECONDS]",
     .unit = "seconds"},
    {.name = "persistence_granularity",
     .missing = Missing::fatal,
     .value = {Value::Type::text},
     .apply = set_granularity,
     .arguments = "NETMASK|PREFIXLEN"},
};

constexpr Keyword kPool[] = {
    {.name = "weight",
     .missing = Missing::fatal,
     .value = number(1, kMaxInteger),
     .apply = store<&Server::weight>,
     .arguments = "N",
     .fallback = "1"},
    {.name = "inhibit_on_failure", .apply = set<&Server::inhibit_on_failure, true>},
    {.name = "quorum",
     .missing = Missing::fatal,
     .value = number(1, kMaxUnsigned, false, 1),
     .apply = store<&Server::quorum>,
     .arguments = "WEIGHT",
     .fallback = "1"},
    {.name = "hysteresis",
     .missing = Missing::fatal,
     .value = number(0, kMaxUnsigned),
     .apply = store<&Server::hysteresis>,
     .arguments = "WEIGHT",
     .fallback = "0"},
    {.name = "ha_suspend", .apply = set<&Server::ha_suspend, true>},
    {.name = "omega", .apply = set<&Server::omega, true>},
    server_script_row<&Server::quorum_up, Server>("quorum_up"),
    server_script_row<&Server::quorum_down, Server>("quorum_down"),
    {.name = "smtp_alert",
     .value = boolean(),
     .apply = store<&Server::smtp_alert>,
     .arguments = "[BOOL]",
     .fallback = "off",
     .inherits = "global_defs/smtp_alert_checker"},
    virtualhost_row<&Server::virtualhost>(),
    not_yet({.name = "snmp_name",
             .missing = Missing::reported,
             .value = word(),
             .apply = set_snmp_name<&Server::snmp_name>,
             .arguments = "NAME"}),
    {.name = "sorry_server",
     .missing = Missing::fatal,
     .value = word(Value::Type::address),
     .apply = set_sorry_server,
     .arguments = "IPADDR [PORT]"},
    {.name = "sorry_server_inhibit", .apply = set_sorry_server_inhibit},
    {.name = "sorry_server_lvs_method",
     .value = choice(kMethods),
     .apply = set_sorry_server_method,
     .arguments = kMethodArguments,
     .inherits = "virtual_server/lvs_method"},
    {.name = "real_server",
     .kind = Kind::block,
     .missing = Missing::fatal,
     .value = word(Value::Type::address),
     .apply = open_real_server,
     .close = close_real_server,
     .table = real_server_table,
     .repeat = Repeat::accumulates,
     .arguments = "IPADDR [PORT]"},
};

constexpr auto kRows =
    join(timing_rows<Server>(Level::virtual_server),
         std::array{connect_timeout_row<Server>(Level::virtual_server), alpha_row<Server>(Level::virtual_server)},
         std::to_array(kService), std::to_array(kPool));

}  // namespace

const BlockTable& virtual_server_table() {
    static const BlockTable table("virtual_server", kRows);
    return table;
}

}  // namespace sustain::parser
