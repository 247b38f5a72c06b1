// An entry of virtual_routes and static_routes (spec/routes-rules.md 3). A word that is no option is a destination.
#include "parser/keywords/route_line.hpp"

#include "parser/keywords/tables.hpp"

namespace sustain::parser {

namespace {

using Family = core::Address::Family;
using Metric = vrrp::RouteMetric::Kind;
using Names = KernelNames::Kind;
using vrrp::Route;

RouteDraft& current(Context& context) {
    return context.draft.route;
}

/// For options of one family: decides it. False: the line is of the other one.
bool require_family(Context& context, const Statement& statement, Family family, std::string_view complaint) {
    RouteDraft& draft = current(context);
    if (draft.family.value_or(family) != family) {
        drop(context, statement, draft, complaint);
        return false;
    }
    draft.family = family;
    return true;
}

/// The word that is read, as the destination.
void read_target(Context& context, const Statement& statement) {
    RouteDraft& draft = current(context);
    const std::string_view text = statement[draft.at];
    const auto destination = read_destination(context, statement, draft.at);
    if (!destination) {
        drop(context, statement, draft, fmt::format("unknown route keyword {}", text),
             context.hint_for_unknown(text, route_line_table()));
        return;
    }
    if (draft.family && draft.family != destination->family) {
        drop(context, statement, draft, fmt::format("Cannot mix IPv4 and IPv6 addresses for route ({})", text),
             destination->family ? "" : "default comes first, or name the family: 0.0.0.0/0, ::/0");
        return;
    }
    draft.family = destination->family;
    draft.value.destination = destination->prefix;
    draft.has_destination = true;
}

void set_destination(Context& context, const Statement& statement) {
    if (to_argument(context, statement, current(context))) {
        read_target(context, statement);
    }
}

struct TypeName {
    std::string_view name;
    std::uint8_t number;
};
constexpr TypeName kTypes[] = {{"unicast", 1},  {"local", 2},     {"broadcast", 3}, {"brd", 3},
                               {"anycast", 4},  {"multicast", 5}, {"blackhole", 6}, {"unreachable", 7},
                               {"prohibit", 8}, {"throw", 9},     {"nat", 10},      {"xresolve", 11}};
constexpr std::uint32_t kHighestType = 255;

void set_type(Context& context, const Statement& statement) {
    const auto type = read_route_type(statement[current(context).at]);
    set_destination(context, statement);
    current(context).value.type = type;
}

void set_family(Context& context, const Statement& statement) {
    RouteDraft& draft = current(context);
    const bool ipv4 = statement.keyword.name == "inet";
    if (require_family(context, statement, ipv4 ? Family::ipv4 : Family::ipv6,
                       ipv4 ? "inet specified for IPv6 route" : "inet6 specified for IPv4 route")) {
        ++draft.at;  // keepalived skips the next word, whatever it is (spec/routes-rules.md 1.4)
    }
}

/// ADDRESS of an option, of the family of the line.
std::optional<core::Address> read_address(Context& context, const Statement& statement, std::string_view what) {
    RouteDraft& draft = current(context);
    const auto address = core::Address::parse(statement[draft.at]);
    if (!address) {
        drop(context, statement, draft, fmt::format("invalid route {} address {}", what, statement[draft.at]),
             "a numeric address without a length");
        return std::nullopt;
    }
    if (!require_family(context, statement, address->family(), "Cannot mix IPv4 and IPv6 addresses for route")) {
        return std::nullopt;
    }
    return address;
}

void set_preferred_source(Context& context, const Statement& statement) {
    if (to_argument(context, statement, current(context))) {
        current(context).value.preferred_source = read_address(context, statement, "src");
    }
}

void set_source(Context& context, const Statement& statement) {
    RouteDraft& draft = current(context);
    if (!to_argument(context, statement, draft)) {
        return;
    }
    const std::string_view text = statement[draft.at];
    const auto source = read_destination(context, statement, draft.at);
    if (!source) {
        drop(context, statement, draft, fmt::format("invalid route from address {}", text));
    } else if (source->family != Family::ipv6) {
        drop(context, statement, draft, fmt::format("route from address only supported with IPv6 ({})", text));
    } else if (require_family(context, statement, Family::ipv6, "Cannot mix IPv4 and IPv6 addresses for route")) {
        draft.value.source = source->prefix;
    }
}

void set_gateway(Context& context, const Statement& statement) {
    RouteDraft& draft = current(context);
    if (!statement.keyword.replaced_by.empty()) {
        context.error(statement, draft.at, Rank::deprecated, R"("gw" for routes is deprecated. Please use "via")");
    }
    if (!to_argument(context, statement, draft)) {
        return;
    }
    const std::string_view family = statement[draft.at];
    const bool named = family == "inet" || family == "inet6";
    if (named && !to_argument(context, statement, draft)) {
        return;
    }
    const auto gateway = read_address(context, statement, "via");
    if (named && gateway && gateway->is_ipv4() != (family == "inet")) {
        drop(context, statement, draft, "Cannot mix IPv4 and IPv6 addresses for route");
        return;
    }
    draft.value.gateway = gateway;
}

void set_alternative(Context& context, const Statement& statement) {
    RouteDraft& draft = current(context);
    context.error(statement, draft.at, Rank::deprecated, R"("or" for routes is deprecated. Please use "nexthop")",
                  "nexthop via ADDRESS nexthop via ADDRESS");
    if (draft.alternative) {
        context.error(statement, draft.at, R"("or" route already specified - ignoring subsequent)");
        ++draft.at;
        return;
    }
    if (!to_argument(context, statement, draft)) {
        return;
    }
    draft.alternative = core::Address::parse(statement[draft.at]);
    if (!draft.alternative) {
        drop(context, statement, draft, fmt::format("Invalid \"or\" address {}", statement[draft.at]));
    }
}

void ignore_nat(Context& context, const Statement& statement) {
    RouteDraft& draft = current(context);
    if (!to_argument(context, statement, draft)) {
        return;
    }
    context.error(statement, draft.at, "\"as to\" for MPLS only - ignoring");
    draft.at += statement[draft.at] == "to" ? 1 : 0;
}

void set_table(Context& context, const Statement& statement) {
    store_name<&Route::table, Names::table>(context, statement, "Routing table {} not found for route");
    current(context).value.vrf.clear();
}
void set_protocol(Context& context, const Statement& statement) {
    store_name<&Route::protocol, Names::protocol>(context, statement, "Protocol {} not found or invalid for route");
}
void set_scope(Context& context, const Statement& statement) {
    store_name<&Route::scope, Names::scope>(context, statement, "Scope {} not found or invalid for route");
}
void set_tos(Context& context, const Statement& statement) {
    store_name<&Route::tos, Names::dsfield>(context, statement, "TOS value {} is invalid");
}

void set_vrf(Context& context, const Statement& statement) {
    RouteDraft& draft = current(context);
    if (!to_argument(context, statement, draft)) {
        return;
    }
    const std::string_view name = statement[draft.at];
    const Interface* const interface = context.interface(name);
    if (interface != nullptr && interface->vrf_table) {
        draft.value.vrf = name;
        draft.value.table = *interface->vrf_table;
        return;
    }
    context.environment_error(statement, draft.at, Rank::general,
                              interface == nullptr ? fmt::format("VRF {} not found for route", name)
                                                   : fmt::format("Route specified VRF {} is not a VRF", name));
    draft.dropped = true;
}

void set_device(Context& context, const Statement& statement) {
    RouteDraft& draft = current(context);
    if (to_argument(context, statement, draft)) {
        std::ignore = read_interface(context, statement, draft, draft.value.device, "VROUTE nexthop");
    }
}

void set_realms(Context& context, const Statement& statement) {
    RouteDraft& draft = current(context);
    if (!to_argument(context, statement, draft) ||
        !require_family(context, statement, Family::ipv4, "realms are only valid for IPv4")) {
        return;
    }
    draft.value.realms = read_realms(context, statement[draft.at]);
    if (!draft.value.realms) {
        drop_unknown(context, statement, draft, fmt::format("Invalid realms {} for route", statement[draft.at]));
    }
}

void set_expires(Context& context, const Statement& statement) {
    if (require_family(context, statement, Family::ipv6, "expires is only valid for IPv6")) {
        store_option<&Route::expires>(context, statement);
    }
}

void set_preference(Context& context, const Statement& statement) {
    struct Name {
        std::string_view name;
        std::uint8_t value;
    };
    static constexpr Name kNames[] = {{"medium", 0}, {"high", 1}, {"low", 3}};  // of ICMPv6
    RouteDraft& draft = current(context);
    if (!require_family(context, statement, Family::ipv6, "pref is only valid for IPv6") ||
        !to_argument(context, statement, draft)) {
        return;
    }
    const auto* const name = std::ranges::find(kNames, statement[draft.at], &Name::name);
    if (name != std::end(kNames)) {
        draft.value.preference = name->value;
    } else if (const auto value = line_number(context, statement, draft)) {
        draft.value.preference = static_cast<std::uint8_t>(*value);
    }
}

void set_propagate_ttl(Context& context, const Statement& statement) {
    RouteDraft& draft = current(context);
    if (!to_argument(context, statement, draft)) {
        return;
    }
    const std::string_view word = statement[draft.at];
    draft.value.propagate_ttl = word == "enabled";
    if (word != "enabled" && word != "disabled") {
        context.error(statement, draft.at, fmt::format("ttl-propagate value {} not recognised", word),
                      "enabled or disabled; it counts as disabled");
    }
}

void set_encapsulation(Context& context, const Statement& statement) {
    RouteDraft& draft = current(context);
    // what is wrong with it does not cost the route
    std::ignore = read_encapsulation(context, statement, draft, draft.value.encapsulation);
}

void set_next_hops(Context& context, const Statement& statement) {
    RouteDraft& draft = current(context);
    if (draft.alternative) {
        drop(context, statement, draft, R"(Cannot specify nexthops with "or" route)");
    } else {
        read_next_hops(context, statement);
    }
}

void set_track_group(Context& context, const Statement& statement) {
    RouteDraft& draft = current(context);
    if (to_argument(context, statement, draft) &&
        !read_track_group(context, statement, draft, draft.value.track_group)) {
        draft.dropped = true;
    }
}

template <Metric Which>
void metric(Context& context, const Statement& statement) {
    set_metric(context, statement, Which);
}
template <Metric Which, std::uint32_t UnitsPerMillisecond>
void time_metric(Context& context, const Statement& statement) {
    set_time_metric(context, statement, Which, UnitsPerMillisecond);
}

constexpr Value kAny = number(0, kMaxUnsigned, kStrict);
constexpr Value kByte = number(0, 255, kStrict);
constexpr Value kBit = number(0, 1, kStrict);
constexpr Value kName = word();
constexpr Value kAddress = word(Value::Type::address);
constexpr std::string_view kLockNumber = "[lock] NUMBER";
constexpr std::string_view kLockTime = "[lock] TIME";

constexpr Keyword type(std::string_view name) {
    return value_option(name, "DESTINATION", kAddress, set_type);
}
constexpr Keyword kDevice = value_option("dev", "INTERFACE", word(Value::Type::interface), set_device);
constexpr Keyword kTos = with_fallback(value_option("tos", "TOS", kName, set_tos), "0");
constexpr Keyword kMetric = value_option("metric", "NUMBER", kAny, store_option<&Route::metric>);
constexpr Keyword kVia = value_option("via", "[inet|inet6] ADDRESS", kAddress, set_gateway);

constexpr Keyword kRows[] = {
    value_option("<destination>", "[to] [TYPE] ADDRESS[/LENGTH]|default|any|all|default6", kAddress, read_target),
    value_option("to", "ADDRESS[/LENGTH]|default|any|all|default6", kAddress, set_destination),
    with_fallback(value_option("<TYPE>", "DESTINATION", word(), set_type), "unicast"),
    type("unicast"),
    type("local"),
    type("broadcast"),
    type("brd"),
    type("anycast"),
    type("multicast"),
    type("blackhole"),
    type("unreachable"),
    type("prohibit"),
    type("throw"),
    type("nat"),
    type("xresolve"),
    flag_option("inet", set_family),
    flag_option("inet6", set_family),
    value_option("src", "ADDRESS", kAddress, set_preferred_source),
    value_option("from", "ADDRESS[/LENGTH]|default6", kAddress, set_source),
    kVia,
    synonym("gw", "via", kVia),
    synonym("or", "nexthop", value_option("or", "ADDRESS", kAddress, set_alternative)),
    value_option("as", "[to] ADDRESS", word(Value::Type::text), ignore_nat),
    kTos,
    synonym("dsfield", "tos", kTos),
    with_fallback(value_option("table", "TABLE", kName, set_table), "main"),
    value_option("vrf", "INTERFACE", word(Value::Type::interface), set_vrf),
    with_fallback(value_option("protocol", "PROTOCOL", kName, set_protocol), "18"),
    with_fallback(value_option("scope", "SCOPE", kName, set_scope), "global"),
    kMetric,
    synonym("priority", "metric", kMetric),
    synonym("preference", "metric", kMetric),
    kDevice,
    synonym("oif", "dev", kDevice),
    flag_option("onlink", set_option<&Route::onlink, true>),
    not_yet({.name = "encap",
             .kind = Kind::option_argument,
             .missing = Missing::reported,
             .value = choice("mpls ip ip6 ila"),
             .apply = set_encapsulation,
             .arguments = "mpls LABEL[/LABEL] | ip OPTIONS | ip6 OPTIONS | ila LOCATOR"}),
    in_unit(value_option("expires", "SECONDS", kAny, set_expires), "seconds"),
    value_option("mtu", kLockNumber, kAny, metric<Metric::mtu>),
    value_option("advmss", kLockNumber, kAny, metric<Metric::advmss>),
    value_option("reordering", kLockNumber, kAny, metric<Metric::reordering>),
    value_option("cwnd", kLockNumber, kAny, metric<Metric::cwnd>),
    value_option("ssthresh", kLockNumber, kAny, metric<Metric::ssthresh>),
    value_option("window", "NUMBER", kAny, metric<Metric::window>),
    value_option("initcwnd", "NUMBER", kAny, metric<Metric::initcwnd>),
    value_option("initrwnd", "NUMBER", kAny, metric<Metric::initrwnd>),
    value_option("hoplimit", "NUMBER", kByte, metric<Metric::hoplimit>),
    in_unit(value_option("rtt", kLockTime, word(Value::Type::text), time_metric<Metric::rtt, 8>), "1/8 millisecond"),
    in_unit(value_option("rttvar", kLockTime, word(Value::Type::text), time_metric<Metric::rttvar, 4>),
            "1/4 millisecond"),
    in_unit(value_option("rto_min", kLockTime, word(Value::Type::text), time_metric<Metric::rto_min, 1>),
            "milliseconds"),
    value_option("features", "ecn", choice("ecn"), set_features),
    value_option("quickack", "0|1", kBit, metric<Metric::quickack>),
    value_option("fastopen_no_cookie", "0|1", kBit, metric<Metric::fastopen_no_cookie>),
    value_option("congctl", "[lock] NAME", kName, set_congestion_control),
    value_option("pref", "low|medium|high|NUMBER", kByte, set_preference),
    value_option("ttl-propagate", "enabled|disabled", choice("enabled disabled"), set_propagate_ttl),
    value_option("realms", "REALM[/REALM]", word(Value::Type::text), set_realms),
    flag_option("add", set_option<&Route::position, Route::Position::only>),
    flag_option("append", set_option<&Route::position, Route::Position::append>),
    flag_option("prepend", set_option<&Route::position, Route::Position::prepend>),
    not_yet({.name = "nexthop",
             .kind = Kind::option,
             .apply = set_next_hops,
             .repeat = Repeat::accumulates,
             .arguments = "[HOP OPTIONS] [nexthop [HOP OPTIONS]]..."}),
    flag_option("no_track", set_option<&Route::track, false>),
    value_option("track_group", "NAME", kName, set_track_group),
};

/// What reads the word: the option of that name, a type given as a number, or else it is a destination.
const Keyword& reader_of(std::string_view word, bool is_static) {
    static const Keyword& destination = *route_line_table().find("<destination>");
    static const Keyword& numeric_type = *route_line_table().find("<TYPE>");
    if (const Keyword* const found = route_line_table().find(word)) {
        const bool elsewhere = found->name == "track_group" && !is_static;
        return elsewhere || found->name.starts_with('<') ? destination : *found;
    }
    return read_route_type(word) ? numeric_type : destination;
}

void check_tracking(Context& context, const Statement& statement) {
    RouteDraft& draft = current(context);
    Route& route = draft.value;
    if (route.track && route.protocol != vrrp::kProtocolKeepalived) {
        context.error(statement, 0,
                      "Route cannot be tracked if protocol is not RTPROT_KEEPALIVED(18), resetting protocol",
                      "with no_track the route may have any protocol");
        route.protocol = vrrp::kProtocolKeepalived;
        context.adjusted(statement.place(), "protocol", "18", "the route is tracked");
    }
    if (!route.track_group.empty() && route.device.empty()) {
        context.error(statement, 0, "Static route cannot have track group if no oif specified",
                      "name the interface with dev");
        route.track_group.clear();
    }
}

/// What the words made, once they are all read.
void settle(RouteDraft& draft) {
    Route& route = draft.value;
    const Family family = draft.family.value_or(Family::ipv4);
    if (route.destination.address.family() != family) {  // default, whose family was decided behind it
        static constexpr std::uint8_t kAny6[16] = {};
        route.destination.address = core::Address(kAny6);
    }
    if (draft.alternative) {
        route.next_hops.resize(2);
        route.next_hops[0].gateway = std::exchange(route.gateway, std::nullopt);
        route.next_hops[1].gateway = draft.alternative;
    }
}

void add(Context& context, const Statement& statement, bool is_static, std::vector<Route>& routes) {
    RouteDraft& draft = current(context);
    draft = {};
    draft.is_static = is_static;
    for (; draft.at < statement.size() && !draft.dropped; ++draft.at) {
        const Keyword& reader = reader_of(statement[draft.at], is_static);
        reader.apply(context, {reader, statement.words, statement.line});
    }
    if (draft.dropped) {
        return;
    }
    if (!draft.has_destination) {
        context.error(statement, 0, "Route must have a destination");
        return;
    }
    check_tracking(context, statement);
    settle(draft);
    routes.push_back(std::move(draft.value));
}

}  // namespace

const BlockTable& route_line_table() {
    static const BlockTable table("route line", kRows);
    return table;
}

std::optional<std::uint8_t> read_route_type(std::string_view word) {
    const auto* const name = std::ranges::find(kTypes, word, &TypeName::name);
    if (name != std::end(kTypes)) {
        return name->number;
    }
    const auto number = word.empty() ? std::optional(0U) : read_kernel_number(word);
    return number && *number <= kHighestType ? std::optional(static_cast<std::uint8_t>(*number)) : std::nullopt;
}

void add_virtual_route(Context& context, const Statement& statement) {
    add(context, statement, false, context.draft.instances.back().routes);
}
void add_static_route(Context& context, const Statement& statement) {
    add(context, statement, true, context.draft.config.vrrp.static_routes);
}

}  // namespace sustain::parser
