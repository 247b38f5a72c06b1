#include "parser/columns.hpp"

#include <algorithm>
#include <utility>

namespace sustain::parser {

Columns::Origin Columns::at(std::size_t offset) const {
    const auto after = std::upper_bound(runs_.begin(), runs_.end(), offset,
                                        [](std::size_t wanted, const Run& run) { return wanted < run.offset; });
    if (after == runs_.begin()) {
        return {};
    }
    const Run& run = *std::prev(after);
    Origin origin = run.origin;
    if (origin.width == 0) {
        origin.column += static_cast<std::uint32_t>(offset) - run.offset;
    }
    return origin;
}

void Columns::append(std::size_t offset, const Columns& other, std::size_t from) {
    add(offset, other.at(from));
    for (const Run& run : other.runs_) {
        if (run.offset > from) {
            add(offset + run.offset - from, run.origin);
        }
    }
}

void Columns::truncate(std::size_t offset) {
    while (!runs_.empty() && runs_.back().offset >= offset) {
        runs_.pop_back();
    }
}

void Columns::resolve(const Columns& text) {
    const std::vector<Run> runs = std::exchange(runs_, {});
    for (const Run& run : runs) {
        truncate(run.offset);
        append(run.offset, text, run.origin.column - 1);
    }
}

void Columns::set_expansion(ExpansionNumber expansion) {
    for (Run& run : runs_) {
        run.origin.expansion = expansion;
    }
}

}  // namespace sustain::parser
