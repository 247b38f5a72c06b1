// An entry line of track_interface, track_script, track_file, track_process and track_bfd
// (spec/semantic-checks-core.md 8).
#include <fmt/format.h>

#include "parser/keywords/tables.hpp"
#include "parser/keywords/track_rows.hpp"

namespace sustain::parser {

namespace {

using vrrp::Tracked;

/// How the kinds differ.
struct Rules {
    std::string_view what;   ///< in messages
    std::int32_t most;       ///< weights up to this
    bool clamps;             ///< one more is reported and cut
    bool noreverse;          ///< is understood
    bool drops_other_words;  ///< the line goes with a fourth word that is not understood
};

constexpr Rules rules_of(Tracked kind) {
    switch (kind) {
        case Tracked::interface: return {"interface", 253, true, false, false};
        case Tracked::script: return {"script", 253, true, true, false};
        case Tracked::file: return {"file", 254, false, true, true};
        case Tracked::process: return {"process", 254, false, true, false};
        case Tracked::bfd: return {"BFD", 253, false, true, true};
    }
    return {};
}

/// The weight that the line says, or the one that counts without it.
std::int32_t read_weight(Context& context, const Statement& statement, const Rules& rules, std::int32_t fallback) {
    const std::int32_t accepted = rules.most + (rules.clamps ? 1 : 0);
    const auto weight = context.number(statement, 2, integer(-accepted, static_cast<std::uint64_t>(accepted)));
    if (!weight) {
        return fallback;
    }
    const auto clamped = static_cast<std::int32_t>(std::clamp<std::int64_t>(*weight, -rules.most, rules.most));
    if (clamped != *weight) {
        context.error(statement, 2,
                      fmt::format("weight for {} must be in [-{}..{}]; changing to {}", statement[0], rules.most,
                                  rules.most, clamped));
    }
    return clamped;
}

/// What the tracked object says of itself; null if there is none.
const TrackDefaults* find_object(Context& context, const Statement& statement, Tracked kind, std::string_view owner) {
    static constexpr TrackDefaults kInterface;
    const std::string name(statement[0]);
    if (kind == Tracked::interface) {
        if (context.interface(name) == nullptr) {
            context.missing_interface(statement, 0,
                                      fmt::format("({}) tracked interface {} doesn't exist", owner, name));
        }
        return &kInterface;
    }
    const auto& known = context.draft.trackable[static_cast<std::size_t>(kind)];
    const auto found = known.find(name);
    if (found == known.end()) {
        context.error(statement, 0,
                      fmt::format("({}) track {} {} not found, ignoring...", owner, rules_of(kind).what, name),
                      "it has to be defined before the line that names it");
        return nullptr;
    }
    return &found->second;
}

/// The words after the name. False: the line is dropped.
bool read_options(Context& context, const Statement& statement, const Rules& rules, std::string_view owner,
                  vrrp::Tracker& tracker) {
    if (statement.size() < 2) {
        return true;
    }
    if (statement[1] != "weight") {
        context.error(statement, 1,
                      fmt::format("({}) unknown track {} option {} - ignoring", owner, rules.what, statement[1]),
                      "weight N may follow the name");
        return false;
    }
    if (statement.size() < 3) {
        context.error(statement, 1,
                      fmt::format("({}) weight without value specified for track {} - ignoring", owner, rules.what));
        return false;
    }
    tracker.weight = read_weight(context, statement, rules, tracker.weight);
    if (statement.size() < 4) {
        return true;
    }
    if (statement[3] == "reverse") {
        tracker.reverse = true;
    } else if (statement[3] == "noreverse" && rules.noreverse) {
        tracker.reverse = false;
    } else {
        context.error(statement, 3,
                      fmt::format("({}) unknown track {} weight option {} - ignoring", owner, rules.what, statement[3]),
                      rules.noreverse ? "reverse or noreverse" : "reverse");
        return !rules.drops_other_words;
    }
    return true;
}

}  // namespace

void read_tracker(Context& context, const Statement& statement, Tracked kind, std::string_view owner,
                  std::vector<TrackerDraft>& trackers) {
    const Rules rules = rules_of(kind);
    const TrackDefaults* const object = find_object(context, statement, kind, owner);
    if (object == nullptr) {
        return;
    }
    if (trackers.empty()) {
        context.draft.tracked.clear();  // what is there is of another owner
    }
    vrrp::Tracker tracker{
        .kind = kind, .reverse = object->reverse, .weight = object->weight, .name = std::string(statement[0])};
    std::string key(1, static_cast<char>(kind));
    key += tracker.name;
    if (context.draft.tracked.contains(key)) {
        context.error(statement, 0,
                      fmt::format("({}) duplicate track {} {}, ignoring...", owner, rules.what, tracker.name));
        return;
    }
    if (read_options(context, statement, rules, owner, tracker)) {
        context.draft.tracked.insert(std::move(key));
        trackers.push_back({.tracker = std::move(tracker), .place = statement.place(), .from_group = false});
    }
}

}  // namespace sustain::parser
