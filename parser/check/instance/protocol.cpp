#include "parser/check/instance/instance_check.hpp"

namespace sustain::parser {

void check_minimum(InstanceCheck& check) {
    if (check.draft.vrid == 0) {
        check.error("the virtual router id must be set");
        check.stop();
    }
    if (!check.has_interface() && !check.draft.unicast_keyword) {
        check.error("Unknown interface!");
        check.stop();
    }
}

void settle_protocol(InstanceCheck& check) {
    constexpr std::uint8_t kDefaultPriority = 100;
    constexpr std::uint8_t kVersion2 = 2;
    constexpr std::uint8_t kVersion3 = 3;
    InstanceDraft& draft = check.draft;
    draft.strict = draft.written.strict.value_or(check.defaults.strict);
    if (draft.strict && draft.is_ipv6() && draft.written.version == kVersion2) {
        check.error("cannot use IPv6 with VRRP version 2; setting version 3");
        check.adjusted("version", "3", "strict mode has no IPv6 with version 2");
        draft.written.version = kVersion3;
    }
    draft.version = draft.written.version.value_or(draft.is_ipv6() ? kVersion3 : check.defaults.version);
    if (!draft.written.version && draft.is_ipv6()) {
        check.adjusted("version", "3", "IPv6");
    }
    draft.address_family = draft.family.value_or(core::Address::Family::ipv4);
    draft.priority = draft.written.priority.value_or(check.is_master() ? kOwnerPriority : kDefaultPriority);
    if (!draft.written.priority && check.is_master()) {
        check.adjusted("priority", "255", "state MASTER");
    }
    if (!draft.initial_state) {
        if (check.is_owner()) {
            check.adjusted("state", "MASTER", "priority 255");
        }
        draft.initial_state = check.is_owner() ? vrrp::State::master : vrrp::State::backup;
    }
    if (draft.strict && check.is_master() != check.is_owner()) {
        check.error("State MASTER must match being address owner");
        draft.initial_state = check.is_owner() ? vrrp::State::master : vrrp::State::backup;
        check.adjusted("state", check.is_owner() ? "MASTER" : "BACKUP", "strict mode: only an owner starts as master");
    }
}

}  // namespace sustain::parser
