#include "parser/report.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace sustain::parser {

namespace {

/// Of each severity: what is worth knowing must not crowd out what is wrong.
constexpr std::size_t kMaxKept = 333;
constexpr std::size_t kExcerptWidth = 100;
constexpr std::size_t kBeforeCaret = 60;

/// Shows the physical line around the place: one column a byte below 128 and a UTF-8 sequence, nothing that a
/// terminal would obey.
void cut_excerpt(const std::string& text, const Place& place, Diagnostic& diagnostic) {
    const auto offset = place.location.offset;
    if (offset >= text.size() || place.location.column == 0) {
        return;
    }
    std::string_view line(text);
    line = line.substr(offset);
    line = line.substr(0, line.find('\n'));
    std::size_t caret = std::min<std::size_t>(place.location.column - 1, line.size());
    std::size_t begin = std::min(line.find_first_not_of(" \t"), caret);
    if (caret - begin > kBeforeCaret) {
        begin = caret - kBeforeCaret;
    }
    const auto is_continuation = [](char c) { return (static_cast<unsigned char>(c) & 0xc0U) == 0x80U; };
    while (begin < caret && is_continuation(line[begin])) {
        ++begin;
    }
    std::size_t end = std::min(line.size(), begin + kExcerptWidth);
    while (end < line.size() && is_continuation(line[end])) {
        ++end;  // not in the middle of a character, however long a broken one is
        if (end > begin + kExcerptWidth + 4) {
            break;
        }
    }
    std::string& out = diagnostic.excerpt;
    std::size_t columns = 0;
    if (begin != 0 && line.substr(0, begin).find_first_not_of(" \t") != std::string_view::npos) {
        out = "...";
        columns = 3;
    }
    std::size_t marked_to = std::min(end, caret + std::max<std::size_t>(place.width, 1));
    std::size_t width = 0;
    diagnostic.caret = columns;
    for (std::size_t i = begin; i < end; ++i) {
        if (i == caret) {
            diagnostic.caret = columns;
        }
        const auto byte = static_cast<unsigned char>(line[i]);
        const bool printable = byte >= 0x20 && byte != 0x7f;
        // C1 control characters as UTF-8: C2 80 to C2 9F
        const bool c1 = byte == 0xc2 && i + 1 < end && static_cast<unsigned char>(line[i + 1]) < 0xa0;
        out += c1 ? '?' : byte == '\t' ? ' ' : printable ? line[i] : '?';
        if (c1) {
            ++i;
        }
        if (!is_continuation(line[i]) || c1) {
            ++columns;
            if (i >= caret && i < marked_to) {
                ++width;
            }
        }
    }
    if (caret >= end) {
        diagnostic.caret = columns;
    }
    if (end < line.size()) {
        out += "...";
    }
    diagnostic.width = std::max<std::size_t>(width, 1);
}

/// The message may quote words of the file: it must stay one line.
void make_safe(std::string& message) {
    constexpr std::size_t kMaxMessage = 1400;
    if (message.size() > kMaxMessage) {
        message.resize(kMaxMessage);
        message += "...";
    }
    for (char& c : message) {
        if (static_cast<unsigned char>(c) < 0x20 || c == 0x7f) {
            c = '?';
        }
    }
}

}  // namespace

void Report::add(Severity severity, Rank rank, Prefix prefix, const Place& place, std::string message,
                 std::string hint) {
    if (severity == Severity::error) {
        highest_ = std::max(highest_, rank);
    }
    if (kept_[static_cast<std::size_t>(severity)] == kMaxKept) {
        ++dropped_;
        return;
    }
    ++kept_[static_cast<std::size_t>(severity)];
    Diagnostic diagnostic{.severity = severity,
                          .rank = severity == Severity::error ? rank : Rank::none,
                          .prefix = prefix,
                          .location = place.location,
                          .file = {},
                          .message = std::move(message),
                          .hint = std::move(hint),
                          .excerpt = {}};
    make_safe(diagnostic.message);
    make_safe(diagnostic.hint);
    if (place.location.line != 0) {
        const SourceFile& file = sources_[place.location.file];
        diagnostic.file = file.name;
        make_safe(diagnostic.file);
        if (prefix == Prefix::line && (file.included || sources_.several_main())) {
            diagnostic.prefix = Prefix::file_line;
        }
        cut_excerpt(file.text, place, diagnostic);
    }
    diagnostics_.push_back(std::move(diagnostic));
}

int Report::status() const {
    if (highest_ == Rank::none) {
        return 0;
    }
    return highest_ < Rank::several_files ? 4 : highest_ < Rank::security ? 5 : 6;
}

std::vector<Diagnostic> Report::take() {
    std::stable_sort(diagnostics_.begin(), diagnostics_.end(), [](const Diagnostic& a, const Diagnostic& b) {
        const auto key = [](const Diagnostic& d) {
            // Without a place: after everything that has one.
            return d.location.line == 0 ? std::pair(~std::uint64_t{0}, 0U)
                                        : std::pair(std::uint64_t{d.location.sequence}, d.location.column);
        };
        return key(a) < key(b);
    });
    if (dropped_ != 0) {
        diagnostics_.push_back({.severity = Severity::warning,
                                .rank = Rank::none,
                                .prefix = Prefix::none,
                                .location = {},
                                .file = {},
                                .message = fmt::format("{} more", dropped_),
                                .hint = {},
                                .excerpt = {}});
    }
    return std::exchange(diagnostics_, {});
}

}  // namespace sustain::parser
