// Fuzzes the judging of received adverts: VRRPv2 and v3, IPv4 and IPv6, multicast and unicast, AH and HMAC. The first
// octet of the input chooses the virtual router, the second what is made right again before the router sees it (the
// checksum, the digest of AH, that of HMAC), so that what lies behind those checks is reached, too. The rest is a
// datagram as a raw socket delivers it.
#include <string>
#include <vector>

#include "core/bytes.hpp"
#include "promise.hpp"
#include "vrrp/advert_codec.hpp"
#include "vrrp/checksum.hpp"

using namespace sustain;
using namespace sustain::vrrp;
using sustain::fuzz::check;

namespace {

constexpr std::uint8_t kIpv6 = 1;
constexpr std::uint8_t kVersion3 = 2;
constexpr std::uint8_t kUnicast = 4;
constexpr std::uint8_t kHmac = 8;
constexpr std::uint8_t kHeader = 16;
constexpr std::uint8_t kPassword = 32;
constexpr std::uint8_t kVariant = 64;  // of checksums, modes and comparisons

core::Address address(const char* text) {
    return core::Address::parse(text).value();
}

Instance instance_for(std::uint8_t kind) {
    Instance instance;
    instance.name = "X";
    instance.interface = "eth0";
    instance.vrid = 51;
    const bool ipv6 = (kind & kIpv6) != 0;
    const bool variant = (kind & kVariant) != 0;
    instance.address_family = ipv6 ? core::Address::Family::ipv6 : core::Address::Family::ipv4;
    instance.version = (kind & kVersion3) != 0 ? 3 : 2;
    for (const char* text : {ipv6 ? "fe80::1:100" : "10.0.0.100", ipv6 ? "fd00::101" : "10.0.0.101"}) {
        instance.addresses.emplace_back().prefix = {address(text), ipv6 ? std::uint8_t{128} : std::uint8_t{24}};
    }
    instance.v3_checksum_as_v2 = variant;
    instance.skip_check_adv_addr = variant;
    if ((kind & kUnicast) != 0) {
        instance.unicast.make().peers.push_back(
            {.address = address(ipv6 ? "fe80::3" : "10.0.0.3"), .min_ttl = 2, .max_ttl = 250});
        instance.unicast->check_source = variant;
    }
    if ((kind & kHmac) != 0) {
        HmacAuthentication& hmac = instance.hmac.make();
        hmac.keys.push_back({1, core::Secret(std::string(32, 'k'))});
        hmac.active_key = 1;
        hmac.window = std::chrono::seconds(5);
        hmac.mode = variant ? HmacAuthentication::Mode::permissive : HmacAuthentication::Mode::enforce;
        hmac.anti_replay = variant ? HmacAuthentication::AntiReplay::monotonic : HmacAuthentication::AntiReplay::time;
    } else if (instance.version == 2 && !ipv6 && (kind & (kHeader | kPassword)) != 0) {
        instance.authentication = {(kind & kHeader) != 0 ? AuthenticationType::digest : AuthenticationType::password,
                                   core::Secret("secret12")};
    }
    return instance;
}

/// The octets of a datagram with what `repairs` says made right.
void repair(std::vector<std::uint8_t>& octets, const Instance& instance, std::uint8_t repairs) {
    const bool ipv6 = instance.address_family == core::Address::Family::ipv6;
    if (octets.size() < (ipv6 ? 8U : 28U)) {
        return;
    }
    if (!ipv6 && (repairs & 16) != 0) {
        octets[0] = 0x45;
        core::put_u16(octets, 2, static_cast<std::uint16_t>(octets.size()));
        octets[9] = instance.authentication.type == AuthenticationType::digest ? kAhProtocol : kProtocol;
    }
    const auto datagram = ipv6 ? std::nullopt : read_ipv4(octets);
    std::size_t begin = ipv6 ? 0 : datagram ? datagram->header.size() : 0;
    if (datagram && datagram->protocol == kAhProtocol) {
        begin += kAuthenticationHeaderSize;
    }
    if (octets.size() < begin + kPacketHeaderSize) {
        return;
    }
    const std::size_t promised = kPacketHeaderSize + octets[begin + 3] * (ipv6 ? 16U : 4U) +
                                 authentication_data_size(instance.version, instance.address_family);
    const auto packet = std::span(octets).subspan(begin, std::min(promised, octets.size() - begin));
    if (datagram && (repairs & 1) != 0) {
        seal_packet(packet, instance.version == 3 && (repairs & 8) == 0
                                ? pseudo_header_sum(datagram->source, datagram->destination, packet.size())
                                : 0);
    }
    if (datagram && (repairs & 2) != 0 && datagram->protocol == kAhProtocol) {
        const auto value = integrity_value(password_data(instance.authentication), datagram->header,
                                           datagram->payload.first(kAuthenticationHeaderSize), packet,
                                           datagram->destination.is_multicast());
        std::ranges::copy(value, std::span(octets).subspan(datagram->header.size() + 12).begin());
    }
    if ((repairs & 4) != 0 && instance.hmac && octets.size() == begin + promised + kHmacTrailerSize) {
        HmacExtension signer;
        signer.set(*instance.hmac, 0);
        const core::Address source = datagram ? datagram->source : address("fe80::3");
        signer.sign({source, instance.version, packet[1]}, packet, std::span(octets).last(kHmacTrailerSize), UtcTime());
    }
}

void judge(const Instance& instance, const std::vector<std::uint8_t>& octets) {
    const bool ipv6 = instance.address_family == core::Address::Family::ipv6;
    const auto datagram =
        ipv6 ? received_ipv6(address("fe80::3"), address(instance.unicast ? "fe80::1" : "ff02::12"), 255, octets)
             : read_ipv4(octets);
    if (!datagram || !addressed_vrid(*datagram)) {
        return;
    }
    AdvertCodec codec(instance, kUsualMtu, nullptr);
    (void)codec.encode(100, address(ipv6 ? "fe80::1" : "10.0.0.1"));
    const Verdict verdict = codec.judge(*datagram, std::nullopt);
    for (const Finding& finding : verdict.findings) {
        check(!describe(finding, "X", 51, datagram->source).empty(), "every finding has a text");
        check(!rejects(finding.check) || !verdict.advert, "what rejects an advert rejects it");
    }
    if (!verdict.advert) {
        return;
    }
    check(verdict.received, "what is acted upon counts as received");
    check(verdict.advert->version == instance.version, "only our version is accepted");
    check(instance.unicast || datagram->ttl == kAdvertTtl, "no multicast advert has crossed a router");
    check(datagram->destination.is_multicast() != instance.unicast.has_value(), "each kind stays among itself");
    check(verdict.advert->interval.count() > 0, "no interval is zero");
    check(datagram->length < 4608, "no accepted advert is longer than the receive buffer");
    const bool signed_one = instance.hmac && instance.hmac->mode == HmacAuthentication::Mode::enforce;
    if (signed_one || instance.authentication.type == AuthenticationType::digest) {
        check(!codec.judge(*datagram, std::nullopt).advert, "an authentic advert is accepted once");
    }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    core::ByteReader in(std::span(data, size));
    const Instance instance = instance_for(in.u8());
    const std::uint8_t repairs = in.u8();
    std::vector<std::uint8_t> octets(in.rest().begin(), in.rest().end());
    repair(octets, instance, repairs);
    judge(instance, octets);
    return 0;
}
