// bfd_instance NAME { … } (spec/bfd.md 2, spec/semantic-checks-core.md 11)
#include "parser/keywords/tracking.hpp"

namespace sustain::parser {

namespace {

using bfd::Neighbor;

// Of addresses, what follows a / or - is cut off, as with unicast peers (spec/syntax.md 14.6).

void set_source(Context& context, const Statement& statement) {
    NeighborDraft& neighbor = context.draft.neighbor;
    const auto address = read_server_address(statement[1]);
    if (!address) {
        context.error(statement, 1,
                      fmt::format("Configuration error: BFD instance {} has malformed source address {}, ignoring",
                                  neighbor.name, statement[1]));
        return;
    }
    neighbor.source = address;
}

void set_neighbor(Context& context, const Statement& statement) {
    NeighborDraft& neighbor = context.draft.neighbor;
    const auto address = read_server_address(statement[1]);
    if (!address) {
        context.error(
            statement, 1,
            fmt::format("Configuration error: BFD instance {} has malformed neighbor address {}, ignoring instance",
                        neighbor.name, statement[1]));
        neighbor.broken = true;
        return;
    }
    neighbor.address = *address;
    neighbor.addressed = true;
}

/// Milliseconds with three decimals.
template <auto Member, std::uint64_t Least>
void set_interval(Context& context, const Statement& statement) {
    const auto value =
        read_time(context, statement, {.places = 3, .last = 1, .limits = {Least, 4'294'967'000}, .strict = true});
    if (!value) {
        return;
    }
    if (*value > std::chrono::seconds(10)) {
        context.report.add(Severity::notice, Rank::none, context.prefix, statement.place(1),
                           fmt::format("BFD instance {} {} value {} is larger than max sensible (10000)",
                                       context.draft.neighbor.name, statement.keyword.name, statement[1]));
    }
    context.draft.neighbor.*Member = *value;
}

void set_max_hops(Context& context, const Statement& statement) {
    if (const auto hops = context.number(statement, 1, statement.keyword.value)) {
        context.draft.neighbor.max_hops = static_cast<std::uint8_t>(*hops);  // -1 is 255
    }
}

void set_weight(Context& context, const Statement& statement) {
    TrackDefaults& tracking = context.draft.neighbor.tracking;
    if (const auto weight = context.number(statement, 1, statement.keyword.value)) {
        tracking.weight = static_cast<std::int32_t>(*weight);
        read_reverse(context, statement, tracking.reverse);
    }
}

template <auto Member, std::uint64_t Least>
constexpr Keyword interval_row(std::string_view name, std::string_view fallback) {
    return not_yet({.name = name,
                    .missing = Missing::fatal,
                    .value = word(Value::Type::text),
                    .apply = set_interval<Member, Least>,
                    .arguments = "MILLISECONDS",
                    .fallback = fallback,
                    .unit = "milliseconds"});
}

constexpr Keyword neighbor_row(std::string_view name, std::string_view replaced_by) {
    return not_yet({.name = name,
                    .missing = Missing::fatal,
                    .value = word(Value::Type::address),
                    .apply = set_neighbor,
                    .arguments = "ADDRESS",
                    .replaced_by = replaced_by});
}

constexpr Keyword ttl_row(std::string_view name, std::string_view replaced_by) {
    return not_yet({.name = name,
                    .missing = Missing::fatal,
                    .value = number(1, 255, kStrict),
                    .apply = store<&NeighborDraft::written_ttl>,
                    .arguments = "N",
                    .replaced_by = replaced_by});
}

constexpr Keyword kRows[] = {
    not_yet({.name = "source_ip",
             .missing = Missing::fatal,
             .value = word(Value::Type::address),
             .apply = set_source,
             .arguments = "ADDRESS"}),
    neighbor_row("neighbor_ip", {}),
    neighbor_row("neighbour_ip", "neighbor_ip"),
    interval_row<&Neighbor::min_rx, 1000>("min_rx", "10"),
    interval_row<&Neighbor::min_tx, 1000>("min_tx", "10"),
    interval_row<&Neighbor::idle_tx, 1'000'000>("idle_tx", "1000"),
    not_yet({.name = "multiplier",
             .missing = Missing::fatal,
             .value = number(1, 255, kStrict),
             .apply = store<&Neighbor::multiplier, NeighborDraft>,
             .arguments = "N",
             .fallback = "5"}),
    not_yet({.name = "passive", .apply = set<&Neighbor::passive, true, NeighborDraft>}),
    ttl_row("ttl", {}),
    ttl_row("hoplimit", "ttl"),
    not_yet({.name = "max_hops",
             .missing = Missing::fatal,
             .value = {.type = Value::Type::integer, .min = -1, .max = 255, .strict = true},
             .apply = set_max_hops,
             .arguments = "N",
             .fallback = "0"}),
    not_yet({.name = "multihop",
             .value = boolean(),
             .apply = store<&Neighbor::multihop, NeighborDraft>,
             .arguments = "[BOOL]",
             .fallback = "off"}),
    not_yet({.name = "weight",
             .missing = Missing::fatal,
             .value = integer(-253, 253),
             .apply = set_weight,
             .arguments = "N [reverse]",
             .fallback = "0"}),
    not_yet({.name = "vrrp", .apply = set<&NeighborDraft::vrrp, true>}),
    not_yet({.name = "checker", .apply = set<&NeighborDraft::checker, true>}),
};

/// Why the BFD process has no use for it; empty: it has.
std::string fault_of(Context& context, NeighborDraft& neighbor) {
    if (!neighbor.addressed) {
        return "has no neighbor address set, disabling instance";
    }
    if (neighbor.source && neighbor.source->family() != neighbor.address.family()) {
        return fmt::format("source address {} and neighbor address {} are not of the same family, disabling instance",
                           *neighbor.source, neighbor.address);
    }
    // Without a source, the neighbour must be nobody else's; nor may it come again with one.
    const std::string address = neighbor.address.to_string();
    const std::string any = fmt::format("{} any {}", address, neighbor.multihop);
    const std::string full =
        neighbor.source ? fmt::format("{} {} {}", address, *neighbor.source, neighbor.multihop) : any;
    const auto& taken = context.draft.neighbor_identities;
    if (neighbor.source ? taken.contains(full) || taken.contains(any) : taken.contains(address)) {
        return neighbor.source ? fmt::format("has duplicate source/neighbor address {}/{}, ignoring instance",
                                             *neighbor.source, address)
                               : fmt::format("has duplicate neighbor address {}, ignoring instance", address);
    }
    context.draft.neighbor_identities.insert(full);
    context.draft.neighbor_identities.insert(address);
    return {};
}

}  // namespace

void open_bfd(Context& context, const Statement& statement) {
    constexpr std::size_t kMaxName = 31;
    std::string name(statement[1]);
    if (name.size() > kMaxName) {
        context.error(statement, 1,
                      fmt::format("Configuration error: BFD instance {} name too long (maximum length is {} "
                                  "characters) - ignoring",
                                  name, kMaxName));
        context.refuse();
    } else if (!context.draft.neighbor_names.insert(name).second) {
        context.error(statement, 1,
                      fmt::format("Configuration error: BFD instance {} already configured - ignoring", name));
        context.refuse();
    } else {
        context.draft.config.has_bfd = true;
        context.draft.neighbor = {};
        context.draft.neighbor.name = std::move(name);
        context.draft.neighbor.place = statement.place(1);
    }
}

void close_bfd(Context& context, const Statement&) {
    constexpr std::uint8_t kTtl4 = 255;
    constexpr std::uint8_t kTtl6 = 64;
    NeighborDraft& neighbor = context.draft.neighbor;
    if (neighbor.vrrp || neighbor.checker) {
        neighbor.for_vrrp = neighbor.vrrp;
        neighbor.for_checker = neighbor.checker;
    }
    // The other processes know it by name even where the BFD process drops it.
    if (neighbor.for_vrrp) {
        make_trackable(context, vrrp::Tracked::bfd, neighbor.name, neighbor.tracking);
    }
    if (neighbor.for_checker) {
        context.draft.checker_neighbors.insert(neighbor.name);
    }
    if (neighbor.broken) {
        return;
    }
    const auto report = [&](std::string_view message) {
        context.report.error(Rank::general, context.prefix, neighbor.place,
                             fmt::format("Configuration error: BFD instance {} {}", neighbor.name, message));
    };
    if (const std::string fault = fault_of(context, neighbor); !fault.empty()) {
        report(fault);
        return;
    }
    neighbor.ttl = neighbor.written_ttl.value_or(neighbor.address.is_ipv6() ? kTtl6 : kTtl4);
    if (neighbor.max_hops > neighbor.ttl) {
        report(fmt::format("max_hops exceeds ttl/hoplimit {}, setting it to that", neighbor.ttl));
        context.adjusted(neighbor.place, "max_hops", fmt::format("{}", neighbor.ttl), "more than ttl");
        neighbor.max_hops = neighbor.ttl;
    }
    context.draft.config.bfd.neighbors.push_back(std::move(neighbor));
}

const BlockTable& bfd_table() {
    static const BlockTable table("bfd_instance", kRows);
    return table;
}

}  // namespace sustain::parser
