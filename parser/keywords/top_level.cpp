// The top level (spec/syntax.md Appendix A).
#include "parser/check/check.hpp"
#include "parser/keywords/checks/ssl.hpp"
#include "parser/keywords/tables.hpp"
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

void note_group(Context& context, const Statement& statement) {
    if (statement.size() != 2) {
        context.error(statement, 0, fmt::format("{} must have a name - skipping", statement.keyword.name));
    } else if (statement.keyword.name == "track_group") {
        context.draft.track_group_names.emplace(statement[1]);
    }
}

// Checks name these, even if nothing can read the blocks yet.

void note_track_file(Context& context, const Statement& statement) {
    context.draft.check_references.track_files.emplace(statement[1]);
}

void note_bfd_instance(Context& context, const Statement& statement) {
    if (statement.size() > 1) {
        context.draft.check_references.bfd_instances.emplace(statement[1]);
    }
}

constexpr Keyword owned(Keyword keyword, Owner owner, Action apply = nullptr) {
    keyword.owner = owner;
    keyword.apply = apply;
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

/// Without its name, nothing is read any further.
constexpr Keyword named(Keyword keyword) {
    keyword.missing = Missing::fatal;
    return keyword;
}

constexpr Keyword kRows[] = {
    later("linkbeat_use_polling"),
    later("net_namespace", Missing::reported),
    later("net_namespace_ipvs"),
    later("namespace_with_ipsets"),
    later("use_pid_dir"),
    later("instance", Missing::reported),
    later("child_wait_time", Missing::fatal),
    {.name = "global_defs", .kind = Kind::block, .table = global_defs_table, .repeat = Repeat::accumulates},
    owned(later_block("track_group"), Owner::vrrp, note_group),
    static_block("static_ipaddress", add_static_address, address_line_table),
    static_block("static_routes", add_static_route, route_line_table),
    static_block("static_rules", add_static_rule, rule_line_table),
    owned(later_block("vrrp_sync_group"), Owner::vrrp, note_group),
    owned(later_block("garp_group"), Owner::vrrp),
    owned(later_block("linkbeat_interfaces", Kind::lines), Owner::vrrp),
    {.name = "vrrp_instance",
     .kind = Kind::block,
     .apply = open_instance,
     .close = close_instance,
     .table = vrrp_instance_table,
     .repeat = Repeat::accumulates,
     .owner = Owner::vrrp},
    named(owned(later_block("vrrp_script"), Owner::vrrp)),
    named(owned(later_block("vrrp_track_process"), Owner::vrrp)),
    owned(later_block("interface_up_down_delays", Kind::lines), Owner::vrrp),
    named(owned(later_block("track_file"), Owner::both_children, note_track_file)),
    named(owned(later_block("vrrp_track_file"), Owner::both_children, note_track_file)),
    owned(later_block("bfd_instance"), Owner::bfd, note_bfd_instance),
    not_yet({.name = "SSL", .kind = Kind::block, .apply = open_ssl, .table = ssl_table, .owner = Owner::checker},
            "SSL_GET checks are not run"),
    not_yet({.name = "virtual_server_group",
             .kind = Kind::lines,
             .missing = Missing::fatal,
             .apply = add_virtual_server_group_entry,
             .open = open_virtual_server_group,
             .close = close_virtual_server_group,
             .table = virtual_server_group_table,
             .repeat = Repeat::accumulates,
             .owner = Owner::checker,
             .arguments = "NAME"},
            "virtual servers that use it are not set up"),
    {.name = "virtual_server",
     .kind = Kind::block,
     .missing = Missing::fatal,
     .apply = open_virtual_server,
     .close = close_virtual_server,
     .table = virtual_server_table,
     .repeat = Repeat::accumulates,
     .owner = Owner::checker,
     .arguments = "IPADDR [PORT]|fwmark MARK|group NAME"},
};

}  // namespace

const BlockTable& top_level_table() {
    static const BlockTable table("", kRows);
    return table;
}

}  // namespace sustain::parser
