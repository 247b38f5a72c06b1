// Where the bytes of a text that was changed on its way (escapes removed, later: parameters inserted) stand in their
// physical line.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <vector>

namespace sustain::parser {

class Columns {
public:
    void clear() { runs_.clear(); }
    /// From this offset of the text on, bytes are those from this column (from 1) on.
    void add(std::size_t offset, std::size_t column) {
        runs_.push_back({static_cast<std::uint32_t>(offset), static_cast<std::uint32_t>(column)});
    }
    [[nodiscard]] std::uint32_t column(std::size_t offset) const {
        const auto after = std::upper_bound(runs_.begin(), runs_.end(), offset,
                                            [](std::size_t wanted, const Run& run) { return wanted < run.offset; });
        if (after == runs_.begin()) {
            return 1;
        }
        const Run& run = *std::prev(after);
        return run.column + static_cast<std::uint32_t>(offset) - run.offset;
    }

private:
    struct Run {
        std::uint32_t offset;
        std::uint32_t column;
    };
    std::vector<Run> runs_;
};

}  // namespace sustain::parser
