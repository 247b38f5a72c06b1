// Checks of vrrp_instance blocks: at the end of each, and of all of them after the last line, when what they inherit is
// known (spec/semantic-checks-core.md 4). A problem that makes keepalived's VRRP process stop does not end the checks:
// all of them are worth knowing.
#include "parser/check/check.hpp"
#include "parser/check/conflicts.hpp"
#include "parser/check/instance/instance_check.hpp"

namespace sustain::parser {

namespace {

/// The order decides what a later check sees (4.4).
void complete(InstanceCheck& check) {
    settle_protocol(check);
    check_authentication(check);
    check_unicast(check);
    check_interface(check);
    check_own_interface(check);
    check_room(check);
    check_preemption(check);
    settle_timers(check);
    settle_reception(check);
    settle_garp(check);
    check_trackers(check);
    check_addresses(check);
}

/// What the instance needs and the engine does not have yet; empty: it can run.
std::string_view obstacle(const InstanceDraft& draft) {
    if (!draft.obstacle.empty()) {
        return draft.obstacle;
    }
    return draft.own_interface && draft.own_interface->kind == vrrp::OwnInterface::Kind::ipvlan ? "use_ipvlan" : "";
}

/// Hands over what can be run.
void take(Context& context, InstanceDraft&& draft) {
    if (draft.stopped) {
        return;
    }
    if (const std::string_view missing = obstacle(draft); !missing.empty()) {
        context.unsupported(
            draft.place, fmt::format("({}) {} is not supported yet: the instance is not started", draft.name, missing));
        return;
    }
    vrrp::Instance& instance = draft;
    const vrrp::Defaults& defaults = context.draft.config.vrrp.defaults;
    if (!instance.group) {
        instance.group = draft.is_ipv6() ? defaults.mcast_group6 : defaults.mcast_group4;
    }
    if (instance.unicast) {
        instance.twin = context.draft.twins[{instance.interface, instance.address_family, instance.vrid}]++;
    }
    for (TrackerDraft& line : draft.trackers) {
        instance.trackers.push_back(std::move(line.tracker));
    }
    context.draft.config.vrrp.instances.push_back(std::move(instance));
}

}  // namespace

void check_instance_block(Context& context) {
    InstanceDraft& draft = context.draft.current<InstanceDraft>();
    const auto error = [&](std::string_view message) {
        context.report.error(Rank::general, context.prefix, draft.closed, fmt::format("({}) {}", draft.name, message));
    };
    draft.advertised = {};  // each instance is large enough without them
    draft.on_interfaces = {};
    const bool has_peers = draft.unicast && !draft.unicast->peers.empty();
    if (draft.own_interface && draft.unicast_keyword && draft.interface.empty()) {
        error("Cannot use VMAC/ipvlan with unicast and no interface - clearing use_vmac");
        context.adjusted(draft.place, "use_vmac", "off", "unicast without interface");
        draft.own_interface.reset();
    }
    if (draft.own_interface && draft.own_interface->kind == vrrp::OwnInterface::Kind::vmac && has_peers &&
        !draft.transmit_base) {
        error("unicast with use_vmac requires vmac_xmit_base - setting");
        context.adjusted(draft.place, "vmac_xmit_base", "on", "unicast with use_vmac");
        draft.transmit_base = true;
    }
    if (draft.unicast && draft.unicast->ttl && !has_peers) {
        error("Cannot use unicast_ttl without unicast peers - resetting");
        context.adjusted(draft.place, "unicast_ttl", "", "there are no unicast peers");
        draft.unicast->ttl.reset();
    }
}

void check_instances(Context& context) {
    auto& drafts = context.draft.instances;
    for (InstanceDraft& draft : drafts) {
        InstanceCheck check(context, draft);
        check_minimum(check);
    }
    for (InstanceDraft& draft : drafts) {
        InstanceCheck check(context, draft);
        complete(check);
    }
    check_router_conflicts(context);
    context.draft.config.vrrp.instances.reserve(drafts.size());
    for (; !drafts.empty(); drafts.pop_front()) {
        take(context, std::move(drafts.front()));
    }
}

}  // namespace sustain::parser
