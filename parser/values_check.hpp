// The grammars of values that only health checks have (spec/syntax.md 14.5, spec/keywords-lvs.tsv).
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "checker/config.hpp"

namespace sustain::parser {

/// payload and require_reply: pairs of hexadecimal digits, blanks between them where one likes; a digit alone is a
/// byte. With wildcards, x stands for a digit that does not matter. At least one byte.
enum class Wildcards : std::uint8_t { refused, taken };
[[nodiscard]] std::optional<checker::BytePattern> read_hex(std::string_view text, Wildcards wildcards);

/// status_code: CODE or CODE-CODE, ascending, from 100 to 599.
[[nodiscard]] std::optional<checker::StatusRange> read_status_range(std::string_view word);

/// Whether these are 32 hexadecimal digits.
[[nodiscard]] bool is_digest(std::string_view word);

/// A, NS, …, in any case.
[[nodiscard]] std::optional<checker::DnsType> read_dns_type(std::string_view word);

/// The domain without its trailing dot; "." and "" are the root. No value: one of its labels is empty.
[[nodiscard]] std::optional<std::string> read_domain(std::string_view word);
/// Whether a query can ask for it (RFC 1035 2.3.4).
[[nodiscard]] bool fits_query(std::string_view domain);

/// One of the words of regex_options.
[[nodiscard]] std::optional<checker::RegexOption> read_regex_option(std::string_view word);

}  // namespace sustain::parser
