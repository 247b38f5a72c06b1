#include "parser/text/list.hpp"

#include <optional>

#include "parser/text/characters.hpp"

namespace sustain::parser {

namespace {

/// Reads from the front of a text.
class Cursor {
public:
    explicit Cursor(std::string_view text) : text_(text) {}

    /// This character, blanks around it.
    bool take(char wanted) {
        text_ = without_blanks(text_);
        if (!text_.starts_with(wanted)) {
            return false;
        }
        text_ = without_blanks(text_.substr(1));
        return true;
    }
    /// Everything up to one of these; may be empty.
    std::string take_until(std::string_view ends) {
        const std::string_view word = text_.substr(0, text_.find_first_of(ends));
        text_.remove_prefix(word.size());
        return std::string(word);
    }
    /// `{WORD, WORD …}` or one word.
    std::optional<std::vector<std::string>> take_set(std::string_view ends) {
        std::vector<std::string> words;
        const bool braced = take('{');
        do {
            words.push_back(take_until(ends));
        } while (braced && take(','));
        return !braced || take('}') ? std::optional(std::move(words)) : std::nullopt;
    }
    [[nodiscard]] std::string_view rest() const { return text_; }

private:
    std::string_view text_;
};

}  // namespace

std::expected<ParsedList, std::string_view> parse_list(std::string_view text) {
    constexpr std::string_view kInvalid = "Invalid ~LST specification";
    Cursor cursor(text.substr(std::string_view("~LST").size()));
    auto names = cursor.take('(') ? cursor.take_set(" \t,}") : std::nullopt;
    if (!names) {
        return std::unexpected(kInvalid);
    }
    ParsedList result{.list = {.names = std::move(*names), .sets = {}}, .text = {}};
    while (cursor.take(',')) {
        auto values = cursor.take_set(" \t,})");
        if (!values) {
            return std::unexpected(kInvalid);
        }
        if (values->size() > result.list.names.size()) {
            return std::unexpected("~LST specification has too many values");
        }
        result.list.sets.push_back(std::move(*values));
    }
    if (result.list.sets.empty() || !cursor.take(')')) {
        return std::unexpected(kInvalid);
    }
    result.text = cursor.rest();
    return result;
}

}  // namespace sustain::parser
