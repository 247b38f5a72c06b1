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
        case Rank::fatal:
        case Rank::several_files: return Class::environment;
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

std::string to_text(const Diagnostic& diagnostic) {
    std::string text = headline(diagnostic);
    if (diagnostic.location.line != 0) {
        const std::string_view kind = diagnostic.severity == Severity::error     ? to_string(diagnostic.rank)
                                      : diagnostic.severity == Severity::warning ? "note, not an error"
                                                                                 : "remark";
        text += fmt::format("\n  {}:{}:{}: {}", diagnostic.file, diagnostic.location.line, diagnostic.location.column,
                            kind);
        if (!diagnostic.excerpt.empty()) {
            text += fmt::format("\n    {}\n    {:{}}^{:~<{}}", diagnostic.excerpt, "", diagnostic.caret, "",
                                diagnostic.width > 1 ? diagnostic.width - 1 : 0);
        }
    }
    if (!diagnostic.hint.empty()) {
        text += "\n  hint: " + diagnostic.hint;
    }
    return text;
}

}  // namespace sustain::parser
