#include "parser/keyword.hpp"

#include <fmt/ranges.h>

#include <algorithm>
#include <bit>
#include <numeric>
#include <set>

#include "parser/keywords/tables.hpp"
#include "parser/keywords/tracking.hpp"
#include "parser/recovery.hpp"

namespace sustain::parser {

namespace {

std::size_t hash(std::string_view word) {
    const auto at = [&](std::size_t i) { return static_cast<unsigned char>(word[i]); };
    return word.empty() ? 0 : word.size() * 37 + at(0) * 7U + at(word.size() / 2) * 31U + at(word.size() - 1) * 131U;
}

/// How many letters are wrong, missing, too many or changed places, without regard to case (optimal string alignment);
/// at least `least` is enough to know.
std::size_t distance(std::string_view a, std::string_view b, std::size_t least) {
    if (std::max(a.size(), b.size()) - std::min(a.size(), b.size()) >= least) {
        return least;
    }
    std::vector<std::size_t> before(b.size() + 1);
    std::vector<std::size_t> last(b.size() + 1);
    std::vector<std::size_t> row(b.size() + 1);
    std::iota(row.begin(), row.end(), std::size_t{0});
    const auto lower = [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; };
    const auto same = [&](std::size_t i, std::size_t j) { return lower(a[i]) == lower(b[j]); };
    for (std::size_t i = 0; i < a.size(); ++i) {
        before.swap(last);
        last.swap(row);
        row[0] = i + 1;
        for (std::size_t j = 0; j < b.size(); ++j) {
            row[j + 1] = std::min({last[j] + (same(i, j) ? 0 : 1), row[j] + 1, last[j + 1] + 1});
            if (i > 0 && j > 0 && same(i, j - 1) && same(i - 1, j)) {
                row[j + 1] = std::min(row[j + 1], before[j - 1] + 1);
            }
        }
    }
    return row.back();
}

/// From which distance on it is another word; 0: nothing is close to a word this short or long.
std::size_t farthest(std::string_view word) {
    constexpr std::size_t kLongest = 40;
    return word.size() > kLongest || word.size() < 3 ? 0 : word.size() / 3 + 1;
}

/// How far a block is from another one that a keyword was written in: its own blocks are near, then those around it.
int remoteness(std::string_view path, std::string_view written_in) {
    const auto within = [](std::string_view inner, std::string_view outer) {
        return outer.empty() || (inner.starts_with(outer) && inner.substr(outer.size()).starts_with('/'));
    };
    if (!written_in.empty() && within(path, written_in)) {
        return 0;
    }
    if (!path.empty() && within(written_in, path)) {
        return 1;
    }
    const std::string_view top = written_in.substr(0, written_in.find('/'));
    return !top.empty() && within(path, top) ? 2 : 3;
}

/// Where the word is a keyword, if it is one anywhere: the nearest blocks.
std::string other_home(std::string_view word, const BlockTable& table) {
    constexpr std::size_t kMost = 3;
    std::vector<const BlockTable*> homes;
    for (const BlockTable& other : keyword_tables()) {
        if (other.path() != table.path() && other.find(word) != nullptr) {
            homes.push_back(&other);
        }
    }
    const auto far = [&](const BlockTable* home) { return remoteness(home->path(), table.path()); };
    std::ranges::stable_sort(homes, {}, far);
    if (!homes.empty() && homes.front()->path().empty()) {
        return fmt::format("{} belongs to the top level, outside all blocks", word);
    }
    std::vector<std::string_view> names;
    for (const BlockTable* home : homes) {
        if (names.size() < kMost && far(home) == far(homes.front())) {
            names.push_back(home->path());
        }
    }
    return names.empty() ? std::string() : fmt::format("{} belongs in {}", word, fmt::join(names, " or "));
}

/// The one keyword that begins with the word, or with which the word begins: virtual_ip, lb_algorithm. Of those that
/// begin alike the shortest; null if there are several.
const Keyword* only_relative(std::string_view word, std::span<const Keyword> keywords) {
    constexpr std::size_t kLeast = 5;
    const Keyword* only = nullptr;
    for (const Keyword& keyword : keywords) {
        const std::string_view name = keyword.name;
        if (std::min(word.size(), name.size()) < kLeast || !(name.starts_with(word) || word.starts_with(name)) ||
            (only != nullptr && name.starts_with(only->name))) {
            continue;
        }
        if (only != nullptr && !only->name.starts_with(name)) {
            return nullptr;
        }
        only = &keyword;
    }
    return only;
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
    const Keyword* best = nullptr;
    std::size_t least = farthest(word);
    for (const Keyword& keyword : keywords_) {
        if (const auto d = distance(word, keyword.name, least); d < least) {
            least = d;
            best = &keyword;
        }
    }
    return best != nullptr ? best : only_relative(word, keywords_);
}

const std::vector<BlockTable>& keyword_tables() {
    static const std::vector<BlockTable> tables = {
        top_level_table(),
        global_defs_table(),
        vrrp_instance_table(),
        authentication_table(),
        auth_hmac_table(),
        unicast_peer_table(),
        address_line_table(),
        route_line_table(),
        next_hop_table(),
        rule_line_table(),
        virtual_server_table(),
        virtual_server_group_table(),
        real_server_table(),
        tcp_check_table(),
        smtp_check_table(),
        smtp_check_host_table(),
        dns_check_table(),
        udp_check_table(),
        ping_check_table(),
        http_get_table(),
        http_get_url_table(),
        ssl_get_table(),
        ssl_get_url_table(),
        misc_check_table(),
        bfd_check_table(),
        file_check_table(),
        ssl_table(),
        track_script_table(),
        track_process_table(),
        track_file_table(),
        old_track_file_table(),
        sync_group_table(),
        track_group_table(),
        garp_group_table(),
        bfd_table(),
    };
    return tables;
}

bool is_secret(std::string_view name) {
    static const std::set<std::string_view> names = [] {
        std::set<std::string_view> all;
        for (const BlockTable& table : keyword_tables()) {
            for (const Keyword& keyword : table.keywords()) {
                if (keyword.secret) {
                    all.insert(keyword.name);
                }
            }
        }
        return all;
    }();
    return names.contains(name);
}

const Keyword* keyword_meant(std::string_view word, const BlockTable& table) {
    const Keyword* const meant = table.closest(word);
    return meant == nullptr || (distance(word, meant->name, 2) > 1 && !other_home(word, table).empty()) ? nullptr
                                                                                                        : meant;
}

bool only_at_the_top(std::string_view word) {
    const Keyword* const keyword = top_level_table().find(word);
    return keyword != nullptr && keyword->kind != Kind::statement &&
           std::ranges::none_of(keyword_tables(), [&](const BlockTable& table) {
               return !table.path().empty() && table.find(word) != nullptr;
           });
}

std::string hint_for_unknown(std::string_view word, const BlockTable& table) {
    const Keyword* const meant = keyword_meant(word, table);
    const std::string elsewhere = other_home(word, table);
    if (meant == nullptr) {
        return elsewhere;
    }
    return elsewhere.empty() ? fmt::format("did you mean {}?", meant->name)
                             : fmt::format("did you mean {}? ({})", meant->name, elsewhere);
}

std::string hint_for_choice(std::string_view word, std::string_view choices, std::string_view hint) {
    std::vector<std::string_view> names;
    for (std::size_t at = 0; at < choices.size();) {
        const std::size_t end = std::min(choices.find(' ', at), choices.size());
        if (end != at) {
            names.push_back(choices.substr(at, end - at));
        }
        at = end + 1;
    }
    if (names.empty() || std::ranges::find(names, word) != names.end()) {
        return std::string(hint);
    }
    std::string_view meant;
    std::size_t least = std::min<std::size_t>(farthest(word), 3);
    for (const std::string_view name : names) {
        if (const auto d = distance(word, name, least); d < least) {
            least = d;
            meant = name;
        }
    }
    const std::string list =
        !hint.empty()       ? std::string(hint)
        : names.size() == 1 ? std::string(names.front())
                            : fmt::format("{} or {}", fmt::join(names.begin(), names.end() - 1, ", "), names.back());
    return meant.empty() ? list : fmt::format("did you mean {}? ({})", meant, list);
}

}  // namespace sustain::parser
