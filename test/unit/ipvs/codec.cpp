#include "ipvs/codec.hpp"

#include <linux/genetlink.h>
#include <linux/ip_vs.h>

#include <catch2/catch.hpp>

#include "examples.hpp"
#include "netlink/generic.hpp"

using namespace sustain;
using namespace sustain::ipvs;
using namespace sustain::test;

namespace {

constexpr std::uint16_t kFamily = 0x21;

/// The message behind the two headers, in hexadecimal: attributes separated by a blank, the content of a nested one
/// in parentheses.
std::string attributes(std::span<const std::uint8_t> octets, std::initializer_list<int> nested) {
    std::string text;
    auto* next = const_cast<nlattr*>(reinterpret_cast<const nlattr*>(octets.data()));
    int remaining = static_cast<int>(octets.size());
    while (nla_ok(next, remaining) != 0) {
        text += text.empty() ? "" : " ";
        text += fmt::format("{}:", nla_type(next));
        const std::span content(static_cast<const std::uint8_t*>(nla_data(next)),
                                static_cast<std::size_t>(nla_len(next)));
        if (std::ranges::find(nested, nla_type(next)) != nested.end()) {
            text += "(" + attributes(content, {}) + ")";
        } else {
            for (const std::uint8_t octet : content) {
                text += fmt::format("{:02x}", octet);
            }
        }
        next = nla_next(next, &remaining);
    }
    return text;
}

std::string attributes(const netlink::Message& message) {
    return attributes(message.octets().subspan(NLMSG_HDRLEN + GENL_HDRLEN),
                      {IPVS_CMD_ATTR_SERVICE, IPVS_CMD_ATTR_DEST});
}

std::uint8_t command(const netlink::Message& message) {
    return message.octets()[NLMSG_HDRLEN];
}

Edit seed_edit(Edit::Operation operation) {
    Edit edit;
    edit.operation = operation;
    edit.service = {.fwmark = 0, .protocol = Protocol::tcp, .address = address("172.27.9.100"), .port = 81};
    edit.settings = {.scheduler = "wrr",
                     .flags = IP_VS_SVC_F_PERSISTENT | IP_VS_SVC_F_SCHED1,
                     .timeout = 50,
                     .netmask = 0xffffff00,
                     .engine = {}};
    edit.destination.key = {address("172.27.9.91"), 81};
    edit.destination.settings.forwarding = Forwarding::direct;
    edit.destination.settings.weight = 3;
    edit.destination.settings.upper_threshold = 7;
    return edit;
}

// Numbers are in host order (x86 in these texts) but for ports, addresses and IPv4 masks.
constexpr const char* kSeedKey = "1:0200 2:0600 3:ac1b0964000000000000000000000000 4:0051";

}  // namespace

TEST_CASE("a service goes on the wire with the attributes of spec/lvs.md 8.2 in their order") {
    const auto message = encode(kFamily, seed_edit(Edit::Operation::new_service));
    CHECK(message.header()->nlmsg_type == kFamily);
    CHECK(command(message) == IPVS_CMD_NEW_SERVICE);
    CHECK(message.octets()[NLMSG_HDRLEN + 1] == IPVS_GENL_VERSION);
    CHECK(attributes(message) == fmt::format("1:({} 6:77727200 7:09000000ffffffff 8:32000000 9:ffffff00)", kSeedKey));
}

TEST_CASE("a service of a mark has no protocol, address and port; an engine only if there is one; IPv6 a prefix") {
    Edit edit = seed_edit(Edit::Operation::set_service);
    edit.service = {.fwmark = 7, .protocol = Protocol::none, .address = address("::"), .port = 0};
    edit.settings.engine = "sip";
    edit.settings.netmask = 64;
    const auto message = encode(kFamily, edit);
    CHECK(command(message) == IPVS_CMD_SET_SERVICE);
    CHECK(attributes(message) ==
          "1:(1:0a00 5:07000000 6:77727200 11:73697000 7:09000000ffffffff 8:32000000 9:40000000)");
}

TEST_CASE("a destination goes with a service that says nothing of persistence") {
    const auto message = encode(kFamily, seed_edit(Edit::Operation::new_destination));
    CHECK(command(message) == IPVS_CMD_NEW_DEST);
    CHECK(
        attributes(message) ==
        fmt::format("1:({} 6:77727200 7:08000000ffffffff 8:00000000 9:ffffffff) "
                    "2:(11:0200 1:ac1b095b000000000000000000000000 2:0051 3:03000000 4:03000000 5:07000000 6:00000000)",
                    kSeedKey));
    CHECK(command(encode(kFamily, seed_edit(Edit::Operation::set_destination))) == IPVS_CMD_SET_DEST);
    CHECK(command(encode(kFamily, seed_edit(Edit::Operation::delete_destination))) == IPVS_CMD_DEL_DEST);
    CHECK(command(encode(kFamily, seed_edit(Edit::Operation::delete_service))) == IPVS_CMD_DEL_SERVICE);
}

TEST_CASE("tunnel attributes go with tunnels, as many as their type has") {
    Edit edit = seed_edit(Edit::Operation::new_destination);
    edit.destination.key.address = address("2001:db8::1");
    DestinationSettings& settings = edit.destination.settings;
    settings.forwarding = Forwarding::tunnel;
    settings.tunnel_port = 6080;
    settings.tunnel_flags = 1;
    const std::string start = "2:(11:0a00 1:20010db8000000000000000000000001 2:0051 3:02000000 4:03000000 ";
    CHECK_THAT(attributes(encode(kFamily, edit)), Catch::EndsWith(start + "13:00 5:07000000 6:00000000)"));
    settings.tunnel_type = IP_VS_CONN_F_TUNNEL_TYPE_GUE;
    CHECK_THAT(attributes(encode(kFamily, edit)),
               Catch::EndsWith(start + "13:01 14:17c0 15:0100 5:07000000 6:00000000)"));
    settings.tunnel_type = IP_VS_CONN_F_TUNNEL_TYPE_GRE;
    CHECK_THAT(attributes(encode(kFamily, edit)), Catch::EndsWith(start + "13:02 15:0100 5:07000000 6:00000000)"));
}

TEST_CASE("questions name what they are about") {
    const ServiceKey key = seed_edit(Edit::Operation::new_service).service;
    CHECK(attributes(ask_info(kFamily)).empty());
    const auto all = ask_services(kFamily);
    CHECK((all.header()->nlmsg_flags & NLM_F_DUMP) == NLM_F_DUMP);
    CHECK(attributes(all).empty());
    const auto one = ask_service(kFamily, key);
    CHECK((one.header()->nlmsg_flags & NLM_F_DUMP) == 0);
    CHECK(attributes(one) == fmt::format("1:({})", kSeedKey));
    const auto destinations = ask_destinations(kFamily, key);
    CHECK(command(destinations) == IPVS_CMD_GET_DEST);
    CHECK((destinations.header()->nlmsg_flags & NLM_F_DUMP) == NLM_F_DUMP);
    CHECK(attributes(destinations) == fmt::format("1:({})", kSeedKey));
}

TEST_CASE("what the kernel tells in the words of a request is read back as what was written") {
    for (const auto* text : {"172.27.9.100", "2001:db8::100"}) {
        Edit edit = seed_edit(Edit::Operation::new_destination);
        edit.service.address = address(text);
        edit.settings.netmask = edit.service.address.is_ipv4() ? 0xffffff00 : 64;
        edit.settings.engine = "sip";
        edit.destination.settings.forwarding = Forwarding::tunnel;
        edit.destination.settings.tunnel_type = IP_VS_CONN_F_TUNNEL_TYPE_GUE;
        edit.destination.settings.tunnel_port = 6080;
        const auto destination = decode_destination(encode(kFamily, edit).header(), core::Address::Family::ipv4);
        REQUIRE(destination.has_value());
        CHECK(*destination == edit.destination);

        edit.operation = Edit::Operation::new_service;
        auto service = decode_service(encode(kFamily, edit).header());
        REQUIRE(service.has_value());
        CHECK(service->first == edit.service);
        CHECK(service->second == edit.settings);

        edit.settings.flags |= IP_VS_SVC_F_HASHED;  // the kernel's own addition
        service = decode_service(encode(kFamily, edit).header());
        CHECK((service->second.flags & IP_VS_SVC_F_HASHED) == 0);

        edit.service = {.fwmark = 9, .protocol = Protocol::none, .address = {}, .port = 0};
        edit.settings = {.scheduler = "rr", .flags = 0, .timeout = 0, .netmask = 0xffffffff, .engine = {}};
        service = decode_service(encode(kFamily, edit).header());
        REQUIRE(service.has_value());
        CHECK(service->first == edit.service);
        CHECK(service->second == edit.settings);
    }
}

TEST_CASE("messages that are torn, short or about something else are no service and no destination") {
    const auto service = encode(kFamily, seed_edit(Edit::Operation::new_service));
    const auto destination = encode(kFamily, seed_edit(Edit::Operation::new_destination));
    CHECK_FALSE(decode_service(ask_info(kFamily).header()).has_value());
    CHECK_FALSE(decode_destination(service.header(), core::Address::Family::ipv4).has_value());
    const netlink::Message empty(kFamily, 0);
    CHECK_FALSE(decode_service(empty.header()).has_value());
    CHECK_FALSE(decode_destination(empty.header(), core::Address::Family::ipv4).has_value());
    // Cut anywhere, with a length in the header that is true: nothing is read beyond (ASan watches).
    for (const auto* message : {&service, &destination}) {
        for (std::size_t length = NLMSG_HDRLEN; length < message->octets().size(); ++length) {
            const auto begin = message->octets().begin();
            std::vector<std::uint8_t> octets(begin, begin + static_cast<std::ptrdiff_t>(length));
            auto* header = reinterpret_cast<nlmsghdr*>(octets.data());
            header->nlmsg_len = static_cast<std::uint32_t>(length);
            (void)decode_service(header);
            (void)decode_destination(header, core::Address::Family::ipv6);
        }
    }
}
