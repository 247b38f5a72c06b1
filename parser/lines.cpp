#include "parser/lines.hpp"

#include <fmt/format.h>

#include <cstring>

#include "parser/excerpt.hpp"
#include "parser/text/characters.hpp"
#include "parser/text/condition.hpp"

namespace sustain::parser {

namespace {

constexpr std::size_t kMaxLine = 1022;
constexpr unsigned kMaxDepth = 64;
constexpr std::size_t kMaxFiles = 100'000;
constexpr std::size_t kMaxBytes = std::size_t{1} << 31;  // of all files

/// About text that cannot be read, whatever it should mean.
void complain(Report& report, const Place& place, std::string_view message, std::string_view hint = {}) {
    report.add(Severity::error, Rank::general, Class::syntax, Prefix::line, place, message, hint);
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
                  .checks_before = settings_.include_checks};
        file.text = sources_[file.source].text;
        file.has_nul = std::memchr(file.text.data(), '\0', file.text.size()) != nullptr;
        files_.push_back(file);
    }
}

void Lines::open_expanded(std::string text) {
    File file{.source = sources_.add({.name = "configuration", .directory = {}, .text = std::move(text)}),
              .text = {},
              .expanded = true,
              .checks_before = settings_.include_checks};
    file.text = sources_[file.source].text;
    files_.push_back(file);
}

void Lines::pop() {
    settings_.include_checks = files_.back().checks_before;
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
        if (!verbatim_) {
            if (consumed()) {
                rest_ = {};
            }
            if (rest_.empty()) {
                continue;
            }
        }
        line.text = rest_;
        line.quotes = quotes_;
        line.columns = changed_ ? &columns_ : nullptr;
        line.moved = changed_ ? static_cast<std::size_t>(rest_.data() - text_begin_) : 0;
        ++location_.sequence;
        line.location = place_of(rest_).location;
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

Place LogicalLine::place(std::string_view part) const {
    const Location begin = at(part.data());
    if (columns == nullptr || part.empty()) {
        return {begin, part.size()};
    }
    const Columns::Origin last =
        columns->at(moved + static_cast<std::size_t>(part.data() - text.data()) + part.size() - 1);
    const std::uint32_t end = last.column + std::max<std::uint32_t>(last.width, 1);
    return {begin, end > begin.column ? end - begin.column : 1};
}

/// Puts the next text to work, in the order of section 4.1. The rest of the current one has been used up.
bool Lines::next_text() {
    substitution_.next_text();
    if (take_pending()) {
        return true;
    }
    while (!files_.empty()) {
        if (files_.back().position >= files_.back().text.size()) {
            pop();
        } else if (take_physical(files_.back())) {
            return true;
        }
    }
    return false;
}

/// The next round of a repetition, or line of a parameter, becomes the text in work. False if there is none.
bool Lines::take_pending() {
    if (pending_.depth() == 0) {
        return false;
    }
    if (!pending_.next(kept_, columns_)) {
        if (pending_.depth() != 0) {
            give_up();
        }
        return false;
    }
    buffer_.swap(kept_.bytes);
    rest_ = buffer_;
    text_begin_ = buffer_.data();
    later_end_ = text_begin_ + kept_.later;
    quotes_ = kept_.quotes;
    braces_ = kept_.braces;
    dollars_ = kept_.dollars;
    changed_ = true;
    return true;
}

/// The next physical line of a file becomes the text in work. False if nothing is left of it.
bool Lines::take_physical(File& file) {
    const char* const begin = file.text.data() + file.position;
    const std::size_t left = file.text.size() - file.position;
    const auto* const feed = static_cast<const char*>(std::memchr(begin, '\n', left));
    std::string_view line(begin, feed != nullptr ? static_cast<std::size_t>(feed - begin) : left);
    location_.file = file.source;
    location_.line = ++file.line;
    location_.offset = static_cast<std::uint32_t>(file.position);
    location_.column = 1;
    reading_ = static_cast<std::size_t>(&file - files_.data());
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
    dollars_ = stripped.dollars;
    changed_ = stripped.changed;
    unterminated_ = false;
    if (changed_) {
        text_begin_ = stripped.text.data();
    }
    take(stripped);
    if (collecting_ != nullptr) {
        collect(line);
        return false;
    }
    return !rest_.empty();
}

/// What is left of a text without its comment is the text in work.
void Lines::take(const Stripped& stripped) {
    rest_ = stripped.text;
    quotes_ = stripped.quotes;
    braces_ = stripped.braces;
    later_end_ = stripped.text.data() + stripped.later;
    if (stripped.unterminated && !unterminated_) {
        unterminated_ = true;
        ++location_.sequence;
        complain(report_, place_of(rest_), fmt::format("Unterminated quote '{}'", conceal(rest_)),
                 "a quoted text ends on its line");
    }
}

/// What makes a physical line unfit to be read at all (section 2); removes the line end.
bool Lines::accept_physical(const File& file, std::string_view& line, bool last) {
    if (line.size() > kMaxLine) {
        ++location_.sequence;
        complain(report_, {location_, 1}, "line too long - ignoring",
                 fmt::format("a line has at most {} bytes, this one has {}", kMaxLine, line.size()));
        return false;
    }
    if (file.has_nul) {
        if (const auto nul = line.find('\0'); nul != std::string_view::npos) {
            if (!last) {
                ++location_.sequence;
                location_.column = static_cast<std::uint32_t>(nul) + 1;
                complain(report_, {location_, 1}, "configuration appears to have embedded NULs - ignoring line");
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

/// Steps b to h of section 4.2: whether the text is something else than a logical line.
bool Lines::consumed() {
    if (rest_.front() == '@') {
        rest_ = apply_condition(rest_, config_id_);
        if (rest_.empty()) {
            return true;
        }
    }
    if (rest_.front() == '~') {
        if (repeat()) {
            return true;
        }
    } else if ((rest_.front() == '$' && define()) || (dollars_ && substitute()) || rest_.empty()) {
        return true;
    }
    if (rest_.front() == 'i') {
        if (const auto include_line = parse_include(rest_)) {
            include(*include_line);
            return true;
        }
    }
    return false;
}

/// Step c.
bool Lines::define() {
    const auto definition = parse_definition(rest_);
    if (!definition) {
        return false;
    }
    std::string_view value = definition->value;
    Parameter& parameter = parameters_.define(definition->name);
    collecting_ = nullptr;
    if (remove_continuation(value)) {
        collecting_ = &parameter;
        parameter.more = std::make_shared<MoreLines>();
    }
    parameter.value = value;
    parameter.written = sources_.expansions().write(place_of(rest_).location);
    return true;
}

/// Step a.
void Lines::collect(std::string_view physical) {
    std::string_view text = rest_;
    const bool more = remove_continuation(text);
    if (!text.empty()) {
        collecting_->more->lines.push_back({keep(text), sources_.expansions().write(place_of(text).location)});
    }
    if (!more) {
        collecting_ = nullptr;
        if (physical.ends_with('\\')) {
            ++location_.sequence;
            report_.add(Severity::warning, Rank::none, Prefix::line, {location_, physical.size()},
                        "A definition ends at a comment", "the backslash is part of the comment");
        }
    }
    rest_ = {};
}

/// Step d: whether the text is a repetition, for better or for worse.
bool Lines::repeat() {
    const bool sequence = rest_.starts_with("~SEQ");
    if (!sequence && !rest_.starts_with("~LST")) {
        return false;
    }
    ++location_.sequence;
    const auto refuse = [&](std::string_view message, std::string_view hint = {}) {
        complain(report_, place_of(rest_), fmt::format("{} '{}'", message, conceal(rest_)), hint);
        return true;
    };
    const auto start = [&](Repetition repetition, std::string_view text) {
        if (rounds(repetition) > pending_.left()) {
            return refuse(
                fmt::format("{} has {} rounds, too many -", rest_.substr(0, 4), rounds(repetition)),
                fmt::format("all repetitions and parameters together make at most {} lines", PendingTexts::kMaxTexts));
        }
        if (!text.empty()) {
            Expansions& expansions = sources_.expansions();
            const Location place = place_of(rest_).location;
            KeptText kept = keep(text);
            kept.dollars = text.find('$') != std::string_view::npos;  // all of them, not only those that may be left
            pending_.repeat(std::move(repetition), std::move(kept), columns_of(text),
                            place.expansion != 0 ? expansions.written(place.expansion) : expansions.write(place));
            limit_depth();
        }
        return true;
    };
    if (!sequence) {
        auto parsed = parse_list(rest_);
        return parsed ? start(std::move(parsed->list), parsed->text) : refuse(parsed.error());
    }
    auto parsed = parse_sequence(rest_, [&](std::string_view numbers) {
        std::string text(numbers);
        Columns columns = columns_of(numbers);
        const bool multiline = substitution_.run(text, columns, location_, surroundings()).multiline;
        return multiline ? std::nullopt : std::optional(std::move(text));
    });
    return parsed ? start(std::move(parsed->sequence), parsed->text) : refuse(parsed.error());
}

/// Steps f and g. True if nothing is to be made of the text.
bool Lines::substitute() {
    ++location_.sequence;
    scratch_ = rest_;
    scratch_columns_ = columns_of(rest_);
    const Substitution::Result result = substitution_.run(scratch_, scratch_columns_, location_, surroundings());
    dollars_ = result.end == Substitution::End::early;
    if (result.end == Substitution::End::endless) {
        return true;
    }
    if (result.end == Substitution::End::exhausted) {
        give_up();
        return true;
    }
    if (!result.changed) {
        return false;
    }
    for (const Substitution::Inserted& inserted : substitution_.inserted()) {
        pending_.insert(inserted.lines, inserted.origin);
    }
    limit_depth();
    buffer_.swap(scratch_);
    std::swap(columns_, scratch_columns_);
    const Stripped stripped = strip_comment(buffer_, scratch_, scratch_columns_);
    const std::size_t later = stripped.later;
    changed_ = true;
    if (stripped.changed) {
        scratch_columns_.resolve(columns_);
        std::swap(columns_, scratch_columns_);
        buffer_.swap(scratch_);
    }
    text_begin_ = buffer_.data();
    Stripped left = stripped;
    left.text = stripped.changed ? std::string_view(buffer_) : stripped.text;
    left.later = later;
    take(left);
    return false;
}

/// A parameter that contains itself nests for ever.
void Lines::limit_depth() {
    if (pending_.depth() > PendingTexts::kMaxDepth) {
        complain(report_, place_of(rest_),
                 fmt::format("repetitions and parameters are nested more than {} deep - ignoring the rest of them",
                             PendingTexts::kMaxDepth),
                 "does a parameter contain itself?");
        pending_.clear();
    }
}

/// What expands to more than anybody can use ends the reading.
void Lines::give_up() {
    ++location_.sequence;
    complain(report_, {location_, 1},
             "repetitions and parameters expand to too much - ignoring the rest of the configuration",
             fmt::format("they make at most {} lines", PendingTexts::kMaxTexts));
    pending_.clear();
    files_.clear();
}

void Lines::include(const Include& include) {
    ++location_.sequence;
    const Place place = place_of(include.pattern);
    const std::size_t parent = reading_;
    const IncludeChecks& level = settings_.include_checks;
    const IncludeChecks checks{.read = level.read || include.checks.read,
                               .match = level.match || include.checks.match,
                               .wildcard_match = level.wildcard_match || include.checks.wildcard_match,
                               .brace_match = level.brace_match || include.checks.brace_match};
    const auto refuse = [&](const std::string& message) { complain(report_, place, message); };
    if (files_[parent].depth + 1 > kMaxDepth) {
        refuse(fmt::format("include files are nested more than {} deep - ignoring '{}'", kMaxDepth, include.pattern));
        return;
    }
    if (opened_ >= kMaxFiles || opened_bytes_ >= kMaxBytes) {
        refuse(fmt::format("too many include files - ignoring '{}'", include.pattern));
        return;
    }
    Opened opened = open_includes(include.pattern, sources_[files_[parent].source].directory, checks, place, report_);
    include_failed_ |= opened.failed;
    opened_ += opened.files.size();
    for (OpenedFile& file : opened.files) {
        file.file.include = place.location;
        opened_bytes_ += file.file.text.size();
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
    for (std::size_t i = reading_; i != kNoParent; i = files_[i].parent) {
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

/// Where the bytes of a part of the text in work come from.
Columns Lines::columns_of(std::string_view part) const {
    Columns columns;
    const auto offset = static_cast<std::size_t>(part.data() - text_begin_);
    if (changed_) {
        columns.append(0, columns_, offset);
    } else {
        columns.add(0, offset + 1);
    }
    return columns;
}

KeptText Lines::keep(std::string_view part) const {
    const auto visible = static_cast<std::size_t>(std::max<std::ptrdiff_t>(later_end_ - part.data(), 0));
    return {std::string(part), std::min(part.size(), visible), quotes_, braces_, dollars_};
}

Place Lines::place_of(std::string_view part) const {
    Location location = location_;
    const auto offset = static_cast<std::size_t>(part.data() - text_begin_);
    if (!changed_) {
        location.column = static_cast<std::uint32_t>(offset) + 1;
        return {location, part.size()};
    }
    const Columns::Origin origin = columns_.at(offset);
    location.column = origin.column;
    location.expansion = origin.expansion;
    return {location, origin.width != 0 ? origin.width : part.size()};
}

}  // namespace sustain::parser
