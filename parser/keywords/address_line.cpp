// An entry of virtual_ipaddress, virtual_ipaddress_excluded and static_ipaddress: ADDRESS[/LENGTH] and options
// (spec/routes-rules.md 2).
#include "parser/keywords/line_options.hpp"
#include "parser/keywords/tables.hpp"

namespace sustain::parser {

namespace {

constexpr std::uint8_t kLongestWithBroadcast = 30;

using Address = vrrp::VirtualAddress;

AddressDraft& current(Context& context) {
    return context.draft.address;
}

void read_address(Context& context, const Statement& statement) {
    AddressDraft& draft = current(context);
    if (const auto prefix = read_prefix(context, statement, 0)) {
        draft.value.prefix = *prefix;
    } else {
        drop(context, statement, draft, fmt::format("VRRP parsed invalid IP {}. skipping IP...", statement[0]));
    }
}

void set_device(Context& context, const Statement& statement) {
    AddressDraft& draft = current(context);
    if (!draft.value.device.empty()) {
        drop(context, statement, draft,
             fmt::format("Cannot specify ipaddress device more than once for {}", draft.text));
        return;
    }
    std::ignore =
        read_interface(context, statement, draft, draft.value.device, fmt::format("ip address {}", draft.text));
}

void set_scope(Context& context, const Statement& statement) {
    AddressDraft& draft = current(context);
    const auto scope = kernel_number(context, statement[draft.at], KernelNames::Kind::scope);
    if (!scope) {
        unknown_name(context, statement, draft.at,
                     fmt::format("Invalid scope '{}' specified for {} - ignoring", statement[draft.at], draft.text),
                     "global, site, link, host, nowhere, or 0 to 255");
    } else if (draft.value.prefix.address.is_ipv6() && *scope != 0) {
        context.error(statement, draft.at,
                      fmt::format("Cannot specify scope for IPv6 addresses ({}) - ignoring scope", draft.text));
        draft.value.scope = 0;
    } else {
        draft.value.scope = static_cast<std::uint8_t>(*scope);
    }
}

void set_broadcast(Context& context, const Statement& statement) {
    AddressDraft& draft = current(context);
    const auto& [address, length] = draft.value.prefix;
    const std::string_view text = statement[draft.at];
    if (address.is_ipv6()) {
        drop(context, statement, draft,
             fmt::format("VRRP is trying to assign a broadcast {} to the IPv6 address {} !!?? - skipping VIP...", text,
                         draft.text));
        return;
    }
    if (text == "+" || text == "-") {
        if (length > kLongestWithBroadcast) {
            context.error(statement, draft.at, fmt::format("Address prefix length {} too long for broadcast", length));
            return;
        }
        const std::uint32_t host_bits = 0xffffffffU >> length;
        draft.value.broadcast =
            core::Address::ipv4(text == "+" ? address.ipv4_value() | host_bits : address.ipv4_value() & ~host_bits);
        return;
    }
    const auto broadcast = core::Address::parse(text);
    if (!broadcast || !broadcast->is_ipv4()) {
        drop(context, statement, draft,
             fmt::format("VRRP is trying to assign invalid broadcast {}. skipping VIP...", text));
        return;
    }
    draft.value.broadcast = broadcast;
}

void set_label(Context& context, const Statement& statement) {
    constexpr std::size_t kMaxLabel = 15;
    AddressDraft& draft = current(context);
    if (statement[draft.at].size() > kMaxLabel) {
        drop(context, statement, draft,
             fmt::format("Address label {} is longer than maximum length {} - removing address", statement[draft.at],
                         kMaxLabel));
    } else if (draft.value.prefix.address.is_ipv6()) {
        context.error(statement, draft.at,
                      fmt::format("Cannot specify label for IPv6 addresses ({}) - ignoring label", draft.text));
    } else {
        draft.value.label = statement[draft.at];
    }
}

void set_peer(Context& context, const Statement& statement) {
    AddressDraft& draft = current(context);
    const std::string_view text = statement[draft.at];
    const auto peer = core::Address::parse(text);
    if (draft.value.peer) {
        // keepalived reports the argument once more, as an unknown word: once is enough
        context.error(statement, draft.at, fmt::format("Peer {} - another peer has already been specified", text));
    } else if (!peer) {
        context.error(statement, draft.at, fmt::format("Invalid peer address {}", text), "an address without a length");
    } else if (peer->family() != draft.value.prefix.address.family()) {
        context.error(statement, draft.at, fmt::format("Peer address {} does not match address family", text));
    } else {
        draft.value.peer = peer;
    }
}

void set_preferred_lifetime(Context& context, const Statement& statement) {
    AddressDraft& draft = current(context);
    if (statement[draft.at] == "forever") {
        draft.value.preferred_lifetime = vrrp::kForever;
    } else if (const auto seconds = context.number(statement, draft.at, statement.keyword.value)) {
        draft.value.preferred_lifetime = static_cast<std::uint32_t>(*seconds);
    } else {
        return;
    }
    draft.has_lifetime = true;
}

void set_track_group(Context& context, const Statement& statement) {
    AddressDraft& draft = current(context);
    if (!read_track_group(context, statement, draft, draft.value.track_group)) {
        draft.at = statement.size();  // the rest is not read
    }
}

template <auto Member, bool Value>
void set_flag(Context& context, const Statement&) {
    current(context).value.*Member = Value;
}

constexpr Keyword option(std::string_view name, Action apply) {
    return {.name = name, .kind = Kind::option, .apply = apply};
}
constexpr Keyword option(std::string_view name, std::string_view arguments, Value value, Action apply) {
    return {.name = name,
            .kind = Kind::option_argument,
            .missing = Missing::reported,
            .value = value,
            .apply = apply,
            .arguments = arguments};
}

constexpr Keyword kBroadcast = option("broadcast", "ADDRESS|+|-", word(Value::Type::address), set_broadcast);

constexpr Keyword kRows[] = {
    {.name = "<address>",
     .kind = Kind::option,
     .missing = Missing::reported,
     .value = word(Value::Type::address),
     .apply = read_address,
     .repeat = Repeat::first_wins,
     .arguments = "ADDRESS[/LENGTH]"},
    with_fallback(option("dev", "INTERFACE", word(Value::Type::interface), set_device),
                  "; the interface of the vrrp_instance, or default_interface"),
    with_fallback(option("scope", "SCOPE", word(), set_scope), "global"),
    synonym("brd", "broadcast", kBroadcast),
    kBroadcast,
    option("label", "LABEL", word(), set_label),
    option("peer", "ADDRESS", word(Value::Type::address), set_peer),
    option("home", set_flag<&Address::home, true>),
    option("-nodad", set_flag<&Address::detect_duplicates, true>),
    option("mngtmpaddr", set_flag<&Address::manage_temporary, true>),
    option("noprefixroute", set_flag<&Address::prefix_route, false>),
    option("autojoin", set_flag<&Address::autojoin, true>),
    option("no_track", set_flag<&Address::track, false>),
    in_unit(with_fallback(option("preferred_lft", "SECONDS|forever", number(0, kMaxUnsigned), set_preferred_lifetime),
                          "; forever, of an IPv6 address with all bits 0"),
            "seconds"),
    option("track_group", "NAME", word(), set_track_group),
    not_yet(option("use_vmac", set_flag<&Address::use_vmac, true>)),
};

/// The keyword of the table that may stand on this line.
const Keyword* find_option(std::string_view word, bool is_static) {
    const Keyword* const found = address_line_table().find(word);
    const std::string_view elsewhere = is_static ? "use_vmac" : "track_group";
    return found == nullptr || found->name == elsewhere || found->name.starts_with('<') ? nullptr : found;
}

/// Reads the options; then those that go together.
void read_options(Context& context, const Statement& statement) {
    AddressDraft& draft = current(context);
    for (draft.at = 1; draft.at < statement.size() && !draft.dropped; ++draft.at) {
        const Keyword* const found = find_option(statement[draft.at], draft.is_static);
        if (found == nullptr) {
            context.error(
                statement, draft.at,
                fmt::format("Unknown configuration entry '{}' for ip address - ignoring", statement[draft.at]),
                context.hint_for_unknown(statement[draft.at], address_line_table()));
            continue;
        }
        const Statement option{*found, statement.words, statement.line};
        if (found->kind == Kind::option_argument && draft.at + 1 == statement.size()) {
            drop(context, option, draft, fmt::format("No {} parameter specified for {}", found->name, draft.text));
            return;
        }
        if (!found->supported && statement.keyword.supported) {
            context.unsupported({*found, statement.words.subspan(draft.at), statement.line}, *found);
        }
        draft.at += found->kind == Kind::option_argument ? 1 : 0;
        found->apply(context, option);
    }
}

void settle(Context& context, const Statement& statement) {
    AddressDraft& draft = current(context);
    auto& [address, length] = draft.value.prefix;
    if (draft.value.peer && length != address.bits()) {
        context.error(statement, 0, "Cannot specify address prefix when specifying peer address - ignoring",
                      "an address with a peer has no length");
        length = address.bits();
    }
    if (draft.value.peer && draft.value.broadcast) {
        context.error(statement, 0, "Cannot specify broadcast and peer addresses - ignoring broadcast address");
        draft.value.broadcast.reset();
    }
    if (!draft.has_lifetime && address.is_ipv6() && length == address.bits()) {
        draft.value.preferred_lifetime = 0;
    }
    if (!draft.value.track_group.empty() && !draft.value.track) {
        context.report.add(
            Severity::notice, Rank::none, context.prefix, statement.place(),
            fmt::format("static address {} has track_group and no_track: it is not tracked", draft.text));
        draft.value.track_group.clear();
    }
}

/// The whole line, into the draft; false: there is no address.
bool read_line(Context& context, const Statement& statement, bool is_static) {
    AddressDraft& draft = current(context);
    draft = {};
    draft.text = statement[0];
    draft.is_static = is_static;
    read_address(context, statement);
    if (!draft.dropped) {
        read_options(context, statement);
    }
    if (!draft.dropped) {
        settle(context, statement);
    }
    return !draft.dropped;
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
    if (!read_line(context, statement, false)) {
        return;
    }
    AddressDraft& draft = current(context);
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
    auto& addresses = excluded ? instance.excluded : instance.addresses;
    addresses.push_back(std::move(static_cast<vrrp::VirtualAddress&>(draft.value)));
}

}  // namespace

const BlockTable& address_line_table() {
    static const BlockTable table("address line", kRows);
    return table;
}

void add_virtual_address(Context& context, const Statement& statement) {
    add(context, statement, false);
}
void add_excluded_address(Context& context, const Statement& statement) {
    add(context, statement, true);
}
void add_static_address(Context& context, const Statement& statement) {
    if (read_line(context, statement, true)) {
        StaticAddressDraft& added = context.draft.static_addresses.emplace_back();
        added.place = statement.place();
        added.value = std::move(current(context).value);
    }
}

}  // namespace sustain::parser
