// nexthop … nexthop … at the end of a route line. A fault in a hop loses that hop and those behind it, but not the
// route (spec/routes-rules.md 3.3).
#include "parser/keywords/route_line.hpp"
#include "parser/keywords/tables.hpp"

namespace sustain::parser {

namespace {

using Family = core::Address::Family;

/// The hop that is read.
vrrp::NextHop& hop(Context& context) {
    return context.draft.route.value.next_hops.back();
}

void set_gateway(Context& context, const Statement& statement) {
    RouteDraft& draft = context.draft.route;
    if (!to_argument(context, statement, draft)) {
        return;
    }
    if (statement[draft.at] == "inet" || statement[draft.at] == "inet6") {
        draft.hop_family = statement[draft.at] == "inet" ? Family::ipv4 : Family::ipv6;
        if (!to_argument(context, statement, draft)) {
            return;
        }
    }
    const std::string_view text = statement[draft.at];
    if (draft.hop_family && draft.family.value_or(*draft.hop_family) != *draft.hop_family) {
        drop(context, statement, draft, "IPv4/6 mismatch for nexthop");
        return;
    }
    const auto gateway = core::Address::parse(text);
    if (!gateway) {
        drop(context, statement, draft, fmt::format("invalid nexthop address {}", text),
             "a numeric address without a length");
        return;
    }
    const Family family = draft.hop_family.value_or(draft.family.value_or(gateway->family()));
    if (gateway->family() != family) {
        drop(context, statement, draft, "Address family mismatch for next hop");
        return;
    }
    draft.family = family;
    hop(context).gateway = gateway;
}

void set_device(Context& context, const Statement& statement) {
    RouteDraft& draft = context.draft.route;
    if (to_argument(context, statement, draft)) {
        std::ignore = read_interface(context, statement, draft, hop(context).device, "VROUTE nexthop");
    }
}

void set_weight(Context& context, const Statement& statement) {
    RouteDraft& draft = context.draft.route;
    if (!to_argument(context, statement, draft)) {
        return;
    }
    if (const auto weight = line_number(context, statement, draft)) {
        hop(context).weight = static_cast<std::uint16_t>(*weight);
    }
}

void set_onlink(Context& context, const Statement&) {
    hop(context).onlink = true;
}

void set_realms(Context& context, const Statement& statement) {
    RouteDraft& draft = context.draft.route;
    if (!to_argument(context, statement, draft)) {
        return;
    }
    if (draft.family == Family::ipv6) {
        drop(context, statement, draft, "realms are only supported for IPv4");
        return;
    }
    draft.family = Family::ipv4;
    hop(context).realms = read_realms(context, statement[draft.at]);
    if (!hop(context).realms) {
        drop_unknown(context, statement, draft, fmt::format("Invalid realms {} for route", statement[draft.at]));
    }
}

void set_encapsulation(Context& context, const Statement& statement) {
    RouteDraft& draft = context.draft.route;
    draft.dropped |= !read_encapsulation(context, statement, draft, hop(context).encapsulation);
}

void refuse_nat(Context& context, const Statement& statement) {
    RouteDraft& draft = context.draft.route;
    if (to_argument(context, statement, draft)) {
        drop(context, statement, draft, "'as [to]' (nat) not supported");
    }
}

constexpr Keyword kRows[] = {
    value_option("via", "[inet|inet6] ADDRESS", word(Value::Type::address), set_gateway),
    value_option("dev", "INTERFACE", word(Value::Type::interface), set_device),
    with_fallback(value_option("weight", "NUMBER", number(1, 256, kStrict), set_weight), "1"),
    flag_option("onlink", set_onlink),
    value_option("realms", "REALM[/REALM]", word(Value::Type::text), set_realms),
    not_yet({.name = "encap",
             .kind = Kind::option_argument,
             .missing = Missing::reported,
             .value = choice("mpls ip ip6 ila"),
             .apply = set_encapsulation,
             .arguments = "mpls LABEL[/LABEL] | ip OPTIONS | ip6 OPTIONS | ila LOCATOR"}),
    not_yet({.name = "as",
             .kind = Kind::option_argument,
             .missing = Missing::fatal,
             .apply = refuse_nat,
             .arguments = "[to] ADDRESS"}),
};

}  // namespace

const BlockTable& next_hop_table() {
    static const BlockTable table("route line/nexthop", kRows);
    return table;
}

void read_next_hops(Context& context, const Statement& statement) {
    RouteDraft& draft = context.draft.route;
    for (; draft.at < statement.size() && !draft.dropped; ++draft.at) {
        const std::string_view word = statement[draft.at];
        if (word == "nexthop") {
            draft.value.next_hops.emplace_back();
            continue;
        }
        const Keyword* const option = next_hop_table().find(word);
        if (option == nullptr) {
            context.error(
                statement, draft.at, fmt::format("Route has trailing nonsense after nexthops - {}", word),
                route_line_table().find(word) != nullptr ? "options of the route stand before the first nexthop" : "");
            break;
        }
        option->apply(context, {*option, statement.words, statement.line});
    }
    if (draft.dropped) {
        draft.value.next_hops.pop_back();
        draft.dropped = false;
    }
    draft.at = statement.size();
}

}  // namespace sustain::parser
