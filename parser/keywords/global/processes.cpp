// The processes: names, scheduling, memory.
#include "parser/keywords/global/rows.hpp"

#include <array>
#include <limits>

#include "parser/keywords/join.hpp"
#include "parser/umask.hpp"

namespace sustain::parser {

namespace {

using core::ProcessesSettings;
using core::ProcessSettings;

template <auto Member, typename Target>
void set_name(Context& context, const Statement& statement) {
    constexpr std::size_t kMaxName = 15;
    if (!statement.keyword.replaced_by.empty()) {
        note_deprecated(context, statement);
    }
    std::string name(statement[1]);
    if (name.size() > kMaxName) {
        context.error(statement, 1, fmt::format("Process name '{}' too long - truncating to 15 characters", name));
        name.resize(kMaxName);
    }
    context.draft.current<Target>().*Member = std::move(name);
}

template <auto Member, typename Target>
constexpr Keyword name_row(std::string_view name, std::string_view replaced_by = {}) {
    return not_yet({.name = name,
                    .missing = Missing::fatal,
                    .value = word(),
                    .apply = set_name<Member, Target>,
                    .arguments = "NAME",
                    .replaced_by = replaced_by});
}

template <typename Target>
void set_realtime_priority(Context& context, const Statement& statement) {
    constexpr std::int64_t kLeast = 1;
    constexpr std::int64_t kMost = 99;
    const auto priority = context.number(statement, 1, integer(std::numeric_limits<std::int32_t>::min(), kMaxInteger));
    if (!priority) {
        return;
    }
    const std::int64_t used = std::clamp(*priority, kLeast, kMost);
    if (used != *priority) {
        context.error(statement, 1,
                      fmt::format("{} {} must be between {} and {}, using {}", statement.keyword.name, *priority,
                                  kLeast, kMost, used));
    }
    context.draft.current<Target>().realtime_priority = static_cast<unsigned>(used);
}

/// All of them or none.
template <typename Target>
void set_cpus(Context& context, const Statement& statement) {
    std::vector<unsigned>& cpus = context.draft.current<Target>().cpus;
    cpus.clear();
    for (std::size_t i = 1; i < statement.size(); ++i) {
        const auto cpu = context.number(statement, i, integer(0, context.environment.processors() - 1));
        if (!cpu) {
            cpus.clear();
            return;
        }
        cpus.push_back(static_cast<unsigned>(*cpu));
    }
}

template <typename Target>
void set_realtime_limit(Context& context, const Statement& statement) {
    if (!statement.keyword.replaced_by.empty()) {
        note_deprecated(context, statement);
    }
    if (const auto limit = context.number(statement, 1, statement.keyword.value)) {
        // the kernel sends a first signal one earlier
        context.draft.current<Target>().realtime_limit = core::Duration(*limit == 1 ? 2 : *limit);
    }
}

/// What each child has. Limits and affinities are of the child whose name the keywords begin with.
template <typename Target>
constexpr std::array<Keyword, 6> child_rows(std::array<std::string_view, 6> names) {
    const auto limit_row = [](std::string_view name, std::string_view replaced_by) {
        return Keyword{.name = name,
                       .missing = Missing::fatal,
                       .value = number(1, kMaxUnsigned, false, 0),
                       .apply = set_realtime_limit<Target>,
                       .arguments = "MICROSECONDS",
                       .fallback = replaced_by.empty() ? "10000" : std::string_view{},
                       .unit = "microseconds",
                       .replaced_by = replaced_by};
    };
    return not_yet(std::array{
        Keyword{.name = names[0],
                .missing = Missing::reported,
                .value = {.type = Value::Type::integer, .min = -20, .max = 19, .otherwise = 0},
                .apply = store<&ProcessSettings::priority, Target>,
                .arguments = "NICE",
                .fallback = "0"},
        flag<&ProcessSettings::no_swap, Target>(names[1]),
        Keyword{
            .name = names[2],
            .missing = Missing::reported,
            .value = integer(1, 99),
            .apply = set_realtime_priority<Target>,
            .arguments = "PRIORITY",
        },
        Keyword{.name = names[3],
                .missing = Missing::reported,
                .value = integer(0, kMaxInteger),
                .apply = set_cpus<Target>,
                .arguments = "CPU..."},
        limit_row(names[4], {}),
        limit_row(names[5], names[4]),
    });
}

void set_max_auto_priority(Context& context, const Statement& statement) {
    constexpr int kHighest = 99;
    auto& priority = context.draft.config.global.processes.max_auto_priority;
    if (statement.size() < 2) {
        priority = kHighest;
    } else if (const auto value = context.number(statement, 1, statement.keyword.value)) {
        priority = static_cast<int>(*value);
    }
}

void set_auto_priority_delay(Context& context, const Statement& statement) {
    if (const auto delay = context.number(statement, 1, statement.keyword.value)) {
        context.draft.config.global.processes.min_auto_priority_delay = core::Duration(*delay);
    }
}

void set_umask(Context& context, const Statement& statement) {
    const UmaskText read = read_umask(statement.words.subspan(1));
    if (read.bits) {
        context.draft.config.global.processes.umask = read.bits;
    } else {
        context.error(statement, read.word + 1, read.complaint,
                      "a number up to 0777, or names like IWGRP|IRWXO joined by |");
    }
}

constexpr auto kRows = join(
    std::array{
        not_yet(flag<&ProcessesSettings::names_of_children>("process_names")),
        name_row<&ProcessesSettings::name, ProcessesSettings>("process_name"),
        name_row<&ProcessSettings::name, core::VrrpProcess>("vrrp_process_name"),
        name_row<&ProcessSettings::name, core::CheckerProcess>("checker_process_name"),
        name_row<&ProcessSettings::name, core::CheckerProcess>("lvs_process_name", "checker_process_name"),
        name_row<&ProcessSettings::name, core::BfdProcess>("bfd_process_name"),
        Keyword{.name = "max_auto_priority",
                .value = integer(-1, 99),
                .apply = set_max_auto_priority,
                .arguments = "[PRIORITY]",
                .fallback = "0"},
        Keyword{.name = "min_auto_priority_delay",
                .missing = Missing::reported,
                .value = number(1, 10'000'000),
                .apply = set_auto_priority_delay,
                .arguments = "MICROSECONDS",
                .fallback = "1000000",
                .unit = "microseconds"},
        Keyword{.name = "umask",
                .missing = Missing::fatal,
                .value = word(Value::Type::text),
                .apply = set_umask,
                .arguments = "NUMBER|BIT[|BIT]...",
                .fallback = "0177"},
    },
    child_rows<core::VrrpProcess>({"vrrp_priority", "vrrp_no_swap", "vrrp_rt_priority", "vrrp_cpu_affinity",
                                   "vrrp_rlimit_rttime", "vrrp_rlimit_rtime"}),
    child_rows<core::CheckerProcess>({"checker_priority", "checker_no_swap", "checker_rt_priority",
                                      "checker_cpu_affinity", "checker_rlimit_rttime", "checker_rlimit_rtime"}),
    child_rows<core::BfdProcess>({"bfd_priority", "bfd_no_swap", "bfd_rt_priority", "bfd_cpu_affinity",
                                  "bfd_rlimit_rttime", "bfd_rlimit_rtime"}));

}  // namespace

std::span<const Keyword> process_rows() {
    return kRows;
}

}  // namespace sustain::parser
