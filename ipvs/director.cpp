#include "ipvs/director.hpp"

#include "ipvs/director_state.hpp"

namespace sustain::ipvs {

Director::Director(core::Loop& loop, Config config, core::Generation generation, core::Duration audit_pause,
                   Settings settings, Hooks hooks)
    : state_(std::make_shared<State>(loop, std::move(config), generation, audit_pause, std::move(settings),
                                     std::move(hooks))) {}

Director::~Director() {
    state_->abandon();
}

core::Awaitable<core::Result<>> Director::start() {
    return state_->start(state_);
}

void Director::verdict(core::Generation generation, std::uint32_t check, bool up, std::string_view reason) {
    state_->verdict(state_, {generation, check, up, std::string(reason)});
}

void Director::weight(core::Generation generation, std::uint32_t check, std::int32_t weight) {
    state_->weight(state_, generation, check, weight);
}

void Director::instance_state(std::string_view instance, bool master) {
    state_->instance_state(state_, instance, master);
}

core::Awaitable<core::Result<>> Director::reload(Config config, core::Generation generation, Settings settings) {
    return state_->reload(state_, std::move(config), generation, std::move(settings));
}

core::Awaitable<> Director::stop() {
    return state_->stop(state_);
}

std::vector<std::optional<bool>> Director::verdicts() const {
    return state_->pools().verdicts();
}

std::vector<bool> Director::suspended() const {
    return state_->pools().suspended();
}

}  // namespace sustain::ipvs
