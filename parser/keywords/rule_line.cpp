// An entry of virtual_rules and static_rules (spec/routes-rules.md 4).
#include "parser/keywords/route_line.hpp"
#include "parser/keywords/tables.hpp"

namespace sustain::parser {

namespace {

using Family = core::Address::Family;
using Names = KernelNames::Kind;
using Action_ = vrrp::Rule::Action;
using vrrp::Rule;

RuleDraft& current(Context& context) {
    return context.draft.rule;
}

template <auto Member>
void set_prefix(Context& context, const Statement& statement) {
    RuleDraft& draft = current(context);
    if (!to_argument(context, statement, draft)) {
        return;
    }
    const auto read = read_destination(context, statement, draft.at);
    if (!read) {
        drop(context, statement, draft,
             fmt::format("Invalid rule {} address {}", statement.keyword.name, statement[draft.at]));
        return;
    }
    if (draft.family && draft.family != read->family) {
        drop(context, statement, draft, "rule specification has mixed IPv4 and IPv6",
             read->family ? "" : "default comes first, or name the family: 0.0.0.0/0, ::/0");
        return;
    }
    draft.family = read->family;
    draft.value.*Member = read->prefix;
}

void set_family(Context& context, const Statement& statement) {
    RuleDraft& draft = current(context);
    const bool ipv4 = statement.keyword.name == "inet";
    const Family family = ipv4 ? Family::ipv4 : Family::ipv6;
    if (draft.family.value_or(family) != family) {
        drop(context, statement, draft, ipv4 ? "inet specified for IPv6 rule" : "inet6 specified for IPv4 rule");
        return;
    }
    draft.family = family;
    ++draft.at;  // keepalived skips the next word, whatever it is (spec/routes-rules.md 1.4)
}

/// Each rule has one action. False: it has one already.
bool set_action(Context& context, const Statement& statement, Action_ action) {
    RuleDraft& draft = current(context);
    if (draft.value.action != Action_::none) {
        drop(context, statement, draft,
             action == Action_::l3mdev ? "Cannot specify l3mdev with other action"
             : action == Action_::to_table
                 ? "Cannot specify more than one of table/nop/goto/blackhole/prohibit/unreachable for rule"
                 : "Cannot specify more than one of table/nop/goto/blackhole/prohibit/unreachable/l3mdev for rule");
        return false;
    }
    draft.value.action = action;
    return true;
}

void set_table(Context& context, const Statement& statement) {
    RuleDraft& draft = current(context);
    if (!to_argument(context, statement, draft)) {
        return;
    }
    const auto table = kernel_number(context, statement[draft.at], Names::table);
    if (!table) {
        drop_unknown(context, statement, draft,
                     fmt::format("Routing table {} not found for rule", statement[draft.at]));
    } else if (*table == 0) {
        drop(context, statement, draft, "Table 0 is not valid");
    } else if (set_action(context, statement, Action_::to_table)) {
        draft.value.target = *table;
    }
}

void set_goto(Context& context, const Statement& statement) {
    RuleDraft& draft = current(context);
    if (!to_argument(context, statement, draft)) {
        return;
    }
    const auto target = line_number(context, statement, draft);
    if (target && set_action(context, statement, Action_::go_to)) {
        draft.value.target = static_cast<std::uint32_t>(*target);
    }
}

template <Action_ Which>
void set_simple_action(Context& context, const Statement& statement) {
    set_action(context, statement, Which);
}

/// A word that is no option: the type of a route, by its name or number, three of which are actions.
void read_action(Context& context, const Statement& statement) {
    RuleDraft& draft = current(context);
    const std::string_view word = statement[draft.at];
    const auto type = word == "track_group" ? std::nullopt : read_route_type(word);
    if (!type) {
        drop(context, statement, draft, fmt::format("Unknown rule option {}", word),
             context.hint_for_unknown(word, rule_line_table()));
        return;
    }
    switch (*type) {
        case 6: set_action(context, statement, Action_::blackhole); break;
        case 7: set_action(context, statement, Action_::unreachable); break;
        case 8: set_action(context, statement, Action_::prohibit); break;
        default: drop(context, statement, draft, fmt::format("Invalid rule action {}", word), "6, 7, 8 or a name");
    }
}

void set_type(Context& context, const Statement& statement) {
    RuleDraft& draft = current(context);
    if (!to_argument(context, statement, draft)) {
        return;
    }
    const std::string_view word = statement[draft.at];
    const Keyword* const action = rule_line_table().find(word);
    const bool fits = action != nullptr && (word == "goto" || word == "nop" || word == "blackhole" ||
                                            word == "unreachable" || word == "prohibit");
    if (fits) {
        action->apply(context, {*action, statement.words, statement.line});
    } else {
        read_action(context, statement);
    }
}

void set_preference(Context& context, const Statement& statement) {
    RuleDraft& draft = current(context);
    if (!to_argument(context, statement, draft)) {
        return;
    }
    const std::string_view word = statement[draft.at];
    const auto number = read_c_unsigned(word);
    if (number.fault != NumberFault::none) {
        context.error(statement, draft.at, Rank::number, describe(number.fault, word, "unsigned integer", ""),
                      "preference takes a number from 0 to 4294967295, also as 0x… or octal");
        draft.dropped = true;
        return;
    }
    draft.value.preference = static_cast<std::uint32_t>(number.value);
    draft.has_preference = true;
}

void set_tos(Context& context, const Statement& statement) {
    store_name<&Rule::tos, Names::dsfield>(context, statement, "TOS value {} is invalid");
}

void set_mark(Context& context, const Statement& statement) {
    RuleDraft& draft = current(context);
    if (!to_argument(context, statement, draft)) {
        return;
    }
    if (const auto mark = read_mark(statement[draft.at])) {
        draft.value.mark = mark->mark;
        draft.value.mask = mark->mask;
    } else {
        drop(context, statement, draft, fmt::format("Invalid rule fwmark {} specified", statement[draft.at]),
             "NUMBER or NUMBER/MASK, decimal, 0x… or octal");
    }
}

void set_realms(Context& context, const Statement& statement) {
    RuleDraft& draft = current(context);
    if (!to_argument(context, statement, draft)) {
        return;
    }
    if (draft.family == Family::ipv6) {
        drop(context, statement, draft, "realms is only valid for IPv4");
        return;
    }
    draft.family = Family::ipv4;
    draft.value.realms = read_realms(context, statement[draft.at]);
    draft.suppresses = true;
    if (!draft.value.realms) {
        drop_unknown(context, statement, draft, fmt::format("invalid realms {} for rule", statement[draft.at]));
    }
}

void set_suppress_length(Context& context, const Statement& statement) {
    store_option<&Rule::suppress_prefix_length>(context, statement);
    current(context).suppresses = true;
}
void set_suppress_group(Context& context, const Statement& statement) {
    store_name<&Rule::suppress_group, Names::group>(context, statement, "suppress_group {} is invalid");
    current(context).suppresses = true;
}

template <auto Member>
void set_interface(Context& context, const Statement& statement) {
    RuleDraft& draft = current(context);
    if (to_argument(context, statement, draft)) {
        std::ignore = read_interface(context, statement, draft, draft.value.*Member, "rule");
    }
}

void set_tunnel(Context& context, const Statement& statement) {
    RuleDraft& draft = current(context);
    if (to_argument(context, statement, draft)) {
        draft.value.tunnel_id = line_number64(context, statement, draft).value_or(0);
    }
}

void set_users(Context& context, const Statement& statement) {
    RuleDraft& draft = current(context);
    if (!to_argument(context, statement, draft)) {
        return;
    }
    if (const auto range = read_number_pair(statement[draft.at])) {
        draft.value.users = {range->first, range->last};
    } else {
        drop(context, statement, draft, fmt::format("Invalid uidrange {} specified", statement[draft.at]),
             "FIRST-LAST");
    }
}

template <auto Member>
void set_ports(Context& context, const Statement& statement) {
    RuleDraft& draft = current(context);
    if (!to_argument(context, statement, draft)) {
        return;
    }
    const std::string_view word = statement[draft.at];
    if (const auto range = read_number_pair(word)) {
        draft.value.*Member = {static_cast<std::uint16_t>(range->first), static_cast<std::uint16_t>(range->last)};
    } else {
        context.error(statement, draft.at, fmt::format("invalid {} range {}", statement.keyword.name, word),
                      "FIRST-LAST, also for a single port: 80-80");
    }
}

void set_protocol(Context& context, const Statement& statement) {
    RuleDraft& draft = current(context);
    if (!to_argument(context, statement, draft)) {
        return;
    }
    if (const auto protocol = context.number(statement, draft.at, statement.keyword.value)) {
        draft.value.protocol = static_cast<std::uint8_t>(*protocol);
    }
}

void set_ip_protocol(Context& context, const Statement& statement) {
    constexpr std::uint64_t kHighest = 127;
    RuleDraft& draft = current(context);
    if (!to_argument(context, statement, draft)) {
        return;
    }
    const std::string_view word = statement[draft.at];
    const auto number = read_unsigned(word, {0, kHighest});
    if (const auto named = context.environment.ip_protocol(std::string(word))) {
        draft.value.ip_protocol = named;
    } else if (!word.empty() && number.fault == NumberFault::none) {
        draft.value.ip_protocol = static_cast<std::uint8_t>(number.value);
    } else {
        unknown_name(context, statement, draft.at, fmt::format("Invalid ipproto {}", word),
                     "a name of /etc/protocols, or a number from 0 to 127");
    }
}

void set_track_group(Context& context, const Statement& statement) {
    RuleDraft& draft = current(context);
    if (!draft.is_static) {
        read_action(context, statement);
    } else if (to_argument(context, statement, draft) &&
               !read_track_group(context, statement, draft, draft.value.track_group)) {
        draft.at = statement.size();  // the rest is not read
    }
}

constexpr Value kAny = number(0, kMaxUnsigned, kStrict);
constexpr std::string_view kPrefix = "ADDRESS[/LENGTH]|default|any|all|default6";

constexpr Keyword kTable = value_option("table", "TABLE", word(), set_table);
constexpr Keyword kPreference = with_fallback(
    value_option("preference", "NUMBER", word(Value::Type::text), set_preference), "; 16384, counted down");
constexpr Keyword kTos = with_fallback(value_option("tos", "TOS", word(), set_tos), "0");
constexpr Keyword kSuppressLength =
    value_option("suppress_prefixlength", "NUMBER", number(0, kMaxInteger, kStrict), set_suppress_length);
constexpr Keyword kSuppressGroup = value_option("suppress_ifgroup", "GROUP", word(), set_suppress_group);
constexpr Keyword kIif = value_option("iif", "INTERFACE", word(Value::Type::interface), set_interface<&Rule::iif>);

constexpr Keyword kRows[] = {
    value_option("from", kPrefix, word(Value::Type::address), set_prefix<&Rule::from>),
    value_option("to", kPrefix, word(Value::Type::address), set_prefix<&Rule::to>),
    flag_option("inet", set_family),
    flag_option("inet6", set_family),
    flag_option("not", set_option<&Rule::invert, true>),
    kTable,
    synonym("lookup", "table", kTable),
    kPreference,
    synonym("order", "preference", kPreference),
    synonym("priority", "preference", kPreference),
    kTos,
    synonym("dsfield", "tos", kTos),
    value_option("fwmark", "MARK[/MASK]", word(Value::Type::text), set_mark),
    value_option("realms", "REALM[/REALM]", word(Value::Type::text), set_realms),
    kSuppressLength,
    synonym("sup_pl", "suppress_prefixlength", kSuppressLength),
    kSuppressGroup,
    synonym("sup_group", "suppress_ifgroup", kSuppressGroup),
    kIif,
    synonym("dev", "iif", kIif),
    value_option("oif", "INTERFACE", word(Value::Type::interface), set_interface<&Rule::oif>),
    value_option("tunnel-id", "NUMBER", word(Value::Type::text), set_tunnel),
    value_option("uidrange", "FIRST-LAST", word(Value::Type::text), set_users),
    flag_option("l3mdev", set_simple_action<Action_::l3mdev>),
    with_fallback(value_option("protocol", "NUMBER", number(0, 255, kStrict), set_protocol), "18"),
    value_option("ipproto", "NAME|NUMBER", word(), set_ip_protocol),
    value_option("sport", "FIRST-LAST", word(Value::Type::text), set_ports<&Rule::source_ports>),
    value_option("dport", "FIRST-LAST", word(Value::Type::text), set_ports<&Rule::destination_ports>),
    value_option("type", "ACTION", choice("goto nop blackhole unreachable prohibit"), set_type),
    value_option("goto", "PREFERENCE", kAny, set_goto),
    flag_option("nop", set_simple_action<Action_::nop>),
    flag_option("blackhole", set_simple_action<Action_::blackhole>),
    flag_option("unreachable", set_simple_action<Action_::unreachable>),
    flag_option("prohibit", set_simple_action<Action_::prohibit>),
    flag_option("no_track", set_option<&Rule::track, false>),
    value_option("track_group", "NAME", word(), set_track_group),
};

/// The checks after the last word, in this order; the first that fails drops the rule.
std::string check(const RuleDraft& draft) {
    const Rule& rule = draft.value;
    if (rule.action == Action_::go_to && !draft.has_preference) {
        return fmt::format("Invalid rule - goto target {} specified without preference", rule.target);
    }
    if (rule.action == Action_::go_to && rule.preference >= rule.target) {
        return fmt::format("Invalid rule - preference {} >= goto target {}", rule.preference, rule.target);
    }
    if (rule.action == Action_::none) {
        return "No action specified for rule - ignoring";
    }
    if (draft.suppresses && rule.action != Action_::to_table && rule.action != Action_::l3mdev) {
        return "suppressor/realm specified for non table action - skipping";
    }
    return {};
}

/// What is not written and what does not go together.
void settle(Context& context, const Statement& statement) {
    RuleDraft& draft = current(context);
    Rule& rule = draft.value;
    if (rule.track && rule.protocol.value_or(vrrp::kProtocolKeepalived) != vrrp::kProtocolKeepalived) {
        context.error(statement, 0,
                      "Rule cannot be tracked if protocol is not RTPROT_KEEPALIVED(18), resetting protocol",
                      "with no_track the rule may have any protocol");
        context.adjusted(statement.place(), "protocol", "18", "the rule is tracked");
    }
    if (rule.track) {
        rule.protocol = vrrp::kProtocolKeepalived;
    }
    if (!rule.track_group.empty() && rule.iif.empty()) {
        context.error(statement, 0, "Static rule cannot have track_group if dev/iif not specified");
        rule.track_group.clear();
    }
    rule.family = draft.family.value_or(Family::ipv4);
    static constexpr std::uint8_t kAny6[16] = {};
    for (auto* const prefix : {&rule.from, &rule.to}) {
        if (*prefix && (*prefix)->address.family() != rule.family) {  // default, whose family was decided behind it
            (*prefix)->address = core::Address(kAny6);
        }
    }
    if (!draft.has_preference) {
        std::uint32_t& next = context.draft.rule_preferences[rule.family == Family::ipv4 ? 0 : 1];
        context.error(statement, 0,
                      fmt::format("Rule has no preference specified - setting to {}. This is probably not what you "
                                  "want.",
                                  next),
                      "later rules without preference match before earlier ones");
        context.adjusted(statement.place(), "preference", fmt::format("{}", next), "assigned");
        rule.preference = next--;
    }
}

void add(Context& context, const Statement& statement, bool is_static, std::vector<Rule>& rules) {
    RuleDraft& draft = current(context);
    draft = {};
    draft.is_static = is_static;
    for (; draft.at < statement.size() && !draft.dropped; ++draft.at) {
        if (const Keyword* const option = rule_line_table().find(statement[draft.at])) {
            option->apply(context, {*option, statement.words, statement.line});
        } else {
            read_action(context, statement);
        }
    }
    if (draft.dropped) {
        return;
    }
    if (const std::string complaint = check(draft); !complaint.empty()) {
        context.error(statement, 0, complaint);
        return;
    }
    settle(context, statement);
    rules.push_back(std::move(draft.value));
}

}  // namespace

const BlockTable& rule_line_table() {
    static const BlockTable table("rule line", kRows);
    return table;
}

void add_virtual_rule(Context& context, const Statement& statement) {
    add(context, statement, false, context.draft.instances.back().rules);
}
void add_static_rule(Context& context, const Statement& statement) {
    add(context, statement, true, context.draft.config.vrrp.static_rules);
}

}  // namespace sustain::parser
