#include "parser/keywords/tracking.hpp"

namespace sustain::parser {

void make_trackable(Context& context, vrrp::Tracked kind, const std::string& name, TrackDefaults defaults) {
    context.draft.trackable[static_cast<std::size_t>(kind)].try_emplace(name, defaults);
}

std::optional<core::Duration> read_time(Context& context, const Statement& statement, const FineTime& kind) {
    const std::string_view text = statement[1];
    const auto read = read_decimal(text, kind.places, kind.limits);
    const bool lenient = !context.strict && !kind.strict && read.fault == NumberFault::junk && read.usable;
    const bool rounded = read.fault == NumberFault::too_many_decimals && read.usable;
    if (read.fault != NumberFault::none) {
        const std::string least = format_decimal(kind.limits.min, kind.places);
        const std::string most = format_decimal(kind.limits.max, kind.places);
        context.error(
            statement, 1, Rank::number,
            (lenient ? "WARNING - " : "") +
                describe(read.fault, text, "unsigned decimal", fmt::format("{}, {}", least, most)),
            fmt::format("{} takes {} from {} to {}", statement.keyword.name, statement.keyword.unit, least, most));
        if (!lenient && !rounded) {
            return std::nullopt;
        }
    }
    return core::Duration(static_cast<core::Duration::rep>(read.value) * kind.last);
}

void read_reverse(Context& context, const Statement& statement, bool& reverse) {
    if (statement.size() < 3) {
        return;
    }
    if (statement[2] == "reverse") {
        reverse = true;
    } else {
        context.error(statement, 2, fmt::format("unknown weight option {} - ignoring", statement[2]), "reverse");
    }
}

void add_members(Context&, const Statement& statement, MembersDraft& group) {
    if (group.written) {
        return;  // of the second block, which is reported at its end
    }
    for (std::size_t i = 0; i < statement.size(); ++i) {
        group.members.push_back({std::string(statement[i]), statement.place(i)});
    }
}

void close_members(Context& context, const Statement& statement, MembersDraft& group, std::string_view name) {
    if (std::exchange(group.written, true) && !std::exchange(group.twice, true)) {
        context.error(statement, 0, fmt::format("Group list already specified for {} - the group is lost", name),
                      "all members stand in one group block");
    }
}

}  // namespace sustain::parser
