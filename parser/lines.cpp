#include "parser/lines.hpp"

#include <fmt/format.h>

#include <cstring>

#include "parser/comment.hpp"
#include "parser/excerpt.hpp"

namespace sustain::parser {

namespace {

constexpr std::size_t kMaxLine = 1022;
constexpr unsigned kMaxDepth = 64;
constexpr std::size_t kMaxFiles = 100'000;

bool is_blank(char c) {
    return c == ' ' || c == '\t';
}
bool is_letter(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
}
bool is_name(char c) {
    return is_letter(c) || (c >= '0' && c <= '9');
}
bool is_brace(char c) {
    return c == '{' || c == '}';
}

/// The name at the start of a text, if there is one.
std::string_view name_at(std::string_view text) {
    std::size_t size = 0;
    if (!text.empty() && is_letter(text.front())) {
        while (size < text.size() && is_name(text[size])) {
            ++size;
        }
    }
    return text.substr(0, size);
}

}  // namespace

void Lines::push(std::vector<OpenedFile> files, std::size_t parent) {
    const unsigned depth = parent == kNoParent ? 0 : files_[parent].depth + 1;
    for (auto it = files.rbegin(); it != files.rend(); ++it) {  // the last one first: the first one is read first
        File file{.source = sources_.add(std::move(it->file)),
                  .text = {},
                  .device = it->device,
                  .inode = it->inode,
                  .parent = parent,
                  .depth = depth,
                  .checks_before = checks_};
        file.text = sources_[file.source].text;
        file.has_nul = std::memchr(file.text.data(), '\0', file.text.size()) != nullptr;
        files_.push_back(file);
    }
}

void Lines::open_expanded(std::string text) {
    File file{.source = sources_.add({.name = "configuration", .directory = {}, .text = std::move(text)}),
              .text = {},
              .expanded = true,
              .checks_before = checks_};
    file.text = sources_[file.source].text;
    files_.push_back(file);
}

void Lines::pop() {
    checks_ = files_.back().checks_before;
    files_.pop_back();
}

bool Lines::next(LogicalLine& line) {
    for (;;) {
        if (rest_.empty()) {
            if (!next_text()) {
                return false;
            }
            continue;
        }
        if (!verbatim_ && consumed()) {
            rest_ = {};
            continue;
        }
        line.text = rest_;
        line.quotes = quotes_;
        line.columns = changed_ ? &columns_ : nullptr;
        line.moved = changed_ ? static_cast<std::size_t>(rest_.data() - text_begin_) : 0;
        location_.column =
            changed_ ? columns_.column(line.moved) : static_cast<std::uint32_t>(rest_.data() - text_begin_) + 1;
        ++location_.sequence;
        line.location = location_;
        if (verbatim_ || !braces_) {
            rest_ = {};
        } else {
            split_brace(line);
        }
        const auto visible = later_end_ - line.text.data();
        line.later = std::min(line.text.size(), static_cast<std::size_t>(std::max<std::ptrdiff_t>(visible, 0)));
        if (line.text.size() == 1 && is_brace(line.text.front())) {
            count_brace(line);
        }
        return true;
    }
}

/// Puts the next text to work, in the order of section 4.1. The rest of the current one has been used up; repetitions
/// and parameters of several lines, which come next, are not in the language yet; so it is the turn of the files.
bool Lines::next_text() {
    while (!files_.empty()) {
        if (files_.back().position >= files_.back().text.size()) {
            pop();
        } else if (take_physical(files_.back())) {
            return true;
        }
    }
    return false;
}

/// The next physical line of a file becomes the text in work. False if nothing is left of it.
bool Lines::take_physical(File& file) {
    const char* const begin = file.text.data() + file.position;
    const std::size_t left = file.text.size() - file.position;
    const auto* const feed = static_cast<const char*>(std::memchr(begin, '\n', left));
    std::string_view line(begin, feed != nullptr ? static_cast<std::size_t>(feed - begin) : left);
    location_.file = file.source;
    location_.line = ++file.line;
    location_.offset = file.position;
    location_.column = 1;
    file.position += line.size() + 1;
    verbatim_ = file.expanded;
    text_begin_ = begin;
    changed_ = false;
    if (verbatim_) {
        rest_ = line;
        quotes_ = line.find('"') != std::string_view::npos;
        later_end_ = line.data() + line.size();
        return !rest_.empty();
    }
    if (!accept_physical(file, line, feed == nullptr)) {
        return false;
    }
    const Stripped stripped = strip_comment(line, buffer_, columns_);
    rest_ = stripped.text;
    quotes_ = stripped.quotes;
    braces_ = stripped.braces;
    dollars_ = stripped.dollars;
    changed_ = stripped.changed;
    later_end_ = stripped.text.data() + stripped.later;
    if (changed_) {
        text_begin_ = stripped.text.data();
    }
    if (stripped.unterminated) {
        ++location_.sequence;
        report_.error(Rank::general, Prefix::line, place_of(rest_),
                      fmt::format("Unterminated quote '{}'", conceal(rest_)), "a quoted text ends on its line");
    }
    if (collecting_) {  // step a
        collecting_ = rest_.ends_with('\\');
        return false;
    }
    return !rest_.empty();
}

/// What makes a physical line unfit to be read at all (section 2); removes the line end.
bool Lines::accept_physical(const File& file, std::string_view& line, bool last) {
    if (line.size() > kMaxLine) {
        ++location_.sequence;
        report_.error(Rank::general, Prefix::line, {location_, 1}, "line too long - ignoring",
                      fmt::format("a line has at most {} bytes, this one has {}", kMaxLine, line.size()));
        return false;
    }
    if (file.has_nul) {
        if (const auto nul = line.find('\0'); nul != std::string_view::npos) {
            if (!last) {
                ++location_.sequence;
                location_.column = static_cast<std::uint32_t>(nul) + 1;
                report_.error(Rank::general, Prefix::line, {location_, 1},
                              "configuration appears to have embedded NULs - ignoring line");
                return false;
            }
            line = line.substr(0, nul);
        }
    }
    while (line.ends_with('\r')) {
        line.remove_suffix(1);
    }
    return true;
}

/// Steps b to h of section 4.2: whether the text is something else than a logical line. What begins like a text of
/// section 9 to 13 (conditions, definitions, repetitions, parameters) is only recognised yet.
bool Lines::consumed() {
    switch (rest_.front()) {
        case '@':
        case '$':
        case '~': return unsupported();
        case 'i': break;
        default: return dollars_ && unsupported();
    }
    if (dollars_ && unsupported()) {
        return true;
    }
    if (const auto include_line = parse_include(rest_)) {
        include(*include_line);
        return true;
    }
    return false;
}

bool Lines::unsupported() {
    const auto refuse = [this](std::string_view what, std::string_view part) {
        ++location_.sequence;
        report_.add(Severity::warning, Rank::none, Prefix::line, place_of(part),
                    fmt::format("{} not supported yet: the line is ignored", what));
        return true;
    };
    if (rest_.starts_with('@')) {
        return refuse("conditions (@ID) are", rest_.substr(0, rest_.find_first_of(" \t")));
    }
    if (rest_.starts_with("~SEQ") || rest_.starts_with("~LST")) {
        return refuse(fmt::format("{} is", rest_.substr(0, 4)), rest_.substr(0, 4));
    }
    if (rest_.starts_with('$')) {
        const auto name = name_at(rest_.substr(1));
        if (!name.empty() && rest_.substr(1 + name.size()).starts_with('=')) {
            unsupported_.emplace(name);
            collecting_ = rest_.ends_with('\\');
            return refuse(fmt::format("definitions (${}=) are", name), rest_.substr(0, name.size() + 1));
        }
    }
    for (auto at = rest_.find('$'); at != std::string_view::npos; at = rest_.find('$', at + 1)) {
        const bool braced = rest_.substr(at + 1).starts_with('{');
        const auto name = name_at(rest_.substr(at + (braced ? 2 : 1)));
        const auto after = rest_.substr(at + (braced ? 2 : 1) + name.size());
        const bool ended =
            braced ? after.starts_with('}') || (after.starts_with(' ') && name.starts_with('_'))
                   : after.empty() || std::string_view(" \t,)").find(after.front()) != std::string_view::npos;
        if (name.empty() || !ended) {
            continue;
        }
        if (name == "_PWD" || name == "_INSTANCE" || name == "_RANDOM" || name == "_ENV" || name == "_HASH" ||
            name == "_BANG" || unsupported_.contains(std::string(name))) {
            return refuse(fmt::format("parameters (${}) are", name), rest_.substr(at, 1 + name.size()));
        }
    }
    return false;
}

void Lines::include(const Include& include) {
    ++location_.sequence;
    const Place place = place_of(include.pattern);
    const std::size_t parent = files_.size() - 1;
    const IncludeChecks checks{.read = checks_.read || include.checks.read,
                               .match = checks_.match || include.checks.match,
                               .wildcard_match = checks_.wildcard_match || include.checks.wildcard_match,
                               .brace_match = checks_.brace_match || include.checks.brace_match};
    const auto refuse = [&](const std::string& message) { report_.error(Rank::general, Prefix::line, place, message); };
    if (files_[parent].depth + 1 > kMaxDepth) {
        refuse(fmt::format("include files are nested more than {} deep - ignoring '{}'", kMaxDepth, include.pattern));
        return;
    }
    Opened opened = open_includes(include.pattern, sources_[files_[parent].source].directory, checks, place, report_);
    include_failed_ |= opened.failed;
    opened_ += opened.files.size();
    if (opened_ > kMaxFiles) {
        refuse(fmt::format("more than {} include files - ignoring '{}'", kMaxFiles, include.pattern));
        return;
    }
    std::erase_if(opened.files, [&](const OpenedFile& file) {
        if (recursive(file)) {
            refuse(fmt::format("Configuration file '{}' includes itself - skipping", file.file.name));
            return true;
        }
        return false;
    });
    push(std::move(opened.files), parent);
}

bool Lines::recursive(const OpenedFile& file) const {
    for (std::size_t i = files_.size() - 1; i != kNoParent; i = files_[i].parent) {
        if (files_[i].device == file.device && files_[i].inode == file.inode && file.inode != 0) {
            return true;
        }
    }
    return false;
}

/// Section 4.3: the logical line ends before the first brace outside quotes, or is that brace.
void Lines::split_brace(LogicalLine& line) {
    const std::string_view text = rest_;
    if (is_brace(text.front())) {
        std::size_t next = 1;
        while (next < text.size() && is_blank(text[next])) {
            ++next;
        }
        line.text = text.substr(0, 1);
        rest_ = text.substr(next);
        return;
    }
    for (std::size_t i = 0; i < text.size(); ++i) {
        if (text[i] == '"') {
            i = text.find('"', i + 1);
            if (i == std::string_view::npos) {  // what follows a quote without partner is not searched
                break;
            }
        } else if (is_brace(text[i])) {
            line.text = text.substr(0, i);
            rest_ = text.substr(i);
            return;
        }
    }
    rest_ = {};
}

void Lines::count_brace(const LogicalLine& line) {
    const bool seen_later = line.later != 0;
    if (line.text.front() == '{') {
        ++depth_;
        later_depth_ += seen_later ? 1 : 0;
        return;
    }
    const bool extra = depth_ == 0 || (seen_later && later_depth_ == 0);
    if (extra) {
        report_.error(Rank::unexpected_close, Prefix::line, line.place(line.text), "Extra '}' found");
    }
    depth_ -= depth_ == 0 ? 0 : 1;
    later_depth_ -= seen_later && later_depth_ != 0 ? 1 : 0;
}

Place Lines::place_of(std::string_view part) const {
    Location location = location_;
    const auto offset = static_cast<std::size_t>(part.data() - text_begin_);
    location.column = changed_ ? columns_.column(offset) : static_cast<std::uint32_t>(offset) + 1;
    return {location, part.size()};
}

}  // namespace sustain::parser
