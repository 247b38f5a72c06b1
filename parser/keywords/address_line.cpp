// An entry of virtual_ipaddress and virtual_ipaddress_excluded: ADDRESS[/LENGTH] and options (spec/routes-rules.md 2).
#include "parser/keywords/tables.hpp"
#include "parser/values.hpp"

namespace sustain::parser {

namespace {

constexpr std::uint8_t kLongestWithBroadcast = 30;

/// Drops the address, with a word about it.
void drop(Context& context, const Statement& statement, std::size_t word, const std::string& message) {
    context.error(statement, word, message);
    context.draft.address.dropped = true;
}

void set_device(Context& context, const Statement& statement) {
    constexpr std::size_t kMaxName = 15;
    AddressDraft& draft = context.draft.address;
    if (!draft.value.device.empty()) {
        drop(context, statement, 0, fmt::format("Cannot specify ipaddress device more than once for {}", draft.text));
        return;
    }
    draft.value.device = statement[1];
    if (draft.value.device.size() > kMaxName) {
        drop(context, statement, 1, fmt::format("Interface name '{}' too long - ignoring", statement[1]));
        return;
    }
    if (context.interface(draft.value.device) == nullptr) {
        context.missing_interface(
            statement, 1,
            fmt::format("WARNING - interface {} for ip address {} doesn't exist", statement[1], draft.text));
    }
}

void set_scope(Context& context, const Statement& statement) {
    struct Name {
        std::string_view name;
        std::uint8_t value;
    };
    static constexpr Name kNames[] = {{"global", 0}, {"site", 200}, {"link", 253}, {"host", 254}, {"nowhere", 255}};
    AddressDraft& draft = context.draft.address;
    const auto number = read_c_number(statement[1]);
    const auto name = std::ranges::find(kNames, statement[1], &Name::name);
    if (number && *number >= 0 && *number <= 255) {
        draft.value.scope = static_cast<std::uint8_t>(*number);
    } else if (!number && name != std::end(kNames)) {
        draft.value.scope = name->value;
    } else {
        context.error(statement, 1,
                      fmt::format("Invalid scope '{}' specified for {} - ignoring", statement[1], draft.text),
                      "global, site, link, host, nowhere, or 0 to 255");
        return;
    }
    if (draft.value.prefix.address.is_ipv6() && draft.value.scope != 0) {
        context.error(statement, 1,
                      fmt::format("Cannot specify scope for IPv6 addresses ({}) - ignoring scope", draft.text));
        draft.value.scope = 0;
    }
}

void set_broadcast(Context& context, const Statement& statement) {
    AddressDraft& draft = context.draft.address;
    const auto& [address, length] = draft.value.prefix;
    if (address.is_ipv6()) {
        drop(context, statement, 0,
             fmt::format("VRRP is trying to assign a broadcast {} to the IPv6 address {} !!?? - skipping VIP...",
                         statement[1], draft.text));
        return;
    }
    if (statement[1] == "+" || statement[1] == "-") {
        if (length > kLongestWithBroadcast) {
            context.error(statement, 1, fmt::format("Address prefix length {} too long for broadcast", length));
            return;
        }
        const std::uint32_t host_bits = 0xffffffffU >> length;
        draft.value.broadcast = core::Address::ipv4(statement[1] == "+" ? address.ipv4_value() | host_bits
                                                                        : address.ipv4_value() & ~host_bits);
        return;
    }
    const auto broadcast = core::Address::parse(statement[1]);
    if (!broadcast || !broadcast->is_ipv4()) {
        drop(context, statement, 1,
             fmt::format("VRRP is trying to assign invalid broadcast {}. skipping VIP...", statement[1]));
        return;
    }
    draft.value.broadcast = broadcast;
}

void set_label(Context& context, const Statement& statement) {
    constexpr std::size_t kMaxLabel = 15;
    AddressDraft& draft = context.draft.address;
    if (statement[1].size() > kMaxLabel) {
        drop(context, statement, 1,
             fmt::format("Address label {} is longer than maximum length {} - removing address", statement[1],
                         kMaxLabel));
    } else if (draft.value.prefix.address.is_ipv6()) {
        context.error(statement, 1,
                      fmt::format("Cannot specify label for IPv6 addresses ({}) - ignoring label", draft.text));
    } else {
        draft.value.label = statement[1];
    }
}

void set_no_track(Context& context, const Statement&) {
    context.draft.address.value.track = false;
}

constexpr Keyword option(std::string_view name, Kind kind, Action apply) {
    return {.name = name, .kind = kind, .missing = Missing::reported, .apply = apply};
}
constexpr Keyword later_option(std::string_view name, Kind kind) {
    return {.name = name, .kind = kind, .missing = Missing::reported, .supported = false};
}

constexpr Keyword kRows[] = {
    option("dev", Kind::option_argument, set_device),
    option("scope", Kind::option_argument, set_scope),
    option("brd", Kind::option_argument, set_broadcast),
    option("broadcast", Kind::option_argument, set_broadcast),
    option("label", Kind::option_argument, set_label),
    later_option("peer", Kind::option_argument),
    later_option("home", Kind::option),
    later_option("-nodad", Kind::option),
    later_option("mngtmpaddr", Kind::option),
    later_option("noprefixroute", Kind::option),
    later_option("autojoin", Kind::option),
    option("no_track", Kind::option, set_no_track),
    later_option("preferred_lft", Kind::option_argument),
    later_option("use_vmac", Kind::option),
};

/// ADDRESS[/LENGTH]; false: there is no address.
bool read_address(Context& context, const Statement& statement) {
    AddressDraft& draft = context.draft.address;
    const AddressText text = split_prefix(statement[0]);
    const auto address = core::Address::parse(text.address);
    if (!address) {
        context.error(statement, 0, fmt::format("VRRP parsed invalid IP {}. skipping IP...", statement[0]));
        return false;
    }
    draft = {};
    draft.text = statement[0];
    draft.value.prefix = {*address, address->bits()};
    if (text.length) {
        ast::Word length{*text.length};
        const Statement part{statement.keyword, {&length, 1}, statement.line};
        const Value range = number(0, address->bits(), false, address->bits());
        draft.value.prefix.length = static_cast<std::uint8_t>(*context.number(part, 0, range));
    }
    return true;
}

void read_options(Context& context, const Statement& statement) {
    for (std::size_t i = 1; i < statement.size() && !context.draft.address.dropped; ++i) {
        const Keyword* const found = address_line_table().find(statement[i]);
        if (found == nullptr) {
            context.error(statement, i,
                          fmt::format("Unknown configuration entry '{}' for ip address - ignoring", statement[i]),
                          context.report.keeps(Severity::error) ? hint_for_unknown(statement[i], address_line_table())
                                                                : std::string());
            continue;
        }
        const Statement option{*found, statement.words.subspan(i), statement.line};
        if (found->kind == Kind::option_argument && ++i == statement.size()) {
            drop(context, option, 0,
                 fmt::format("No {} parameter specified for {}", found->name, context.draft.address.text));
        } else if (!found->supported) {
            context.unsupported(option, 0, fmt::format("{} is not supported yet: it has no effect", found->name));
        } else {
            found->apply(context, option);
        }
    }
}

/// Whether the instance has the address already; remembers it (spec/routes-rules.md 2).
bool duplicate(InstanceDraft& instance, const vrrp::VirtualAddress& value, bool excluded) {
    const auto octets = value.prefix.address.octets();
    std::string key = value.device == instance.interface ? std::string() : value.device;
    key.push_back('\0');
    key.append(octets.begin(), octets.end());
    if ((!excluded && instance.advertised.contains(value.prefix.address)) || instance.on_interfaces.contains(key)) {
        return true;
    }
    instance.on_interfaces.insert(std::move(key));
    if (!excluded) {
        instance.advertised.insert(value.prefix.address);
    }
    return false;
}

void add(Context& context, const Statement& statement, bool excluded) {
    InstanceDraft& instance = context.draft.instances.back();
    if (!read_address(context, statement)) {
        return;
    }
    read_options(context, statement);
    AddressDraft& draft = context.draft.address;
    if (draft.dropped) {
        return;
    }
    const auto family = draft.value.prefix.address.family();
    if (!excluded && instance.family.value_or(family) != family) {
        context.error(
            statement, 0,
            fmt::format("({}): address family must match VRRP instance [{}] - ignoring", instance.name, draft.text));
        return;
    }
    if (duplicate(instance, draft.value, excluded)) {
        context.error(statement, 0, fmt::format("({}) duplicate address {} - ignoring", instance.name, draft.text));
        return;
    }
    if (!excluded) {
        instance.family = family;
    }
    (excluded ? instance.excluded : instance.addresses).push_back(std::move(draft.value));
}

}  // namespace

const BlockTable& address_line_table() {
    static const BlockTable table("vrrp_instance/virtual_ipaddress", kRows);
    return table;
}

void add_virtual_address(Context& context, const Statement& statement) {
    add(context, statement, false);
}
void add_excluded_address(Context& context, const Statement& statement) {
    add(context, statement, true);
}

}  // namespace sustain::parser
