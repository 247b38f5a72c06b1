// vrrp_instance: which virtual router it is and on which interface.
#include "parser/actions.hpp"
#include "parser/keywords/instance/rows.hpp"
#include "parser/keywords/tables.hpp"

namespace sustain::parser {

namespace {

constexpr std::size_t kMaxInterfaceName = 15;

void set_state(Context& context, const Statement& statement) {
    auto& draft = context.draft.current<InstanceDraft>();
    const bool backup = statement[1] != "MASTER";
    if (backup && statement[1] != "BACKUP") {
        context.error(statement, 1,
                      fmt::format("({}) unknown state '{}', defaulting to BACKUP", draft.name, statement[1]),
                      "MASTER or BACKUP, in upper case");
    } else if (backup && draft.initial_state == vrrp::State::master) {
        context.error(statement, 1, fmt::format("({}) state previously set as MASTER - ignoring BACKUP", draft.name));
        return;
    }
    draft.initial_state = backup ? vrrp::State::backup : vrrp::State::master;
}

/// The name of an interface, if it is one that could exist.
std::optional<std::string> read_name(Context& context, const Statement& statement) {
    if (statement[1].size() > kMaxInterfaceName) {
        context.error(statement, 1, fmt::format("Interface name '{}' too long - ignoring", statement[1]),
                      "interface names have at most 15 bytes");
        return std::nullopt;
    }
    return std::string(statement[1]);
}

void set_interface(Context& context, const Statement& statement) {
    auto& draft = context.draft.current<InstanceDraft>();
    auto name = read_name(context, statement);
    if (!name) {
        return;
    }
    const Interface* const found = context.interface(*name);
    if (found != nullptr && found->loopback) {
        context.error(statement, 1,
                      fmt::format("({}) cannot use a loopback interface ({}) for vrrp - ignoring", draft.name, *name));
        draft.interface.clear();
        return;
    }
    if (found == nullptr) {
        context.missing_interface(
            statement, 1, fmt::format("WARNING - interface {} for vrrp_instance {} doesn't exist", *name, draft.name));
    }
    draft.interface = std::move(*name);
}

void set_vrf(Context& context, const Statement& statement) {
    auto& draft = context.draft.current<InstanceDraft>();
    if (!draft.interface.empty()) {
        context.error(statement, 0,
                      fmt::format("({}) Cannot specify VRF interface and interface - ignoring", draft.name),
                      "the VRF of an interface is known");
        return;
    }
    if (draft.rare && !draft.rare->vrf.empty()) {
        context.error(
            statement, 0,
            fmt::format("({}) VRF already specified as {} - ignoring {}", draft.name, draft.rare->vrf, statement[1]));
        return;
    }
    auto name = read_name(context, statement);
    if (!name) {
        return;
    }
    const Interface* const found = context.interface(*name);
    if (found != nullptr && found->loopback) {
        context.error(statement, 1,
                      fmt::format("({}) cannot use a loopback interface ({}) for VRF - ignoring", draft.name, *name));
        return;
    }
    if (found == nullptr) {
        context.missing_interface(statement, 1,
                                  fmt::format("({}) WARNING - VRF interface {} doesn't exist", draft.name, *name));
    }
    draft.rare.make().vrf = std::move(*name);
}

void set_version(Context& context, const Statement& statement) {
    auto& draft = context.draft.current<InstanceDraft>();
    const auto version = context.number(statement, 1, statement.keyword.value);
    if (!version) {
        return;
    }
    const unsigned known = draft.written.version ? *draft.written.version : draft.is_ipv6() ? 3 : 0;
    if (known != 0 && known != static_cast<unsigned>(*version)) {
        context.error(statement, 1,
                      fmt::format("({}) vrrp_version {} conflicts with configured or deduced version {}; ignoring.",
                                  draft.name, *version, known));
        return;
    }
    draft.written.version = static_cast<std::uint8_t>(*version);
}

void set_native_ipv6(Context& context, const Statement& statement) {
    auto& draft = context.draft.current<InstanceDraft>();
    if (!draft.fits(core::Address::Family::ipv6)) {
        context.error(statement, 0, fmt::format("({}) Cannot specify native_ipv6 with IPv4 addresses", draft.name),
                      "the addresses decide; the keyword is not needed");
    }
}

constexpr Keyword kRows[] = {
    {.name = "state",
     .missing = Missing::fatal,
     .value = choice("MASTER BACKUP"),
     .apply = set_state,
     .repeat = Repeat::first_wins,
     .arguments = "MASTER|BACKUP",
     .fallback = "BACKUP; MASTER with priority 255"},
    {.name = "interface",
     .missing = Missing::fatal,
     .value = word(Value::Type::interface),
     .apply = set_interface,
     .arguments = "INTERFACE"},
    keeps_from_starting({.name = "vrf",
                         .missing = Missing::fatal,
                         .value = word(Value::Type::interface),
                         .apply = set_vrf,
                         .repeat = Repeat::first_wins,
                         .arguments = "INTERFACE"}),
    {.name = "virtual_router_id",
     .missing = Missing::fatal,
     .value = number(1, 255, kStrict),
     .apply = store<&vrrp::Instance::vrid>,
     .arguments = "NUMBER"},
    {.name = "version",
     .missing = Missing::fatal,
     .value = integer(2, 3),
     .apply = set_version,
     .repeat = Repeat::first_wins,
     .arguments = "2|3",
     .fallback = "2; 3 for IPv6",
     .inherits = "global_defs/vrrp_version"},
    {.name = "native_ipv6", .apply = set_native_ipv6},
    {.name = "priority",
     .missing = Missing::fatal,
     .value = number(1, 255, kStrict, 100),
     .apply = store<&WrittenSettings::priority>,
     .arguments = "NUMBER",
     .fallback = "100; 255 with state MASTER"},
    {.name = "strict_mode",
     .value = boolean(),
     .apply = store<&WrittenSettings::strict>,
     .arguments = "[BOOLEAN]",
     .fallback = "off",
     .inherits = "global_defs/vrrp_strict"},
    {.name = "debug",
     .missing = Missing::fatal,
     .value = number(0, 4),
     .apply = store<&vrrp::RareSettings::debug>,
     .arguments = "NUMBER",
     .fallback = "0"},
};

}  // namespace

Rows instance_identity_rows() {
    return kRows;
}

}  // namespace sustain::parser
