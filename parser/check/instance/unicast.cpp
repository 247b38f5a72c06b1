#include "parser/check/instance/instance_check.hpp"

namespace sustain::parser {

namespace {

/// Peers, or the multicast group after all.
void settle_peers(InstanceCheck& check) {
    InstanceDraft& draft = check.draft;
    const bool has_peers = draft.unicast && !draft.unicast->peers.empty();
    if (has_peers) {
        draft.unicast->check_source = draft.check_unicast_source || check.defaults.check_unicast_src;
        return;
    }
    draft.unicast.reset();
    if (!draft.unicast_keyword) {
        return;
    }
    if (draft.fault_without_peers) {
        check.log("Cannot use unicast without any peers - going to fault state");
        check.hold();
    } else {
        check.error(
            "A unicast keyword has been specified without any unicast peers. Defaulting to multicast. This usage is "
            "deprecated - please update your configuration.");
    }
}

/// What an instance without an interface cannot do without.
void check_without_interface(InstanceCheck& check) {
    const InstanceDraft& draft = check.draft;
    if (!draft.source) {
        check.error("unicast_src_ip or an interface must be specified");
        check.stop();
    } else if (draft.source->is_ipv6() && draft.source->is_link_local()) {
        check.error("a link-local unicast_src_ip needs an interface");
        check.stop();
    } else if (!draft.unicast) {
        check.error("without unicast peers an interface must be specified");
        check.stop();
    }
}

void check_vrf(InstanceCheck& check) {
    InstanceDraft& draft = check.draft;
    if (!draft.rare || draft.rare->vrf.empty() || (!check.has_interface() && draft.unicast)) {
        return;
    }
    check.error("vrf {} is only for unicast without interface - ignoring", draft.rare->vrf);
    check.adjusted("vrf", "", "the instance has an interface or no unicast peers");
    draft.rare->vrf.clear();
}

}  // namespace

void check_unicast(InstanceCheck& check) {
    InstanceDraft& draft = check.draft;
    settle_peers(check);
    const Interface* const interface = check.interface();
    if (draft.strict && draft.unicast && interface != nullptr && interface->multicast) {
        check.error("Unicast peers are not supported in strict mode");
        check.stop();
    }
    if (!check.has_interface() && draft.unicast_keyword) {
        check_without_interface(check);
    }
    check_vrf(check);
    if (draft.unicast && draft.group) {
        check.error("multicast destination specified with unicast - ignoring");
        check.adjusted("mcast_dst_ip", "", "the instance has unicast peers");
        draft.group.reset();
    }
    draft.track_source = draft.track_source && draft.source.has_value();
}

}  // namespace sustain::parser
