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
                                    : describe(verdict.findings.at(0), "X", 51, address("10.0.0.3"));
}

}  // namespace

TEST_CASE("a good advert is read completely") {
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

TEST_CASE("each reason to reject, with its text") {
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
    const auto expected = own("1111");
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
            (void)codec.judge(*read, std::nullopt);
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
