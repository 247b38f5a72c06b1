#include "parser/check/instance/instance_check.hpp"

namespace sustain::parser {

namespace {

void check_nopreempt(InstanceCheck& check) {
    if (check.draft.preempt) {
        return;
    }
    if (check.is_owner()) {
        check.error("nopreempt is incompatible with priority 255. resetting nopreempt");
    } else if (check.is_master()) {
        check.error("Warning - nopreempt will not work with initial state MASTER - clearing");
    } else {
        return;
    }
    check.adjusted("nopreempt", "off", "the instance starts as master");
    check.draft.preempt = true;
}

void check_delay(InstanceCheck& check) {
    InstanceDraft& draft = check.draft;
    if (draft.preempt_delay == core::Duration::zero()) {
        return;
    }
    std::string_view why;
    if (check.is_master()) {
        check.error("Warning - preempt delay will not work with initial state MASTER - clearing");
        why = "the instance starts as master";
    } else if (draft.strict) {
        check.error("preempt_delay is incompatible with strict mode - resetting");
        why = "strict mode";
    } else if (!draft.preempt) {
        check.error("preempt_delay is incompatible with nopreempt mode - resetting");
        why = "nopreempt";
    } else {
        return;
    }
    check.adjusted("preempt_delay", "0", why);
    draft.preempt_delay = {};
}

}  // namespace

void check_preemption(InstanceCheck& check) {
    check_nopreempt(check);
    check_delay(check);
    InstanceDraft& draft = check.draft;
    if (draft.rare && draft.rare->timer_expired_priority != 0 && draft.preempt) {
        check.error("timer_expired_backup requires nopreempt - ignoring");
        check.adjusted("timer_expired_backup", "off", "it needs nopreempt");
        draft.rare->timer_expired_priority = 0;
    }
}

}  // namespace sustain::parser
