// The captured examples of spec/vrrp.md 1.10, and the numbers in 1.5 and 1.12.
#include "vrrp/packet.hpp"

#include <catch2/catch.hpp>

#include "helpers.hpp"
#include "vrrp/checksum.hpp"

using namespace sustain::vrrp;
using namespace sustain::vrrp::test;

namespace {

Instance owner(std::uint8_t version = 2) {
    Instance instance = example(255);
    instance.version = version;
    return instance;
}

Instance owner6(std::uint8_t version = 3) {
    Instance instance = owner(version);
    instance.address_family = sustain::core::Address::Family::ipv6;
    instance.addresses = {virtual_address("fe80::1:100", 128), virtual_address("fd00::100", 128),
                          virtual_address("fd00::101", 128)};
    return instance;
}

Instance with(AuthenticationType type, const char* password) {
    Instance instance = owner();
    instance.authentication = {type, sustain::core::Secret(password)};
    return instance;
}

Instance to_peers(Instance instance, std::initializer_list<std::string_view> peers,
                  Unicast::Checksum checksum = Unicast::Checksum::automatic) {
    for (const auto peer : peers) {
        instance.unicast.make().peers.push_back({.address = address(peer)});
    }
    instance.unicast->checksum = checksum;
    return instance;
}

/// The first advert of a process, to the first destination.
std::vector<std::uint8_t> first(const Instance& instance, std::string_view source = "10.0.0.1") {
    return AdvertCodec(instance, kUsualMtu, nullptr).encode(255, address(source)).datagrams.at(0).octets;
}

/// The checksum fields of the first advert to every destination.
std::vector<unsigned> checksums(const Instance& instance) {
    std::vector<unsigned> all;
    for (const auto& [to, octets] :
         AdvertCodec(instance, kUsualMtu, nullptr).encode(255, address("10.0.0.1")).datagrams) {
        all.push_back(octets[kIpv4HeaderSize + 6] * 256U + octets[kIpv4HeaderSize + 7]);
    }
    return all;
}

}  // namespace

TEST_CASE("v2 adverts are octet for octet those that were captured",
          "[rfc9568-5.2.5-1][positive] [rfc9568-7.2-1][positive] [unh-4.9][positive]") {
    CHECK(first(owner()) ==
          octets("45c0002c00010000ff70d08d0a000001e00000122133ff020001caff0a0000640a0000650000000000000000"));
    CHECK(first(with(AuthenticationType::password, "abcdefgh")) ==
          octets("45c0002c00010000ff70d08d0a000001e00000122133ff020101386a0a0000640a0000656162636465666768"));
    CHECK(first(with(AuthenticationType::password, "1234")) ==
          octets("45c0002c00010000ff70d08d0a000001e00000122133ff02010165990a0000640a0000653132333400000000"));
}

TEST_CASE("identification counts adverts, priority 0 among them") {
    AdvertCodec codec(owner(), kUsualMtu, nullptr);
    for (int i = 0; i < 3; ++i) {
        (void)codec.encode(255, address("10.0.0.1"));
    }
    CHECK(codec.encode(0, address("10.0.0.1")).datagrams.at(0).octets ==
          octets("45c0002c00040000ff70d08a0a000001e0000012213300020001ca000a0000640a0000650000000000000000"));
}

TEST_CASE("an authentication header as captured, multicast and unicast") {
    const Instance instance = with(AuthenticationType::digest, "secret12");
    CHECK(first(instance) == octets("45c0004400010000ff33d0b20a000001e0000012700400000a00000100000001ae36d210ceb6b530"
                                    "9f5b3a332133ff020201c8ff0a0000640a0000650000000000000000"));
    const auto sent = AdvertCodec(to_peers(instance, {"10.0.0.2", "10.0.0.3"}), kUsualMtu, nullptr)
                          .encode(255, address("10.0.0.1"))
                          .datagrams;
    REQUIRE(sent.size() == 2);
    CHECK(sent[0].destination == address("10.0.0.2"));
    CHECK(sent[0].octets == octets("45c0004400010000ff33a6c30a0000010a000002700400000a000001000000012497f9fe25c32c94ce"
                                   "180c132133ff020201c8ff0a0000640a0000650000000000000000"));
    CHECK(std::vector(sent[1].octets.begin() + 32, sent[1].octets.begin() + 44) == octets("8ae2be31e49b8a1ed2877ebc"));
    CHECK(sent[1].octets[5] == 1);   // the same identification
    CHECK(sent[1].octets[31] == 1);  // and sequence number
}

TEST_CASE("v3 over IPv4 as captured",
          "[rfc9568-5.2.8-1][positive] [rfc9568-5.2.6-1][positive] [rfc9568-7.2-1][positive]") {
    Instance instance = owner(3);
    instance.advert_interval = std::chrono::milliseconds(500);
    CHECK(first(instance) == octets("45c0002400010000ff70d0950a000001e00000123133ff020032d03a0a0000640a000065"));

    instance.advert_interval = std::chrono::seconds(1);
    CHECK(checksums(instance) == std::vector<unsigned>{0xd008});
    instance.v3_checksum_as_v2 = true;
    CHECK(checksums(instance) == std::vector<unsigned>{0xba9c});
}

TEST_CASE("v3 unicast: the checksum covers the real peer, in its old form the group") {
    using Checksum = Unicast::Checksum;
    const Instance instance = owner(3);
    const auto form = GENERATE(Checksum::automatic, Checksum::by_rfc);
    CHECK(checksums(to_peers(instance, {"10.0.0.2", "10.0.0.3"}, form)) == std::vector<unsigned>{0xa619, 0xa618});
    CHECK(checksums(to_peers(instance, {"10.0.0.2", "10.0.0.3"}, Checksum::old)) ==
          std::vector<unsigned>{0xd008, 0xd008});
}

TEST_CASE("IPv6: the packet without the checksum, which the kernel fills in") {
    CHECK(first(owner6(), "fe80::ff:fe00:1") ==
          octets("3133ff0300640000fe800000000000000000000000010100fd000000000000000"
                 "000000000000100fd000000000000000000000000000101"));
    // and that is what the kernel makes of it
    auto packet = first(owner6(), "fe80::ff:fe00:1");
    seal_packet(packet, pseudo_header_sum(address("fe80::ff:fe00:1"), address("ff02::12"), packet.size()));
    CHECK(packet[6] == 0xd6);
    CHECK(packet[7] == 0xa0);
    seal_packet(packet, pseudo_header_sum(address("fd00::1"), address("fd00::2"), packet.size()));
    CHECK(packet[6] == 0xd9);
    CHECK(packet[7] == 0x32);
}

TEST_CASE("v2 over IPv6 ends with the addresses") {
    auto packet = first(owner6(2), "fe80::ff:fe00:1");
    REQUIRE(packet.size() == 8 + 3 * 16);
    seal_packet(packet, pseudo_header_sum(address("fe80::ff:fe00:1"), address("ff02::12"), packet.size()));
    CHECK(std::vector(packet.begin(), packet.begin() + 8) == octets("2133ff030001e703"));
}

TEST_CASE("adverts go to the group of their family, or to that of the instance",
          "[rfc9568-5.1.1.2-1][positive] [rfc9568-5.1.2.2-1][positive] [rfc9568-7.2-4][positive]") {
    const auto destination = [](const Instance& instance) {
        return AdvertCodec(instance, kUsualMtu, nullptr).encode(1, address("10.0.0.1")).datagrams.at(0).destination;
    };
    CHECK(destination(owner()) == address("224.0.0.18"));
    CHECK(destination(owner6()) == address("ff02::12"));
    Instance instance = owner();
    instance.group = address("224.0.0.99");
    CHECK(destination(instance) == address("224.0.0.99"));
    CHECK(first(instance)[19] == 99);
}

TEST_CASE("TTL 255, of unicast what is configured", "[rfc9568-5.1.1.3-1][positive] [rfc9568-5.1.1.3-1][negative]") {
    CHECK(first(owner())[8] == 255);
    Instance instance = to_peers(owner(), {"10.0.0.2"});
    CHECK(first(instance)[8] == 255);
    instance.unicast->ttl = 7;
    CHECK(first(instance)[8] == 7);
}

TEST_CASE("an advert without addresses") {
    Instance instance = owner();
    instance.addresses.clear();
    const auto datagram = first(instance);
    CHECK(std::vector(datagram.begin() + 20, datagram.end()) == octets("2133ff000001dfca0000000000000000"));
}

TEST_CASE("a password is cut at 8 octets and padded with NUL") {
    const auto data = [](const char* password) {
        return password_data({AuthenticationType::password, sustain::core::Secret(password)});
    };
    CHECK(data("abcdefghij") == data("abcdefgh"));
    CHECK(data("12") == AuthenticationData{'1', '2', 0, 0, 0, 0, 0, 0});
    CHECK(password_data({}) == AuthenticationData{});
}

TEST_CASE("the field of the interval") {
    using namespace std::chrono_literals;
    CHECK(interval_field(2, 1s) == 1);
    CHECK(interval_field(2, 255s) == 255);
    CHECK(interval_field(2, 10ms) == 1);
    CHECK(interval_field(3, 10ms) == 1);
    CHECK(interval_field(3, 40'950ms) == 4095);
    CHECK(interval_field(3, 100s) == 4095);
    CHECK(interval_from_field(3, 0xf064) == 1s);
    CHECK(interval_from_field(2, 2) == 2s);
}

TEST_CASE("an advert carries as many addresses as fit an unfragmented packet") {
    const auto ipv6 = sustain::core::Address::Family::ipv6;
    CHECK(advertised_addresses_limit(1500, {}) == 255);
    CHECK(advertised_addresses_limit(1000, {}) == (1000 - 14 - 20 - 8 - 8) / 4);
    CHECK(advertised_addresses_limit(1000, {.authentication_header = true}) == (1000 - 14 - 20 - 8 - 8 - 24) / 4);
    CHECK(advertised_addresses_limit(1000, {.version = 3}) == (1000 - 14 - 20 - 8) / 4);
    CHECK(advertised_addresses_limit(1000, {.version = 3, .hmac_trailer = true}) == (1000 - 14 - 20 - 8 - 28) / 4);
    CHECK(advertised_addresses_limit(1500, {.family = ipv6, .version = 3}) == 89);
    CHECK(advertised_addresses_limit(1500, {.family = ipv6, .version = 2}) == 89);
    CHECK(advertised_addresses_limit(50, {}) == 0);
    CHECK(advertised_addresses_limit(0, {}) == 0);
}

TEST_CASE("the checksum of RFC 1071, odd lengths too") {
    CHECK(internet_checksum(octets("00010203f4f5f6f7")) == 0x120e);
    CHECK(internet_checksum({}) == 0xffff);
    CHECK(internet_checksum(octets("ff")) == 0x00ff);
    CHECK(internet_checksum(std::vector<std::uint8_t>(65536, 0xff)) == 0);
}
