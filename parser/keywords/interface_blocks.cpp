// garp_group { … }, linkbeat_interfaces { … } and interface_up_down_delays { … }
#include "parser/keywords/tracking.hpp"

#include "parser/values.hpp"

namespace sustain::parser {

namespace {

using Base = vrrp::GarpGroup;

template <auto Member>
void set_gap(Context& context, const Statement& statement) {
    store<Member, GarpGroupDraft>(context, statement);
    if ((context.draft.garp_group.*Member).value_or(core::Duration::zero()) >= std::chrono::seconds(1)) {
        context.report.add(Severity::notice, Rank::none, context.prefix, statement.place(1),
                           fmt::format("The {} is very large - {} seconds", statement.keyword.name, statement[1]));
    }
}

void add_interface(Context& context, const Statement& statement, std::size_t word) {
    std::string name(statement[word]);
    if (context.interface(name) == nullptr) {
        context.missing_interface(statement, word,
                                  fmt::format("WARNING - interface {} specified for garp_group doesn't exist", name));
    }
    if (!context.draft.garp_group_interfaces.insert(name).second) {
        context.error(statement, word, fmt::format("garp_group already specified for {} - ignoring", name));
        return;
    }
    context.draft.garp_group.interfaces.push_back(std::move(name));
}

void set_interface(Context& context, const Statement& statement) {
    add_interface(context, statement, 1);
}

void add_interfaces(Context& context, const Statement& statement) {
    for (std::size_t i = 0; i < statement.size(); ++i) {
        add_interface(context, statement, i);
    }
}

template <auto Member>
constexpr Keyword gap_row(std::string_view name) {
    return {.name = name,
            .missing = Missing::fatal,
            .value = seconds(0, 4'294'967'295),
            .apply = set_gap<Member>,
            .arguments = "SECONDS",
            .unit = "seconds"};
}

constexpr Keyword kRows[] = {
    gap_row<&Base::garp_interval>("garp_interval"),
    gap_row<&Base::gna_interval>("gna_interval"),
    {.name = "interface",
     .missing = Missing::fatal,
     .value = word(Value::Type::interface),
     .apply = set_interface,
     .repeat = Repeat::accumulates,
     .arguments = "INTERFACE"},
    {.name = "interfaces",
     .kind = Kind::words,
     .apply = add_interfaces,
     .repeat = Repeat::accumulates,
     .arguments = "INTERFACE..."},
};

/// An interface that had better be there. Whether it has to is known after the last line; false: if so, the rest of
/// the line does not count, and it is not worth a complaint of its own.
bool expect_interface(Context& context, const Statement& statement, std::string_view what) {
    if (context.interface(statement[0]) != nullptr) {
        return true;
    }
    context.draft.unknown_interfaces.emplace_back(
        statement.place(), fmt::format("unknown interface {} specified for {}", statement[0], what));
    return context.draft.config.global.dynamic_interfaces;
}

}  // namespace

void open_garp_group(Context& context, const Statement& statement) {
    context.draft.garp_group = {};
    context.draft.garp_group.place = statement.place();
}

void close_garp_group(Context& context, const Statement&) {
    GarpGroupDraft& group = context.draft.garp_group;
    if (!group.garp_interval && !group.gna_interval) {
        context.report.error(Rank::general, context.prefix, group.place,
                             "garp_group has no garp_interval or gna_interval - removing");
        for (const std::string& interface : group.interfaces) {
            context.draft.garp_group_interfaces.erase(interface);
        }
        return;
    }
    context.draft.config.vrrp.garp_groups.push_back(std::move(group));
}

void add_link_poll(Context& context, const Statement& statement) {
    const bool counts = expect_interface(context, statement, "linkbeat interface");
    vrrp::LinkPoll poll{.interface = std::string(statement[0])};
    bool unknown = statement.size() > 2;
    if (statement.size() > 1) {
        const std::string_view method = statement[1];
        poll.method = method == "MII"       ? vrrp::LinkMethod::mii
                      : method == "ETHTOOL" ? vrrp::LinkMethod::ethtool
                      : method == "IOCTL"   ? vrrp::LinkMethod::ioctl
                                            : vrrp::LinkMethod::any;
        unknown |= poll.method == vrrp::LinkMethod::any;
    }
    if (unknown) {
        if (counts) {
            context.error(statement, statement.size() - 1,
                          fmt::format("Invalid linkbeat type {} - using the default", statement[statement.size() - 1]),
                          "MII, ETHTOOL or IOCTL");
        }
        poll.method = vrrp::LinkMethod::any;
    }
    context.draft.config.vrrp.link_polls.push_back(std::move(poll));
}

void add_link_delay(Context& context, const Statement& statement) {
    constexpr Value kDelay = seconds(0, 255'000'000);
    const auto note = [&](std::string_view message) {
        context.report.add(Severity::notice, Rank::none, context.prefix, statement.place(), message);
    };
    const bool counts = expect_interface(context, statement, "interface_up_down_delays");
    if (statement.size() < 2) {
        note(fmt::format("No delay specified for interface {} - ignoring", statement[0]));
        return;
    }
    const auto delay = [&](std::size_t word) -> std::optional<std::int64_t> {
        constexpr unsigned kPlaces = 6;
        if (counts) {
            return context.number(statement, word, kDelay);
        }
        const auto quiet = read_decimal(statement[word], kPlaces, {static_cast<std::uint64_t>(kDelay.min), kDelay.max});
        return quiet.fault == NumberFault::none ? std::optional(to_duration(quiet.value).count()) : std::nullopt;
    };
    const auto down = delay(1);
    const auto up = statement.size() > 2 ? delay(2) : std::optional<std::int64_t>(0);
    if (!down || !up) {
        return;
    }
    if (statement.size() > 3) {
        note("interface_up_down_delays: extra words are ignored");
    }
    context.draft.config.vrrp.link_delays.push_back(
        {.interface = std::string(statement[0]), .down = core::Duration(*down), .up = core::Duration(*up)});
}

const BlockTable& garp_group_table() {
    static const BlockTable table("garp_group", kRows);
    return table;
}

}  // namespace sustain::parser
