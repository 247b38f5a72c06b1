// All virtual routers of this process and their sync groups, connected to the machine: their interfaces and sockets,
// one timer for all, and the performing of what they want done.
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <string_view>
#include <unordered_map>
#include <unordered_set>
#include <vector>

#include "core/auto_priority.hpp"
#include "core/loop.hpp"
#include "netlink/link_table.hpp"
#include "vrrp/address_manager.hpp"
#include "vrrp/announcement_sender.hpp"
#include "vrrp/link_debounce.hpp"
#include "vrrp/router_group.hpp"
#include "vrrp/schedule.hpp"
#include "vrrp/segment.hpp"
#include "vrrp/static_addresses.hpp"
#include "vrrp/virtual_router.hpp"

namespace sustain::vrrp {

/// What makes a virtual router the same one after a reload (spec/vrrp.md 13.1). The settings of its own interface will
/// join it as they come to exist.
struct Identity {
    std::string interface;
    core::Address::Family family;
    std::uint8_t vrid;
    bool unicast;
    core::Address group;  ///< multicast only
    std::uint16_t twin;   ///< unicast only

    explicit Identity(const Instance& config)
        : interface(config.interface),
          family(config.address_family),
          vrid(config.vrid),
          unicast(config.unicast.has_value()),
          group(unicast ? core::Address() : group_of(config)),
          twin(config.twin) {}
    auto operator<=>(const Identity&) const = default;
};

class Routers {
public:
    /// Told what others are to hear of a router (StateChanged, PriorityChanged, HeardLowerPriority), under the index of
    /// the instance in its configuration.
    using NewsHandler = std::function<void(std::uint32_t index, const VirtualRouter& router, const Action& news)>;
    /// Told of every transition of a sync group, after those of its members: its index in the configuration.
    using GroupHandler = std::function<void(std::uint32_t index, State state)>;

    /// What is referred to must outlive it.
    Routers(core::Loop& loop, const netlink::LinkTable& links, AddressManager& addresses,
            AnnouncementSender& announcements, NewsHandler tell_news, GroupHandler group_changed);

    /// What concerns all routers: global settings, and the addresses that are virtual, so that none of them is taken
    /// for the source of adverts. Call it before add() and reconfigure().
    void set_virtual_addresses(const Config& config);

    /// What the configuration says about interfaces: how long a change of theirs has to last
    /// (interface_up_down_delays). Call it before add() and reconfigure().
    void set_link_delays(const std::vector<LinkDelay>& delays);
    /// Those that are there whatever the routers do.
    [[nodiscard]] StaticAddresses& static_addresses() { return static_addresses_; }

    /// No router hears anything or takes over before that (vrrp_startup_delay).
    void delay_until(core::TimePoint end) { delayed_until_ = end; }
    /// How late a timer may be before that is worth a log line, and more priority: this process did not run in time.
    void tolerate(const core::Lateness& lateness) { priority_.limit(lateness); }

    /// Starts a router. `index` is its place in the configuration. One of a sync group waits for set_groups(). What its
    /// trackers say counts from the start.
    void add(std::uint32_t index, const Instance& config, bool resume, bool grouped, const Tracking& tracking);
    /// The one of the same identity goes on with this configuration, under this index.
    void reconfigure(std::uint32_t index, const Instance& config, const Tracking& tracking);
    /// What its trackers say now.
    void set_tracking(const Identity& identity, const Tracking& tracking);
    /// A MASTER says goodbye and gives up its addresses.
    void remove(const Identity& identity);
    void remove_all();
    /// Makes the sync groups those of this configuration, once all its routers have been added. A group whose members
    /// are the same goes on; the members of all others get into one state.
    void set_groups(const Config& config);

    /// Whether any router depends on an interface of this name.
    [[nodiscard]] bool depends_on(const std::string& interface) const { return interfaces_.contains(interface); }
    [[nodiscard]] bool has(const Identity& identity) const { return entries_.contains(identity); }
    [[nodiscard]] std::vector<Identity> identities() const;
    /// Whether a router has something to do now: what takes long lets it go first.
    [[nodiscard]] bool has_due() { return schedule_.next_due(core::now()).has_value(); }
    [[nodiscard]] const VirtualRouter& router(const Identity& identity) const { return entries_.at(identity)->router; }

    /// Of the sync group at this place of the configuration; INIT if no member of it exists.
    [[nodiscard]] State group_state(std::uint32_t index) const;

    /// What the monitor has heard. `own_port` is the netlink port under which we change addresses ourselves.
    void take(const netlink::Change& change, std::uint32_t own_port);

private:
    struct Interface;
    struct Port;
    struct Group;
    struct Entry {
        Entry(const Instance& config, std::size_t mtu)
            : router(config, mtu,
                     [] { return std::chrono::time_point_cast<UtcTime::duration>(std::chrono::system_clock::now()); }) {
        }
        VirtualRouter router;
        std::uint32_t index = 0;
        Interface* interface = nullptr;        ///< that it is configured on; null: unicast on whatever interface
        std::vector<Interface*> interfaces{};  ///< all that it depends on
        Port* port = nullptr;                  ///< where its adverts go
        std::uint8_t vrid = 0;                 ///< under which it is known there
        std::size_t receive_buffer = 0;        ///< its share of the port's
        std::optional<core::Address> last_sender{};
        std::set<core::Address> unreachable{};  ///< where sending failed, which has been logged
        std::optional<core::Address> tracked_source{};
        std::string promotes{};          ///< where it holds promote_secondaries; empty: nowhere
        core::Duration longest_delay{};  ///< as its interfaces know it
        Group* group = nullptr;
        std::size_t place = 0;  ///< in the group
    };
    struct Group {
        std::uint32_t index = 0;
        std::vector<Entry*> members;  ///< null: has been removed
        RouterGroup rules;
    };
    /// An interface that routers depend on, whether it exists or not.
    struct Interface {
        std::string name;
        LinkDebounce link{};
        netlink::Link known{};  ///< as last seen; index 0: it is not there
        bool up = false;
        int index = 0;              ///< 0: it does not exist
        bool new_hardware = false;  ///< another address since its dependants were told
        std::optional<netlink::InterfaceAddress> source{};
        std::optional<netlink::InterfaceAddress> source6{};
        std::unordered_set<Entry*> dependants{};
    };
    /// A transport that routers use, whether its sockets could be opened or not.
    struct Port {
        explicit Port(Transport the_transport);
        Transport transport;
        std::shared_ptr<Segment> segment{};
        bool open_failed = false;                                ///< and logged
        std::size_t receive_buffer = 0;                          ///< sum of what its routers want
        std::vector<std::pair<std::uint8_t, Entry*>> by_vrid{};  ///< in order: looked up for each packet
        RateLimit unknown_lines;
    };

    // routers.cpp
    void attach(Entry& entry);
    void detach(Entry& entry);
    void tell(Entry& entry);
    void run_due();
    /// Calls a member of the entry's router with the present time after `arguments`, and performs what it wants.
    template <typename Member, typename... Arguments>
    void call(Entry& entry, Member member, const Arguments&... arguments) {
        Actions actions;
        (entry.router.*member)(arguments..., core::now(), actions);
        perform(entry, actions);
        if (entry.group != nullptr) {
            carry_out(*entry.group, entry.group->rules.changed(entry.place, core::now()));
        }
    }
    void perform(Entry& entry, const Actions& actions);
    void perform(Entry& entry, const Action& action);
    void announce(Entry& entry, unsigned rounds);
    void announce_extra(Entry& entry);
    void announce_source(Entry& entry, const core::Address& source);

    // router_groups.cpp
    using Groups = std::map<std::uint32_t, std::unique_ptr<Group>>;
    [[nodiscard]] std::vector<Entry*> members(const SyncGroup& config,
                                              const std::map<std::string_view, Entry*>& by_name) const;
    void carry_out(Group& group, const RouterGroup::Outcome& outcome);
    void leave_group(Entry& entry);
    void read_before_takeover(Entry& entry);

    // router_transports.cpp
    [[nodiscard]] std::optional<core::Address> source_of(const Entry& entry) const;
    [[nodiscard]] std::optional<Transport> transport_of(const Entry& entry,
                                                        const std::optional<core::Address>& source) const;
    bool connect(Entry& entry, const std::optional<core::Address>& source);
    void disconnect(Entry& entry);
    void open(Port& port);
    [[nodiscard]] std::size_t receive_buffer_for(const Entry& entry) const;
    void receive(Port& port, const Datagram& datagram);
    [[nodiscard]] static Entry* addressee(Port& port, std::uint8_t vrid, const core::Address& sender);
    void send(Entry& entry, const action::SendAdvert& advert);
    // interface_events.cpp
    void take_link(const netlink::LinkChanged& change);
    void take_removed(const netlink::AddressRemoved& removed, std::uint32_t own_port);
    void look_and_tell(Interface& interface);
    bool observe_link(Interface& interface, const netlink::Link* link);
    void limit_delays(Entry& entry);
    void set_delays(Interface& interface);
    void run_due_links();
    void hold_promotion(Entry& entry);

    // router_interfaces.cpp
    Interface& interface(const std::string& name);
    void forget_unneeded(const std::vector<Interface*>& candidates);
    bool look_at(Interface& interface);
    using Source = std::optional<netlink::InterfaceAddress>;
    bool update_source(Source& source, core::Address::Family family, const netlink::Link* link);
    void tell_source_trackers(const core::Address& address);
    void tell_dependants(Interface& interface);

    core::Loop& loop_;
    const netlink::LinkTable& links_;
    AddressManager& addresses_;
    AnnouncementSender& announcements_;
    StaticAddresses static_addresses_;
    NewsHandler tell_news_;
    GroupHandler group_changed_;
    core::TimePoint delayed_until_{};
    core::AutoPriority priority_;
    Schedule<Entry*> schedule_;
    Schedule<Interface*> link_schedule_;
    std::map<Identity, std::unique_ptr<Entry>> entries_;
    Groups groups_;  ///< by index
    std::map<std::string, Interface> interfaces_;
    core::VrrpSettings settings_;
    Segment::SharedInbox inbox_;
    std::map<Transport, Port> ports_;
    std::unordered_multimap<core::Address, Entry*> source_trackers_;  ///< track_src_ip
    std::unordered_set<core::Address> virtual_addresses_;
    std::map<std::string, LinkDelay, std::less<>> link_delays_;
};

}  // namespace sustain::vrrp
