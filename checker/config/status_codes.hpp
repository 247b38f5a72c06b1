// The HTTP status codes that count as success.
#pragma once

#include <algorithm>
#include <cstdint>
#include <tuple>
#include <vector>

namespace sustain::checker {

/// From 100 to 599, both included.
struct StatusRange {
    std::uint16_t first = 0;
    std::uint16_t last = 0;

    [[nodiscard]] auto identity() const { return std::tie(first, last); }
    bool operator==(const StatusRange&) const = default;
};

/// Equal if the same codes are in it, however they were written.
class StatusCodes {
public:
    void add(StatusRange range) {
        const auto reaches = [](const StatusRange& a, const StatusRange& b) { return a.last + 1 >= b.first; };
        const auto begin = std::ranges::find_if(ranges_, [&](const auto& other) { return reaches(other, range); });
        const auto end = std::find_if(begin, ranges_.end(), [&](const auto& other) { return !reaches(range, other); });
        if (begin != end) {
            range = {std::min(range.first, begin->first), std::max(range.last, (end - 1)->last)};
        }
        ranges_.insert(ranges_.erase(begin, end), range);
    }
    [[nodiscard]] bool empty() const { return ranges_.empty(); }
    /// Nothing written means 200 to 299.
    [[nodiscard]] bool contains(unsigned code) const {
        const auto holds = [&](const StatusRange& range) { return code >= range.first && code <= range.last; };
        return ranges_.empty() ? holds({200, 299}) : std::ranges::any_of(ranges_, holds);
    }

    [[nodiscard]] auto identity() const { return std::tie(ranges_); }
    bool operator==(const StatusCodes&) const = default;

private:
    std::vector<StatusRange> ranges_;  ///< ascending, with gaps between them
};

}  // namespace sustain::checker
