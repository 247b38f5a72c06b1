// virtual_server IP [PORT] { … }
#include "parser/keywords/check_rows.hpp"
#include "parser/keywords/tables.hpp"
#include "parser/values.hpp"

namespace sustain::parser {

namespace {

// IP_VS_SVC_F_… of linux/ip_vs.h
constexpr std::uint32_t kOnePacket = 0x04;
constexpr std::uint32_t kScheduler1 = 0x08;
constexpr std::uint32_t kScheduler2 = 0x10;
constexpr std::uint32_t kScheduler3 = 0x20;

constexpr std::uint32_t kDefaultPersistence = 360;  // seconds
constexpr std::uint64_t kMaxPersistence = 31 * 24 * 3600;

VirtualServerDraft& draft_of(Context& context) {
    return context.draft.virtual_server;
}

void set_family(Context& context, const Statement& statement) {
    const std::string_view family = statement[1];
    if (family != "inet" && family != "inet6") {
        context.error(statement, 1, fmt::format("unknown address family {}", family), "inet or inet6");
    } else if ((family == "inet6") != draft_of(context).address.is_ipv6()) {
        context.error(statement, 1,
                      fmt::format("Virtual server specified family {} conflicts with server family", family));
    }
}

void set_scheduler(Context& context, const Statement& statement) {
    static constexpr std::string_view kNames[] = {"rr", "wrr", "lc",  "wlc",   "lblc", "sh", "mh",
                                                  "dh", "fo",  "ovf", "lblcr", "sed",  "nq", "twos"};
    if (std::ranges::find(kNames, statement[1]) == std::end(kNames)) {
        context.error(statement, 1, fmt::format("Invalid lvs_scheduler '{}' - ignoring", statement[1]),
                      fmt::format("one of {}", fmt::join(kNames, " ")));
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
    auto& draft = draft_of(context);
    if (const auto method = read_method(context, statement, "virtual server", draft.method)) {
        draft.method = method;
    }
}

void set_persistence(Context& context, const Statement& statement) {
    if (statement.size() < 2) {
        draft_of(context).persistence_timeout = kDefaultPersistence;
    } else {
        store<&VirtualServerDraft::persistence_timeout>(context, statement);
    }
}

void set_granularity(Context& context, const Statement& statement) {
    auto& draft = draft_of(context);
    if (draft.address.is_ipv6()) {
        const auto length = context.number(statement, 1, number(1, 128, kStrict));
        if (!length) {
            return;
        }
        draft.persistence_granularity = static_cast<std::uint32_t>(*length);
    } else {
        draft.persistence_granularity = read_netmask(statement[1]).or_else([&]() -> std::optional<std::uint32_t> {
            context.error(statement, 1,
                          fmt::format("Invalid IPv4 persistence_granularity specified - {}", statement[1]),
                          "a netmask such as 255.255.255.0");
            return draft.persistence_granularity;
        });
    }
    if (draft.persistence_granularity && !draft.persistence_timeout) {
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

void set_sorry_server(Context& context, const Statement& statement) {
    if (const auto server = read_server(context, statement, "Invalid sorry server IP address {} - skipping")) {
        auto& draft = draft_of(context);
        draft.sorry_server = SorryServerDraft{
            .place = statement.place(1), .address = server->address, .port = server->port, .method = draft.method};
    }
}

/// The sorry server; null, with a word about it, if there is none yet.
SorryServerDraft* sorry_server(Context& context, const Statement& statement, std::string_view what) {
    auto& draft = draft_of(context);
    if (!draft.sorry_server) {
        context.error(statement, 0, fmt::format("Ignoring sorry_server {} used before or without sorry_server", what));
        return nullptr;
    }
    return &*draft.sorry_server;
}

void set_sorry_inhibit(Context& context, const Statement& statement) {
    if (auto* const server = sorry_server(context, statement, "inhibit")) {
        server->inhibit = true;
    }
}

void set_sorry_method(Context& context, const Statement& statement) {
    auto* const server = sorry_server(context, statement, "lvs_method");
    if (server == nullptr) {
        return;
    }
    if (statement.size() < 2) {
        context.missing_parameter(statement, 1);
    } else if (const auto method = read_method(context, statement, "sorry server", server->method)) {
        server->method = method;
    }
}

void open_real_server(Context& context, const Statement& statement) {
    const auto server = read_server(context, statement, "Invalid real server ip address/port {}/{} - skipping");
    if (!server) {
        context.refuse();
        return;
    }
    auto& draft = draft_of(context);
    RealServerDraft& real_server = draft.real_servers.emplace_back();
    real_server.place = statement.place(1);
    real_server.address = server->address;
    real_server.port = server->port;
    real_server.method = draft.method;
}

void close_real_server(Context& context, const Statement& statement) {
    auto& draft = draft_of(context);
    const RealServerDraft& server = draft.real_servers.back();
    const bool tunnel = server.method && server.method->forwarding == ipvs::Forwarding::tunnel;
    if (!tunnel && server.address.family() != draft.address.family()) {
        context.report.error(Rank::general, Prefix::file_line, statement.place(),
                             fmt::format("Address family of virtual server and real server {} don't match - skipping "
                                         "real server.",
                                         server.address));
        draft.real_servers.pop_back();
    }
}

using Server = VirtualServerDraft;

constexpr Keyword kOwn[] = {
    {.name = "ip_family", .missing = Missing::fatal, .value = word(), .apply = set_family},
    {.name = "inhibit_on_failure", .apply = set<&Server::inhibit_on_failure, true>},
    {.name = "lvs_sched", .missing = Missing::fatal, .value = word(), .apply = set_scheduler},
    {.name = "lb_algo", .missing = Missing::fatal, .value = word(), .apply = set_scheduler},
    {.name = "hashed", .apply = set_hash_flag<0>},
    {.name = "ops", .apply = set_flag<kOnePacket>},
    {.name = "flag-1", .apply = set_flag<kScheduler1>},
    {.name = "flag-2", .apply = set_flag<kScheduler2>},
    {.name = "flag-3", .apply = set_flag<kScheduler3>},
    {.name = "sh-port", .apply = set_hash_flag<kScheduler2>},
    {.name = "sh-fallback", .apply = set_hash_flag<kScheduler1>},
    {.name = "mh-port", .apply = set_hash_flag<kScheduler2>},
    {.name = "mh-fallback", .apply = set_hash_flag<kScheduler1>},
    {.name = "lvs_method", .missing = Missing::fatal, .value = word(), .apply = set_method},
    {.name = "lb_kind", .missing = Missing::fatal, .value = word(), .apply = set_method},
    later("persistence_engine", Missing::fatal),
    {.name = "persistence_timeout", .value = number(1, kMaxPersistence, kStrict), .apply = set_persistence},
    {.name = "persistence_granularity", .missing = Missing::fatal, .value = word(), .apply = set_granularity},
    {.name = "protocol", .missing = Missing::fatal, .value = word(), .apply = set_protocol},
    later("ha_suspend"),
    later("smtp_alert"),
    later("virtualhost", Missing::reported),
    later("snmp_name", Missing::reported),
    later("omega"),
    later("quorum_up", Missing::fatal),
    later("quorum_down", Missing::fatal),
    {.name = "quorum",
     .missing = Missing::fatal,
     .value = number(1, kMaxUnsigned, false, 1),
     .apply = store<&Server::quorum>},
    {.name = "hysteresis",
     .missing = Missing::fatal,
     .value = number(0, kMaxUnsigned),
     .apply = store<&Server::hysteresis>},
    {.name = "weight", .missing = Missing::fatal, .value = number(1, kMaxInteger), .apply = store<&Server::weight>},
    {.name = "sorry_server", .missing = Missing::fatal, .value = word(), .apply = set_sorry_server},
    {.name = "sorry_server_inhibit", .apply = set_sorry_inhibit},
    {.name = "sorry_server_lvs_method", .value = word(), .apply = set_sorry_method},
    {.name = "real_server",
     .kind = Kind::block,
     .missing = Missing::fatal,
     .apply = open_real_server,
     .close = close_real_server,
     .table = real_server_table,
     .repeat = Repeat::accumulates},
};

constexpr auto kRows =
    join(timing_rows<Server>(Level::virtual_server),
         std::array{connect_timeout_row<Server>(Level::virtual_server), alpha_row<Server>(Level::virtual_server)},
         std::to_array(kOwn));

}  // namespace

const BlockTable& virtual_server_table() {
    static const BlockTable table("virtual_server", kRows);
    return table;
}

}  // namespace sustain::parser
