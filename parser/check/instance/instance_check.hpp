// The checks of one vrrp_instance once the whole file is read, in the order of spec/semantic-checks-core.md 4.4 (I3 to
// I56). Each of the functions below looks at one matter, reports what is wrong, and leaves the draft as it is to be.
#pragma once

#include <fmt/format.h>

#include <optional>
#include <string>
#include <utility>

#include "parser/context.hpp"

namespace sustain::parser {

constexpr std::uint8_t kOwnerPriority = 255;

class InstanceCheck {
public:
    InstanceCheck(Context& context, InstanceDraft& draft_to_check)
        : draft(draft_to_check), defaults(context.draft.config.vrrp.defaults), context_(context) {}

    InstanceDraft& draft;
    const vrrp::Defaults& defaults;

    /// Says "(NAME) …" about the instance.
    template <typename... Args>
    void error(fmt::format_string<Args...> format, Args&&... args) {
        report(Severity::error, Rank::general, Class::meaning, fmt::format(format, std::forward<Args>(args)...));
    }
    template <typename... Args>
    void environment_error(fmt::format_string<Args...> format, Args&&... args) {
        report(Severity::error, Rank::general, Class::environment, fmt::format(format, std::forward<Args>(args)...));
    }
    /// For the daemon's log only.
    template <typename... Args>
    void log(fmt::format_string<Args...> format, Args&&... args) {
        report(Severity::notice, Rank::none, Class::meaning, fmt::format(format, std::forward<Args>(args)...));
    }
    /// What counts now instead of what was written.
    void adjusted(std::string_view keyword, std::string value, std::string_view why) {
        context_.adjusted(draft.place, keyword, std::move(value), why);
    }
    /// keepalived's VRRP process does not start with this.
    void stop() {
        constexpr int kConfigurationStatus = 2;
        draft.stopped = true;
        context_.vrrp_fatal = kConfigurationStatus;
    }
    /// The instance stays in FAULT state.
    void hold() { draft.faulty = true; }

    [[nodiscard]] bool is_owner() const { return draft.priority == kOwnerPriority; }
    [[nodiscard]] bool is_master() const { return draft.initial_state == vrrp::State::master; }
    [[nodiscard]] bool has_interface() const { return !draft.interface.empty(); }
    [[nodiscard]] bool has_vmac() const {
        return draft.own_interface && draft.own_interface->kind == vrrp::OwnInterface::Kind::vmac;
    }
    [[nodiscard]] bool has_ipvlan() const {
        return draft.own_interface && draft.own_interface->kind == vrrp::OwnInterface::Kind::ipvlan;
    }
    /// What is known of its interface; null: there is none, or not yet.
    [[nodiscard]] const Interface* interface() const {
        return has_interface() ? context_.interface(draft.interface) : nullptr;
    }
    [[nodiscard]] Context& context() { return context_; }

private:
    void report(Severity severity, Rank rank, Class kind, const std::string& message) {
        context_.report.add(severity, rank, kind, Prefix::none, draft.place,
                            fmt::format("({}) {}", draft.name, message));
    }

    Context& context_;
};

void check_minimum(InstanceCheck& check);         ///< I1, I2
void settle_protocol(InstanceCheck& check);       ///< I3 to I8: version, family, priority, state
void check_authentication(InstanceCheck& check);  ///< I9 to I15
void check_unicast(InstanceCheck& check);         ///< I16 to I20, I26, I36, I44
void check_interface(InstanceCheck& check);       ///< I22 to I24
void check_own_interface(InstanceCheck& check);   ///< I21, I45 to I47, I49
void check_room(InstanceCheck& check);            ///< I25, I27
void check_preemption(InstanceCheck& check);      ///< I28, I29, I31
void settle_timers(InstanceCheck& check);         ///< I30, I40 to I42
void settle_reception(InstanceCheck& check);      ///< I33, I34, I37 to I39
void settle_garp(InstanceCheck& check);           ///< I37
void check_trackers(InstanceCheck& check);        ///< I48
void check_addresses(InstanceCheck& check);       ///< I50 to I55

}  // namespace sustain::parser
