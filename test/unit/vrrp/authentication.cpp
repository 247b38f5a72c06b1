// auth_type AH and auth_hmac: digests against published and captured values, sequence numbers, replays, rotation of
// keys and the modes of migration (spec/vrrp.md 1.7, 1.8; scenario B07).
#include <catch2/catch.hpp>

#include "helpers.hpp"
#include "vrrp/authentication_header.hpp"
#include "vrrp/digest.hpp"
#include "vrrp/hmac_extension.hpp"

using namespace sustain::vrrp;
using namespace sustain::vrrp::test;
using namespace std::chrono_literals;

namespace {

using Mode = HmacAuthentication::Mode;
using AntiReplay = HmacAuthentication::AntiReplay;

std::string binary_key(std::uint8_t first = 0) {
    std::string key;
    for (int i = 0; i < 32; ++i) {
        key.push_back(static_cast<char>(first + i));
    }
    return key;
}

Instance with_hmac(std::uint8_t active = 1, Mode mode = Mode::enforce, AntiReplay replay = AntiReplay::time) {
    Instance instance = example(255);
    HmacAuthentication& hmac = instance.hmac.make();
    hmac.keys = {{1, sustain::core::Secret(binary_key())}};
    hmac.keys.push_back({7, sustain::core::Secret("abcdefghijklmnopqrstuvwxyz0123456789ABCD")});
    hmac.active_key = active;
    hmac.mode = mode;
    hmac.anti_replay = replay;
    hmac.window = 5s;
    return instance;
}

Instance with_header(const char* password = "secret12") {
    Instance instance = example(100);
    instance.authentication = {AuthenticationType::digest, sustain::core::Secret(password)};
    return instance;
}

/// The time at which a captured trailer was written.
UtcTime captured(std::uint64_t seconds, std::uint64_t fraction) {
    return UtcTime(std::chrono::microseconds(seconds * 1'000'000 + (fraction * 1'000'000 + 65'535) / 65'536));
}

/// A router with a clock that we set.
struct Router {
    explicit Router(const Instance& instance) : codec(instance, kUsualMtu, [this] { return clock; }) {}
    Router(const Router&) = delete;
    Router& operator=(const Router&) = delete;

    std::vector<std::uint8_t> advert(std::string_view source = "10.0.0.3", std::uint8_t priority = 200) {
        return codec.encode(priority, address(source)).datagrams.at(0).octets;
    }
    /// What it says about a datagram; "" if it accepts it silently.
    std::string hear(const std::vector<std::uint8_t>& datagram, bool accepted = false) {
        const auto verdict = codec.judge(read_ipv4(datagram).value(), std::nullopt);
        CHECK(verdict.advert.has_value() == (verdict.findings.empty() || accepted));
        return verdict.findings.empty() ? "" : describe(verdict.findings.at(0), "X", 51, read_ipv4(datagram)->source);
    }

    UtcTime clock = captured(0x6b02e785, 0xf4c9);
    AdvertCodec codec;
};

constexpr std::size_t kTrailer = kIpv4HeaderSize + 24;  // of v2 with two addresses

}  // namespace

TEST_CASE("digests by RFC 2202 and RFC 4231") {
    const std::string_view jefe = "what do ya want for nothing?";
    const std::span data(reinterpret_cast<const std::uint8_t*>(jefe.data()), jefe.size());
    const auto md5 = hmac_md5("Jefe", data);
    CHECK(std::vector(md5.begin(), md5.end()) == octets("750c783e6ab0b503eaa86e310a5db738"));
    const auto sha = hmac_sha256("Jefe", data);
    CHECK(std::vector(sha.begin(), sha.end()) ==
          octets("5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843"));
    CHECK(equal_in_constant_time(octets("0102"), octets("0102")));
    CHECK_FALSE(equal_in_constant_time(octets("0102"), octets("0103")));
    CHECK_FALSE(equal_in_constant_time(octets("0102"), octets("010200")));
    CHECK_FALSE(equal_in_constant_time({}, octets("01")));
}

// --- AH ---

TEST_CASE("AH: an advert is accepted once, in order, whoever of the others sends it") {
    Router one(with_header());
    Router other(with_header());
    Router third(with_header());
    const auto first = one.advert();
    const auto second = one.advert();
    CHECK(other.hear(second).empty());
    CHECK(other.hear(first) ==
          "(X) IPSEC-AH : sequence number 1 already processed. Packet dropped. Local(2) (from 10.0.0.3)");
    CHECK(other.hear(second) ==
          "(X) IPSEC-AH : sequence number 2 already processed. Packet dropped. Local(2) (from 10.0.0.3)");
    // A new master goes on where the old one was.
    const auto next = other.advert("10.0.0.2");
    CHECK(next[kIpv4HeaderSize + 11] == 3);
    CHECK(third.hear(next).empty());
    CHECK(third.hear(second).find("already processed") != std::string::npos);
}

TEST_CASE("AH: what is wrong with a header") {
    Router one(with_header());
    Router other(with_header());
    auto datagram = one.advert();
    std::string reason;
    SECTION("another password") {
        datagram = Router(with_header("secret13")).advert();
        reason =
            "(X) IPSEC-AH : invalid IPSEC HMAC-MD5 value. Due to fields mutation or bad password ! (from 10.0.0.3)";
    }
    SECTION("a priority that was changed") {
        datagram[kIpv4HeaderSize + kAuthenticationHeaderSize + 2] ^= 1;
        reason =
            "(X) IPSEC-AH : invalid IPSEC HMAC-MD5 value. Due to fields mutation or bad password ! (from 10.0.0.3)";
    }
    SECTION("a sequence number that was changed") {
        datagram[kIpv4HeaderSize + 11] ^= 4;
        reason =
            "(X) IPSEC-AH : invalid IPSEC HMAC-MD5 value. Due to fields mutation or bad password ! (from 10.0.0.3)";
    }
    SECTION("none") {
        datagram = Router(example(100)).advert();
        reason = "(X) No AH header but auth type is AH from 10.0.0.3";
    }
    CHECK(other.hear(datagram) == reason);
    // It was not remembered either.
    CHECK(other.codec.encode(1, address("10.0.0.2")).datagrams.at(0).octets[kIpv4HeaderSize + 11] == 1);
    CHECK(Router(example(100)).hear(one.advert()) == "(X) Received AH header but auth type not AH from 10.0.0.3");
}

TEST_CASE("AH: another next header is dropped without a word, a foreign index is named") {
    const Instance instance = with_header();
    Router other(instance);
    const auto forge = [&](std::size_t offset, std::uint8_t value) {
        auto datagram = Router(instance).advert();
        datagram[kIpv4HeaderSize + offset] = value;
        const auto read = read_ipv4(datagram).value();
        const auto icv = integrity_value(password_data(instance.authentication), read.header,
                                         read.payload.first(kAuthenticationHeaderSize),
                                         read.payload.subspan(kAuthenticationHeaderSize), true);
        std::ranges::copy(icv, datagram.begin() + kIpv4HeaderSize + 12);
        return datagram;
    };
    const auto verdict = other.codec.judge(read_ipv4(forge(0, 17)).value(), std::nullopt);
    CHECK_FALSE(verdict.advert.has_value());
    CHECK(verdict.findings.empty());
    CHECK(other.hear(forge(7, 99)) == "(X) IPSEC AH : invalid IPSEC SPI value. 0a000063 and expect 10.0.0.3");
    CHECK(other.hear(forge(1, 4)).empty());
}

TEST_CASE("AH: the count near its end") {
    SequenceNumber number;
    CHECK(number.accept(0xfffffffc));
    CHECK_FALSE(number.accept(5));  // not yet near enough
    CHECK(number.accept(0xfffffffd));
    SECTION("a new master begins again") {
        number.become_master();
        CHECK(number.next() == 1);
    }
    SECTION("another router may begin again") {
        CHECK(number.accept(1));
        CHECK_FALSE(number.accept(1));
        CHECK(number.accept(2));
        CHECK(number.next() == 3);
    }
    SECTION("ours does") {
        CHECK(number.next() == 0xfffffffe);
        CHECK(number.next() == 0xffffffff);
        CHECK(number.next() == 1);
    }
}

TEST_CASE("AH: a master that has heard a losing advert steps over its number") {
    Driver driver([] {
        Instance instance = with_header();
        instance.priority = 150;
        return instance;
    }());
    driver.start();
    driver.pass(10s);
    driver.forget();
    Router loser(with_header());
    for (int i = 0; i < 100; ++i) {
        (void)loser.advert();
    }
    driver.receive(loser.advert("10.0.0.3", 100));
    CHECK(driver.logged("(X) IPSEC-AH : Syncing seq_num - Increment seq"));
    const auto answer = driver.all<action::SendAdvert>().at(0).datagrams.at(0).octets;
    CHECK(answer[kIpv4HeaderSize + 11] == 103);
}

// --- HMAC ---

TEST_CASE("HMAC: adverts are octet for octet those that were captured") {
    Router v2(with_hmac(1));
    CHECK(v2.advert("10.0.0.1", 255) ==
          octets("45c0004800010000ff70d0710a000001e00000122133ff020001caff0a0000640a0000650000000000000000010100006b02"
                 "e785f4c90000c14c0a2ec8c5eb19eb889497303bac23"));
    Instance instance = with_hmac(7);
    instance.version = 3;
    Router v3(instance);
    v3.clock = captured(0x6b02e789, 0x866d);
    CHECK(v3.advert("10.0.0.1", 255) ==
          octets("45c0004000010000ff70d0790a000001e00000123133ff020064d0080a0000640a000065010700006b02e789866d00009cc6"
                 "2f84f44d7b3f37a727d62b42fd63"));
}

TEST_CASE("HMAC: numbers grow within one tick of the clock, and follow a clock that is set back far") {
    Router router(with_hmac());
    const auto number = [&] {
        const auto datagram = router.advert();
        return std::vector(datagram.begin() + kTrailer + 8, datagram.begin() + kTrailer + 12);
    };
    CHECK(number() == octets("f4c90000"));
    CHECK(number() == octets("f4c90001"));
    router.clock -= 4s;
    CHECK(number() == octets("f4c90002"));
    router.clock -= 2s;
    CHECK(number() == octets("f4c90000"));
}

TEST_CASE("HMAC: what is wrong with a trailer, in the order of the checks") {
    Router sender(with_hmac());
    Router router(with_hmac());
    auto datagram = sender.advert();
    std::string reason;
    SECTION("good") {}
    SECTION("none") {
        datagram = Router(example(255)).advert();
        reason = "(X) missing authentication trailer from 10.0.0.3";
    }
    SECTION("type") {
        datagram[kTrailer] = 2;
        reason = "(X) malformed authentication trailer from 10.0.0.3";
    }
    SECTION("reserved") {
        datagram[kTrailer + 3] = 1;
        reason = "(X) malformed authentication trailer from 10.0.0.3";
    }
    SECTION("too old") {
        router.clock += 10s;
        reason = "(X) stale authentication trailer from 10.0.0.3, clock skew 10 sec exceeds window 5 sec";
    }
    SECTION("from the future") {
        sender.clock += 10s;
        datagram = sender.advert();
        reason = "(X) stale authentication trailer from 10.0.0.3, clock skew 10 sec exceeds window 5 sec";
    }
    SECTION("key") {
        datagram[kTrailer + 1] = 9;
        reason = "(X) unknown authentication key id 9 from 10.0.0.3";
    }
    SECTION("another key of ours") {
        datagram[kTrailer + 1] = 7;
        reason = "(X) invalid authentication HMAC from 10.0.0.3";
    }
    SECTION("a digest that was changed") {
        datagram.back() ^= 0x80;
        reason = "(X) invalid authentication HMAC from 10.0.0.3";
    }
    SECTION("another source") {
        datagram[15] = 4;
        reason = "(X) invalid authentication HMAC from 10.0.0.4";
    }
    SECTION("another virtual router") {
        datagram[kIpv4HeaderSize + 1] = 52;
        reason = "(X) invalid authentication HMAC from 10.0.0.3";
    }
    SECTION("again") {
        CHECK(router.hear(datagram).empty());
        reason = "(X) replayed authentication trailer from 10.0.0.3";
    }
    SECTION("an older one") {
        const auto newer = sender.advert();
        CHECK(router.hear(newer).empty());
        reason = "(X) replayed authentication trailer from 10.0.0.3";
    }
    CHECK(router.hear(datagram) == reason);
}

TEST_CASE("HMAC: a large skew is worth a word, but no reason to reject") {
    Router sender(with_hmac());
    Router router(with_hmac());
    router.clock += 3s;
    CHECK(router.hear(sender.advert(), true) ==
          "(X) authentication clock skew 3 sec from 10.0.0.3 approaching window 5 sec");
}

TEST_CASE("HMAC: a forged trailer is not remembered") {
    Router sender(with_hmac());
    Router router(with_hmac());
    const auto good = sender.advert();
    auto forged = sender.advert();
    forged.back() ^= 1;
    CHECK_FALSE(router.hear(forged).empty());
    CHECK(router.hear(good).empty());
}

TEST_CASE("HMAC: monotonic mode knows no clock") {
    Router sender(with_hmac(1, Mode::enforce, AntiReplay::monotonic));
    Router router(with_hmac(1, Mode::enforce, AntiReplay::monotonic));
    router.clock += std::chrono::hours(10'000);
    const auto first = sender.advert();
    CHECK(router.hear(first).empty());
    sender.clock -= 60s;  // the count goes on
    CHECK(router.hear(sender.advert()).empty());
    CHECK(router.hear(first) == "(X) replayed authentication trailer from 10.0.0.3");
}

TEST_CASE("HMAC: keys are rotated without a gap") {
    Router old_key(with_hmac(1));
    Router new_key(with_hmac(7));
    Router router(with_hmac(1));
    CHECK(router.hear(old_key.advert()).empty());
    new_key.clock += 1s;
    CHECK(router.hear(new_key.advert()).empty());
}

TEST_CASE("HMAC: a reload forgets neither senders nor numbers") {
    Router sender(with_hmac());
    Router router(with_hmac());
    const auto datagram = sender.advert();
    CHECK(router.hear(datagram).empty());
    router.codec.configure(with_hmac(7), kUsualMtu);
    CHECK(router.hear(datagram) == "(X) replayed authentication trailer from 10.0.0.3");
}

TEST_CASE("HMAC: modes of migration") {
    const auto plain = Router(example(255)).advert();
    const auto signed_one = Router(with_hmac()).advert();
    auto spoilt = signed_one;
    spoilt.back() ^= 1;
    SECTION("permissive sends a trailer and accepts adverts without one") {
        Router router(with_hmac(1, Mode::permissive));
        CHECK(router.advert().size() == signed_one.size());
        CHECK(router.hear(plain).empty());
        CHECK(router.hear(spoilt) == "(X) invalid authentication HMAC from 10.0.0.3");
        CHECK(router.hear(signed_one).empty());
    }
    SECTION("receive-only sends none and accepts both") {
        Router router(with_hmac(1, Mode::receive_only));
        CHECK(router.advert() == plain);
        CHECK(router.hear(plain).empty());
        CHECK(router.hear(spoilt) == "(X) invalid authentication HMAC from 10.0.0.3");
        CHECK(router.hear(signed_one).empty());
    }
    SECTION("a router without the extension finds it too long") {
        CHECK(Router(example(255)).hear(signed_one) ==
              "(X) vrrp packet from 10.0.0.3 too long, length 72 and expect 44");
    }
}

TEST_CASE("HMAC: a memory that is full has no hole") {
    ReplayMemory memory;
    const auto sender = [](std::size_t i) { return sustain::core::Address::ipv4(static_cast<std::uint32_t>(i)); };
    constexpr std::size_t kMany = 100;
    for (std::size_t i = 0; i < kMany; ++i) {
        CHECK(memory.accept(sender(i), 1000 + i));
    }
    for (std::size_t i = 0; i < kMany; ++i) {
        CHECK_FALSE(memory.accept(sender(i), 1000 + i));
    }
    CHECK(memory.accept(sender(0), 1000 + kMany));
    // a sender that was never heard, with a number older than all that had to be forgotten
    CHECK_FALSE(memory.accept(sender(kMany), 1000));
}

TEST_CASE("HMAC: of a unicast router, sources that are no peers are dropped") {
    Instance instance = with_hmac();
    instance.unicast.make().peers.push_back({.address = address("10.0.0.2")});
    Router sender(instance);
    Instance other = with_hmac();
    other.unicast.make().peers.push_back({.address = address("10.0.0.3")});
    Router router(other);
    CHECK(router.hear(sender.advert("10.0.0.3")).empty());
    CHECK(router.hear(sender.advert("10.0.0.5")) == "(X) unicast source address 10.0.0.5 not a unicast peer");
}

TEST_CASE("HMAC: copies to several peers carry one trailer") {
    Instance instance = with_hmac();
    instance.version = 3;
    for (const char* peer : {"10.0.0.2", "10.0.0.3"}) {
        instance.unicast.make().peers.push_back({.address = address(peer)});
    }
    const auto sent = AdvertCodec(instance, kUsualMtu, nullptr).encode(255, address("10.0.0.1")).datagrams;
    REQUIRE(sent.size() == 2);
    CHECK(std::equal(sent[0].octets.end() - kHmacTrailerSize, sent[0].octets.end(),
                     sent[1].octets.end() - kHmacTrailerSize));
    CHECK_FALSE(sent[0].octets == sent[1].octets);
}

TEST_CASE("HMAC over IPv6: the digest covers what the specification says, with the whole source address") {
    Instance instance;
    instance.name = "X";
    instance.vrid = 51;
    instance.version = 3;
    instance.priority = 100;
    instance.address_family = sustain::core::Address::Family::ipv6;
    instance.addresses = {virtual_address("fe80::100", 64)};
    instance.hmac = with_hmac(7).hmac;
    Router router(instance);
    const auto source = address("fe80::1");
    const auto octets_sent = router.codec.encode(100, source).datagrams.at(0).octets;
    constexpr std::size_t kPdu = 8 + 16;
    REQUIRE(octets_sent.size() == kPdu + kHmacTrailerSize);
    // Put together by hand (spec/vrrp.md 1.8).
    std::vector<std::uint8_t> input{6, 3, 51, 0};
    input.insert(input.end(), source.octets().begin(), source.octets().end());
    input.insert(input.end(), octets_sent.begin(), octets_sent.begin() + kPdu + 12);
    input[20 + 6] = input[20 + 7] = 0;
    input.insert(input.end(), 16, 0);
    const auto digest = hmac_sha256("abcdefghijklmnopqrstuvwxyz0123456789ABCD", input);
    const std::span trailer = std::span(octets_sent).subspan(kPdu);
    CHECK(trailer[0] == 1);
    CHECK(trailer[1] == 7);
    CHECK(std::ranges::equal(trailer.subspan(12), std::span(digest).first(16)));

    const auto hear = [&](const std::string& from, std::span<const std::uint8_t> payload) {
        Router other(instance);
        const auto datagram = received_ipv6(address(from), address("ff02::12"), 255, payload);
        const auto verdict = other.codec.judge(datagram, std::nullopt);
        CHECK(verdict.advert.has_value() == verdict.findings.empty());
        return verdict.findings.empty() ? "" : describe(verdict.findings.at(0), "X", 51, datagram.source);
    };
    CHECK(hear("fe80::1", octets_sent).empty());
    CHECK(hear("fe80::2", octets_sent) == "(X) invalid authentication HMAC from fe80::2");
    CHECK(hear("fe81::1", octets_sent) == "(X) invalid authentication HMAC from fe81::1");
    auto changed = octets_sent;
    changed[2] ^= 1;
    CHECK(hear("fe80::1", changed) == "(X) invalid authentication HMAC from fe80::1");
    changed = octets_sent;
    changed[6] ^= 1;  // its checksum is the kernel's
    CHECK(hear("fe80::1", changed).empty());
    CHECK(hear("fe80::1", std::span(octets_sent).first(kPdu)) == "(X) missing authentication trailer from fe80::1");
}
