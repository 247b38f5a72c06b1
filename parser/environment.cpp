#include "parser/environment.hpp"

#include <ifaddrs.h>
#include <linux/if_link.h>
#include <net/if.h>
#include <net/if_arp.h>
#include <netdb.h>
#include <netinet/in.h>
#include <netlink/route/link.h>
#include <netlink/route/link/ipvlan.h>
#include <netlink/route/link/macvlan.h>
#include <netlink/route/link/vrf.h>
#include <netlink/socket.h>
#include <sys/stat.h>
#include <unistd.h>
#include <algorithm>

#include <memory>

namespace sustain::parser {

namespace {

struct Free {
    void operator()(nl_sock* socket) const { nl_socket_free(socket); }
    void operator()(rtnl_link* link) const { rtnl_link_put(link); }
    void operator()(ifaddrs* addresses) const { freeifaddrs(addresses); }
};

std::optional<core::Address> address_of(const sockaddr* address) {
    if (address == nullptr) {
        return std::nullopt;
    }
    if (address->sa_family == AF_INET) {
        const auto* const ipv4 = reinterpret_cast<const sockaddr_in*>(address);
        return core::Address::ipv4(ntohl(ipv4->sin_addr.s_addr));
    }
    if (address->sa_family == AF_INET6) {
        const auto* const ipv6 = reinterpret_cast<const sockaddr_in6*>(address);
        return core::Address(std::span<const std::uint8_t>(ipv6->sin6_addr.s6_addr));
    }
    return std::nullopt;
}

}  // namespace

Interface Environment::interface(const std::string& name) const {
    Interface result;
    result.loopback = name == "lo";
    return result;
}

std::optional<core::Address> Environment::source_address(const std::string& /*interface*/,
                                                         core::Address::Family /*family*/) const {
    return std::nullopt;
}

std::optional<core::Account> Environment::user(const std::string&) const {
    return std::nullopt;
}
std::optional<gid_t> Environment::group(const std::string&) const {
    return std::nullopt;
}
core::Account Environment::own_account() const {
    return {};
}
Program Environment::program(const std::string& name, const core::Account&) const {
    return {.finding = Program::Finding::fine, .path = name, .reason = {}};
}

bool Environment::resolves(const std::string&) const {
    return false;
}
unsigned Environment::processors() const {
    return 1;
}
bool Environment::can_write(const std::string&) const {
    return true;
}
std::string Environment::why_no_folder(const std::string&) const {
    return {};
}
std::string Environment::why_not_watchable(const std::string&) const {
    return {};
}
bool Environment::is_special_file(const std::string&) const {
    return false;
}
bool Environment::has_namespace(const std::string&) const {
    return true;
}

bool SystemEnvironment::interface_exists(const std::string& name) const {
    return if_nametoindex(name.c_str()) != 0;
}

Interface SystemEnvironment::interface(const std::string& name) const {
    Interface result;
    const std::unique_ptr<nl_sock, Free> socket(nl_socket_alloc());
    rtnl_link* found = nullptr;
    if (!socket || nl_connect(socket.get(), NETLINK_ROUTE) < 0 ||
        rtnl_link_get_kernel(socket.get(), 0, name.c_str(), &found) < 0) {
        return result;
    }
    const std::unique_ptr<rtnl_link, Free> link(found);
    const unsigned flags = rtnl_link_get_flags(found);
    result.loopback = (flags & IFF_LOOPBACK) != 0;
    result.multicast = (flags & IFF_MULTICAST) != 0;
    result.arp = (flags & IFF_NOARP) == 0;
    result.point_to_point = (flags & IFF_POINTOPOINT) != 0;
    result.ethernet = rtnl_link_get_arptype(found) == ARPHRD_ETHER;
    result.mtu = rtnl_link_get_mtu(found);
    if (std::uint16_t mode = 0; rtnl_link_is_ipvlan(found) != 0 && rtnl_link_ipvlan_get_mode(found, &mode) == 0) {
        result.layer2_ipvlan = mode == IPVLAN_MODE_L2;
    }
    if (std::uint32_t table = 0; rtnl_link_is_vrf(found) != 0 && rtnl_link_vrf_get_tableid(found, &table) == 0) {
        result.vrf_table = table;
    }
    if (rtnl_link_is_macvlan(found) != 0) {
        result.private_macvlan = rtnl_link_macvlan_get_mode(found) == MACVLAN_MODE_PRIVATE;
        char base[IF_NAMESIZE] = {};
        if (if_indextoname(static_cast<unsigned>(rtnl_link_get_link(found)), base) != nullptr) {
            result.base = base;
        }
    }
    return result;
}

std::optional<core::Address> SystemEnvironment::source_address(const std::string& interface,
                                                               core::Address::Family family) const {
    if (!sources_) {
        sources_.emplace();
        ifaddrs* all = nullptr;
        if (getifaddrs(&all) == 0) {
            const std::unique_ptr<ifaddrs, Free> owner(all);
            for (const ifaddrs* entry = all; entry != nullptr; entry = entry->ifa_next) {
                const auto address = address_of(entry->ifa_addr);
                if (address && (address->is_ipv4() || address->is_link_local())) {
                    sources_->emplace(entry->ifa_name, *address);
                }
            }
        }
    }
    const auto [first, last] = sources_->equal_range(interface);
    for (auto entry = first; entry != last; ++entry) {
        if (entry->second.family() == family) {
            return entry->second;
        }
    }
    return std::nullopt;
}

}  // namespace sustain::parser
