// Puts addresses on interfaces and takes them off again, in the order in which it was asked, without waiting for the
// kernel. Of two virtual routers that hold the same address the last one to let go removes it. It knows which changes
// that the monitor sees are its own, and puts back what somebody else has undone where nobody else decides about it.
#pragma once

#include <deque>
#include <map>
#include <string>
#include <vector>

#include "core/loop.hpp"
#include "netlink/link_table.hpp"
#include "netlink/request_socket.hpp"
#include "vrrp/config.hpp"

namespace sustain::vrrp {

class AddressManager {
public:
    /// Both must outlive it.
    AddressManager(core::Loop& loop, netlink::RequestSocket& kernel, const netlink::LinkTable& links);

    /// The mark of what is set from now on (IFA_PROTO).
    void set_protocol(std::uint8_t number) { protocol_ = number; }
    /// `device` is filled in. An address that is there already is fine; what the kernel refuses is logged.
    void set(const std::vector<VirtualAddress>& addresses);
    /// One that is not there is fine.
    void remove(const std::vector<VirtualAddress>& addresses);
    /// Removes those of `addresses` that are there although nobody holds them: left by a process that was killed.
    void remove_left_overs(const std::vector<VirtualAddress>& addresses);
    /// Sets one again that is held and has been removed by somebody.
    void put_back(const std::string& device, const core::Prefix& prefix);

    /// The sysctl promote_secondaries of this interface is on from the first hold to the last release, then as before.
    void hold_promotion(const std::string& device);
    void release_promotion(const std::string& device);

    // --- What the monitor hears ---

    /// Whether somebody else has removed it, not we ourselves. `own_port` is the netlink port under which we change
    /// addresses. What the kernel has removed along with one that we removed is put back.
    [[nodiscard]] bool removed_by_others(const netlink::AddressRemoved& removed, std::uint32_t own_port);
    /// An interface may have come (back): it gets what is held there.
    void link_changed(const std::string& device);
    /// Events were lost, those of our own doing among them.
    void resynchronised();

    /// Returns when the kernel has answered everything.
    [[nodiscard]] core::Awaitable<> idle();

private:
    struct Operation {
        enum class Kind : std::uint8_t { set, remove, promote, demote };
        Kind kind = Kind::set;
        std::vector<VirtualAddress> addresses{};
        std::string device{};  ///< of promote and demote
    };
    using Key = std::pair<std::string, core::Prefix>;
    struct Held {
        VirtualAddress address;
        unsigned holders = 0;
    };
    struct Promotion {
        unsigned holders = 0;
        bool changed = false;  ///< and to be taken back
    };

    void enqueue(Operation operation);
    core::Awaitable<> work();
    [[nodiscard]] Operation next_operation();
    core::Awaitable<> perform(Operation operation);
    core::Awaitable<> change_addresses(Operation operation);
    void log_refusals(const Operation& operation, const std::vector<const VirtualAddress*>& subjects,
                      const std::vector<netlink::Outcome>& outcomes) const;
    core::Awaitable<std::vector<int>> promote_instead_of_removing(std::vector<VirtualAddress> going);
    core::Awaitable<bool> promote(int interface_index);
    core::Awaitable<> promote_for_good(std::string device);
    [[nodiscard]] std::vector<int> endangered_interfaces(const std::vector<VirtualAddress>& going) const;

    core::Loop& loop_;
    netlink::RequestSocket& kernel_;
    const netlink::LinkTable& links_;
    std::map<Key, Held> held_;
    std::map<Key, unsigned> leaving_;     ///< removals of our own that the monitor has not told of yet
    std::map<std::string, int> indices_;  ///< of interfaces where something is held, when last seen
    std::map<std::string, Promotion> promotions_;
    std::deque<Operation> queue_;
    std::uint8_t protocol_ = RTPROT_KEEPALIVED;
    bool working_ = false;
    core::Timer idle_;  ///< cancelled when there is nothing left to do
};

}  // namespace sustain::vrrp
