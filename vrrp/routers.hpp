// All virtual routers of this process, connected to the machine: their interfaces and sockets, one timer for all, and
// the performing of what they want done.
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <string>
#include <unordered_set>
#include <vector>

#include "core/loop.hpp"
#include "netlink/link_table.hpp"
#include "vrrp/address_manager.hpp"
#include "vrrp/garp_sender.hpp"
#include "vrrp/schedule.hpp"
#include "vrrp/segment.hpp"
#include "vrrp/virtual_router.hpp"

namespace sustain::vrrp {

/// What makes a virtual router the same one after a reload (spec/vrrp.md 13.1). The family, version and kind of
/// transport will join it as they come to exist.
struct Identity {
    std::string interface;
    std::uint8_t vrid = 0;

    explicit Identity(const Instance& config) : interface(config.interface), vrid(config.vrid) {}
    auto operator<=>(const Identity&) const = default;
};

class Routers {
public:
    /// Told of every transition: the index of the instance in its configuration, and its new state.
    using StateHandler = std::function<void(std::uint32_t index, State state)>;

    /// What is referred to must outlive it.
    Routers(core::Loop& loop, const netlink::LinkTable& links, AddressManager& addresses, GarpSender& garp,
            StateHandler state_changed);

    /// Addresses that are virtual, so that none of them is taken for the source of adverts. Call it before add() and
    /// reconfigure().
    void set_virtual_addresses(const Config& config);

    /// Starts a router. `index` is its place in the configuration.
    void add(std::uint32_t index, const Instance& config, bool resume);
    /// The one of the same identity goes on with this configuration, under this index.
    void reconfigure(std::uint32_t index, const Instance& config);
    /// A MASTER says goodbye and gives up its addresses.
    void remove(const Identity& identity);
    void remove_all();

    [[nodiscard]] bool has(const Identity& identity) const { return entries_.contains(identity); }
    [[nodiscard]] std::vector<Identity> identities() const;
    [[nodiscard]] State state(const Identity& identity) const { return entries_.at(identity)->router.state(); }

    /// What the monitor has heard. `own_port` is the netlink port under which we change addresses ourselves.
    void take(const netlink::Change& change, std::uint32_t own_port);

private:
    struct Interface;
    struct Entry {
        Entry(const Instance& config, std::size_t mtu) : router(config, mtu) {}
        VirtualRouter router;
        std::uint32_t index = 0;
        Interface* interface = nullptr;        ///< where its adverts go
        std::vector<Interface*> interfaces{};  ///< all that it depends on
        bool send_failed = false;              ///< and logged
    };
    /// An interface that routers depend on, whether it exists or not.
    struct Interface {
        std::string name;
        bool up = false;
        std::shared_ptr<Segment> segment{};  ///< only where adverts go
        bool open_failed = false;            ///< and logged
        std::optional<netlink::InterfaceAddress> source{};
        std::map<std::uint8_t, Entry*> by_vrid{};
        std::unordered_set<Entry*> dependants{};
    };

    // routers.cpp
    void attach(Entry& entry);
    void detach(Entry& entry);
    void tell(Entry& entry);
    void run_due();
    void receive(Interface& interface, const Datagram& datagram);
    /// Calls a member of the entry's router with the present time after `arguments`, and performs what it wants.
    template <typename Member, typename... Arguments>
    void call(Entry& entry, Member member, const Arguments&... arguments) {
        Actions actions;
        (entry.router.*member)(arguments..., core::now(), actions);
        perform(entry, actions);
    }
    void perform(Entry& entry, const Actions& actions);
    void perform(Entry& entry, const Action& action);
    void send(Entry& entry, const action::SendAdvert& advert);
    void announce(Entry& entry, unsigned rounds);

    // router_interfaces.cpp
    Interface& interface(const std::string& name);
    void forget_unneeded(const std::vector<Interface*>& candidates);
    bool look_at(Interface& interface);
    void open_segment(Interface& interface, const netlink::Link& link);
    bool update_source(Interface& interface, const netlink::Link* link);
    void tell_dependants(Interface& interface);

    core::Loop& loop_;
    const netlink::LinkTable& links_;
    AddressManager& addresses_;
    GarpSender& garp_;
    StateHandler state_changed_;
    Schedule<Entry*> schedule_;
    std::map<Identity, std::unique_ptr<Entry>> entries_;
    std::map<std::string, Interface> interfaces_;
    std::unordered_set<core::Address> virtual_addresses_;
};

}  // namespace sustain::vrrp
