#include "parser/check/instance/instance_check.hpp"

namespace sustain::parser {

void check_interface(InstanceCheck& check) {
    InstanceDraft& draft = check.draft;
    const Interface* const interface = check.interface();
    if (interface == nullptr) {
        return;
    }
    if (draft.own_interface && !interface->ethernet) {
        check.environment_error("{} is not an Ethernet interface: use_vmac and use_ipvlan are not possible - ignoring",
                                draft.interface);
        check.adjusted(check.has_vmac() ? "use_vmac" : "use_ipvlan", "off", "the interface is not Ethernet");
        draft.own_interface.reset();
        draft.transmit_base = false;
        check.hold();
    }
    if (!interface->multicast && !draft.unicast) {
        check.environment_error("interface {} does not support multicast", draft.interface);
        check.hold();
    }
}

}  // namespace sustain::parser
