#include "parser/diagnostic.hpp"

#include <fmt/format.h>

#include <array>

namespace sustain::parser {

std::string_view to_string(Rank rank) {
    static constexpr std::array<std::string_view, 17> kNames = {"no error",         "file",
                                                                "interface",        "unknown interface",
                                                                "several files",    "unknown keyword",
                                                                "unexpected brace", "missing brace",
                                                                "unexpected brace", "missing brace",
                                                                "unmatched quote",  "missing parameter",
                                                                "bad number",       "error",
                                                                "warning",          "deprecated",
                                                                "security"};
    return kNames[static_cast<std::size_t>(rank)];
}

Class class_of(Rank rank) {
    switch (rank) {
        case Rank::file:
        case Rank::interface:
        case Rank::fatal: return Class::environment;
        case Rank::unknown_keyword:
        case Rank::unexpected_open:
        case Rank::missing_open:
        case Rank::unexpected_close:
        case Rank::missing_close:
        case Rank::unmatched_quote:
        case Rank::missing_parameter:
        case Rank::number: return Class::syntax;
        default: return Class::meaning;
    }
}

std::string_view to_string(Class kind) {
    static constexpr std::array<std::string_view, 3> kNames = {"syntax", "meaning", "environment"};
    return kNames[static_cast<std::size_t>(kind)];
}

std::string headline(const Diagnostic& diagnostic) {
    if (diagnostic.location.line != 0 && diagnostic.prefix == Prefix::line) {
        return fmt::format("(Line {}) {}", diagnostic.location.line, diagnostic.message);
    }
    if (diagnostic.location.line != 0 && diagnostic.prefix == Prefix::file_line) {
        return fmt::format("({}: Line {}) {}", diagnostic.file, diagnostic.location.line, diagnostic.message);
    }
    return diagnostic.message;
}

namespace {

// Select Graphic Rendition of ECMA-48
constexpr std::string_view kBold = "\x1b[1m";
constexpr std::string_view kRed = "\x1b[1;31m";
constexpr std::string_view kYellow = "\x1b[33m";
constexpr std::string_view kGreen = "\x1b[1;32m";
constexpr std::string_view kCyan = "\x1b[36m";
constexpr std::string_view kPlain = "\x1b[0m";

std::string painted(std::string_view text, std::string_view paint, bool colour) {
    return colour ? fmt::format("{}{}{}", paint, text, kPlain) : std::string(text);
}

/// "k.conf:2:11: ", as far as the place is known.
std::string place(const Diagnostic& diagnostic) {
    if (diagnostic.location.line != 0) {
        return fmt::format("{}:{}:{}: ", diagnostic.file, diagnostic.location.line, diagnostic.location.column);
    }
    return diagnostic.file.empty() ? std::string() : diagnostic.file + ": ";
}

std::string kind(const Diagnostic& diagnostic, bool colour) {
    switch (diagnostic.severity) {
        case Severity::error:
            return fmt::format("{}: {}", painted(to_string(diagnostic.kind), kRed, colour), to_string(diagnostic.rank));
        case Severity::warning: return painted("note, not an error", kYellow, colour);
        default: return "remark";
    }
}

}  // namespace

std::string to_text(const Diagnostic& diagnostic, bool colour) {
    std::string text = painted(headline(diagnostic), kBold, colour);
    if (diagnostic.severity == Severity::error || diagnostic.location.line != 0) {
        text += fmt::format("\n  {}{}", place(diagnostic), kind(diagnostic, colour));
    }
    if (diagnostic.location.line != 0 && !diagnostic.excerpt.empty()) {
        const std::size_t rest = diagnostic.width > 1 ? diagnostic.width - 1 : 0;
        text += fmt::format("\n    {}\n    {:{}}{}", diagnostic.excerpt, "", diagnostic.caret,
                            painted("^" + std::string(rest, '~'), kGreen, colour));
    }
    for (const std::string& origin : diagnostic.origins) {
        text += "\n  " + origin;
    }
    if (!diagnostic.hint.empty()) {
        text += fmt::format("\n  {} {}", painted("hint:", kCyan, colour), diagnostic.hint);
    }
    return text;
}

}  // namespace sustain::parser
