// After the last line: what the instances inherit and the checks of spec/semantic-checks-core.md 4 and 5. A problem
// that makes keepalived's VRRP process stop does not end the checks: all of them are worth knowing.
#include <fmt/format.h>

#include <unordered_map>

#include "parser/check/check.hpp"

namespace sustain::parser {

namespace {

using namespace std::chrono_literals;

constexpr unsigned kOwner = 255;
constexpr unsigned kDefaultPriority = 100;
constexpr int kConfigurationStatus = 2;

class InstanceCheck {
public:
    InstanceCheck(Context& context, InstanceDraft& draft) : context_(context), draft_(draft) {
        version_ = draft.version ? *draft.version : draft.family == core::Address::Family::ipv6 ? 3 : 2;
        const bool master = draft.state == vrrp::State::master;
        priority_ = draft.priority ? *draft.priority : master ? kOwner : kDefaultPriority;
    }

    void run() {
        check_identity();
        check_authentication();
        check_interface();
        check_room();
        check_preemption();
        settle_interval();
        check_addresses();
    }

    /// The finished instance, if it can be run.
    [[nodiscard]] std::optional<vrrp::Instance> take() {
        if (stopped_ || !draft_.vrid) {
            return std::nullopt;
        }
        if (!draft_.obstacle.empty()) {
            context_.unsupported(draft_.place, fmt::format("({}) {} is not supported yet: the instance is not started",
                                                           draft_.name, draft_.obstacle));
            return std::nullopt;
        }
        vrrp::Instance instance;
        instance.name = std::move(draft_.name);
        instance.interface = std::move(draft_.interface);
        instance.vrid = *draft_.vrid;
        instance.priority = static_cast<std::uint8_t>(priority_);
        instance.initial_state = draft_.state;
        instance.advert_interval = interval_;
        instance.preempt = !draft_.nopreempt;
        instance.preempt_delay = draft_.preempt_delay;
        if (draft_.authentication) {
            instance.authentication = {*draft_.authentication, core::Secret(std::move(draft_.password))};
        }
        instance.addresses = std::move(draft_.addresses);
        instance.excluded = std::move(draft_.excluded);
        instance.routes = std::move(draft_.routes);
        instance.rules = std::move(draft_.rules);
        instance.garp = garp();
        return instance;
    }

private:
    template <typename... Args>
    void error(fmt::format_string<Args...> format, Args&&... args) {
        context_.report.error(Rank::general, Prefix::none, draft_.place,
                              fmt::format(format, std::forward<Args>(args)...));
    }
    void stop() {
        stopped_ = true;
        context_.vrrp_fatal = kConfigurationStatus;
    }

    void check_identity() {  // I1, I2
        if (!draft_.vrid) {
            error("({}) the virtual router id must be set", draft_.name);
            stop();
        }
        if (draft_.interface.empty() && !draft_.elsewhere) {
            error("({}) Unknown interface!", draft_.name);
            stop();
        }
    }

    void check_authentication() {  // I9, I11
        if (!draft_.authentication) {
            return;
        }
        if (version_ == 3) {
            error("({}) VRRP version 3 does not support authentication. Ignoring.", draft_.name);
            draft_.authentication.reset();
        } else if (draft_.password.empty()) {
            error("({}) Authentication specified but no password given. Ignoring", draft_.name);
            draft_.authentication.reset();
        }
    }

    [[nodiscard]] Interface interface() const {
        const Interface* const found = context_.interface(draft_.interface);
        return found != nullptr ? *found : Interface{};
    }

    void check_interface() {  // I23
        if (!draft_.interface.empty() && !draft_.elsewhere && !interface().multicast) {
            error("({}) interface {} does not support multicast", draft_.name, draft_.interface);
        }
    }

    /// I27: addresses that an advert has no room for are kept, but not advertised.
    void check_room() {
        const bool ipv6 = draft_.family == core::Address::Family::ipv6;
        const unsigned overhead = 14 + (ipv6 ? 40 : 20) + 8 + (!ipv6 && version_ == 2 ? 8 : 0);
        const unsigned mtu = interface().mtu;
        const std::size_t room = std::min(255U, mtu > overhead ? (mtu - overhead) / (ipv6 ? 16 : 4) : 0);
        auto& addresses = draft_.addresses;
        if (addresses.size() <= room) {
            return;
        }
        error("({}) Number of VIPs ({}) exceeds maximum/space available in packet ({}) - excess moved to eVIPs",
              draft_.name, addresses.size(), room);
        const auto first = addresses.begin() + static_cast<std::ptrdiff_t>(room);
        draft_.excluded.insert(draft_.excluded.begin(), std::make_move_iterator(first),
                               std::make_move_iterator(addresses.end()));
        addresses.erase(first, addresses.end());
    }

    void check_preemption() {  // I28, I29
        const bool master = draft_.state == vrrp::State::master;
        if (draft_.nopreempt && priority_ == kOwner) {
            error("({}) nopreempt is incompatible with priority 255. resetting nopreempt", draft_.name);
            draft_.nopreempt = false;
        }
        if (draft_.nopreempt && master) {
            error("({}) Warning - nopreempt will not work with initial state MASTER - clearing", draft_.name);
            draft_.nopreempt = false;
        }
        if (draft_.preempt_delay == core::Duration::zero()) {
            return;
        }
        if (master) {
            error("({}) Warning - preempt delay will not work with initial state MASTER - clearing", draft_.name);
            draft_.preempt_delay = {};
        } else if (draft_.nopreempt) {
            error("({}) preempt_delay is incompatible with nopreempt mode - resetting", draft_.name);
            draft_.preempt_delay = {};
        }
    }

    void settle_interval() {  // I40 to I42
        interval_ = draft_.advert_interval.value_or(1s);
        constexpr core::Duration kStep3 = std::chrono::milliseconds(10);
        constexpr core::Duration kLongest3 = std::chrono::milliseconds(40950);
        const auto seconds = static_cast<double>(interval_.count()) / 1e6;
        const auto rounded = [this](core::Duration step) {
            return std::max((interval_ + step / 2) / step * step, step);
        };
        if (version_ == 2 && interval_ % 1s != core::Duration::zero()) {
            error("({}) VRRPv2 advertisement interval {:.6f}s must be an integer. rounding", draft_.name, seconds);
            interval_ = rounded(1s);
        }
        if (version_ == 3 && interval_ > kLongest3) {
            error(
                "({}) VRRPv3 advertisement interval {:.2f}s is out of range. Must be less than 40.96s. Setting to "
                "40.95s",
                draft_.name, seconds);
            interval_ = kLongest3;
        } else if (version_ == 3 && interval_ % kStep3 != core::Duration::zero()) {
            error("({}) VRRPv3 advertisement interval {:.6f}s must be in units of 10ms - rounding", draft_.name,
                  seconds);
            interval_ = std::min(rounded(kStep3), kLongest3);
        }
    }

    void check_addresses() {  // I54, I55
        if (!draft_.addresses.empty() || draft_.no_addresses) {
            return;
        }
        context_.report.error(version_ == 3 ? Rank::general : Rank::warning, Prefix::file_line, draft_.closed,
                              fmt::format("({}) No VIP specified; at least one is {}", draft_.name,
                                          version_ == 3 ? "required" : "sensible"));
        if (version_ == 3) {
            stop();
        }
    }

    [[nodiscard]] vrrp::GarpSettings garp() const {
        vrrp::GarpSettings settings;
        settings.repeat = draft_.garp_master_repeat.value_or(settings.repeat);
        settings.delay = draft_.garp_master_delay.value_or(settings.delay);
        settings.refresh = draft_.garp_master_refresh.value_or(settings.refresh);
        settings.refresh_repeat = draft_.garp_master_refresh_repeat.value_or(settings.refresh_repeat);
        settings.lower_prio_repeat = draft_.garp_lower_prio_repeat.value_or(settings.lower_prio_repeat);
        settings.lower_prio_delay = draft_.garp_lower_prio_delay.value_or(settings.lower_prio_delay);
        return settings;
    }

    Context& context_;
    InstanceDraft& draft_;
    unsigned version_ = 2;
    unsigned priority_ = kDefaultPriority;
    core::Duration interval_{0};
    bool stopped_ = false;
};

/// Two multicast routers of one VRID and family on one interface hear each other (5.1).
void check_conflicts(Context& context) {
    struct Router {
        std::string_view interface;
        unsigned vrid;
        core::Address::Family family;
        bool operator==(const Router&) const = default;
    };
    struct Hash {
        std::size_t operator()(const Router& router) const {
            return std::hash<std::string_view>{}(router.interface) * 512 + router.vrid * 2 +
                   (router.family == core::Address::Family::ipv6 ? 1 : 0);
        }
    };
    std::unordered_map<Router, const InstanceDraft*, Hash> routers;
    for (const InstanceDraft& draft : context.draft.instances) {
        if (!draft.vrid || draft.interface.empty() || draft.elsewhere ||
            context.interface(draft.interface) == nullptr) {
            continue;
        }
        const auto family = draft.family.value_or(core::Address::Family::ipv4);
        const auto [entry, first] = routers.try_emplace({draft.interface, *draft.vrid, family}, &draft);
        if (!first) {
            context.report.error(
                Rank::general, Prefix::none, draft.place,
                fmt::format("{} and {} both use VRID {} with IPv{} on interface {}", entry->second->name, draft.name,
                            *draft.vrid, family == core::Address::Family::ipv4 ? 4 : 6, draft.interface));
            context.vrrp_fatal = kConfigurationStatus;
        }
    }
}

}  // namespace

void check_instances(Context& context) {
    check_conflicts(context);
    for (InstanceDraft& draft : context.draft.instances) {
        InstanceCheck check(context, draft);
        check.run();
        if (auto instance = check.take()) {
            context.draft.config.vrrp.instances.push_back(std::move(*instance));
        }
    }
}

}  // namespace sustain::parser
