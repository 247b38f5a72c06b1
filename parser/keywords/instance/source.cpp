// vrrp_instance: from which address adverts come and to which group they go.
#include "parser/actions.hpp"
#include "parser/keywords/instance/rows.hpp"
#include "parser/keywords/tables.hpp"
#include "parser/values.hpp"

namespace sustain::parser {

namespace {

void set_source(Context& context, const Statement& statement) {
    auto& draft = context.draft.current<InstanceDraft>();
    draft.unicast_keyword |= statement.keyword.name == "unicast_src_ip";
    const auto address = read_server_address(statement[1]);
    if (!address) {
        context.error(statement, 1,
                      fmt::format("Configuration error: VRRP instance[{}] malformed src address[{}]. Skipping...",
                                  draft.name, statement[1]));
        draft.source.reset();
    } else if (!draft.fits(address->family())) {
        context.error(statement, 1,
                      fmt::format("Configuration error: VRRP instance[{}] and src address[{}] MUST be of the same "
                                  "family !!! Skipping...",
                                  draft.name, statement[1]));
    } else {
        draft.source = address;
    }
}

/// ff02::/16
bool is_link_local_group(const core::Address& address) {
    constexpr std::uint8_t kScope = 0x0f;
    constexpr std::uint8_t kLinkLocal = 2;
    return (address.octets()[1] & kScope) == kLinkLocal;
}

void set_group(Context& context, const Statement& statement) {
    auto& draft = context.draft.current<InstanceDraft>();
    draft.group.reset();
    const auto address = read_server_address(statement[1]);
    const auto skip = [&](std::string_view why) {
        context.error(statement, 1, fmt::format("({}) {}. Skipping...", draft.name, why));
    };
    if (!address) {
        skip(fmt::format("malformed mcast dest address {}", statement[1]));
    } else if (!address->is_multicast()) {
        skip(fmt::format("mcast_dst_ip {} not multicast", statement[1]));
    } else if (address->is_ipv6() && !is_link_local_group(*address)) {
        skip(fmt::format("mcast_dst_ip {} not link-local multicast", statement[1]));
    } else if (!draft.fits(address->family())) {
        skip(fmt::format("mcast dest address {} MUST match VRRP instance family", statement[1]));
    } else {
        draft.group = address;
    }
}

constexpr Keyword address(std::string_view name, Action apply, std::string_view fallback) {
    return {.name = name,
            .missing = Missing::fatal,
            .value = word(Value::Type::address),
            .apply = apply,
            .arguments = "ADDRESS",
            .fallback = fallback};
}

constexpr std::string_view kPrimary = "; the primary address of the interface";

constexpr Keyword kRows[] = {
    address("mcast_src_ip", set_source, kPrimary),
    address("unicast_src_ip", set_source, kPrimary),
    address("mcast_dst_ip", set_group, "; vrrp_mcast_group4 or vrrp_mcast_group6 of global_defs"),
    {.name = "track_src_ip", .apply = set<&vrrp::Instance::track_source, true>, .fallback = "off"},
};

}  // namespace

Rows instance_source_rows() {
    return kRows;
}

}  // namespace sustain::parser
