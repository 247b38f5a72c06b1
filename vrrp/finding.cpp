#include "vrrp/finding.hpp"

#include <fmt/format.h>

namespace sustain::vrrp {

std::string describe(const Finding& finding, std::string_view instance, std::uint8_t vrid,
                     const core::Address& source) {
    const auto& [check, received, expected, address] = finding;
    const auto line = [&]<typename... Args>(fmt::format_string<std::string_view&, Args...> format, Args&&... args) {
        std::string_view name = instance;
        return fmt::format(format, name, std::forward<Args>(args)...);
    };
    switch (check) {
        case Check::header_unexpected: return line("({}) Received AH header but auth type not AH from {}", source);
        case Check::header_missing: return line("({}) No AH header but auth type is AH from {}", source);
        case Check::too_short:
            return line("({}) vrrp packet from {} too short, length {} and expect {}", source, received, expected);
        case Check::too_long:
            return line("({}) vrrp packet from {} too long, length {} and expect {}", source, received, expected);
        case Check::ttl:
            return line("({}) invalid TTL/HL from {}. Received {} and expect {}", source, received, expected);
        case Check::version:
            return line("({}) wrong VRRP version from {}. Received {} and expect {}", source, received, expected);
        case Check::hmac_missing: return line("({}) missing authentication trailer from {}", source);
        case Check::hmac_malformed: return line("({}) malformed authentication trailer from {}", source);
        case Check::hmac_stale:
            return line("({}) stale authentication trailer from {}, clock skew {} sec exceeds window {} sec", source,
                        received, expected);
        case Check::hmac_unknown_key: return line("({}) unknown authentication key id {} from {}", received, source);
        case Check::hmac_invalid: return line("({}) invalid authentication HMAC from {}", source);
        case Check::hmac_replay: return line("({}) replayed authentication trailer from {}", source);
        case Check::hmac_skew:
            return line("({}) authentication clock skew {} sec from {} approaching window {} sec", received, source,
                        expected);
        case Check::authentication_type_invalid: return line("({}) Invalid auth type from {}: {}", source, received);
        case Check::authentication_type_mismatch:
            return line("({}) received a {} auth from {}, expecting {}!", received, source, expected);
        case Check::authentication_failure: return line("({}) received an invalid passwd from {}!", source);
        case Check::integrity:
            return line(
                "({}) IPSEC-AH : invalid IPSEC HMAC-MD5 value. Due to fields mutation or bad password ! (from {})",
                source);
        case Check::security_index:
            return line("({}) IPSEC AH : invalid IPSEC SPI value. {} and expect {}", fmt::format("{:08x}", received),
                        source);
        case Check::sequence:
            return line("({}) IPSEC-AH : sequence number {} already processed. Packet dropped. Local({}) (from {})",
                        received, expected, source);
        case Check::interval:
            return line("({}) advertisement interval mismatch with {} mine={} sec rcv'd={} sec", source, expected,
                        received);
        case Check::interval_zero: return line("({}) advertisement interval of zero from {}", source);
        case Check::interval_differs:
            return line("({}) advertisement interval mismatch ours = {} centi-sec rcv'd={} centi-sec", expected,
                        received);
        case Check::type: return line("({}) Invalid packet type from {}. {} and expect {}", source, received, expected);
        case Check::ip_length:
            return line("({}) ip_tot_len mismatch against received length from {}. {} and received {}", source,
                        received, expected);
        case Check::checksum: return line("({}) Invalid VRRPv{} checksum from {}", expected, source);
        case Check::old_checksum: return line("({}) Setting unicast VRRPv3 checksum to old version for {}", source);
        case Check::new_checksum: return line("({}) Setting unicast VRRPv3 checksum to new version for {}", source);
        case Check::destination:
            // `expected`: whether adverts come by multicast
            return expected != 0 ? line("({}) Expected multicast packet but received unicast packet from {}", source)
                                 : line("({}) Expected unicast packet but received multicast packet from {}", source);
        case Check::own_address: return line("({}) Dropping packet(s) from {} since we are address owner", source);
        case Check::unicast_source: return line("({}) unicast source address {} not a unicast peer", source);
        case Check::unicast_ttl:
            return line("({}) TTL/HL {} from {} is outside the range of that unicast peer", received, source);
        case Check::address_count: return line("({}) expected {} VIPs but received {}", expected, received);
        case Check::address_missing:
            return line("({}) ip address associated with VRID {} not present in advert from {}: {}", vrid, source,
                        address);
    }
    return {};
}

}  // namespace sustain::vrrp
