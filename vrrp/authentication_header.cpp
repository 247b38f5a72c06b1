#include "vrrp/authentication_header.hpp"

#include <algorithm>
#include <vector>

#include "core/bytes.hpp"
#include "vrrp/datagram.hpp"
#include "vrrp/digest.hpp"

namespace sustain::vrrp {

namespace {

constexpr std::uint8_t kLengthField = kAuthenticationHeaderSize / 4 - 2;
constexpr std::size_t kDigestOffset = 12;

}  // namespace

AuthenticationHeader authentication_header(const core::Address& source, std::uint32_t sequence) {
    core::ByteWriter out;
    out.u8(kProtocol);
    out.u8(kLengthField);
    out.u16(0);
    out.u32(source.ipv4_value());  // keepalived's security parameters index
    out.u32(sequence);
    AuthenticationHeader header{};
    std::ranges::copy(out.bytes(), header.begin());
    return header;
}

IntegrityValue integrity_value(const AuthenticationData& key, std::span<const std::uint8_t> ip,
                               std::span<const std::uint8_t> header, std::span<const std::uint8_t> packet,
                               bool multicast) {
    // What is changed on the way counts as zero (RFC 2402 3.3.3.1).
    constexpr std::size_t kTos = 1;
    constexpr std::size_t kFragment = 6;
    constexpr std::size_t kTtl = 8;
    constexpr std::size_t kChecksum = 10;
    std::vector<std::uint8_t> input(ip.begin(), ip.end());
    if (input.size() >= kIpv4HeaderSize) {
        input[kTos] = 0;
        core::put_u16(input, kFragment, 0);
        core::put_u16(input, kChecksum, 0);
        if (!multicast) {
            input[kTtl] = 0;
        }
    }
    const auto before_digest = header.first(std::min(header.size(), kDigestOffset));
    input.insert(input.end(), before_digest.begin(), before_digest.end());
    input.resize(input.size() + std::tuple_size_v<IntegrityValue>);
    input.insert(input.end(), packet.begin(), packet.end());

    const auto digest = hmac_md5({reinterpret_cast<const char*>(key.data()), key.size()}, input);
    IntegrityValue value{};
    std::copy_n(digest.begin(), value.size(), value.begin());
    return value;
}

std::uint32_t SequenceNumber::next() {
    set(last_ == std::numeric_limits<std::uint32_t>::max() ? 1 : last_ + 1);
    return last_;
}

bool SequenceNumber::accept(std::uint32_t received) {
    // Once the count has been near its end, another router may have begun again.
    const bool begun_again = ends_ && received < kNearTheEnd / 2;
    if (received <= last_ && !begun_again) {
        return false;
    }
    if (begun_again) {
        ends_ = false;
    }
    set(received);
    return true;
}

void SequenceNumber::step_over() {
    (void)next();
}

void SequenceNumber::become_master() {
    if (ends_) {
        last_ = 0;
        ends_ = false;
    }
}

}  // namespace sustain::vrrp
