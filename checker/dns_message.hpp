// The query of a DNS_CHECK and what its answers amount to (RFC 1035 section 4, spec/lvs.md 5.7). No I/O.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "checker/config/network_checks.hpp"

namespace sustain::checker {

/// A recursive query for the name and type of the check. Nothing if the name does not fit into one (DnsCheck::name).
[[nodiscard]] std::optional<std::vector<std::uint8_t>> make_dns_query(const DnsCheck& check, std::uint16_t id);

struct DnsAnswer {
    enum class Kind : std::uint8_t {
        foreign,  ///< not an answer to the query: the right one may still come
        good,
        bad,  ///< the server says that it cannot answer
    };
    Kind kind = Kind::foreign;
    std::uint8_t response_code = 0;
};

/// Only the header counts: an answer without error is a good one whatever follows, and however it is compressed.
[[nodiscard]] DnsAnswer read_dns_answer(std::span<const std::uint8_t> datagram, std::uint16_t id);

}  // namespace sustain::checker
