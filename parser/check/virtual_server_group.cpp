// The end of a virtual_server_group block: whether the group is of any use, and who has waited for it.
#include <fmt/format.h>

#include "parser/check/check.hpp"

namespace sustain::parser {

namespace {

using Family = core::Address::Family;

GroupTraits traits_of(const ipvs::Group& group) {
    GroupTraits traits;
    const auto note = [&](Family family) { (family == Family::ipv4 ? traits.ipv4 : traits.ipv6) = true; };
    for (std::size_t i = 0; i < group.ranges.size(); ++i) {
        const ipvs::AddressRange& range = group.ranges[i];
        note(range.first.family());
        traits.zero_port |= range.port == 0;
        if (traits.other_port == 0 && range.port != group.ranges.front().port) {
            traits.other_port = static_cast<std::uint32_t>(i);
        }
    }
    for (const ipvs::Mark& mark : group.marks) {
        if (mark.family) {
            note(*mark.family);
        } else {
            traits.plain_mark = true;
        }
    }
    return traits;
}

}  // namespace

void check_virtual_server_group(Context& context, const Place& closed) {
    Draft& draft = context.draft;
    ipvs::Group& group = draft.group;
    GroupTraits traits = traits_of(group);
    std::string_view problem;
    if (group.ranges.empty() && group.marks.empty()) {
        problem = "has no entries";
    } else if (traits.ipv4 && traits.ipv6 && traits.plain_mark) {
        problem = "cannot have IPv4, IPv6 and fwmark without family";
    }
    if (!problem.empty()) {
        context.report.error(Rank::general, Prefix::file_line, closed,
                             fmt::format("virtual server group {} {} - removing", group.name, problem));
        return;
    }
    group.ranges.shrink_to_fit();
    group.marks.shrink_to_fit();
    traits.number = static_cast<std::uint32_t>(draft.config.ipvs.groups.size());
    const std::string name = group.name;
    draft.config.ipvs.groups.push_back(std::move(group));
    if (draft.groups.try_emplace(name, traits).second) {  // of two with the same name, the first one counts
        release_virtual_servers(context, name);
    }
}

}  // namespace sustain::parser
