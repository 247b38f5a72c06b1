#include "parser/keyword.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <bit>
#include <numeric>

#include "parser/keywords/tables.hpp"

namespace sustain::parser {

namespace {

std::size_t hash(std::string_view word) {
    const auto at = [&](std::size_t i) { return static_cast<unsigned char>(word[i]); };
    return word.empty() ? 0 : word.size() * 37 + at(0) * 7U + at(word.size() / 2) * 31U + at(word.size() - 1) * 131U;
}

/// Levenshtein distance without regard to case; words as long as a line are none of ours.
std::size_t distance(std::string_view a, std::string_view b) {
    std::vector<std::size_t> row(b.size() + 1);
    std::iota(row.begin(), row.end(), std::size_t{0});
    const auto lower = [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; };
    for (std::size_t i = 0; i < a.size(); ++i) {
        std::size_t diagonal = std::exchange(row[0], i + 1);
        for (std::size_t j = 0; j < b.size(); ++j) {
            const std::size_t substitution = diagonal + (lower(a[i]) == lower(b[j]) ? 0 : 1);
            diagonal = row[j + 1];
            row[j + 1] = std::min({substitution, row[j] + 1, row[j + 1] + 1});
        }
    }
    return row.back();
}

}  // namespace

BlockTable::BlockTable(std::string_view path, std::span<const Keyword> keywords)
    : path_(path), keywords_(keywords), index_(std::bit_ceil(keywords.size() * 4 + 4)) {
    for (std::size_t i = 0; i < keywords.size(); ++i) {
        std::size_t slot = hash(keywords[i].name) & (index_.size() - 1);
        while (index_[slot] != 0) {
            slot = (slot + 1) & (index_.size() - 1);
        }
        index_[slot] = static_cast<std::uint16_t>(i + 1);
    }
}

const Keyword* BlockTable::find(std::string_view word) const {
    for (std::size_t slot = hash(word) & (index_.size() - 1); index_[slot] != 0;
         slot = (slot + 1) & (index_.size() - 1)) {
        const Keyword& keyword = keywords_[index_[slot] - 1U];
        if (keyword.name == word) {
            return &keyword;
        }
    }
    return nullptr;
}

const Keyword* BlockTable::closest(std::string_view word) const {
    constexpr std::size_t kLongest = 40;
    if (word.size() > kLongest || word.size() < 3) {
        return nullptr;
    }
    const Keyword* best = nullptr;
    std::size_t least = word.size() / 4 + 2;  // more than this is another word
    for (const Keyword& keyword : keywords_) {
        if (const auto d = distance(word, keyword.name); d < least) {
            least = d;
            best = &keyword;
        }
    }
    return best;
}

const std::vector<BlockTable>& keyword_tables() {
    static const std::vector<BlockTable> tables = [] {
        std::vector<BlockTable> all = {top_level_table(),      global_defs_table(),  vrrp_instance_table(),
                                       authentication_table(), address_line_table(), virtual_server_table(),
                                       real_server_table(),    tcp_check_table()};
        for (const auto& more : {later_block_tables(), later_check_tables()}) {
            all.insert(all.end(), more.begin(), more.end());
        }
        return all;
    }();
    return tables;
}

std::string hint_for_unknown(std::string_view word, const BlockTable& table) {
    if (const Keyword* const meant = table.closest(word)) {
        return fmt::format("did you mean {}?", meant->name);
    }
    for (const BlockTable& other : keyword_tables()) {
        if (other.find(word) != nullptr && other.path() != table.path()) {
            return other.path().empty() ? fmt::format("{} belongs to the top level, outside all blocks", word)
                                        : fmt::format("{} belongs in {}", word, other.path());
        }
    }
    return {};
}

}  // namespace sustain::parser
