// A new configuration for running routers: only what differs is touched, in steps between which adverts leave.
#include <boost/asio/post.hpp>
#include <map>

#include "vrrp/child.hpp"

// GCC 12 inlines the allocation of a coroutine's frame, but not the matching release, and complains about itself.
#pragma GCC diagnostic ignored "-Wmismatched-new-delete"

namespace sustain::vrrp {

namespace {

constexpr std::size_t kRoutersAStep = 32;

}  // namespace

/// Of several reloads that wait only the last one matters.
void Child::reload(core::Generation generation, core::UniqueFd text) {
    waiting_reload_ = Reload{generation, std::move(text)};
    if (!reloading_) {
        reloading_ = true;
        core::spawn(loop_, "reloading", work_off_reloads());
    }
}

core::Awaitable<> Child::work_off_reloads() {
    while (waiting_reload_ && !stopping_) {
        Reload next = std::move(*waiting_reload_);
        waiting_reload_.reset();
        auto read = co_await reparse_(std::move(next.text));
        if (!read || !can_serve(read->config)) {
            core::log::error("the new configuration cannot be used: going on with the present one");
            continue;
        }
        co_await apply(std::move(*read), next.generation);
    }
    reloading_ = false;
}

core::Awaitable<> Child::apply(Configuration configuration, core::Generation generation) {
    Config& config = configuration.config;
    applying_ = true;
    std::size_t steps = 0;
    const auto others_turn = [&]() -> bool { return ++steps % kRoutersAStep == 0; };

    std::map<Identity, std::uint32_t> wanted;
    for (std::uint32_t index = 0; index < config.instances.size(); ++index) {
        wanted.emplace(Identity(config.instances[index]), index);
    }
    config_ = std::move(config);
    common_ = std::move(configuration.common);
    routers_->set_virtual_addresses(config_);
    generation_ = generation;
    configure_machine();
    const auto grouped = grouped_instances(config_);
    trackers_->configure(config_, common_, generation_);

    for (const Identity& identity : routers_->identities()) {
        if (!wanted.contains(identity)) {
            routers_->remove(identity);
        }
        if (others_turn()) {
            co_await core::asio::post(loop_, core::asio::use_awaitable);
        }
        if (stopping_) {
            co_return;
        }
    }
    for (const auto& [identity, index] : wanted) {
        const Instance& instance = config_.instances[index];
        if (routers_->has(identity)) {
            routers_->reconfigure(index, instance, trackers_->tracking(index));
            if (const VirtualRouter& router = routers_->router(identity); router.state() == State::fault) {
                log_faults(index, router);
            }
        } else {
            if (!config_.dynamic_interfaces && !instance.interface.empty() &&
                monitor_->table().find(instance.interface) == nullptr) {
                core::log::error("({}) interface {} does not exist: waiting for it", instance.name, instance.interface);
            }
            addresses_->remove_left_overs(VirtualRouter(instance).addresses());
            add_router(index, false, grouped.contains(instance.name));
        }
        if (others_turn()) {
            co_await core::asio::post(loop_, core::asio::use_awaitable);
        }
        if (stopping_) {
            co_return;
        }
    }
    routers_->set_groups(config_);
    applying_ = false;
    report_states();
    channel_.send(core::message::Ready{generation_});
}

/// The indices of instances and groups are new: the parent learns what state each of them is in.
void Child::report_states() {
    for (std::uint32_t index = 0; index < config_.instances.size(); ++index) {
        const VirtualRouter& router = routers_->router(Identity(config_.instances[index]));
        report_state(index, router.state(), router.priority());
    }
    for (std::uint32_t index = 0; index < config_.sync_groups.size(); ++index) {
        report_group(index, routers_->group_state(index));
    }
}

}  // namespace sustain::vrrp
