#include "parser/script.hpp"

#include <fmt/format.h>

#include <span>

#include "parser/account.hpp"

namespace sustain::parser {

namespace {

constexpr std::string_view kBlanks = " \t\n\v\f\r";

int hex_value(char c) {
    if (c >= '0' && c <= '9') {
        return c - '0';
    }
    const char lower = static_cast<char>(c | 0x20);
    return lower >= 'a' && lower <= 'f' ? lower - 'a' + 10 : -1;
}

bool octal(char c) {
    return c >= '0' && c <= '7';
}

/// What stands after a backslash, as a byte; the text shrinks by what belongs to it. The text is not empty.
char escape(std::string_view& text) {
    constexpr std::string_view kNames = "abfnrtvE";
    constexpr std::string_view kMeanings = "\a\b\f\n\r\t\v\x1b";
    const auto take = [&text] {
        const char c = text.front();
        text.remove_prefix(1);
        return c;
    };
    const auto starts = [&text](auto accepts) { return !text.empty() && accepts(text.front()); };
    const char c = take();
    if (const auto known = kNames.find(c); known != std::string_view::npos) {
        return kMeanings[known];
    }
    const auto hexadecimal = [](char digit) { return hex_value(digit) >= 0; };
    if (c == 'x' && starts(hexadecimal)) {
        int value = hex_value(take());
        if (starts(hexadecimal)) {
            value = value * 16 + hex_value(take());
        }
        return static_cast<char>(value);
    }
    if (octal(c)) {
        unsigned value = static_cast<unsigned>(c - '0');
        for (int digits = 1; digits < 3 && starts(octal); ++digits) {
            value = value * 8 + static_cast<unsigned>(take() - '0');
        }
        return static_cast<char>(value);
    }
    if (c == 'c' && !text.empty()) {
        return static_cast<char>(take() & 0x1f);
    }
    return c;
}

/// A logical line as the statement's pass sees it: outside global_defs, comments are removed twice.
std::string_view text_of(const Context& context, const Statement& statement) {
    return context.owner == Owner::global ? statement.line.text : statement.line.text.substr(0, statement.line.later);
}

bool report_fault(Context& context, const Statement& statement, std::string_view text, const ScriptWords& split) {
    if (split.fault == ScriptWords::Fault::quote) {
        context.error(statement, 1, Rank::unmatched_quote,
                      fmt::format("String '{}': missing terminating {}", text, split.quote));
        return true;
    }
    return false;
}

}  // namespace

ScriptWords split_script(std::string_view text, Escapes escapes) {
    ScriptWords result;
    while (true) {
        const auto begin = text.find_first_not_of(kBlanks);
        if (begin == std::string_view::npos) {
            return result;
        }
        text.remove_prefix(begin);
        std::string word;
        bool cut = false;  // by a NUL
        char quote = 0;
        while (!text.empty() && (quote != 0 || kBlanks.find(text.front()) == std::string_view::npos)) {
            char c = text.front();
            text.remove_prefix(1);
            if (c == '\\') {
                if (text.empty()) {
                    result.fault = ScriptWords::Fault::backslash;
                } else if (escapes == Escapes::replace) {
                    c = escape(text);
                    cut |= c == '\0';
                } else {
                    word += c;
                    c = text.front();
                    text.remove_prefix(1);
                }
            } else if (quote == c) {
                quote = 0;
                continue;
            } else if (quote == 0 && (c == '"' || c == '\'')) {
                quote = c;
                continue;
            }
            if (!cut) {
                word += c;
            }
        }
        result.words.push_back(std::move(word));
        if (quote != 0) {
            result.fault = ScriptWords::Fault::quote;
            result.quote = quote;
        }
    }
}

std::optional<ScriptLine> read_script_line(Context& context, const Statement& statement, Rank backslash) {
    const std::string_view text = text_of(context, statement);
    const ScriptWords line = split_script(text, Escapes::keep);
    if (report_fault(context, statement, text, line)) {
        return std::nullopt;
    }
    ScriptLine script;
    if (line.words.size() < 2) {
        return script;
    }
    ScriptWords command = split_script(line.words[1], Escapes::replace);
    if (report_fault(context, statement, line.words[1], command)) {
        return std::nullopt;
    }
    if (command.fault == ScriptWords::Fault::backslash) {
        context.report.add(backslash == Rank::none ? Severity::notice : Severity::error, backslash, context.prefix,
                           statement.place(1),
                           fmt::format("{} ends with a backslash that escapes nothing - ignoring", line.words[1]));
        return std::nullopt;
    }
    script.arguments = std::move(command.words);
    script.account = account_text(std::span(line.words).subspan(2));
    return script;
}

std::optional<std::vector<std::string>> read_regex_line(Context& context, const Statement& statement) {
    const std::string_view text = text_of(context, statement);
    ScriptWords line = split_script(text, Escapes::replace);
    if (report_fault(context, statement, text, line)) {
        return std::nullopt;
    }
    line.words.erase(line.words.begin());
    return std::move(line.words);
}

core::CommandNumber add_script(Context& context, ScriptUse use, std::string_view keyword, const Place& place,
                               ScriptLine script) {
    if (script.arguments.empty()) {
        return core::kNoCommand;
    }
    return context.draft.scripts_of(use).add({.keyword = keyword,
                                              .place = place,
                                              .arguments = std::move(script.arguments),
                                              .account = std::move(script.account)});
}

core::CommandNumber read_script(Context& context, const Statement& statement, ScriptUse use) {
    auto script = read_script_line(context, statement);
    return script ? add_script(context, use, statement.keyword.name, statement.place(1), std::move(*script))
                  : core::kNoCommand;
}

void store_script(Context& context, const Statement& statement, ScriptUse use, std::string_view owner,
                  core::CommandNumber& number) {
    if (number == core::kNoCommand) {
        number = read_script(context, statement, use);
        return;
    }
    context.error(statement, 1,
                  fmt::format("{}{} script already specified - ignoring {}",
                              owner.empty() ? std::string() : fmt::format("({}) ", owner), statement.keyword.name,
                              statement.words.back().text));
}

core::CommandNumber ScriptDraftList::add(ScriptDraft script) {
    std::string key = script.account.user + '\0' + script.account.group;
    for (const std::string& argument : script.arguments) {
        key += '\0';
        key += argument;
    }
    const auto [entry, first] = numbers_.try_emplace(std::move(key), static_cast<core::CommandNumber>(scripts_.size()));
    if (first) {
        scripts_.push_back(std::move(script));
    }
    return entry->second;
}

}  // namespace sustain::parser
