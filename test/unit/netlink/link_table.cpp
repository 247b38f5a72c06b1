#include "netlink/link_table.hpp"

#include <linux/rtnetlink.h>

#include <catch2/catch.hpp>

using namespace sustain;
using namespace sustain::netlink;

namespace {

constexpr unsigned kUp = IFF_UP | IFF_RUNNING;

Message link_message(std::uint16_t type, int index, const char* name, unsigned flags, std::uint8_t family = AF_UNSPEC) {
    Message message(type, 0);
    ifinfomsg header{};
    header.ifi_family = family;
    header.ifi_index = index;
    header.ifi_flags = flags;
    message.append(header);
    message.put_string(IFLA_IFNAME, name);
    message.put_u32(IFLA_MTU, 1500);
    const std::uint8_t hardware[] = {2, 0, 0, 0, 0, 1};
    message.put(IFLA_ADDRESS, hardware);
    return message;
}

Message address_message(std::uint16_t type, int index, const char* text, std::uint8_t length = 24,
                        std::uint32_t port = 0) {
    InterfaceAddress address;
    address.interface_index = index;
    address.prefix = {core::Address::parse(text).value(), length};
    Message message = type == RTM_NEWADDR ? add_address(address) : remove_address(address);
    message.header()->nlmsg_pid = port;
    return message;
}

/// Feeds messages to a table and renders what changed.
struct Feed {
    LinkTable table;

    std::vector<std::string> operator()(const Message& message) {
        Changes changes;
        table.take(message.header(), changes);
        return text(changes);
    }
    std::vector<std::string> end_dump() {
        Changes changes;
        table.end_dump(changes);
        return text(changes);
    }
    static std::vector<std::string> text(const Changes& changes) {
        std::vector<std::string> lines;
        for (const Change& change : changes) {
            if (const auto* link = std::get_if<LinkChanged>(&change)) {
                lines.push_back(link->renamed_to.empty() ? link->name : link->name + " > " + link->renamed_to);
            } else if (std::holds_alternative<Resynchronised>(change)) {
                lines.emplace_back("resynchronised");
            } else if (const auto* added = std::get_if<AddressAdded>(&change)) {
                lines.push_back(fmt::format("{} + {}", added->interface, added->address.prefix.address));
            } else if (const auto* removed = std::get_if<AddressRemoved>(&change)) {
                lines.push_back(
                    fmt::format("{} - {} by {}", removed->interface, removed->address.prefix.address, removed->by));
            }
        }
        return lines;
    }
};

using Lines = std::vector<std::string>;

}  // namespace

TEST_CASE("links come, change and go") {
    Feed feed;
    CHECK(feed(link_message(RTM_NEWLINK, 2, "eth0", IFF_UP)) == Lines{"eth0"});
    REQUIRE(feed.table.find("eth0") != nullptr);
    CHECK_FALSE(feed.table.find("eth0")->is_up());
    CHECK(feed.table.find("eth0")->mtu == 1500);
    CHECK(feed.table.find("eth0")->has_arp());

    CHECK(feed(link_message(RTM_NEWLINK, 2, "eth0", kUp)) == Lines{"eth0"});
    CHECK(feed.table.find(2)->is_up());
    CHECK(feed(link_message(RTM_NEWLINK, 2, "eth0", kUp)).empty());

    CHECK(feed(link_message(RTM_DELLINK, 2, "eth0", 0)) == Lines{"eth0"});
    CHECK(feed.table.find("eth0") == nullptr);
    CHECK(feed.table.find(2) == nullptr);
}

TEST_CASE("what a bridge says about its ports is not about the link") {
    Feed feed;
    (void)feed(link_message(RTM_NEWLINK, 2, "eth0", kUp));
    CHECK(feed(link_message(RTM_DELLINK, 2, "eth0", kUp, AF_BRIDGE)).empty());
    CHECK(feed.table.find("eth0") != nullptr);
}

TEST_CASE("a renamed link is gone under its old name") {
    Feed feed;
    (void)feed(link_message(RTM_NEWLINK, 2, "eth0", kUp));
    CHECK(feed(link_message(RTM_NEWLINK, 2, "foo", kUp)) == Lines{"eth0 > foo", "foo"});
    CHECK(feed.table.find("eth0") == nullptr);
    CHECK(feed.table.find("foo")->index == 2);
    SECTION("two links swap their names") {
        (void)feed(link_message(RTM_NEWLINK, 3, "eth0", kUp));
        (void)feed(link_message(RTM_NEWLINK, 2, "eth0", kUp));
        CHECK(feed.table.find("eth0")->index == 2);
        (void)feed(link_message(RTM_NEWLINK, 3, "foo", kUp));
        CHECK(feed.table.find("eth0")->index == 2);
        CHECK(feed.table.find("foo")->index == 3);
    }
}

TEST_CASE("addresses, in the order in which they became known") {
    Feed feed;
    CHECK(feed(address_message(RTM_NEWADDR, 2, "10.0.0.9")).empty());  // of a link that is not known
    (void)feed(link_message(RTM_NEWLINK, 2, "eth0", kUp));
    CHECK(feed(address_message(RTM_NEWADDR, 2, "10.0.0.2")) == Lines{"eth0 + 10.0.0.2"});
    CHECK(feed(address_message(RTM_NEWADDR, 2, "10.0.0.1")) == Lines{"eth0 + 10.0.0.1"});
    CHECK(feed(address_message(RTM_NEWADDR, 2, "10.0.0.1")).empty());
    CHECK(feed(address_message(RTM_NEWADDR, 2, "10.0.0.1", 32)) == Lines{"eth0 + 10.0.0.1"});
    const auto addresses = feed.table.addresses(2);
    REQUIRE(addresses.size() == 3);
    CHECK(addresses[0].prefix.address.to_string() == "10.0.0.2");
    CHECK(addresses[2].prefix.length == 32);

    CHECK(feed(address_message(RTM_DELADDR, 2, "10.0.0.1", 24, 4711)) == Lines{"eth0 - 10.0.0.1 by 4711"});
    CHECK(feed(address_message(RTM_DELADDR, 2, "10.0.0.1", 24, 4711)).empty());
    CHECK(feed.table.has(2, {core::Address::parse("10.0.0.1").value(), 32}));
    CHECK_FALSE(feed.table.has(2, {core::Address::parse("10.0.0.1").value(), 24}));
    CHECK(feed(link_message(RTM_DELLINK, 2, "eth0", 0)) ==
          Lines{"eth0 - 10.0.0.1 by 0", "eth0 - 10.0.0.2 by 0", "eth0"});
}

TEST_CASE("a dump tells what was missed") {
    Feed feed;
    (void)feed(link_message(RTM_NEWLINK, 2, "eth0", kUp));
    (void)feed(link_message(RTM_NEWLINK, 3, "eth1", kUp));
    (void)feed(address_message(RTM_NEWADDR, 2, "10.0.0.1"));
    (void)feed(address_message(RTM_NEWADDR, 2, "10.0.0.2"));
    feed.table.begin_dump();
    CHECK(feed(link_message(RTM_NEWLINK, 2, "eth0", kUp)).empty());
    CHECK(feed(address_message(RTM_NEWADDR, 2, "10.0.0.2")).empty());
    CHECK(feed.end_dump() == Lines{"eth0 - 10.0.0.1 by 0", "eth1", "resynchronised"});
    CHECK(feed.table.find("eth1") == nullptr);
}

TEST_CASE("an address survives the way to the kernel and back") {
    InterfaceAddress address;
    address.interface_index = 7;
    address.prefix = {core::Address::parse("10.0.0.100").value(), 24};
    address.broadcast = core::Address::parse("10.0.0.255");
    address.label = "eth0:1";
    address.scope = RT_SCOPE_LINK;
    const Message message = add_address(address);
    CHECK(message.header()->nlmsg_flags == (NLM_F_REQUEST | NLM_F_CREATE | NLM_F_EXCL));
    CHECK(read_address(message.header()) == address);
}

TEST_CASE("an address with a peer is asked for and removed with it") {
    InterfaceAddress address;
    address.interface_index = 7;
    address.prefix = {core::Address::parse("10.0.0.100").value(), 32};
    address.peer = core::Address::parse("10.9.9.9");
    CHECK(read_address(add_address(address).header()) == address);
    // The kernel compares IFA_ADDRESS with the peer: without it, the address would stay (spec/vrrp.md 19, 8).
    CHECK(read_address(remove_address(address).header()) == address);
}

TEST_CASE("flags and lifetime are passed on") {
    InterfaceAddress address;
    address.prefix = {core::Address::parse("fd00::100").value(), 64};
    address.flags = IFA_F_NODAD | IFA_F_HOMEADDRESS | IFA_F_NOPREFIXROUTE | IFA_F_MCAUTOJOIN;
    CHECK(read_address(add_address(address).header()) == address);
    const auto before = add_address(address).octets().size();
    address.preferred_lifetime = 0;
    CHECK(add_address(address).octets().size() == before + NLA_HDRLEN + sizeof(ifa_cacheinfo));
}

TEST_CASE("an IPv6 address is news once more when it has become usable") {
    Feed feed;
    (void)feed(link_message(RTM_NEWLINK, 2, "eth0", kUp));
    InterfaceAddress address;
    address.interface_index = 2;
    address.prefix = {core::Address::parse("fe80::1").value(), 64};
    address.flags = IFA_F_TENTATIVE | IFA_F_PERMANENT;
    CHECK(feed(add_address(address)) == Lines{"eth0 + fe80::1"});
    CHECK_FALSE(feed.table.addresses(2).front().is_usable());
    CHECK(feed(add_address(address)).empty());
    address.flags = IFA_F_PERMANENT;
    CHECK(feed(add_address(address)) == Lines{"eth0 + fe80::1"});
    CHECK(feed.table.addresses(2).front().is_usable());
    CHECK(feed(add_address(address)).empty());
}

TEST_CASE("messages that are cut short or of nonsense are ignored") {
    Feed feed;
    (void)feed(link_message(RTM_NEWLINK, 2, "eth0", kUp));
    const Message whole = address_message(RTM_NEWADDR, 2, "10.0.0.1");
    for (std::uint32_t length = sizeof(nlmsghdr); length < whole.header()->nlmsg_len; ++length) {
        std::vector<std::uint8_t> octets(whole.octets().begin(), whole.octets().end());
        auto* header = reinterpret_cast<nlmsghdr*>(octets.data());
        header->nlmsg_len = length;
        Changes changes;
        feed.table.take(header, changes);
    }
    Message bad(RTM_NEWADDR, 0);
    ifaddrmsg header{};
    header.ifa_family = AF_INET;
    header.ifa_index = 2;
    bad.append(header);
    bad.put_u8(IFA_LOCAL, 1);
    CHECK(feed(bad).empty());
}
