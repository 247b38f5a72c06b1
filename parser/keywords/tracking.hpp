// Top level blocks about what is watched and who goes together, and what they share.
#pragma once

#include <fmt/format.h>

#include "parser/actions.hpp"
#include "parser/keywords/tables.hpp"
#include "parser/values.hpp"

namespace sustain::parser {

[[nodiscard]] const BlockTable& track_script_table();
[[nodiscard]] const BlockTable& track_process_table();
[[nodiscard]] const BlockTable& track_file_table();
[[nodiscard]] const BlockTable& old_track_file_table();
[[nodiscard]] const BlockTable& sync_group_table();
[[nodiscard]] const BlockTable& track_group_table();
[[nodiscard]] const BlockTable& garp_group_table();
[[nodiscard]] const BlockTable& bfd_table();

void open_track_script(Context& context, const Statement& statement);
void close_track_script(Context& context, const Statement& statement);
void open_track_process(Context& context, const Statement& statement);
void close_track_process(Context& context, const Statement& statement);
void open_track_file(Context& context, const Statement& statement);
void close_track_file(Context& context, const Statement& statement);
void open_sync_group(Context& context, const Statement& statement);
void close_sync_group(Context& context, const Statement& statement);
void open_track_group(Context& context, const Statement& statement);
void close_track_group(Context& context, const Statement& statement);
void open_garp_group(Context& context, const Statement& statement);
void close_garp_group(Context& context, const Statement& statement);
void open_bfd(Context& context, const Statement& statement);
void close_bfd(Context& context, const Statement& statement);
void add_link_poll(Context& context, const Statement& statement);
void add_link_delay(Context& context, const Statement& statement);

/// Makes an object known to the track_… lines that follow; the first of a name counts.
void make_trackable(Context& context, vrrp::Tracked kind, const std::string& name, TrackDefaults defaults);

/// A time with so many decimals, in a unit of so many microseconds; limits in units of the last decimal. No value if it
/// is not to be used; what is wrong is reported.
struct FineTime {
    unsigned places = 3;
    core::Duration::rep last = 1;  ///< microseconds that the last decimal counts
    Limits<std::uint64_t> limits;
    bool strict = false;
};
[[nodiscard]] std::optional<core::Duration> read_time(Context& context, const Statement& statement,
                                                      const FineTime& kind);

/// The word `reverse` behind a weight; another one is reported.
void read_reverse(Context& context, const Statement& statement, bool& reverse);

/// A weight that counts once, unless it is still this.
template <typename Target>
void set_weight_once(Context& context, const Statement& statement, std::int32_t untouched) {
    Target& target = context.draft.current<Target>();
    if (target.weight != untouched) {
        context.error(statement, 1,
                      fmt::format("{}: weight already specified - ignoring {}", target.name, statement[1]));
        return;
    }
    if (const auto weight = context.number(statement, 1, statement.keyword.value)) {
        target.weight = static_cast<std::int32_t>(*weight);
        read_reverse(context, statement, target.reverse);
    }
}

/// An entry line of a `group` block, and its end.
void add_members(Context& context, const Statement& statement, MembersDraft& group);
void close_members(Context& context, const Statement& statement, MembersDraft& group, std::string_view name);

}  // namespace sustain::parser
