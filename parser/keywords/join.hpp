// Tables share rows: a table is put together, at compile time, from rows of its own and arrays of rows that functions
// make.
//
//     constexpr auto kRows = join(timing_rows<Server>(Level::real_server), std::array{Keyword{…}, Keyword{…}});
#pragma once

#include <algorithm>
#include <array>

#include "parser/keyword.hpp"

namespace sustain::parser {

template <std::size_t... Sizes>
constexpr std::array<Keyword, (Sizes + ...)> join(const std::array<Keyword, Sizes>&... parts) {
    std::array<Keyword, (Sizes + ...)> rows{};
    auto end = rows.begin();
    ((end = std::ranges::copy(parts, end).out), ...);
    return rows;
}

/// All of them.
template <std::size_t Size>
constexpr std::array<Keyword, Size> not_yet(std::array<Keyword, Size> rows, std::string_view note = {}) {
    for (Keyword& row : rows) {
        row = not_yet(row, note);
    }
    return rows;
}

}  // namespace sustain::parser
