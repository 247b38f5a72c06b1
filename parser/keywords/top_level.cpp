// The top level (spec/syntax.md Appendix A).
#include "parser/check/check.hpp"
#include "parser/keywords/checks/ssl.hpp"
#include "parser/keywords/run.hpp"
#include "parser/keywords/tables.hpp"
#include "parser/keywords/tracking.hpp"
#include "parser/keywords/virtual_server.hpp"

namespace sustain::parser {

namespace {

void open_instance(Context& context, const Statement& statement) {
    Draft& draft = context.draft;
    draft.config.has_vrrp = true;
    if (statement.size() != 2) {
        context.error(statement, statement.size() > 2 ? 2 : 0, "vrrp_instance must have a name",
                      "one word, or several in double quotes");
        context.refuse();
        return;
    }
    std::string name(statement[1]);
    if (!draft.instance_names.insert(name).second) {
        context.error(statement, 1, fmt::format("vrrp instance {} already defined", name));
        context.refuse();
        return;
    }
    draft.instances.emplace_back();
    draft.instances.back().name = std::move(name);
    draft.instances.back().place = statement.place(1);
    draft.peers.clear();
}

void close_instance(Context& context, const Statement& statement) {
    context.draft.instances.back().closed = statement.place();
    check_instance_block(context);
}

void note_static(Context& context, const Statement&) {
    context.draft.config.has_vrrp = true;
}

constexpr Keyword owned(Keyword keyword, Owner owner, Action apply = nullptr) {
    keyword.owner = owner;
    keyword.apply = apply;
    return keyword;
}

/// Of a kind of which most have no effect yet, one that has.
constexpr Keyword acting(Keyword keyword) {
    keyword.supported = true;
    keyword.note = {};
    return keyword;
}

constexpr Keyword static_block(std::string_view name, Action entry, const BlockTable& (*table)()) {
    return not_yet({.name = name,
                    .kind = Kind::lines,
                    .apply = entry,
                    .close = note_static,
                    .table = table,
                    .repeat = Repeat::accumulates,
                    .owner = Owner::vrrp});
}

/// A block about what is watched or who goes together.
constexpr Keyword tracking_block(std::string_view name, Missing missing, Action open, Action close,
                                 const BlockTable& (*table)(), Owner owner, std::string_view arguments = "NAME",
                                 std::string_view replaced_by = {}) {
    return {.name = name,
            .kind = Kind::block,
            .missing = missing,
            .apply = open,
            .close = close,
            .table = table,
            .repeat = Repeat::accumulates,
            .owner = owner,
            .arguments = arguments,
            .replaced_by = replaced_by};
}

constexpr Keyword interface_lines(std::string_view name, Action apply) {
    return not_yet(
        {.name = name, .kind = Kind::lines, .apply = apply, .repeat = Repeat::accumulates, .owner = Owner::vrrp});
}

constexpr auto kRows = join(
    kRunRows,
    std::array{
        Keyword{.name = "global_defs", .kind = Kind::block, .table = global_defs_table, .repeat = Repeat::accumulates},
        tracking_block("track_group", Missing::accepted, open_track_group, close_track_group, track_group_table,
                       Owner::vrrp),
        acting(static_block("static_ipaddress", add_static_address, address_line_table)),
        static_block("static_routes", add_static_route, route_line_table),
        static_block("static_rules", add_static_rule, rule_line_table),
        tracking_block("vrrp_sync_group", Missing::accepted, open_sync_group, close_sync_group, sync_group_table,
                       Owner::vrrp),
        tracking_block("garp_group", Missing::accepted, open_garp_group, close_garp_group, garp_group_table,
                       Owner::vrrp, {}),
        interface_lines("linkbeat_interfaces", add_link_poll),
        Keyword{.name = "vrrp_instance",
                .kind = Kind::block,
                .apply = open_instance,
                .close = close_instance,
                .table = vrrp_instance_table,
                .repeat = Repeat::accumulates,
                .owner = Owner::vrrp},
        tracking_block("vrrp_script", Missing::fatal, open_track_script, close_track_script, track_script_table,
                       Owner::vrrp),
        tracking_block("vrrp_track_process", Missing::fatal, open_track_process, close_track_process,
                       track_process_table, Owner::vrrp),
        acting(interface_lines("interface_up_down_delays", add_link_delay)),
        tracking_block("track_file", Missing::fatal, open_track_file, close_track_file, track_file_table,
                       Owner::both_children),
        tracking_block("vrrp_track_file", Missing::fatal, open_track_file, close_track_file, old_track_file_table,
                       Owner::both_children, "NAME", "track_file"),
        not_yet(tracking_block("bfd_instance", Missing::reported, open_bfd, close_bfd, bfd_table, Owner::bfd)),
        Keyword{.name = "SSL", .kind = Kind::block, .apply = open_ssl, .table = ssl_table, .owner = Owner::checker},
        Keyword{.name = "virtual_server_group",
                .kind = Kind::lines,
                .missing = Missing::fatal,
                .apply = add_virtual_server_group_entry,
                .open = open_virtual_server_group,
                .close = close_virtual_server_group,
                .table = virtual_server_group_table,
                .repeat = Repeat::accumulates,
                .owner = Owner::checker,
                .arguments = "NAME"},
        Keyword{.name = "virtual_server",
                .kind = Kind::block,
                .missing = Missing::fatal,
                .apply = open_virtual_server,
                .close = close_virtual_server,
                .table = virtual_server_table,
                .repeat = Repeat::accumulates,
                .owner = Owner::checker,
                .arguments = "IPADDR [PORT]|fwmark MARK|group NAME"},
    });

}  // namespace

const BlockTable& top_level_table() {
    static const BlockTable table("", kRows);
    return table;
}

}  // namespace sustain::parser
