#include "parser/check/conflicts.hpp"

#include <fmt/format.h>

#include <unordered_map>

namespace sustain::parser {

namespace {

/// What makes two adverts look the same: where they are heard and between whom. Multicast: interface and group;
/// unicast: interface (none: any), local address and peer.
struct Key {
    std::string_view interface;
    core::Address a;
    core::Address b;
    std::uint8_t vrid = 0;
    bool operator==(const Key&) const = default;
};

struct Hash {
    std::size_t operator()(const Key& key) const {
        const std::hash<core::Address> address;
        std::size_t hash = std::hash<std::string_view>{}(key.interface);
        for (const std::size_t part : {address(key.a), address(key.b), static_cast<std::size_t>(key.vrid)}) {
            hash = hash * 1000003 + part;
        }
        return hash;
    }
};

class Conflicts {
public:
    explicit Conflicts(Context& context) : context_(context) {}

    void add(InstanceDraft& draft) {
        if (draft.unicast) {
            add_unicast(draft);
        } else {
            add_multicast(draft);
        }
    }

private:
    using Instances = std::unordered_map<Key, InstanceDraft*, Hash>;

    /// The interface that is sent from in the end; empty: there is none, or not yet.
    [[nodiscard]] std::string_view base(const InstanceDraft& draft) {
        const Interface* const interface = draft.interface.empty() ? nullptr : context_.interface(draft.interface);
        if (interface == nullptr) {
            return {};
        }
        return interface->base.empty() ? std::string_view(draft.interface) : interface->base;
    }

    void add_multicast(InstanceDraft& draft) {
        const std::string_view interface = base(draft);
        if (interface.empty()) {
            return;
        }
        const vrrp::Defaults& defaults = context_.draft.config.vrrp.defaults;
        const core::Address& group = draft.is_ipv6() ? defaults.mcast_group6 : defaults.mcast_group4;
        find(multicast_, {interface, draft.group.value_or(group), {}, draft.vrid}, draft);
    }

    void add_unicast(InstanceDraft& draft) {
        auto local = draft.source;
        if (!local && context_.interface(draft.interface) != nullptr) {
            local = source_of(draft);
        }
        if (!local) {
            return;
        }
        const std::string_view interface = base(draft);
        for (const vrrp::Peer& peer : draft.unicast->peers) {
            // One without interface is heard on all of them.
            if (find(interface.empty() ? unicast_ : everywhere_, {{}, *local, peer.address, draft.vrid}, draft,
                     Keep::no)) {
                return;
            }
            unicast_.try_emplace({{}, *local, peer.address, draft.vrid}, &draft);
            if (interface.empty()) {
                everywhere_.try_emplace({{}, *local, peer.address, draft.vrid}, &draft);
            } else if (find(unicast_, {interface, *local, peer.address, draft.vrid}, draft)) {
                return;
            }
        }
    }

    /// The address that the interface has, asked once.
    [[nodiscard]] std::optional<core::Address> source_of(const InstanceDraft& draft) {
        auto& known = draft.is_ipv6() ? sources6_ : sources4_;
        const auto [entry, first] = known.try_emplace(draft.interface);
        if (first) {
            entry->second = context_.environment.source_address(draft.interface, draft.address_family);
        }
        return entry->second;
    }

    /// With `dynamic_interfaces allow_if_changes`, a macvlan may be on another interface later.
    [[nodiscard]] bool may_change(const InstanceDraft& draft) {
        const Interface* const interface = draft.unicast ? nullptr : context_.interface(draft.interface);
        return context_.draft.config.global.vrrp.allow_if_changes && interface != nullptr && !interface->base.empty();
    }

    enum class Keep : bool { no, yes };
    /// Whether there is one already, which is reported; otherwise it is kept for the next ones.
    bool find(Instances& instances, const Key& key, InstanceDraft& draft, Keep keep = Keep::yes) {
        constexpr int kConfigurationStatus = 2;
        const auto other = instances.find(key);
        if (other == instances.end()) {
            if (keep == Keep::yes) {
                instances.emplace(key, &draft);
            }
            return false;
        }
        if (may_change(draft) || may_change(*other->second)) {
            context_.report.add(Severity::notice, Rank::none, Prefix::none, draft.place,
                                fmt::format("({}) duplicate VRID conflict with {} VRID {} - in FAULT until it is gone",
                                            other->second->name, draft.name, draft.vrid));
            (may_change(draft) ? draft : *other->second).faulty = true;
            return true;
        }
        context_.report.error(
            Rank::general, Prefix::none, draft.place,
            fmt::format("({}) duplicate VRID conflict with {} VRID {}", other->second->name, draft.name, draft.vrid),
            draft.unicast ? "they have the same source and a common unicast peer"
                          : "they use the same multicast group on the same interface");
        context_.vrrp_fatal = kConfigurationStatus;
        return true;
    }

    Context& context_;
    Instances multicast_;
    Instances unicast_;     ///< by interface, and once without
    Instances everywhere_;  ///< those without interface
    using Sources = std::unordered_map<std::string_view, std::optional<core::Address>>;
    Sources sources4_;
    Sources sources6_;
};

}  // namespace

void check_router_conflicts(Context& context) {
    Conflicts conflicts(context);
    for (InstanceDraft& draft : context.draft.instances) {
        if (draft.vrid != 0) {
            conflicts.add(draft);
        }
    }
}

}  // namespace sustain::parser
