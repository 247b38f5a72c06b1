#include "parser/check/instance/instance_check.hpp"

namespace sustain::parser {

namespace {

using namespace std::chrono_literals;

constexpr core::Duration kStep3 = 10ms;
constexpr core::Duration kLongest3 = 40950ms;

void settle_interval(InstanceCheck& check) {
    core::Duration& interval = check.draft.advert_interval;
    const auto written = static_cast<double>(interval.count()) / 1e6;
    const auto rounded = [&interval](core::Duration step) {
        return std::max((interval + step / 2) / step * step, step);
    };
    if (check.draft.version == 2) {
        if (interval % 1s == core::Duration::zero()) {
            return;
        }
        check.error("VRRPv2 advertisement interval {:.6f}s must be an integer. rounding", written);
        interval = rounded(1s);
    } else if (interval > kLongest3) {
        check.error(
            "VRRPv3 advertisement interval {:.2f}s is out of range. Must be less than 40.96s. Setting to 40.95s",
            written);
        interval = kLongest3;
    } else if (interval % kStep3 != core::Duration::zero()) {
        check.error("VRRPv3 advertisement interval {:.6f}s must be in units of 10ms - rounding", written);
        interval = std::min(rounded(kStep3), kLongest3);
    } else {
        return;
    }
    check.adjusted("advert_int", fmt::format("{:g}", static_cast<double>(interval.count()) / 1e6),
                   check.draft.version == 2 ? "whole seconds in VRRPv2" : "10 ms to 40.95 s in VRRPv3");
}

}  // namespace

void settle_timers(InstanceCheck& check) {
    constexpr std::uint8_t kByRfc = 3;
    InstanceDraft& draft = check.draft;
    draft.down_timer_adverts = draft.written.down_timer_adverts.value_or(check.defaults.down_timer_adverts);
    if (draft.strict && draft.down_timer_adverts != kByRfc) {
        check.error("down_timer_adverts is incompatible with strict mode - resetting");
        check.adjusted("down_timer_adverts", "3", "strict mode");
        draft.down_timer_adverts = kByRfc;
    }
    settle_interval(check);
}

}  // namespace sustain::parser
