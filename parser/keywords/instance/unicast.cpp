// vrrp_instance: adverts to single peers.
#include "parser/actions.hpp"
#include "parser/keywords/instance/rows.hpp"
#include "parser/keywords/tables.hpp"
#include "parser/values.hpp"

namespace sustain::parser {

namespace {

template <auto Member>
void set_limit(Context& context, const Statement& statement) {
    if (const auto ttl = context.number(statement, 1, statement.keyword.value)) {
        auto& draft = context.draft.current<InstanceDraft>();
        draft.unicast->peers.back().*Member = static_cast<std::uint8_t>(*ttl);
        draft.check_unicast_source = true;
    }
}

constexpr Keyword limit(std::string_view name, Action apply, std::string_view fallback) {
    return {.name = name,
            .kind = Kind::option_argument,
            .missing = Missing::reported,
            .value = number(0, 255, kStrict),
            .apply = apply,
            .arguments = "NUMBER",
            .fallback = fallback};
}

constexpr Keyword kOptions[] = {
    limit("min_ttl", set_limit<&vrrp::Peer::min_ttl>, "0"),
    limit("max_ttl", set_limit<&vrrp::Peer::max_ttl>, "255"),
};

/// What follows the address of a peer. At the first word that makes no sense, the rest of the line is ignored.
void read_options(Context& context, const Statement& statement, std::string_view instance) {
    for (std::size_t i = 1; i < statement.size(); i += 2) {
        const Keyword* const option = unicast_peer_table().find(statement[i]);
        if (i + 1 == statement.size()) {
            context.error(statement, i, fmt::format("({}) {} is missing a value", instance, statement[i]));
            return;
        }
        if (option == nullptr) {
            context.error(statement, i,
                          fmt::format("({}) unknown unicast_peer option {} - ignoring", instance, statement[i]),
                          context.hint_for_unknown(statement[i], unicast_peer_table()));
            return;
        }
        option->apply(context, {*option, statement.words.subspan(i), statement.line});
    }
}

void add_peer(Context& context, const Statement& statement) {
    auto& draft = context.draft.current<InstanceDraft>();
    const auto address = read_server_address(statement[0]);
    if (!address) {
        context.error(statement, 0,
                      fmt::format("Configuration error: VRRP instance[{}] malformed unicast peer address[{}]. "
                                  "Skipping...",
                                  draft.name, statement[0]));
        return;
    }
    if (!draft.fits(address->family())) {
        context.error(
            statement, 0,
            fmt::format("({}): address family must match VRRP instance [{}] - ignoring", draft.name, statement[0]));
        return;
    }
    if (!context.draft.peers.insert(*address).second) {
        context.error(statement, 0, fmt::format("({}) duplicate unicast peer {} - ignoring", draft.name, statement[0]));
        return;
    }
    draft.unicast.make().peers.push_back({.address = *address});
    read_options(context, statement, draft.name);
    const vrrp::Peer& peer = draft.unicast->peers.back();
    if (peer.min_ttl > peer.max_ttl) {
        context.error(statement, 0,
                      fmt::format("({}) min_ttl {} > max_ttl {} - all packets will be discarded", draft.name,
                                  peer.min_ttl, peer.max_ttl));
    }
}

void close_peers(Context& context, const Statement&) {
    context.draft.current<InstanceDraft>().unicast_keyword = true;
}

void set_ttl(Context& context, const Statement& statement) {
    if (const auto ttl = context.number(statement, 1, statement.keyword.value)) {
        context.draft.current<vrrp::Unicast>().ttl = static_cast<std::uint8_t>(*ttl);
    }
}

void set_check_source(Context& context, const Statement&) {
    auto& draft = context.draft.current<InstanceDraft>();
    draft.unicast_keyword = true;
    draft.check_unicast_source = true;
}

void set_checksum(Context& context, const Statement& statement) {
    auto& draft = context.draft.current<InstanceDraft>();
    draft.unicast_keyword = true;
    if (statement.size() > 1 && statement[1] != "never") {
        context.error(statement, 1,
                      fmt::format("({}) Unknown old_unicast_checksum mode {} - ignoring", draft.name, statement[1]),
                      "never, or nothing");
        return;
    }
    draft.unicast.make().checksum =
        statement.size() > 1 ? vrrp::Unicast::Checksum::by_rfc : vrrp::Unicast::Checksum::old;
}

constexpr Keyword kRows[] = {
    {.name = "unicast_peer",
     .kind = Kind::lines,
     .apply = add_peer,
     .close = close_peers,
     .table = unicast_peer_table,
     .repeat = Repeat::accumulates,
     .arguments = "ADDRESS [min_ttl NUMBER] [max_ttl NUMBER]"},
    {.name = "unicast_ttl",
     .missing = Missing::fatal,
     .value = number(0, 255, kStrict),
     .apply = set_ttl,
     .arguments = "NUMBER"},
    {.name = "unicast_fault_no_peer", .apply = set<&InstanceDraft::fault_without_peers, true>, .fallback = "off"},
    {.name = "check_unicast_src",
     .apply = set_check_source,
     .fallback = "off; it needs a unicast_peer",
     .inherits = "global_defs/vrrp_check_unicast_src"},
    {.name = "old_unicast_checksum", .apply = set_checksum, .arguments = "[never]", .fallback = "; as the peer does"},
};

}  // namespace

const BlockTable& unicast_peer_table() {
    static const BlockTable table("vrrp_instance/unicast_peer", kOptions);
    return table;
}

Rows instance_unicast_rows() {
    return kRows;
}

}  // namespace sustain::parser
