// PING_CHECK uses ping sockets, which the kernel gives to groups within net.ipv4.ping_group_range only: none, as it
// starts. While there are such checks, the range begins with our group, 0 (spec/lvs.md 5.9).
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "checker/config.hpp"

namespace sustain::daemon {

/// Two numbers, as the kernel writes them.
[[nodiscard]] std::optional<std::pair<std::uint32_t, std::uint32_t>> parse_group_range(std::string_view text);

class PingGroupRange {
public:
    static constexpr std::string_view kFile = "/proc/sys/net/ipv4/ping_group_range";

    explicit PingGroupRange(std::string file = std::string(kFile)) : file_(std::move(file)) {}

    /// Lowers the first number to 0 and leaves the second one, if the configuration has a PING_CHECK. Where that is
    /// not allowed it is logged, and such checks are not made.
    void prepare(const checker::Config& config);
    /// Puts back what was there, unless somebody else has changed it since.
    void restore();

private:
    std::string file_;
    std::optional<std::pair<std::uint32_t, std::uint32_t>> before_;
};

}  // namespace sustain::daemon
