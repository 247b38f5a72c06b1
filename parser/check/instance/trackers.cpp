#include "parser/check/instance/instance_check.hpp"

namespace sustain::parser {

/// An instance tracks its interface anyhow; one without an interface tracks none.
void check_trackers(InstanceCheck& check) {
    InstanceDraft& draft = check.draft;
    const Interface* const interface = check.interface();
    const std::string_view base = interface != nullptr ? std::string_view(interface->base) : std::string_view();
    std::erase_if(draft.trackers, [&](const TrackerDraft& line) {
        const vrrp::Tracker& tracker = line.tracker;
        if (tracker.kind != vrrp::Tracked::interface || line.from_group) {
            return false;
        }
        if (!check.has_interface()) {
            return true;
        }
        if (tracker.name != draft.interface && (base.empty() || tracker.name != base)) {
            return false;
        }
        check.error("Ignoring track_interface {} since own interface", tracker.name);
        return true;
    });
}

}  // namespace sustain::parser
