// After the last line: sync groups get their members, and members what their group tracks; track groups get theirs; and
// scripts that cannot be run are no longer tracked (spec/semantic-checks-core.md 6, 7 and 9).
#include <fmt/format.h>

#include <algorithm>
#include <unordered_map>
#include <unordered_set>

#include "parser/check/check.hpp"
#include "parser/check/scripts.hpp"

namespace sustain::parser {

namespace {

using Instances = std::unordered_map<std::string_view, InstanceDraft*>;

constexpr unsigned kOwner = 255;

void error(Context& context, const Place& place, std::string_view message, std::string_view hint = {}) {
    context.report.error(Rank::general, Prefix::none, place, message, hint);
}

bool is_owner(const InstanceDraft& instance) {
    const bool master = instance.initial_state == vrrp::State::master;
    return instance.written.priority.value_or(master ? kOwner : 1) == kOwner;
}

/// The members that exist and are in no other group (S4 to S7).
std::vector<InstanceDraft*> link(Context& context, SyncGroupDraft& group, const Instances& instances,
                                 std::unordered_set<const InstanceDraft*>& taken) {
    std::vector<InstanceDraft*> members;
    for (const Member& member : group.members) {
        const auto found = instances.find(member.name);
        if (found == instances.end()) {
            error(context, member.place,
                  fmt::format("Virtual router {} specified in sync group {} doesn't exist - ignoring", member.name,
                              group.name));
        } else if (!taken.insert(found->second).second) {
            error(context, member.place,
                  fmt::format("Virtual router {} cannot exist in more than one sync group; ignoring {}", member.name,
                              group.name));
        } else {
            members.push_back(found->second);
        }
    }
    if (members.empty()) {
        error(context, group.place, fmt::format("Sync group {} has no virtual router(s) - removing", group.name));
    } else if (members.size() == 1) {
        error(
            context, group.place,
            fmt::format("Sync group {} has only 1 virtual router(s) - this probably isn't what you want", group.name));
    }
    return members;
}

/// S8: members that were told to begin in different states. Only what is written counts.
void check_states(Context& context, const SyncGroupDraft& group, const std::vector<InstanceDraft*>& members) {
    bool masters = true;
    for (std::size_t i = 0; i < members.size(); ++i) {
        const InstanceDraft& member = *members[i];
        if (i > 0 && masters && member.initial_state == vrrp::State::backup) {
            error(
                context, member.place,
                fmt::format("({}) sync group {} has members that start as address owners - state BACKUP will not work",
                            member.name, group.name));
        }
        masters = masters && member.initial_state == vrrp::State::master && member.written.priority == kOwner;
    }
}

std::string_view word(vrrp::Tracked kind) {
    switch (kind) {
        case vrrp::Tracked::script: return "script";
        case vrrp::Tracked::file: return "file";
        case vrrp::Tracked::process: return "process";
        case vrrp::Tracked::bfd: return "bfd";
        case vrrp::Tracked::interface: break;
    }
    return "interface";
}

/// 6.2: what an instance must not track with a weight, as it has to stay in step with its group or owns its addresses.
void drop_weights(Context& context, InstanceDraft& instance, std::string_view why, std::string_view hint = {}) {
    std::erase_if(instance.trackers, [&](TrackerDraft& draft) {
        vrrp::Tracker& tracker = draft.tracker;
        if (draft.from_group || tracker.weight == 0 || tracker.kind == vrrp::Tracked::process) {
            return false;
        }
        const bool stays = (tracker.kind == vrrp::Tracked::file && tracker.weight == 1) ||
                           (tracker.kind == vrrp::Tracked::interface && !is_owner(instance));
        error(context, draft.place,
              stays ? fmt::format("({}) ignoring weight of tracked {} {} {}", instance.name, word(tracker.kind),
                                  tracker.name, why)
                    : fmt::format("({}) ignoring tracked {} {} with weights {}", instance.name, word(tracker.kind),
                                  tracker.name, why),
              hint);
        tracker.weight = 0;
        return !stays;
    });
}

/// Adds what the group tracks to a member.
void merge(Context& context, const SyncGroupDraft& group, InstanceDraft& member) {
    std::unordered_map<std::string, std::size_t> own;
    const auto key = [](const vrrp::Tracker& tracker) {
        return std::string(1, static_cast<char>(tracker.kind)) + tracker.name;
    };
    for (std::size_t i = 0; i < member.trackers.size(); ++i) {
        own.emplace(key(member.trackers[i].tracker), i);
    }
    for (const TrackerDraft& draft : group.trackers) {
        const vrrp::Tracker& tracker = draft.tracker;
        const bool interface = tracker.kind == vrrp::Tracked::interface;
        const bool own_interface = interface && tracker.name == member.interface;
        const auto found = own.find(key(tracker));
        if (found == own.end() && (!own_interface || !member.track_primary)) {
            member.trackers.push_back({.tracker = tracker, .place = draft.place, .from_group = true});
            continue;
        }
        if (interface && (found != own.end() || own_interface)) {
            error(context, draft.place,
                  fmt::format("({}) interface {} is also tracked by sync group {} - merging", member.name, tracker.name,
                              group.name));
        }
        if (found != own.end() && !own_interface) {
            vrrp::Tracker& mine = member.trackers[found->second].tracker;
            if (mine.weight != 0) {
                mine.weight = tracker.weight;
                mine.reverse = tracker.kind == vrrp::Tracked::process ? mine.reverse : tracker.reverse;
            }
        }
    }
}

void check_weights(Context& context, SyncGroupDraft& group, const std::vector<InstanceDraft*>& members) {
    if (std::ranges::any_of(members, [](const InstanceDraft* member) { return is_owner(*member); })) {
        for (TrackerDraft& draft : group.trackers) {
            if (draft.tracker.weight != 0) {
                error(context, draft.place,
                      fmt::format("Sync group {} has a member with priority 255 - ignoring weight of {}", group.name,
                                  draft.tracker.name));
                draft.tracker.weight = 0;
            }
        }
    }
    for (InstanceDraft* member : members) {
        if (!group.tracking_weight && !is_owner(*member)) {
            drop_weights(context, *member, "due to SYNC group", "sync_group_tracking_weight allows it");
        }
        merge(context, group, *member);
    }
}

/// What the group says counts for members that say nothing themselves.
void inherit(const SyncGroupDraft& group, const std::vector<InstanceDraft*>& members) {
    for (InstanceDraft* member : members) {
        if (!member->written.notify_priority_changes) {
            member->written.notify_priority_changes = group.notify_priority_changes;
        }
    }
}

vrrp::SyncGroup finished(SyncGroupDraft& group, const std::vector<InstanceDraft*>& members) {
    vrrp::SyncGroup result;
    result.name = std::move(group.name);
    for (const InstanceDraft* member : members) {
        result.members.push_back(member->name);
    }
    for (TrackerDraft& draft : group.trackers) {
        result.trackers.push_back(std::move(draft.tracker));
    }
    result.scripts = group.scripts;
    result.tracking_weight = group.tracking_weight;
    result.smtp_alert = group.smtp_alert;
    result.notify_priority_changes = group.notify_priority_changes;
    return result;
}

void check_track_groups(Context& context, const Instances& instances) {
    for (TrackGroupDraft& group : context.draft.track_groups) {
        vrrp::TrackGroup result{.name = std::move(group.name), .members = {}};
        for (Member& member : group.members) {
            if (instances.contains(member.name)) {
                result.members.push_back(std::move(member.name));
            } else {
                context.report.add(
                    Severity::notice, Rank::none, Prefix::none, member.place,
                    fmt::format("track_group {}: {} is not defined - ignoring", result.name, member.name));
            }
        }
        if (result.members.empty()) {
            context.report.add(Severity::notice, Rank::none, Prefix::none, group.place,
                               fmt::format("track_group {} has no members - removing", result.name));
        } else {
            context.draft.config.vrrp.track_groups.push_back(std::move(result));
        }
    }
}

}  // namespace

void check_groups(Context& context) {
    Instances instances;
    for (InstanceDraft& instance : context.draft.instances) {
        instances.emplace(instance.name, &instance);
        if (is_owner(instance)) {
            drop_weights(context, instance, "as its priority is 255");
        }
    }
    std::unordered_set<const InstanceDraft*> taken;
    for (SyncGroupDraft& group : context.draft.sync_groups) {
        const auto members = link(context, group, instances, taken);
        if (!members.empty()) {
            check_states(context, group, members);
            check_weights(context, group, members);
            inherit(group, members);
            context.draft.config.vrrp.sync_groups.push_back(finished(group, members));
        }
    }
    check_track_groups(context, instances);
}

void check_track_scripts(Context& context, ScriptExaminer& examiner) {
    std::unordered_set<std::string_view> gone;
    std::vector<TrackScriptDraft>& drafts = context.draft.track_scripts;
    for (TrackScriptDraft& draft : drafts) {
        if (draft.file.empty()) {
            draft.command = examiner.examine({.keyword = "vrrp_script",
                                              .place = draft.script_place,
                                              .arguments = draft.arguments,
                                              .account = draft.account});
            if (!draft.command.usable()) {
                const auto finding = examiner.finding();
                const std::string message = fmt::format(
                    "Disabling track script {} {}", draft.name,
                    finding == Program::Finding::insecure ? "due to insecure" : "since not found/accessible");
                const bool logged = finding == Program::Finding::not_executable;
                context.report.add(logged ? Severity::notice : Severity::error, logged ? Rank::none : Rank::general,
                                   Class::environment, Prefix::none, draft.script_place, message, examiner.complaint());
                gone.insert(draft.name);
                continue;
            }
        }
    }
    const auto drop = [&](auto& owners) {
        for (auto& owner : owners) {
            std::erase_if(owner.trackers, [&](const TrackerDraft& tracker) {
                return tracker.tracker.kind == vrrp::Tracked::script && gone.contains(tracker.tracker.name);
            });
        }
    };
    if (!gone.empty()) {
        drop(context.draft.instances);
        drop(context.draft.sync_groups);
    }
    // All of them: a child asks for a script by its place among those that are written, so that parent and child mean
    // the same one even where they do not find the same programs.
    for (TrackScriptDraft& draft : drafts) {
        context.draft.config.vrrp.track_scripts.push_back(std::move(static_cast<vrrp::TrackScript&>(draft)));
    }
}

}  // namespace sustain::parser
