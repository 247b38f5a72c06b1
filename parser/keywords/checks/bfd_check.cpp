// BFD_CHECK { … } in a real server
#include "parser/check/identity.hpp"
#include "parser/keywords/check_blocks.hpp"
#include "parser/keywords/checks/network_rows.hpp"
#include "parser/keywords/tables.hpp"

namespace sustain::parser {

namespace {

using checker::BfdCheck;

std::string server_of(Context& context) {
    const auto& server = context.draft.current<RealServerDraft>();
    const auto protocol = context.draft.current<VirtualServerDraft>().protocol.value_or(ipvs::Protocol::none);
    return server_name(server.address, protocol, server.port);
}

/// What is wrong with this name; empty: nothing.
std::string fault(Context& context, const Statement& statement, const std::string& name) {
    const auto& check = context.draft.current<BfdCheck>();
    if (statement.size() != 2) {
        return "No or too many names specified - skipping checker";
    }
    if (!check.instance.empty()) {
        return fmt::format("BFD {} already specified as {}", name, check.instance);
    }
    if (!context.draft.checker_neighbors.contains(name)) {
        return fmt::format("BFD {} not configured", name);
    }
    if (!context.draft.current<RealServerDraft>().bfd_instances.make().insert(name).second) {
        return fmt::format("RS already monitoring {}", name);
    }
    return {};
}

void set_name(Context& context, const Statement& statement) {
    auto& draft = context.draft.current<CheckDraft>();
    if (draft.refused) {
        return;
    }
    std::string name(statement[1]);
    if (const std::string complaint = fault(context, statement, name); !complaint.empty()) {
        context.error(statement, 1, fmt::format("({}) BFD_CHECK - {}", server_of(context), complaint),
                      "a bfd_instance that stands before it, and is not for VRRP only; the check is left out");
        draft.refused = true;
        return;
    }
    context.draft.current<BfdCheck>().instance = std::move(name);
}

constexpr Keyword kOwn[] = {
    {.name = "name",
     .missing = Missing::reported,
     .value = word(),
     .apply = set_name,
     .repeat = Repeat::first_wins,
     .arguments = "BFD_INSTANCE"},
};

constexpr auto kRows = not_yet(join(std::to_array(kOwn), std::array{alpha_row<CheckDraft>(Level::check)}), kNotRun);

}  // namespace

const BlockTable& bfd_check_table() {
    static const BlockTable table("virtual_server/real_server/BFD_CHECK", kRows);
    return table;
}

void close_bfd_check(Context& context, const Statement& statement) {
    const std::string& instance = context.draft.current<BfdCheck>().instance;
    if (context.draft.current<CheckDraft>().refused) {
        auto& named = context.draft.current<RealServerDraft>().bfd_instances;
        if (named && !instance.empty()) {
            named->erase(instance);
        }
        drop_check(context);
    } else if (instance.empty()) {
        context.report.error(
            Rank::general, Prefix::file_line, statement.place(),
            fmt::format("({}) No name has been specified for BFD_CHECKER - skipping", server_of(context)),
            "the check is left out");
        drop_check(context);
    }
}

}  // namespace sustain::parser
