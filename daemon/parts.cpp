#include "daemon/parts.hpp"

#include <boost/asio/post.hpp>

#include "checker/process.hpp"
#include "core/log.hpp"
#include "daemon/dump.hpp"
#include "daemon/environments.hpp"
#include "daemon/log_setup.hpp"
#include "daemon/text_memory.hpp"
#include "parser/address_protocol.hpp"
#include "parser/environment.hpp"
#include "parser/loader.hpp"
#include "vrrp/process.hpp"

namespace sustain::daemon {

namespace {

// So many lines are interpreted between two turns of the event loop: well under a millisecond.
constexpr std::size_t kLinesPerTurn = 200;

/// Reads a reload's text without holding up the timers of the process (no advert is late because of a reload).
core::Awaitable<std::optional<parser::Config>> reparse(core::UniqueFd memory) {
    auto text = read_text_memory(memory);
    if (!text) {
        core::log::error("{}", text.error().what);
        co_return std::nullopt;
    }
    const UnquestionedPrograms environment;
    auto loader = parser::Loader::from_expanded(std::move(*text), environment);
    while (loader.step(kLinesPerTurn)) {
        co_await boost::asio::post(boost::asio::use_awaitable);
    }
    co_return loader.finish().config;
}

core::Lateness lateness(const core::ProcessesSettings& processes) {
    return {.tolerated = processes.min_auto_priority_delay, .most_priority = processes.max_auto_priority.value_or(0)};
}

vrrp::CommonSettings common_settings(const core::GlobalConfig& global) {
    return {.track_files = global.track_files,
            .netlink = global.netlink,
            .lateness = lateness(global.processes),
            .address_protocol = parser::address_protocol(global.files, parser::SystemEnvironment())};
}

core::Awaitable<std::optional<vrrp::Configuration>> reparse_vrrp(core::UniqueFd memory) {
    auto config = co_await reparse(std::move(memory));
    if (!config) {
        co_return std::nullopt;
    }
    co_return vrrp::Configuration{std::move(config->vrrp), common_settings(config->global)};
}

core::Awaitable<std::optional<checker::Configuration>> reparse_checker(core::UniqueFd memory) {
    auto config = co_await reparse(std::move(memory));
    if (!config) {
        co_return std::nullopt;
    }
    co_return checker::Configuration{std::move(config->checker), lateness(config->global.processes)};
}

}  // namespace

std::string_view label(Part part) {
    return part == Part::vrrp ? "VRRP" : "Healthcheck";
}

int live_as(Part part, const Options& options, const parser::Config& config, core::Generation generation,
            Inheritance inheritance, core::UniqueFd channel) {
    if (part == Part::vrrp) {
        open_log(options, "Keepalived_vrrp");
        if (options.dump_config) {
            dump(config.global);
            dump(config.vrrp);
        }
        return vrrp::run({.config = config.vrrp,
                          .common = common_settings(config.global),
                          .generation = generation,
                          .channel = std::move(channel),
                          .reparse = reparse_vrrp,
                          .resume_as_master = std::move(inheritance.masters),
                          .left_over = std::move(inheritance.left_over),
                          .release_on_stop = options.release_vrrp,
                          .ignore_sigint = options.ignore_sigint,
                          .restarted = inheritance.restarted});
    }
    open_log(options, "Keepalived_healthcheckers");
    if (options.dump_config) {
        dump(config.global);
        dump(config.ipvs);
        dump(config.checker);
    }
    return checker::run({.configuration = {config.checker, lateness(config.global.processes)},
                         .generation = generation,
                         .channel = std::move(channel),
                         .reparse = reparse_checker,
                         .last_verdicts = std::move(inheritance.last_verdicts),
                         .ignore_sigint = options.ignore_sigint});
}

}  // namespace sustain::daemon
