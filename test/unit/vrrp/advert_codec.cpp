// Scenarios B01 and B02 of spec/vrrp-scenarios.md, and what no honest router sends.
#include "vrrp/advert_codec.hpp"

#include <catch2/catch.hpp>

#include "helpers.hpp"
#include "vrrp/checksum.hpp"
#include "vrrp/counters.hpp"

using namespace sustain::vrrp;
using namespace sustain::vrrp::test;

namespace {

Instance own(const char* password = nullptr) {
    Instance instance = example(100);
    if (password != nullptr) {
        instance.authentication = {AuthenticationType::password, sustain::core::Secret(password)};
    }
    return instance;
}

OtherRouter other(const char* password = nullptr) {
    OtherRouter router;
    if (password != nullptr) {
        router.instance.authentication = {AuthenticationType::password, sustain::core::Secret(password)};
    }
    return router;
}

constexpr std::size_t kTtl = 8;
constexpr std::size_t kVersion = kIpv4HeaderSize;
constexpr std::size_t kCount = kIpv4HeaderSize + 3;
constexpr std::size_t kChecksum = kIpv4HeaderSize + 6;

/// Makes the checksum of the packet right again.
void seal(std::vector<std::uint8_t>& datagram) {
    datagram[kChecksum] = datagram[kChecksum + 1] = 0;
    const std::uint16_t sum = internet_checksum(std::span(datagram).subspan(kIpv4HeaderSize));
    datagram[kChecksum] = static_cast<std::uint8_t>(sum >> 8);
    datagram[kChecksum + 1] = static_cast<std::uint8_t>(sum);
}

Verdict judge(const std::vector<std::uint8_t>& datagram, const Instance& instance) {
    return AdvertCodec(instance, kUsualMtu, nullptr).judge(read_ipv4(datagram).value(), std::nullopt);
}

/// The first finding.
std::string text(const std::vector<std::uint8_t>& datagram, const Instance& instance) {
    const auto verdict = judge(datagram, instance);
    return verdict.findings.empty() ? "accepted"
                                    : describe(verdict.findings.at(0), "X", 51, read_ipv4(datagram)->source);
}

}  // namespace

TEST_CASE("a good advert is read completely",
          "[unh-4.1][positive] [unh-4.2][positive] [unh-4.3][positive] [unh-4.4][positive] [unh-4.6][positive] "
          "[unh-4.7][positive] [unh-4.8][positive] [rfc9568-5.2.5-1][positive] [rfc9568-7.1-6][positive]") {
    const auto verdict = judge(other("1111").advert(), own("1111"));
    CHECK(verdict.findings.empty());
    CHECK(verdict.received);
    const auto& advert = verdict.advert;
    REQUIRE(advert.has_value());
    CHECK(advert->source == address("10.0.0.3"));
    CHECK(advert->vrid == 51);
    CHECK(advert->priority == 100);
    CHECK(advert->interval == std::chrono::seconds(1));
    CHECK(advert->version == 2);
}

TEST_CASE("each reason to reject, with its text",
          "[unh-4.1][negative] [unh-4.2][negative] [unh-4.3][negative] [unh-4.4][negative] [unh-4.6][negative] "
          "[unh-4.7][negative] [unh-4.8][negative] [rfc9568-5.2.5-1][negative] [rfc9568-7.1-6][negative]") {
    auto datagram = other().advert();
    auto expected = own();
    std::string reason;
    SECTION("cut short") {
        datagram.resize(40);
        reason = "(X) vrrp packet from 10.0.0.3 too short, length 40 and expect 44";
    }
    SECTION("more addresses promised than there are") {
        datagram[kCount] = 3;
        reason = "(X) vrrp packet from 10.0.0.3 too short, length 44 and expect 48";
    }
    SECTION("fewer addresses promised") {
        datagram[kCount] = 1;
        reason = "(X) vrrp packet from 10.0.0.3 too long, length 44 and expect 40";
    }
    SECTION("four octets more") {
        datagram.resize(48);
        reason = "(X) vrrp packet from 10.0.0.3 too long, length 48 and expect 44";
    }
    SECTION("a trailer") {
        datagram.resize(72);
        reason = "(X) vrrp packet from 10.0.0.3 too long, length 72 and expect 44";
    }
    SECTION("forwarded once") {
        datagram[kTtl] = 254;
        reason = "(X) invalid TTL/HL from 10.0.0.3. Received 254 and expect 255";
    }
    SECTION("version 3") {
        datagram[kVersion] = 0x31;
        datagram.resize(36);
        reason = "(X) wrong VRRP version from 10.0.0.3. Received 3 and expect 2";
    }
    SECTION("version 7") {
        datagram[kVersion] = 0x71;
        datagram.resize(GENERATE(28U, 36U, 44U, 48U));
        reason = "(X) wrong VRRP version from 10.0.0.3. Received 7 and expect 2";
    }
    SECTION("unknown authentication") {
        datagram[kIpv4HeaderSize + 4] = 5;
        reason = "(X) Invalid auth type from 10.0.0.3: 5";
    }
    SECTION("a password where none is wanted") {
        datagram = other("1111").advert();
        reason = "(X) received a 1 auth from 10.0.0.3, expecting 0!";
    }
    SECTION("no password where one is wanted") {
        expected = own("1111");
        reason = "(X) received a 0 auth from 10.0.0.3, expecting 1!";
    }
    SECTION("AH") {
        datagram[kIpv4HeaderSize + 4] = 2;
        reason = "(X) received a 2 auth from 10.0.0.3, expecting 0!";
    }
    SECTION("the wrong password") {
        datagram = other("1112").advert();
        expected = own("1111");
        reason = "(X) received an invalid passwd from 10.0.0.3!";
    }
    SECTION("another interval") {
        auto router = other();
        router.instance.advert_interval = std::chrono::seconds(2);
        datagram = router.advert();
        reason = "(X) advertisement interval mismatch with 10.0.0.3 mine=1 sec rcv'd=2 sec";
    }
    SECTION("not an advertisement") {
        datagram[kVersion] = 0x22;
        seal(datagram);
        reason = "(X) Invalid packet type from 10.0.0.3. 2 and expect 1";
    }
    SECTION("IP length") {
        datagram[3] = 48;
        reason = "(X) ip_tot_len mismatch against received length from 10.0.0.3. 48 and received 44";
    }
    SECTION("checksum") {
        datagram[kChecksum] ^= 1;
        reason = "(X) Invalid VRRPv2 checksum from 10.0.0.3";
    }
    SECTION("sent to one router") {
        datagram[19] = 1;
        datagram[16] = 10;
        reason = "(X) Expected multicast packet but received unicast packet from 10.0.0.3";
    }
    CHECK(text(datagram, expected) == reason);
    CHECK_FALSE(judge(datagram, expected).advert.has_value());
    CHECK_FALSE(judge(datagram, expected).received);
}

TEST_CASE("the first failing check in the order of 2.4 decides") {
    auto datagram = other().advert();
    datagram[kTtl] = 1;
    datagram[kVersion] = 0x71;
    datagram[kChecksum] ^= 1;
    CHECK(judge(datagram, own()).findings.at(0).check == Check::ttl);
    datagram[kTtl] = 255;
    CHECK(judge(datagram, own()).findings.at(0).check == Check::version);
    datagram[kVersion] = 0x22;
    CHECK(judge(datagram, own()).findings.at(0).check == Check::type);
}

TEST_CASE("B02: what must be accepted") {
    auto datagram = other().advert();
    SECTION("Ethernet padding of two octets") {
        datagram.resize(46);
    }
    SECTION("IPv4 options") {
        datagram.insert(datagram.begin() + kIpv4HeaderSize, {1, 1, 1, 1});
        datagram[0] = 0x46;
        datagram[3] = 48;
    }
    SECTION("addresses in another order") {
        std::swap(datagram[kIpv4HeaderSize + 11], datagram[kIpv4HeaderSize + 15]);
    }
    SECTION("source 0.0.0.0") {
        std::fill_n(datagram.begin() + 12, 4, std::uint8_t{0});
    }
    SECTION("anything in the authentication data of type 0") {
        datagram.back() = 77;
        seal(datagram);
    }
    CHECK(text(datagram, own()) == "accepted");
    CHECK(judge(datagram, own()).advert.has_value());
}

TEST_CASE("B03: another address list is noted, not rejected") {
    auto router = other();
    const auto finding = [&] {
        CHECK(judge(router.advert(), own()).advert.has_value());
        return text(router.advert(), own());
    };
    router.instance.addresses.pop_back();
    CHECK(finding() == "(X) expected 2 VIPs but received 1");
    router.instance.addresses.push_back(virtual_address("10.0.0.99"));
    CHECK(finding() == "(X) ip address associated with VRID 51 not present in advert from 10.0.0.3: 10.0.0.101");
}

TEST_CASE("every prefix and every single-bit error of a datagram is read without harm") {
    const auto datagram = other("1111").advert();
    AdvertCodec codec(own("1111"), kUsualMtu, nullptr);
    for (std::size_t size = 0; size < datagram.size(); ++size) {
        const auto read = read_ipv4(std::span(datagram).first(size));
        if (read && addressed_vrid(*read)) {
            CHECK_FALSE(codec.judge(*read, std::nullopt).advert.has_value());
        }
    }
    for (std::size_t bit = 0; bit < datagram.size() * 8; ++bit) {
        auto spoilt = datagram;
        spoilt[bit / 8] = static_cast<std::uint8_t>(spoilt[bit / 8] ^ (1U << bit % 8));
        const auto read = read_ipv4(spoilt);
        if (bit >= kIpv4HeaderSize * 8) {
            // Within the packet the checksum finds what no other check does.
            REQUIRE(read.has_value());
            CHECK_FALSE(codec.judge(*read, std::nullopt).advert.has_value());
        } else if (read && addressed_vrid(*read)) {
            (void)codec.judge(*read, {}).received;
        }
    }
}

// --- VRRPv3, IPv6 and unicast ---

namespace {

Instance version3() {
    Instance instance = example(100);
    instance.version = 3;
    return instance;
}

Instance unicast(Instance instance, std::initializer_list<std::string_view> peers) {
    for (const auto peer : peers) {
        instance.unicast.make().peers.push_back({.address = address(peer)});
    }
    return instance;
}

Instance ipv6(std::uint8_t version = 3) {
    Instance instance = example(100);
    instance.version = version;
    instance.address_family = sustain::core::Address::Family::ipv6;
    instance.addresses = {virtual_address("fe80::1:100", 128), virtual_address("fd00::100", 128)};
    return instance;
}

/// An advert of a router with this configuration, to its first destination.
std::vector<std::uint8_t> sent_by(const Instance& instance, std::string_view source = "10.0.0.3") {
    return AdvertCodec(instance, kUsualMtu, nullptr).encode(200, address(source)).datagrams.at(0).octets;
}

std::string text6(const std::vector<std::uint8_t>& packet, const Instance& instance, std::uint8_t hop_limit = 255,
                  std::string_view to = "ff02::12") {
    const auto datagram = received_ipv6(address("fe80::3"), address(to), hop_limit, packet);
    const auto verdict = AdvertCodec(instance, kUsualMtu, nullptr).judge(datagram, std::nullopt);
    CHECK(verdict.advert.has_value() == verdict.findings.empty());
    return verdict.findings.empty() ? "accepted" : describe(verdict.findings.at(0), "X", 51, address("fe80::3"));
}

/// Makes the checksum of a v3 datagram over IPv4 right again.
void seal3(std::vector<std::uint8_t>& datagram, bool pseudo_header = true) {
    const auto read = read_ipv4(datagram).value();
    const auto sum = pseudo_header ? pseudo_header_sum(read.source, read.destination, read.payload.size()) : 0;
    seal_packet(std::span(datagram).subspan(kIpv4HeaderSize), sum);
}

}  // namespace

TEST_CASE("a v3 advert is accepted",
          "[rfc9568-7.1-1][positive] [rfc9568-7.1-2][positive] [rfc9568-7.1-3][positive] "
          "[rfc9568-7.1-5][positive] [rfc9568-5.2.2-1][positive] [rfc9568-5.1.1.3-2][positive] [unh-4.9][positive]") {
    Instance other = version3();
    other.advert_interval = std::chrono::milliseconds(300);
    const auto verdict = judge(sent_by(other), version3());
    REQUIRE(verdict.advert.has_value());
    CHECK(verdict.received);
    CHECK(verdict.advert->version == 3);
    CHECK(verdict.advert->interval == std::chrono::milliseconds(300));
    // Another interval is no reason to drop it.
    CHECK(text(sent_by(other), version3()) ==
          "(X) advertisement interval mismatch ours = 100 centi-sec rcv'd=30 centi-sec");
    CHECK(text(sent_by(version3()), version3()) == "accepted");
}

TEST_CASE("v3: version, type, length, interval and TTL",
          "[rfc9568-7.1-1][negative] [rfc9568-7.1-2][negative] "
          "[rfc9568-7.1-3][negative] [rfc9568-7.1-5][negative] [rfc9568-5.2.2-1][negative] "
          "[rfc9568-5.1.1.3-2][negative] [unh-4.1][negative] [unh-4.2][negative] [unh-4.3][negative] "
          "[unh-4.8][negative]") {
    auto datagram = sent_by(version3());
    std::string reason;
    SECTION("version") {
        datagram = sent_by(example(100));
        reason = "(X) wrong VRRP version from 10.0.0.3. Received 2 and expect 3";
    }
    SECTION("type") {
        datagram[kVersion] = 0x32;
        seal3(datagram);
        reason = "(X) Invalid packet type from 10.0.0.3. 2 and expect 1";
    }
    SECTION("length") {
        datagram.resize(datagram.size() - 1);
        reason = "(X) vrrp packet from 10.0.0.3 too short, length 35 and expect 36";
    }
    SECTION("interval of zero") {
        datagram[kVersion + 5] = 0;
        seal3(datagram);
        reason = "(X) advertisement interval of zero from 10.0.0.3";
    }
    SECTION("TTL") {
        datagram[kTtl] = 254;
        reason = "(X) invalid TTL/HL from 10.0.0.3. Received 254 and expect 255";
    }
    CHECK(text(datagram, version3()) == reason);
    CHECK_FALSE(judge(datagram, version3()).advert.has_value());
    CHECK_FALSE(judge(datagram, version3()).received);
}

TEST_CASE("v3: reserved bits are ignored", "[rfc9568-5.2.6-1][negative]") {
    auto datagram = sent_by(version3());
    datagram[kVersion + 4] |= 0xf0;
    seal3(datagram);
    const auto verdict = judge(datagram, version3());
    REQUIRE(verdict.advert.has_value());
    CHECK(verdict.advert->interval == std::chrono::seconds(1));
    CHECK(verdict.findings.empty());
}

TEST_CASE("v3: checksums with the pseudo header and without", "[rfc9568-5.2.8-1][negative] [unh-4.4][negative]") {
    auto plain = sent_by(version3());
    seal3(plain, false);
    const auto with_header = sent_by(version3());
    CHECK(text(plain, version3()) == "(X) Invalid VRRPv3 checksum from 10.0.0.3");
    CHECK(text(with_header, version3()) == "accepted");
    Instance as_v2 = version3();
    as_v2.v3_checksum_as_v2 = true;
    CHECK(sent_by(as_v2) == plain);
    CHECK(text(plain, as_v2) == "accepted");
    CHECK(text(with_header, as_v2) == "accepted");  // of a peer that lacks the keyword
    plain[kChecksum] ^= 1;
    CHECK(text(plain, as_v2) == "(X) Invalid VRRPv3 checksum from 10.0.0.3");
}

TEST_CASE("v3 unicast: a peer with the old checksum is answered in it") {
    using Form = Unicast::Checksum;
    const auto own_form = [](Form form) {
        Instance instance = unicast(version3(), {"10.0.0.3", "10.0.0.4"});
        instance.unicast->checksum = form;
        return instance;
    };
    Instance sender = unicast(version3(), {"10.0.0.1"});
    sender.unicast->checksum = Form::old;
    const auto old = sent_by(sender);
    sender.unicast->checksum = Form::by_rfc;
    const auto by_rfc = sent_by(sender);

    SECTION("automatic") {
        AdvertCodec codec(own_form(Form::automatic), kUsualMtu, nullptr);
        const auto hear = [&](const std::vector<std::uint8_t>& datagram) {
            return codec.judge(read_ipv4(datagram).value(), std::nullopt);
        };
        const auto before = codec.encode(100, address("10.0.0.1")).datagrams;
        CHECK(hear(by_rfc).findings.empty());
        auto verdict = hear(old);
        REQUIRE(verdict.advert.has_value());
        CHECK(describe(verdict.findings.at(0), "X", 51, address("10.0.0.3")) ==
              "(X) Setting unicast VRRPv3 checksum to old version for 10.0.0.3");
        CHECK(hear(old).findings.empty());
        const auto after = codec.encode(100, address("10.0.0.1")).datagrams;
        CHECK(after[0].octets[kChecksum + 1] != before[0].octets[kChecksum + 1]);
        CHECK(after[1].octets[kChecksum + 1] == before[1].octets[kChecksum + 1]);  // the other peer has not changed
        CHECK(hear(by_rfc).advert.has_value());                                    // it has been updated
    }
    SECTION("never") {
        CHECK(text(old, own_form(Form::by_rfc)) == "(X) Invalid VRRPv3 checksum from 10.0.0.3");
        CHECK(text(by_rfc, own_form(Form::by_rfc)) == "accepted");
    }
    SECTION("always") {
        CHECK(text(old, own_form(Form::old)) == "accepted");
        CHECK(text(by_rfc, own_form(Form::old)) == "(X) Invalid VRRPv3 checksum from 10.0.0.3");
    }
}

TEST_CASE("IPv6: hop limit, version and length", "[rfc9568-5.1.2.3-2][positive] [rfc9568-5.1.2.3-2][negative]") {
    auto packet = sent_by(ipv6(), "fe80::3");
    CHECK(text6(packet, ipv6()) == "accepted");
    CHECK(text6(packet, ipv6(), 254) == "(X) invalid TTL/HL from fe80::3. Received 254 and expect 255");
    CHECK(text6(packet, ipv6(2)) == "(X) wrong VRRP version from fe80::3. Received 3 and expect 2");
    CHECK(text6(sent_by(ipv6(2), "fe80::3"), ipv6(2)) == "accepted");
    packet.resize(packet.size() - 1);
    CHECK(text6(packet, ipv6()) == "(X) vrrp packet from fe80::3 too short, length 39 and expect 40");
}

TEST_CASE("unicast: any TTL, but not by multicast, nor the reverse") {
    const Instance pair = unicast(example(100), {"10.0.0.3"});
    auto datagram = sent_by(unicast(example(100), {"10.0.0.1"}));
    datagram[kTtl] = 3;
    CHECK(text(datagram, pair) == "accepted");
    CHECK(text(sent_by(example(100)), pair) ==
          "(X) Expected unicast packet but received multicast packet from 10.0.0.3");
    CHECK(text(sent_by(unicast(example(100), {"10.0.0.1"})), example(100)) ==
          "(X) Expected multicast packet but received unicast packet from 10.0.0.3");
    CHECK(text6(sent_by(ipv6(), "fe80::3"), unicast(ipv6(), {"fd00::3"}), 64, "fd00::1") == "accepted");
}

TEST_CASE("B06: check_unicast_src, min_ttl and max_ttl") {
    Instance pair = unicast(example(100), {"10.0.0.2"});
    auto datagram = sent_by(unicast(example(100), {"10.0.0.1"}), "10.0.0.5");
    CHECK(text(datagram, pair) == "accepted");
    pair.unicast->check_source = true;
    CHECK(text(datagram, pair) == "(X) unicast source address 10.0.0.5 not a unicast peer");
    CHECK(judge(datagram, pair).received);
    CHECK_FALSE(judge(datagram, pair).advert.has_value());

    pair.unicast->peers.push_back({.address = address("10.0.0.5"), .min_ttl = 250, .max_ttl = 254});
    CHECK(text(datagram, pair) == "(X) TTL/HL 255 from 10.0.0.5 is outside the range of that unicast peer");
    datagram[kTtl] = 250;
    CHECK(text(datagram, pair) == "accepted");
    datagram[kTtl] = 249;
    CHECK_FALSE(judge(datagram, pair).advert.has_value());
}

TEST_CASE("skip_check_adv_addr: of the recorded master the list is not compared, but for its length") {
    Instance instance = example(100);
    instance.skip_check_adv_addr = true;
    AdvertCodec codec(instance, kUsualMtu, nullptr);
    auto router = other();
    router.instance.addresses.back() = virtual_address("10.0.0.99");
    const auto findings = [&](const std::optional<sustain::core::Address>& master) {
        const auto datagram = router.advert();
        return codec.judge(read_ipv4(datagram).value(), master).findings.size();
    };
    CHECK(findings(address("10.0.0.3")) == 0);
    CHECK(findings(address("10.0.0.4")) == 1);
    CHECK(findings(std::nullopt) == 1);
    router.instance.addresses.pop_back();
    CHECK(findings(address("10.0.0.3")) == 1);
}

TEST_CASE("owner_ignore_adverts drops what is otherwise good") {
    Instance instance = example(255);
    instance.owner_ignore_adverts = true;
    CHECK(text(other().advert(), instance) == "(X) Dropping packet(s) from 10.0.0.3 since we are address owner");
    CHECK_FALSE(judge(other().advert(), instance).advert.has_value());
}

TEST_CASE("every truncation and every single octet that is wrong, of every kind of advert",
          "[rfc9568-7.1-3][negative]") {
    Instance hmac = version3();
    hmac.hmac.make().keys = {{1, sustain::core::Secret(std::string(32, 'k'))}};
    hmac.hmac->active_key = 1;
    hmac.hmac->window = std::chrono::seconds(5);
    Instance header = example(100);
    header.authentication = {AuthenticationType::digest, sustain::core::Secret("secret12")};
    for (const Instance& instance : {example(100), version3(), hmac, header, unicast(version3(), {"10.0.0.3"})}) {
        const auto datagram = sent_by(instance);
        const std::size_t packet = kIpv4HeaderSize;
        for (std::size_t size = 0; size < datagram.size(); ++size) {
            const auto read = read_ipv4(std::span(datagram).first(size));
            if (read && addressed_vrid(*read)) {
                CHECK_FALSE(AdvertCodec(instance, kUsualMtu, nullptr).judge(*read, {}).advert.has_value());
            }
        }
        for (std::size_t at = packet; at < datagram.size(); ++at) {
            auto spoilt = datagram;
            spoilt[at] = static_cast<std::uint8_t>(spoilt[at] ^ 0x55);
            const auto read = read_ipv4(spoilt).value();
            if (addressed_vrid(read)) {
                CHECK_FALSE(AdvertCodec(instance, kUsualMtu, nullptr).judge(read, {}).advert.has_value());
            }
        }
    }
}

TEST_CASE("counters by kind of finding") {
    Counters counters;
    for (std::size_t check = 0; check < kChecks; ++check) {
        counters.count(static_cast<Check>(check));
    }
    CHECK(counters.length_errors == 3);
    CHECK(counters.ttl_errors == 1);
    CHECK(counters.version_errors == 1);
    CHECK(counters.checksum_errors == 1);
    CHECK(counters.type_errors == 1);
    CHECK(counters.interval_errors == 2);
    CHECK(counters.address_list_errors == 3);
    CHECK(counters.authentication_type_invalid == 1);
    CHECK(counters.authentication_type_mismatch == 3);
    CHECK(counters.authentication_failures == 4);
    CHECK(counters.hmac_missing == 1);
    CHECK(counters.hmac_malformed == 1);
    CHECK(counters.hmac_stale == 1);
    CHECK(counters.hmac_unknown_key == 1);
    CHECK(counters.hmac_invalid == 1);
    CHECK(counters.hmac_replay == 1);
    CHECK(counters.received == 0);
}
