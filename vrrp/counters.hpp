// What one virtual router has counted since the child started (spec/vrrp.md 15).
#pragma once

#include <cstdint>

#include "vrrp/finding.hpp"

namespace sustain::vrrp {

struct Counters {
    std::uint64_t received = 0;  ///< adverts that passed the checks
    std::uint64_t sent = 0;      ///< priority 0 included
    std::uint64_t became_master = 0;
    std::uint64_t released_master = 0;
    std::uint64_t length_errors = 0;
    std::uint64_t ttl_errors = 0;
    std::uint64_t version_errors = 0;
    std::uint64_t checksum_errors = 0;
    std::uint64_t type_errors = 0;
    std::uint64_t interval_errors = 0;
    std::uint64_t address_list_errors = 0;
    std::uint64_t authentication_type_invalid = 0;
    std::uint64_t authentication_type_mismatch = 0;
    std::uint64_t authentication_failures = 0;
    std::uint64_t hmac_missing = 0;
    std::uint64_t hmac_malformed = 0;
    std::uint64_t hmac_unknown_key = 0;
    std::uint64_t hmac_invalid = 0;
    std::uint64_t hmac_stale = 0;
    std::uint64_t hmac_replay = 0;
    std::uint64_t priority_zero_received = 0;
    std::uint64_t priority_zero_sent = 0;

    void count(Check finding);
};

}  // namespace sustain::vrrp
