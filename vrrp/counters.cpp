#include "vrrp/counters.hpp"

namespace sustain::vrrp {

void Counters::count(Check finding) {
    switch (finding) {
        case Check::too_short:
        case Check::too_long:
        case Check::ip_length: ++length_errors; return;
        case Check::ttl: ++ttl_errors; return;
        case Check::version: ++version_errors; return;
        case Check::hmac_missing: ++hmac_missing; return;
        case Check::hmac_malformed: ++hmac_malformed; return;
        case Check::hmac_stale: ++hmac_stale; return;
        case Check::hmac_unknown_key: ++hmac_unknown_key; return;
        case Check::hmac_invalid: ++hmac_invalid; return;
        case Check::hmac_replay: ++hmac_replay; return;
        case Check::authentication_type_invalid: ++authentication_type_invalid; return;
        case Check::header_unexpected:
        case Check::header_missing:
        case Check::authentication_type_mismatch: ++authentication_type_mismatch; return;
        case Check::authentication_failure:
        case Check::integrity:
        case Check::security_index:
        case Check::sequence: ++authentication_failures; return;
        case Check::interval:
        case Check::interval_zero: ++interval_errors; return;
        case Check::type: ++type_errors; return;
        case Check::checksum: ++checksum_errors; return;
        case Check::destination:
        case Check::address_count:
        case Check::address_missing: ++address_list_errors; return;
        case Check::own_address:
        case Check::unicast_source:
        case Check::unicast_ttl:
        case Check::hmac_skew:
        case Check::interval_differs:
        case Check::old_checksum:
        case Check::new_checksum: return;
    }
}

}  // namespace sustain::vrrp
