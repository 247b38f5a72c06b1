// The interfaces of this machine and their addresses, kept up to date by the kernel's messages. Knows no socket: it
// is fed by Monitor, with events and with dumps, which look alike.
#pragma once

#include <cstdint>
#include <map>
#include <set>
#include <string>
#include <string_view>
#include <unordered_map>
#include <variant>
#include <vector>

#include "netlink/address.hpp"
#include "netlink/link.hpp"

namespace sustain::netlink {

/// The interface of this name has appeared, changed or vanished; a renamed one has vanished under its old name.
struct LinkChanged {
    std::string name;
    std::string renamed_to{};  ///< empty: not renamed
};

/// Also when the kernel has found no duplicate of an address that was tentative.
struct AddressAdded {
    std::string interface;
    InterfaceAddress address;
};

struct AddressRemoved {
    std::string interface;
    InterfaceAddress address;
    std::uint32_t by = 0;  ///< port of the netlink socket that asked for it; 0: unknown, or the kernel itself
};

/// Events were lost and everything has been read anew: what was missed are the changes before this one.
struct Resynchronised {};

using Change = std::variant<LinkChanged, AddressAdded, AddressRemoved, Resynchronised>;
using Changes = std::vector<Change>;

class LinkTable {
public:
    /// RTM_NEWLINK, _DELLINK, _NEWADDR, _DELADDR; others change nothing. What is new goes to the end of `changes`.
    void take(const nlmsghdr* message, Changes& changes);

    /// A dump of everything: between these two calls take() is given all of its messages (and perhaps events). What
    /// was not among them is gone.
    void begin_dump();
    void end_dump(Changes& changes);

    /// Nothing where there is none.
    [[nodiscard]] const Link* find(std::string_view name) const;
    [[nodiscard]] const Link* find(int index) const;
    [[nodiscard]] bool has(int index, const core::Prefix& prefix) const;
    /// Whether any interface has it.
    [[nodiscard]] bool has(const core::Address& address) const;
    /// Of one interface, in the order in which they became known.
    [[nodiscard]] std::vector<InterfaceAddress> addresses(int index) const;
    /// Of all interfaces, without their prefixes.
    [[nodiscard]] std::set<core::Address> all_addresses() const;

private:
    struct KnownAddress {
        InterfaceAddress address;
        std::uint64_t order = 0;
        bool seen = true;  ///< in the present dump
    };
    struct Node {
        Link link;
        std::map<core::Prefix, KnownAddress> addresses;
        bool seen = true;
    };

    void take_link(const nlmsghdr* message, Changes& changes);
    void take_address(const nlmsghdr* message, Changes& changes);
    void forget_link(std::map<int, Node>::iterator node, Changes& changes);

    std::map<int, Node> nodes_;
    std::unordered_map<std::string, int> by_name_;
    std::uint64_t next_order_ = 0;
};

}  // namespace sustain::netlink
