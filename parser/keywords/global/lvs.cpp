// IPVS as a whole.
#include "parser/keywords/global/rows.hpp"

namespace sustain::parser {

namespace {

using core::LvsSettings;
using core::LvsSyncDaemon;

void set_timeouts(Context& context, const Statement& statement) {
    constexpr std::uint64_t kLongest = 31 * 86400;
    if (statement.size() < 3) {
        context.error(statement, statement.size() - 1, "lvs_timeouts needs a protocol and a number of seconds");
        return;
    }
    core::LvsTimeouts& timeouts = context.draft.config.global.lvs.timeouts;
    for (std::size_t i = 1; i < statement.size(); ++i) {
        std::uint32_t* const timeout = statement[i] == "tcp"      ? &timeouts.tcp
                                       : statement[i] == "tcpfin" ? &timeouts.tcp_fin
                                       : statement[i] == "udp"    ? &timeouts.udp
                                                                  : nullptr;
        if (timeout == nullptr) {
            context.error(statement, i, fmt::format("Unknown option '{}' specified", statement[i]),
                          "tcp, tcpfin and udp, each with seconds");
        } else if (++i == statement.size()) {
            context.error(statement, i - 1, fmt::format("No {} timeout specified - ignoring", statement[i - 1]));
        } else if (const auto value = context.number(statement, i, number(0, kLongest, kStrict))) {
            *timeout = static_cast<std::uint32_t>(*value);
        }
    }
}

void set_flush_on_stop(Context& context, const Statement& statement) {
    auto& flush = context.draft.config.global.lvs.flush_on_stop;
    if (statement.size() < 2) {
        flush = core::LvsFlushOnStop::all;
    } else if (statement[1] == "VS") {
        flush = core::LvsFlushOnStop::virtual_servers;
    } else {
        context.error(statement, 1, fmt::format("Unknown lvs_flush_on_stop type {}", statement[1]),
                      "VS, or nothing for all of the table");
    }
}

void set_group(Context& context, const Statement& statement, std::size_t word, LvsSyncDaemon& daemon) {
    const auto group = core::Address::parse(statement[word]);
    if (group && group->is_multicast()) {
        daemon.group = group;
    } else {
        context.error(statement, word,
                      fmt::format("lvs_sync_daemon group {} is not a multicast address - ignoring", statement[word]));
    }
}

/// An option with its value, from this word on. False: it is no option.
bool read_sync_option(Context& context, const Statement& statement, std::size_t word, LvsSyncDaemon& daemon) {
    const std::string_view option = statement[word];
    if (option != "inst" && option != "id" && option != "maxlen" && option != "port" && option != "ttl" &&
        option != "group") {
        return false;
    }
    const std::size_t value = word + 1;
    if (value == statement.size()) {
        if (option == "inst") {
            context.missing_parameter(statement, value);
        } else {
            context.error(statement, word, fmt::format("No value specified for {} - ignoring", option));
        }
        return true;
    }
    const auto read = [&](auto& member, std::int64_t min, std::uint64_t max) {
        if (const auto read_value = context.number(statement, value, number(min, max, kStrict))) {
            using Number = typename std::remove_reference_t<decltype(member)>::value_type;
            member = static_cast<Number>(*read_value);
        }
    };
    if (option == "inst") {
        daemon.instance = statement[value];
    } else if (option == "id") {
        read(daemon.id, 0, 255);
    } else if (option == "maxlen") {
        read(daemon.max_length, 1, 65507);
    } else if (option == "port") {
        read(daemon.port, 1, 65535);
    } else if (option == "ttl") {
        read(daemon.ttl, 1, 255);
    } else {
        set_group(context, statement, value, daemon);
    }
    return true;
}

/// INTERFACE and options. An unknown word is, in old files, the instance, and one behind it its id.
void set_sync_daemon(Context& context, const Statement& statement) {
    constexpr std::size_t kMaxName = 15;
    auto& stored = context.draft.config.global.lvs.sync_daemon;
    if (stored) {
        context.error(statement, 0, "lvs_sync_daemon has already been specified - ignoring");
        return;
    }
    LvsSyncDaemon daemon;
    daemon.interface = statement[1];
    if (daemon.interface.size() > kMaxName) {
        context.error(statement, 1,
                      fmt::format("lvs_sync_daemon interface name '{}' too long - ignoring", daemon.interface));
        return;
    }
    for (std::size_t i = 2; i < statement.size(); ++i) {
        if (read_sync_option(context, statement, i, daemon)) {
            ++i;
        } else if (i == 2) {
            daemon.instance = statement[i];
        } else if (i == 3) {
            context.error(statement, i, Rank::deprecated, "Please use keyword \"id\" before the lvs_sync_daemon id");
            if (const auto id = context.number(statement, i, number(0, 255, kStrict))) {
                daemon.id = static_cast<std::uint8_t>(*id);
            }
        } else {
            context.error(statement, i, fmt::format("unknown option {} specified for lvs_sync_daemon", statement[i]),
                          "inst, id, maxlen, port, ttl or group");
        }
    }
    stored = std::move(daemon);
}

constexpr Keyword flush_row(std::string_view name, std::string_view replaced_by = {}) {
    return {.name = name,
            .value = choice("VS"),
            .apply = set_flush_on_stop,
            .arguments = "[VS]",
            .replaced_by = replaced_by};
}

constexpr Keyword kRows[] = {
    {.name = "lvs_timeouts",
     .missing = Missing::reported,
     .value = word(Value::Type::text),
     .apply = set_timeouts,
     .repeat = Repeat::accumulates,
     .arguments = "[tcp SECONDS] [tcpfin SECONDS] [udp SECONDS]",
     .unit = "seconds"},
    flag<&LvsSettings::flush>("lvs_flush"),
    flush_row("lvs_flush_on_stop"),
    flush_row("lvs_flush_onstop", "lvs_flush_on_stop"),
    {.name = "lvs_sync_daemon",
     .missing = Missing::reported,
     .value = word(Value::Type::text),
     .apply = set_sync_daemon,
     .repeat = Repeat::first_wins,
     .arguments = "INTERFACE [inst INSTANCE] [id N] [maxlen N] [port N] [ttl N] [group ADDRESS]"},
    toggle<&LvsSettings::init_notifies>("rs_init_notifies"),
    toggle<&LvsSettings::log_all_failures>("checker_log_all_failures"),
};

}  // namespace

std::span<const Keyword> lvs_rows() {
    return kRows;
}

}  // namespace sustain::parser
