#include "parser/pattern.hpp"

#include <glob.h>
#include <sys/stat.h>

#include <algorithm>

namespace sustain::parser {

namespace {

constexpr std::size_t kMaxAlternatives = 4096;

/// Where the brace at `open` closes and where the commas of its level are: {open, comma…, close}. Empty if it does not.
std::vector<std::size_t> brace_at(std::string_view pattern, std::size_t open) {
    std::vector<std::size_t> marks{open};
    int depth = 0;
    for (std::size_t i = open; i < pattern.size(); ++i) {
        if (pattern[i] == '\\') {
            ++i;
        } else if (pattern[i] == '{') {
            ++depth;
        } else if (pattern[i] == ',' && depth == 1) {
            marks.push_back(i);
        } else if (pattern[i] == '}' && --depth == 0) {
            marks.push_back(i);
            return marks;
        }
    }
    return {};
}

bool expand(std::string_view pattern, std::vector<std::string>& result) {
    for (std::size_t i = 0; i < pattern.size(); ++i) {
        if (pattern[i] == '\\') {
            ++i;
        } else if (pattern[i] == '{' && !pattern.substr(i).starts_with("{}")) {
            const auto marks = brace_at(pattern, i);
            for (std::size_t part = 0; part + 1 < marks.size(); ++part) {
                std::string one(pattern.substr(0, i));
                one += pattern.substr(marks[part] + 1, marks[part + 1] - marks[part] - 1);
                one += pattern.substr(marks.back() + 1);
                if (!expand(one, result)) {
                    return false;
                }
            }
            if (!marks.empty()) {
                return true;
            }
        }
    }
    result.emplace_back(pattern);
    return result.size() <= kMaxAlternatives;
}

bool has_wildcard(std::string_view pattern) {
    return pattern.find_first_of("*?[") != std::string_view::npos;
}

bool is_directory(const std::string& path) {
    struct stat status {};
    return stat(path.c_str(), &status) == 0 && S_ISDIR(status.st_mode);
}

std::string escaped(std::string_view text) {
    std::string result;
    for (const char c : text) {
        if (std::string_view("*?[]\\{}").find(c) != std::string_view::npos) {
            result += '\\';
        }
        result += c;
    }
    return result;
}

std::vector<std::string> existing(const std::string& pattern) {
    glob_t found{};
    std::vector<std::string> names;
    if (glob(pattern.c_str(), GLOB_MARK | GLOB_NOSORT, nullptr, &found) == 0) {
        names.assign(found.gl_pathv, found.gl_pathv + found.gl_pathc);
    }
    globfree(&found);
    std::sort(names.begin(), names.end());
    return names;
}

/// What stands before the last '/' that comes before the first wildcard.
std::string fixed_directory(const std::string& pattern) {
    const auto slash = pattern.rfind('/', pattern.find_first_of("*?["));
    return slash == std::string::npos ? "." : pattern.substr(0, slash + 1);
}

}  // namespace

std::optional<std::vector<std::string>> alternatives(std::string_view pattern) {
    std::vector<std::string> result;
    if (!expand(pattern, result)) {
        return std::nullopt;
    }
    return result;
}

Matches match(std::string_view pattern, const std::string& directory) {
    Matches result;
    result.wildcard = has_wildcard(pattern);
    const auto all = alternatives(pattern);
    if (!all) {
        result.braces = result.alternative_missing = true;
        return result;
    }
    result.braces = all->size() > 1 || all->front() != pattern;
    for (const std::string& alternative : *all) {
        const bool relative = !alternative.starts_with('/');
        const std::string prefix = relative ? directory : std::string();
        auto names = existing(escaped(prefix) + alternative);
        if (names.empty()) {
            result.alternative_missing = true;
            result.directory_missing |=
                has_wildcard(alternative) && !is_directory(fixed_directory(prefix + alternative));
        }
        for (std::string& name : names) {
            result.names.push_back(name.substr(prefix.size()));
        }
    }
    return result;
}

}  // namespace sustain::parser
