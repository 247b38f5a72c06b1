// vrrp_instance NAME { … }
#include "parser/actions.hpp"
#include "parser/keywords/tables.hpp"

namespace sustain::parser {

namespace {

void set_state(Context& context, const Statement& statement) {
    auto& draft = context.draft.instances.back();
    const bool backup = statement[1] != "MASTER";
    if (backup && statement[1] != "BACKUP") {
        context.error(statement, 1,
                      fmt::format("({}) unknown state '{}', defaulting to BACKUP", draft.name, statement[1]),
                      "MASTER or BACKUP, in upper case");
    } else if (backup && draft.state == vrrp::State::master) {
        context.error(statement, 1, fmt::format("({}) state previously set as MASTER - ignoring BACKUP", draft.name));
        return;
    }
    draft.state = backup ? vrrp::State::backup : vrrp::State::master;
}

void set_interface(Context& context, const Statement& statement) {
    constexpr std::size_t kMaxName = 15;
    auto& draft = context.draft.instances.back();
    std::string name(statement[1]);
    if (name.size() > kMaxName) {
        context.error(statement, 1, fmt::format("Interface name '{}' too long - ignoring", name),
                      "interface names have at most 15 bytes");
        return;
    }
    const Interface* const found = context.interface(name);
    if (found != nullptr && found->loopback) {
        context.error(statement, 1,
                      fmt::format("({}) cannot use a loopback interface ({}) for vrrp - ignoring", draft.name, name));
        draft.interface.clear();
        return;
    }
    if (found == nullptr) {
        context.missing_interface(
            statement, 1, fmt::format("WARNING - interface {} for vrrp_instance {} doesn't exist", name, draft.name));
    }
    draft.interface = std::move(name);
}

void set_version(Context& context, const Statement& statement) {
    auto& draft = context.draft.instances.back();
    const auto version = context.number(statement, 1, statement.keyword.value);
    if (!version) {
        return;
    }
    const unsigned known = draft.version ? *draft.version : draft.family == core::Address::Family::ipv6 ? 3 : 0;
    if (known != 0 && known != static_cast<unsigned>(*version)) {
        context.error(statement, 1,
                      fmt::format("({}) vrrp_version {} conflicts with configured or deduced version {}; ignoring.",
                                  draft.name, *version, known));
        return;
    }
    draft.version = static_cast<std::uint8_t>(*version);
    if (draft.version == 3 && draft.obstacle.empty()) {
        draft.obstacle = "version 3";
    }
}

/// A count of packets: none is not possible.
template <auto Member>
void store_repeat(Context& context, const Statement& statement) {
    auto& draft = context.draft.instances.back();
    auto count = context.number(statement, 1, statement.keyword.value);
    if (count == 0) {
        context.error(statement, 1,
                      fmt::format("({}): {} must be greater than 0, setting to 1", draft.name, statement.keyword.name));
        count = 1;
    }
    if (count) {
        draft.*Member = static_cast<unsigned>(*count);
    }
}

void set_auth_type(Context& context, const Statement& statement) {
    auto& draft = context.draft.instances.back();
    if (statement[1] == "PASS") {
        draft.authentication = vrrp::AuthenticationType::password;
    } else if (statement[1] == "AH") {
        draft.authentication = vrrp::AuthenticationType::none;  // written, but not supported
        draft.obstacle = "auth_type AH";
    } else {
        context.error(statement, 1, fmt::format("({}) unknown authentication type '{}'", draft.name, statement[1]),
                      "PASS or AH");
    }
}

void set_auth_pass(Context& context, const Statement& statement) {
    constexpr std::size_t kMaxPassword = 8;
    auto& draft = context.draft.instances.back();
    draft.password = statement[1];
    if (draft.password.size() > kMaxPassword) {
        context.error(statement, 1, "Truncating auth_pass to 8 characters");
        draft.password.resize(kMaxPassword);
    }
}

/// What cannot be left out without the router doing something else than asked for.
void note_obstacle(Context& context, const Statement& statement) {
    auto& draft = context.draft.instances.back();
    if (draft.obstacle.empty()) {
        draft.obstacle = statement.keyword.name;
    }
    draft.elsewhere |= statement.keyword.name.starts_with("unicast") || statement.keyword.name == "mcast_dst_ip";
}

constexpr Keyword needed(Keyword keyword) {
    keyword.apply = note_obstacle;
    keyword.note = "the instance is not started";
    return keyword;
}

/// What the checks have to know of although it has no effect yet.
constexpr Keyword noted(Keyword keyword, Action apply) {
    keyword.apply = apply;
    return keyword;
}

using Instance = InstanceDraft;

constexpr Keyword kRows[] = {
    later("use_vmac"),
    later("use_vmac_addr"),
    later("vmac_xmit_base"),
    needed(later("use_ipvlan")),
    needed(later_block("unicast_peer", Kind::lines)),
    later("unicast_fault_no_peer"),
    later("check_unicast_src"),
    later("old_unicast_checksum"),
    needed(later("native_ipv6")),
    {.name = "state", .missing = Missing::fatal, .value = word(), .apply = set_state, .repeat = Repeat::first_wins},
    {.name = "interface", .missing = Missing::fatal, .value = word(), .apply = set_interface},
    later("vrf", Missing::fatal),
    later("dont_track_primary"),
    later_block("track_interface", Kind::lines),
    later_block("track_script", Kind::lines),
    later_block("track_file", Kind::lines),
    later_block("track_process", Kind::lines),
    later_block("track_bfd", Kind::lines),
    later("mcast_src_ip", Missing::fatal),
    needed(later("unicast_src_ip", Missing::fatal)),
    needed(later("mcast_dst_ip", Missing::fatal)),
    later("track_src_ip"),
    {.name = "virtual_router_id",
     .missing = Missing::fatal,
     .value = number(1, 255, kStrict),
     .apply = store<&Instance::vrid>},
    later("unicast_ttl", Missing::fatal),
    {.name = "version",
     .missing = Missing::fatal,
     .value = integer(2, 3),
     .apply = set_version,
     .repeat = Repeat::first_wins},
    {.name = "priority",
     .missing = Missing::fatal,
     .value = number(1, 255, kStrict, 100),
     .apply = store<&Instance::priority>},
    {.name = "advert_int",
     .missing = Missing::fatal,
     .value = seconds(10'000, 255'000'000),
     .apply = store<&Instance::advert_interval>},
    {.name = "virtual_ipaddress",
     .kind = Kind::lines,
     .apply = add_virtual_address,
     .table = address_line_table,
     .repeat = Repeat::accumulates},
    {.name = "virtual_ipaddress_excluded",
     .kind = Kind::lines,
     .apply = add_excluded_address,
     .table = address_line_table,
     .repeat = Repeat::accumulates},
    noted(later("no_virtual_ipaddress"), set<&Instance::no_addresses, true>),
    later("promote_secondaries"),
    later("linkbeat_use_polling"),
    later("v3_checksum_as_v2"),
    not_yet({.name = "virtual_routes",
             .kind = Kind::lines,
             .apply = add_virtual_route,
             .table = route_line_table,
             .repeat = Repeat::accumulates}),
    not_yet({.name = "virtual_rules",
             .kind = Kind::lines,
             .apply = add_virtual_rule,
             .table = rule_line_table,
             .repeat = Repeat::accumulates}),
    later("accept"),
    later("no_accept"),
    later("skip_check_adv_addr"),
    later("strict_mode"),
    {.name = "preempt", .apply = set<&Instance::nopreempt, false>},
    {.name = "nopreempt", .apply = set<&Instance::nopreempt, true>},
    {.name = "preempt_delay",
     .missing = Missing::fatal,
     .value = seconds(0, 1'000'000'000, 0),
     .apply = store<&Instance::preempt_delay>},
    later("debug", Missing::fatal),
    later("notify_backup", Missing::fatal),
    later("notify_master", Missing::fatal),
    later("notify_fault", Missing::fatal),
    later("notify_stop", Missing::fatal),
    later("notify", Missing::fatal),
    later("notify_master_rx_lower_pri", Missing::fatal),
    later("notify_deleted"),
    later("smtp_alert"),
    later("notify_priority_changes"),
    later("lvs_sync_daemon_interface", Missing::fatal),
    {.name = "garp_master_delay",
     .missing = Missing::fatal,
     .value = number(0, 4294),
     .apply = store<&Instance::garp_master_delay>},
    {.name = "garp_master_refresh",
     .missing = Missing::fatal,
     .value = number(0, kMaxUnsigned, false, 0),
     .apply = store<&Instance::garp_master_refresh>},
    {.name = "garp_master_repeat",
     .missing = Missing::fatal,
     .value = number(0, kMaxUnsigned),
     .apply = store_repeat<&Instance::garp_master_repeat>},
    {.name = "garp_master_refresh_repeat",
     .missing = Missing::fatal,
     .value = number(0, kMaxUnsigned),
     .apply = store_repeat<&Instance::garp_master_refresh_repeat>},
    {.name = "garp_lower_prio_delay",
     .missing = Missing::fatal,
     .value = number(0, 4294),
     .apply = store<&Instance::garp_lower_prio_delay>},
    {.name = "garp_lower_prio_repeat",
     .missing = Missing::fatal,
     .value = number(0, kMaxInteger),
     .apply = store<&Instance::garp_lower_prio_repeat>},
    later("down_timer_adverts", Missing::fatal),
    later("timer_expired_backup"),
    later("thread_timer_expired"),
    later("garp_extra_if"),
    later("vmac_garp_intvl"),
    later("lower_prio_no_advert"),
    later("higher_prio_send_advert"),
    later("owner_ignore_adverts"),
    later("kernel_rx_buf_size", Missing::reported),
    {.name = "authentication", .kind = Kind::block, .table = authentication_table, .repeat = Repeat::accumulates},
    needed(later_block("auth_hmac")),
};

constexpr Keyword kAuthentication[] = {
    {.name = "auth_type", .missing = Missing::fatal, .value = word(), .apply = set_auth_type},
    {.name = "auth_pass", .missing = Missing::fatal, .value = word(), .apply = set_auth_pass, .secret = true},
};

}  // namespace

const BlockTable& vrrp_instance_table() {
    static const BlockTable table("vrrp_instance", kRows);
    return table;
}

const BlockTable& authentication_table() {
    static const BlockTable table("vrrp_instance/authentication", kAuthentication);
    return table;
}

}  // namespace sustain::parser
