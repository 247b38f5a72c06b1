// vrrp_sync_group NAME { … } and track_group NAME { … }
#include "parser/keywords/join.hpp"
#include "parser/keywords/track_rows.hpp"
#include "parser/keywords/tracking.hpp"

namespace sustain::parser {

namespace {

template <typename Group>
void add_group_members(Context& context, const Statement& statement) {
    add_members(context, statement, context.draft.current<Group>());
}

template <typename Group>
void close_group_members(Context& context, const Statement& statement) {
    Group& group = context.draft.current<Group>();
    close_members(context, statement, group, group.name);
}

template <typename Group>
constexpr Keyword group_row() {
    return {.name = "group",
            .kind = Kind::words,
            .apply = add_group_members<Group>,
            .close = close_group_members<Group>,
            .repeat = Repeat::first_wins,
            .arguments = "INSTANCE..."};
}

void set_global_tracking(Context& context, const Statement& statement) {
    context.error(statement, 0, Rank::deprecated,
                  "(global_tracking) is deprecated, please use sync_group_tracking_weight");
    context.draft.current<SyncGroupDraft>().tracking_weight = true;
}

using Group = SyncGroupDraft;

constexpr auto kSyncGroup = join(
    std::array{group_row<Group>()}, track_rows<Group>(), notify_rows<Group>(),
    std::array{
        Keyword{.name = "smtp_alert",
                .value = boolean(),
                .apply = store<&Group::smtp_alert>,
                .arguments = "[BOOL]",
                .fallback = "off",
                .inherits = "global_defs/smtp_alert_vrrp, global_defs/smtp_alert"},
        Keyword{.name = "global_tracking", .apply = set_global_tracking, .replaced_by = "sync_group_tracking_weight"},
        Keyword{.name = "sync_group_tracking_weight", .apply = set<&Group::tracking_weight, true>},
        Keyword{.name = "notify_priority_changes",
                .value = boolean(),
                .apply = store<&Group::notify_priority_changes>,
                .arguments = "[BOOL]",
                .fallback = "off",
                .inherits = "global_defs/vrrp_notify_priority_changes"},
    });

constexpr Keyword kTrackGroup[] = {group_row<TrackGroupDraft>()};

/// Whether the block opens: exactly one name, a new one.
bool named_once(Context& context, const Statement& statement, std::unordered_set<std::string>& names) {
    if (statement.size() != 2) {
        context.error(statement, statement.size() > 2 ? 2 : 0,
                      fmt::format("{} must have a name - skipping", statement.keyword.name),
                      "one word, or several in double quotes");
    } else if (!names.insert(std::string(statement[1])).second) {
        context.error(statement, 1,
                      fmt::format("{} {} already defined - skipping", statement.keyword.name, statement[1]));
    } else {
        return true;
    }
    context.refuse();
    return false;
}

}  // namespace

void open_sync_group(Context& context, const Statement& statement) {
    if (named_once(context, statement, context.draft.sync_group_names)) {
        SyncGroupDraft& group = context.draft.sync_groups.emplace_back();
        group.name = statement[1];
        group.place = statement.place(1);
    }
}

void close_sync_group(Context& context, const Statement&) {
    const SyncGroupDraft& group = context.draft.sync_groups.back();
    if (!group.twice && group.members.empty()) {
        context.report.error(Rank::general, context.prefix, group.place,
                             fmt::format("Sync group {} has no virtual router(s) - removing", group.name));
    }
    if (group.twice || group.members.empty()) {
        context.draft.sync_groups.pop_back();
    }
}

void open_track_group(Context& context, const Statement& statement) {
    if (named_once(context, statement, context.draft.track_group_names)) {
        TrackGroupDraft& group = context.draft.track_groups.emplace_back();
        group.name = statement[1];
        group.place = statement.place(1);
    }
}

void close_track_group(Context& context, const Statement&) {
    const TrackGroupDraft& group = context.draft.track_groups.back();
    if (!group.twice && group.members.empty()) {
        context.report.error(Rank::general, context.prefix, group.place,
                             fmt::format("track_group {} has no virtual router(s) - removing", group.name));
    }
    if (group.twice || group.members.empty()) {
        context.draft.track_group_names.erase(group.name);
        context.draft.track_groups.pop_back();
    }
}

const BlockTable& sync_group_table() {
    static const BlockTable table("vrrp_sync_group", kSyncGroup);
    return table;
}

const BlockTable& track_group_table() {
    static const BlockTable table("track_group", kTrackGroup);
    return table;
}

}  // namespace sustain::parser
