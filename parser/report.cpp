#include "parser/report.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cstring>
#include <functional>
#include <utility>

#include "parser/excerpt.hpp"

namespace sustain::parser {

namespace {

std::string written(const Sources& sources, const Location& place) {
    return fmt::format("{}:{}:{}", sources[place.file].name, place.line, place.column);
}

/// How the text came to where it stands: from parameters and repetitions, then from the files that include its file.
std::vector<std::string> origins(const Sources& sources, const Location& location) {
    constexpr unsigned kMaxIncludes = 8;
    std::vector<std::string> result;
    for (const Expansions::Step& step : sources.expansions().chain(location.expansion)) {
        const std::string place = written(sources, step.written);
        result.push_back(printable(step.values.empty() ? fmt::format("defined at {}", place)
                                                       : fmt::format("with {} at {}", step.values, place)));
    }
    const SourceFile* file = &sources[location.file];
    for (unsigned i = 0; i < kMaxIncludes && file->include.line != 0; ++i) {
        result.push_back(printable(fmt::format("included at {}", written(sources, file->include))));
        file = &sources[file->include.file];
    }
    return result;
}

/// Of a message at a place: eight bytes. A text that is repeated a million times may say the same each time, so nothing
/// is formatted here.
std::string fingerprint(const Sources& sources, const Location& at, std::string_view message) {
    std::size_t value = std::hash<std::string_view>{}(message);
    const auto mix = [&value](std::size_t other) {
        value ^= other + 0x9e3779b97f4a7c15U + (value << 6U) + (value >> 2U);  // 2^64 divided by the golden ratio
    };
    if (at.line != 0) {  // a file that is read twice has the same name, but another number
        mix(std::hash<std::string_view>{}(sources[at.file].name));
    }
    mix(at.line);
    mix(at.column);
    std::string bytes(sizeof value, '\0');
    std::memcpy(bytes.data(), &value, sizeof value);
    return bytes;
}

}  // namespace

void Report::add(Severity severity, Rank rank, Class kind, Prefix prefix, const Place& place, std::string_view message,
                 std::string_view hint) {
    if (ignore_environment_ && kind == Class::environment && rank != Rank::file) {
        return;
    }
    if (severity == Severity::error) {
        highest_ = std::max(highest_, rank);
        const bool advice = rank == Rank::warning || rank == Rank::deprecated || rank == Rank::security;
        faults_ += advice || kind == Class::environment ? 0 : 1;
    }
    if (!keeps(severity)) {
        dropped_ += severity == Severity::notice ? 0 : 1;
        return;
    }
    if (!said_.insert(fingerprint(sources_, place.location, message)).second) {
        return;  // a text that is read several times, say in a sequence
    }
    ++kept_[static_cast<std::size_t>(severity)];
    Diagnostic diagnostic{.severity = severity,
                          .rank = severity == Severity::error ? rank : Rank::none,
                          .kind = kind,
                          .prefix = prefix,
                          .location = place.location,
                          .file = {},
                          .message = printable(message),
                          .hint = printable(hint),
                          .excerpt = {}};
    if (place.location.line != 0) {
        const SourceFile& file = sources_[place.location.file];
        diagnostic.file = printable(file.name);
        if (prefix == Prefix::line && (file.included || sources_.several_main())) {
            diagnostic.prefix = Prefix::file_line;
        }
        const auto line =
            std::string_view(file.text).substr(std::min<std::size_t>(place.location.offset, file.text.size()));
        const std::string shown = conceal(line.substr(0, line.find('\n')));
        Excerpt excerpt = cut_excerpt(shown, place.location.column - 1U, place.width);
        diagnostic.excerpt = std::move(excerpt.text);
        diagnostic.caret = excerpt.caret;
        diagnostic.width = excerpt.width;
        diagnostic.origins = origins(sources_, place.location);
    }
    diagnostics_.push_back(std::move(diagnostic));
}

std::string Report::file_name(const Location& location) const {
    return location.line == 0 ? std::string() : sources_[location.file].name;
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
