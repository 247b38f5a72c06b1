// The parts of route lines that have files of their own.
#pragma once

#include "parser/keywords/line_options.hpp"

namespace sustain::parser {

/// The type of a route by its name or number (RTN_…, 0 to 255). No value: it is none.
[[nodiscard]] std::optional<std::uint8_t> read_route_type(std::string_view word);

/// What follows `encap` (spec/routes-rules.md 3.1). False: it is faulty, which is reported; then the word that is read
/// is the last one that was understood.
[[nodiscard]] bool read_encapsulation(Context& context, const Statement& statement, EntryLine& line,
                                      core::Boxed<vrrp::Encapsulation>& target);

/// From the first `nexthop` to the end of the line (spec/routes-rules.md 3.3).
void read_next_hops(Context& context, const Statement& statement);

/// `mtu [lock] NUMBER` and its like: [lock] where the row says so, then a number.
void set_metric(Context& context, const Statement& statement, vrrp::RouteMetric::Kind kind);
/// `rtt [lock] TIME` and its like.
void set_time_metric(Context& context, const Statement& statement, vrrp::RouteMetric::Kind kind,
                     std::uint32_t units_per_millisecond);
void set_features(Context& context, const Statement& statement);
void set_congestion_control(Context& context, const Statement& statement);

}  // namespace sustain::parser
