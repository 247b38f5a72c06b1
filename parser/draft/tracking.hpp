// Blocks about what is watched and who goes together, while they are read.
#pragma once

#include <string>
#include <unordered_set>
#include <vector>

#include "bfd/config.hpp"
#include "core/config/track_file.hpp"
#include "parser/draft/current.hpp"
#include "parser/draft/scripts.hpp"
#include "parser/draft/track.hpp"
#include "vrrp/config.hpp"

namespace sustain::parser {

struct TrackScriptDraft : vrrp::TrackScript {
    Place place;         ///< of its name
    Place script_place;  ///< of the command
    std::vector<std::string> arguments;
    AccountText account;
    bool unknown_user = false;
};

struct TrackProcessDraft : vrrp::TrackProcess {
    Place place;
};

struct TrackFileDraft : core::TrackFile {
    Place place;
    bool unusable = false;  ///< the file cannot be what is wanted
};

struct NeighborDraft : bfd::Neighbor {
    Place place;
    bool addressed = false;  ///< neighbor_ip was there
    bool broken = false;     ///< it was none
    bool vrrp = false;       ///< written
    bool checker = false;    ///< written
    std::optional<std::uint8_t> written_ttl;
    TrackDefaults tracking;
};

struct Member {
    std::string name;
    Place place;
};

/// The `group` block of sync groups and track groups.
struct MembersDraft {
    std::vector<Member> members;
    bool written = false;
    bool twice = false;  ///< which is the end of the whole block
};

struct SyncGroupDraft : MembersDraft {
    std::string name;
    Place place;
    std::vector<TrackerDraft> trackers;
    vrrp::NotifyScripts scripts;
    bool tracking_weight = false;
    std::optional<bool> smtp_alert;
    std::optional<bool> notify_priority_changes;
};

struct TrackGroupDraft : MembersDraft {
    std::string name;
    Place place;
};

struct GarpGroupDraft : vrrp::GarpGroup {
    Place place;
};

struct TrackingDrafts {
    TrackScriptDraft track_script;  ///< the one whose block is open; likewise the next
    TrackProcessDraft track_process;
    TrackFileDraft track_file;
    NeighborDraft neighbor;
    GarpGroupDraft garp_group;
    std::vector<TrackScriptDraft> track_scripts;
    std::vector<SyncGroupDraft> sync_groups;
    std::vector<TrackGroupDraft> track_groups;
    std::unordered_set<std::string> sync_group_names;
    std::unordered_set<std::string> neighbor_names;
    std::unordered_set<std::string> checker_neighbors;  ///< those that BFD_CHECK may name
    std::unordered_set<std::string> neighbor_identities;
    std::unordered_set<std::string> garp_group_interfaces;
    /// Interfaces that had better be there: what is said if not, and dynamic_interfaces is off.
    std::vector<std::pair<Place, std::string>> unknown_interfaces;
};

inline TrackScriptDraft& open_object(TrackingDrafts& drafts, Open<TrackScriptDraft>) {
    return drafts.track_script;
}
inline TrackProcessDraft& open_object(TrackingDrafts& drafts, Open<TrackProcessDraft>) {
    return drafts.track_process;
}
inline TrackFileDraft& open_object(TrackingDrafts& drafts, Open<TrackFileDraft>) {
    return drafts.track_file;
}
inline NeighborDraft& open_object(TrackingDrafts& drafts, Open<NeighborDraft>) {
    return drafts.neighbor;
}
inline GarpGroupDraft& open_object(TrackingDrafts& drafts, Open<GarpGroupDraft>) {
    return drafts.garp_group;
}
inline SyncGroupDraft& open_object(TrackingDrafts& drafts, Open<SyncGroupDraft>) {
    return drafts.sync_groups.back();
}
inline TrackGroupDraft& open_object(TrackingDrafts& drafts, Open<TrackGroupDraft>) {
    return drafts.track_groups.back();
}

}  // namespace sustain::parser
