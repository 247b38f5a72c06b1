#include "vrrp/counters.hpp"

namespace sustain::vrrp {

void Counters::count(Check finding) {
    switch (finding) {
        case Check::too_short:
        case Check::too_long:
        case Check::ip_length: ++length_errors; return;
        case Check::ttl: ++ttl_errors; return;
        case Check::version: ++version_errors; return;
        case Check::authentication_type_invalid: ++authentication_type_invalid; return;
        case Check::authentication_type_mismatch: ++authentication_type_mismatch; return;
        case Check::authentication_failure: ++authentication_failures; return;
        case Check::interval: ++interval_errors; return;
        case Check::type: ++type_errors; return;
        case Check::checksum: ++checksum_errors; return;
        case Check::destination:
        case Check::address_count:
        case Check::address_missing: ++address_list_errors; return;
    }
}

}  // namespace sustain::vrrp
