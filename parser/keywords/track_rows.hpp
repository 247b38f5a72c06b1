// The rows that vrrp_instance and vrrp_sync_group share: track_… blocks and notify scripts. Target is the draft that
// they fill: it has a name, `trackers` and `scripts`.
#pragma once

#include <array>

#include "parser/context.hpp"
#include "parser/script.hpp"
#include "vrrp/config/notify.hpp"

namespace sustain::parser {

/// Reads an entry line of a track_… block.
void read_tracker(Context& context, const Statement& statement, vrrp::Tracked kind, std::string_view owner,
                  std::vector<TrackerDraft>& trackers);

template <vrrp::Tracked Of, typename Target>
void add_tracker(Context& context, const Statement& statement) {
    Target& target = context.draft.current<Target>();
    read_tracker(context, statement, Of, target.name, target.trackers);
}

template <vrrp::Tracked Of, typename Target>
constexpr Keyword track_row(std::string_view name, std::string_view arguments) {
    return {.name = name,
            .kind = Kind::lines,
            .apply = add_tracker<Of, Target>,
            .repeat = Repeat::accumulates,
            .arguments = arguments};
}

/// track_interface, track_script, track_file, track_process and track_bfd.
template <typename Target>
constexpr std::array<Keyword, vrrp::kTrackedKinds> track_rows() {
    using vrrp::Tracked;
    return {track_row<Tracked::interface, Target>("track_interface", "INTERFACE [weight N [reverse]]"),
            track_row<Tracked::script, Target>("track_script", "SCRIPT [weight N [reverse|noreverse]]"),
            track_row<Tracked::file, Target>("track_file", "FILE [weight N [reverse|noreverse]]"),
            track_row<Tracked::process, Target>("track_process", "PROCESS [weight N [reverse|noreverse]]"),
            not_yet(track_row<Tracked::bfd, Target>("track_bfd", "BFD [weight N [reverse|noreverse]]"))};
}

template <auto Member, typename Target>
void store_notify(Context& context, const Statement& statement) {
    Target& target = context.draft.current<Target>();
    store_script(context, statement, ScriptUse::vrrp_notify, target.name, target.scripts.*Member);
}

template <auto Member, typename Target>
constexpr Keyword notify_row(std::string_view name) {
    return {.name = name,
            .missing = Missing::fatal,
            .value = word(Value::Type::script),
            .apply = store_notify<Member, Target>,
            .repeat = Repeat::first_wins,
            .arguments = "COMMAND [USER [[:]GROUP]]"};
}

/// notify_backup, notify_master, notify_fault, notify_stop and notify.
template <typename Target>
constexpr std::array<Keyword, 5> notify_rows() {
    using Scripts = vrrp::NotifyScripts;
    return {notify_row<&Scripts::backup, Target>("notify_backup"),
            notify_row<&Scripts::master, Target>("notify_master"), notify_row<&Scripts::fault, Target>("notify_fault"),
            notify_row<&Scripts::stop, Target>("notify_stop"), notify_row<&Scripts::any, Target>("notify")};
}

}  // namespace sustain::parser
