// Puts virtual addresses on interfaces and takes them off again, in the order in which it was asked, without waiting
// for the kernel. Of two virtual routers that hold the same address the last one to let go removes it.
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

    /// `device` is filled in. An address that is there already is fine; what the kernel refuses is logged.
    void set(const std::vector<VirtualAddress>& addresses);
    /// One that is not there is fine.
    void remove(const std::vector<VirtualAddress>& addresses);
    /// Removes those of `addresses` that are there although nobody holds them: left by a process that was killed.
    void remove_left_overs(const std::vector<VirtualAddress>& addresses);

    /// Returns when the kernel has answered everything.
    [[nodiscard]] core::Awaitable<> idle();

private:
    struct Operation {
        bool set = false;
        std::vector<VirtualAddress> addresses;
    };
    using Key = std::pair<std::string, core::Prefix>;

    void enqueue(Operation operation);
    core::Awaitable<> work();
    core::Awaitable<> perform(Operation operation);
    core::Awaitable<std::vector<int>> promote_instead_of_removing(std::vector<VirtualAddress> going);
    [[nodiscard]] std::vector<int> endangered_interfaces(const std::vector<VirtualAddress>& going) const;

    core::Loop& loop_;
    netlink::RequestSocket& kernel_;
    const netlink::LinkTable& links_;
    std::map<Key, unsigned> holders_;
    std::deque<Operation> queue_;
    bool working_ = false;
    core::Timer idle_;  ///< cancelled when there is nothing left to do
};

}  // namespace sustain::vrrp
