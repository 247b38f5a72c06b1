#include "parser/check/instance/instance_check.hpp"

namespace sustain::parser {

namespace {

using namespace std::chrono_literals;

/// After a losing advert: strict mode repeats nothing, whatever global_defs says.
void settle_lower_priority(InstanceCheck& check) {
    const WrittenSettings& written = check.draft.written;
    const vrrp::Defaults& defaults = check.defaults;
    vrrp::GarpSettings& garp = check.draft.garp;
    if (!check.draft.strict) {
        garp.lower_prio_repeat = written.garp_lower_prio_repeat.value_or(
            defaults.garp_lower_prio_repeat.value_or(defaults.garp_master_repeat));
        garp.lower_prio_delay =
            written.garp_lower_prio_delay.value_or(defaults.garp_lower_prio_delay.value_or(defaults.garp_master_delay));
        return;
    }
    if (written.garp_lower_prio_repeat.value_or(0) != 0) {
        check.error("Strict mode requires no repeat garps. resetting");
    }
    if (written.garp_lower_prio_delay.value_or(0s) != 0s) {
        check.error("Strict mode requires no repeat garp delay. resetting");
    }
    check.adjusted("garp_lower_prio_repeat", "0", "strict mode");
    check.adjusted("garp_lower_prio_delay", "0", "strict mode");
    garp.lower_prio_repeat = 0;
    garp.lower_prio_delay = 0s;
}

}  // namespace

void settle_garp(InstanceCheck& check) {
    const WrittenSettings& written = check.draft.written;
    const vrrp::Defaults& defaults = check.defaults;
    vrrp::GarpSettings& garp = check.draft.garp;
    garp.delay = written.garp_master_delay.value_or(defaults.garp_master_delay);
    garp.repeat = written.garp_master_repeat.value_or(defaults.garp_master_repeat);
    garp.refresh = written.garp_master_refresh.value_or(defaults.garp_master_refresh);
    garp.refresh_repeat = written.garp_master_refresh_repeat.value_or(defaults.garp_master_refresh_repeat);
    settle_lower_priority(check);
    check.draft.extra_garp = written.extra_garp.value_or(defaults.garp_extra_if);
}

}  // namespace sustain::parser
