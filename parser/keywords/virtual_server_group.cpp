// virtual_server_group NAME { … }: addresses, ranges of them, and firewall marks, one a line.
#include "parser/address_range.hpp"
#include "parser/check/check.hpp"
#include "parser/keywords/virtual_server.hpp"

namespace sustain::parser {

namespace {

constexpr Keyword kRows[] = {
    {.name = "fwmark",
     .kind = Kind::option_argument,
     .missing = Missing::fatal,
     .value = number(0, kMaxUnsigned),
     .repeat = Repeat::accumulates,
     .arguments = "MARK [inet|inet6]",
     .inherits = "virtual_server/ip_family"},
};

std::string describe(const RangeError& error, const Statement& statement) {
    const std::string_view word = statement[0];
    switch (error.fault) {
        case RangeFault::address: break;
        case RangeFault::end: return fmt::format("Invalid range end {} - skipping", word);
        case RangeFault::too_large:
            return fmt::format("Virtual server group range '{}' end '{}' too large", word, error.text);
        case RangeFault::junk:
            return fmt::format("Virtual server group range '{}' has extra characters at end '{}'", word, error.text);
        case RangeFault::not_greater:
            return fmt::format("Address range end is not greater than address range start - {} - skipping", word);
        case RangeFault::less:
            return fmt::format("Address range end is less than address range start - {} - skipping", word);
        case RangeFault::netmask: return fmt::format("Invalid netmask - {} - skipping", word);
        case RangeFault::host_bits: return fmt::format("Address mask bits not empty - {} - skipping", word);
    }
    return fmt::format("Invalid virtual server group IP address {} /port/{} - skipping", word,
                       statement.size() > 1 ? statement[1] : "0");
}

std::string_view hint_for(RangeFault fault) {
    switch (fault) {
        case RangeFault::address:
        case RangeFault::end: return "an address, FIRST-LAST, NETWORK/LENGTH or fwmark MARK";
        case RangeFault::too_large:
        case RangeFault::junk: return "behind the - stands an address, or its last part";
        case RangeFault::not_greater:
        case RangeFault::less: return "the lower address comes first";
        case RangeFault::netmask: return "a length from 1 to 32, in IPv6 from 1 to 128";
        case RangeFault::host_bits: return "the first address of the network stands before the /";
    }
    return {};
}

void add_mark(Context& context, const Statement& statement) {
    if (statement.size() < 2) {
        context.missing_parameter(statement, 1);
        return;
    }
    ipvs::Group& group = context.draft.group;
    const auto value = context.number(statement, 1, statement.keyword.value);
    if (!value) {
        return;
    }
    ipvs::Mark mark{.value = static_cast<std::uint32_t>(*value), .family = {}};
    if (statement.size() > 2) {
        const std::string_view family = statement[2];
        if (family != "inet" && family != "inet6") {
            context.error(
                statement, 2,
                fmt::format("({}): fwmark '{}' family {} unknown - ignoring", group.name, statement[1], family),
                "inet or inet6");
            return;
        }
        mark.family = family == "inet6" ? core::Address::Family::ipv6 : core::Address::Family::ipv4;
    }
    if (mark.value == 0) {  // keepalived makes a service of it that no packet can reach
        context.report.add(
            Severity::notice, Rank::none, Prefix::none, statement.place(1),
            fmt::format("virtual server group {}: fwmark 0 is no mark, nothing is set up for it", group.name));
    }
    group.marks.push_back(mark);
}

}  // namespace

const BlockTable& virtual_server_group_table() {
    static const BlockTable table("virtual_server_group", kRows);
    return table;
}

void open_virtual_server_group(Context& context, const Statement& statement) {
    if (statement.size() > 2) {  // keepalived takes it for a missing word
        context.missing_parameter(statement, statement.size());
    }
    context.draft.group = {.name = std::string(statement[1]), .ranges = {}, .marks = {}};
    context.draft.group_place = statement.place(1);
}

void add_virtual_server_group_entry(Context& context, const Statement& statement) {
    if (statement[0] == "fwmark") {
        add_mark(context, {kRows[0], statement.words, statement.line});
        return;
    }
    const auto range = read_address_range(statement[0]);
    if (!range) {
        const RangeFault fault = range.error().fault;
        const bool number = fault == RangeFault::too_large || fault == RangeFault::junk;
        context.error(statement, 0, number ? Rank::number : Rank::general, describe(range.error(), statement),
                      hint_for(fault));
        return;
    }
    if (const auto port = read_port(context, statement, 1)) {
        context.draft.group.ranges.push_back({range->first, range->last, *port});
    }
}

void close_virtual_server_group(Context& context, const Statement& statement) {
    check_virtual_server_group(context, statement.place());
}

}  // namespace sustain::parser
