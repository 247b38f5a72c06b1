#include "parser/check/instance/instance_check.hpp"

namespace sustain::parser {

namespace {

void settle_accept(InstanceCheck& check) {
    InstanceDraft& draft = check.draft;
    draft.accept = draft.written.accept.value_or(!draft.strict || check.is_owner());
    if (draft.accept && draft.strict && draft.version == 2 && !check.is_owner()) {
        check.error("warning - accept mode for VRRP version 2 does not comply with RFC3768 - resetting");
        check.adjusted("accept", "off", "strict mode with VRRPv2");
        draft.accept = false;
    }
    if (draft.strict && !draft.accept && !draft.written.accept) {
        check.context().unsupported(
            draft.place, fmt::format("({}) the no_accept of strict mode is not supported yet: packets to its "
                                     "addresses are accepted",
                                     draft.name));
    }
}

void settle_answers(InstanceCheck& check) {
    InstanceDraft& draft = check.draft;
    const auto& written = draft.written;
    if (!draft.strict) {
        draft.lower_prio_no_advert = written.lower_prio_no_advert.value_or(check.defaults.lower_prio_no_advert);
        draft.higher_prio_send_advert =
            written.higher_prio_send_advert.value_or(check.defaults.higher_prio_send_advert);
        return;
    }
    if (!written.lower_prio_no_advert.value_or(true)) {
        check.error("Strict mode requires no lower priority advert. resetting");
    }
    if (written.higher_prio_send_advert.value_or(false)) {
        check.error("strict mode requires higher_prio_send_advert to be clear. resetting");
    }
    check.adjusted("lower_prio_no_advert", "on", "strict mode");
    check.adjusted("higher_prio_send_advert", "off", "strict mode");
    draft.lower_prio_no_advert = true;
    draft.higher_prio_send_advert = false;
}

void settle_owner(InstanceCheck& check) {
    InstanceDraft& draft = check.draft;
    const auto& written = draft.written.owner_ignore_adverts;
    if (check.is_owner()) {
        if (!written.value_or(true)) {
            check.error("owner_ignore_adverts cannot be off for priority 255 - resetting");
            check.adjusted("owner_ignore_adverts", "on", "the instance is the address owner");
            draft.owner_ignore_adverts = true;
        } else {
            draft.owner_ignore_adverts = written || draft.strict || check.defaults.owner_ignore_adverts;
        }
    } else if (written.value_or(false)) {
        check.error("owner_ignore_adverts requires priority 255 - resetting");
        check.adjusted("owner_ignore_adverts", "off", "the instance is not the address owner");
    }
}

}  // namespace

void settle_reception(InstanceCheck& check) {
    settle_accept(check);
    if ((!check.draft.accept || check.has_vmac()) && check.context().draft.config.global.firewall.table.empty()) {
        check.log("use_vmac or no_accept/strict specified, but no firewall configured - using nftables");
    }
    settle_answers(check);
    settle_owner(check);
    InstanceDraft& draft = check.draft;
    draft.skip_check_adv_addr = draft.written.skip_check_adv_addr.value_or(check.defaults.skip_check_adv_addr);
    if (!draft.written.skip_check_adv_addr && draft.skip_check_adv_addr) {
        check.adjusted("skip_check_adv_addr", "on", "global_defs/vrrp_skip_check_adv_addr");
    }
    draft.smtp_alert = draft.written.smtp_alert.value_or(
        check.defaults.smtp_alert.value_or(check.context().draft.config.global.mail.alert.value_or(false)));
    draft.notify_priority_changes =
        draft.written.notify_priority_changes.value_or(check.defaults.notify_priority_changes);
    draft.v3_checksum_as_v2 = draft.written.v3_checksum_as_v2.value_or(check.defaults.v3_checksum_as_v2);
}

}  // namespace sustain::parser
