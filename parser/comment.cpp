#include "parser/comment.hpp"

#include <array>

#include "parser/text/characters.hpp"

namespace sustain::parser {

namespace {

constexpr std::array<bool, 256> make_marks() {
    std::array<bool, 256> marks{};
    for (const char c : {'"', '\\', '#', '!', '{', '}', '$'}) {
        marks[static_cast<unsigned char>(c)] = true;
    }
    return marks;
}

/// Characters that mean something here; all others are passed over.
constexpr auto kMarks = make_marks();

std::size_t trimmed(std::string_view text, std::size_t size) {
    while (size > 0 && is_blank(text[size - 1])) {
        --size;
    }
    return size;
}

/// The scan, once more, of a line that has escaped comment characters or blanks before a final backslash: those change
/// the text, so it goes to the buffer.
void rewrite(std::string_view line, std::size_t begin, std::size_t end, bool final_backslash, std::string& buffer,
             Columns& columns, Stripped& result) {
    buffer.clear();
    columns.clear();
    columns.add(0, begin + 1);
    std::size_t first_unescaped = std::string::npos;
    bool quoted = false;
    for (std::size_t i = begin; i < end; ++i) {
        if (line[i] == '"') {
            quoted = !quoted;
        } else if (line[i] == '\\' && i + 1 < end) {
            const bool escape = !quoted && (line[i + 1] == '#' || line[i + 1] == '!');
            if (escape) {
                first_unescaped = std::min(first_unescaped, buffer.size());
                columns.add(buffer.size(), i + 2);
            } else {
                buffer += line[i];
            }
            ++i;
        }
        buffer += line[i];
    }
    buffer.resize(trimmed(buffer, buffer.size()));
    result.later = trimmed(buffer, std::min(first_unescaped, buffer.size()));
    if (final_backslash) {
        columns.add(buffer.size(), line.size());
        buffer += '\\';
        if (first_unescaped == std::string::npos) {
            result.later = buffer.size();
        }
    }
    result.text = buffer;
    result.changed = true;
}

}  // namespace

Stripped strip_comment(std::string_view line, std::string& buffer, Columns& columns) {
    Stripped result;
    std::size_t begin = 0;
    while (begin < line.size() && is_blank(line[begin])) {
        ++begin;
    }
    std::size_t end = line.size();
    bool escapes = false;
    bool final_backslash = false;
    bool quoted = false;
    for (std::size_t i = begin; i < end; ++i) {
        if (!kMarks[static_cast<unsigned char>(line[i])]) {
            continue;
        }
        switch (line[i]) {
            case '"':
                quoted = !quoted;
                result.quotes = true;
                break;
            case '\\':
                if (i + 1 == line.size()) {
                    final_backslash = true;
                    end = i;
                } else {
                    ++i;
                    escapes |= !quoted && (line[i] == '#' || line[i] == '!');
                    // the second of a pair means nothing here, but what reads the text later knows no pairs
                    result.quotes |= line[i] == '"';
                    result.braces |= line[i] == '{' || line[i] == '}';
                    result.dollars |= line[i] == '$';
                }
                break;
            case '#':
            case '!':
                if (!quoted) {
                    end = i;
                }
                break;
            case '$': result.dollars = true; break;
            default: result.braces = true;
        }
    }
    result.unterminated = quoted;
    const std::size_t text_end = begin + trimmed(line.substr(begin), end - begin);
    if (escapes || (final_backslash && text_end != end)) {
        rewrite(line, begin, end, final_backslash, buffer, columns, result);
        return result;
    }
    result.text = line.substr(begin, text_end - begin + (final_backslash ? 1 : 0));
    result.later = result.text.size();
    return result;
}

}  // namespace sustain::parser
