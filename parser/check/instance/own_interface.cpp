#include "parser/check/instance/instance_check.hpp"

namespace sustain::parser {

namespace {

void check_vmac(InstanceCheck& check) {
    InstanceDraft& draft = check.draft;
    auto& mac = draft.own_interface->mac;
    if (mac && draft.ends_with_vrid) {
        mac->back() = draft.vrid;
    }
    if (draft.strict && mac) {
        check.error("cannot specify MAC address with strict mode - clearing");
        check.adjusted("use_vmac", draft.own_interface->name.empty() ? "on" : draft.own_interface->name, "strict mode");
        mac.reset();
    }
    if (draft.strict && draft.transmit_base) {
        check.error("xmit_base is incompatible with strict mode - resetting");
        check.adjusted("vmac_xmit_base", "off", "strict mode");
        draft.transmit_base = false;
    }
}

void check_ipvlan(InstanceCheck& check) {
    const auto& address = check.draft.own_interface->address;
    if (!address && !check.draft.is_ipv6()) {
        check.error("IPv4 ipvlan requires a source ip address to be configured. setting instance to fault state");
        check.hold();
    } else if (address && address->address.family() != check.draft.address_family) {
        check.error("ipvlan address {} is not of the family of the instance. setting instance to fault state",
                    address->address);
        check.hold();
    }
}

}  // namespace

void check_own_interface(InstanceCheck& check) {
    InstanceDraft& draft = check.draft;
    if (check.has_vmac()) {
        check_vmac(check);
    } else if (draft.transmit_base) {
        check.error("vmac_xmit_base is only valid with a vmac");
        check.adjusted("vmac_xmit_base", "off", "there is no use_vmac");
        draft.transmit_base = false;
    }
    if (draft.own_interface && draft.promote_secondaries) {
        check.error("promote_secondaries is automatically set for vmacs - ignoring");
        check.adjusted("promote_secondaries", "off", "it is always on for a VMAC or ipvlan");
        draft.promote_secondaries = false;
    }
    if (check.has_ipvlan()) {
        check_ipvlan(check);
    }
    if (draft.own_interface) {
        draft.own_interface->transmit_base = draft.transmit_base;
    }
}

}  // namespace sustain::parser
