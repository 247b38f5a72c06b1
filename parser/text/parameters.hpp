// The parameters of a configuration, `$NAME=VALUE`, and how they are referred to (spec/syntax.md sections 10.1, 10.2
// and 11.1). Values are kept as they were written: what they refer to is looked up when they are used.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "parser/text/expansions.hpp"

namespace sustain::parser {

/// A text that is kept for later.
struct KeptText {
    std::string bytes;
    std::size_t later = 0;  ///< so much of it is there where comments are removed twice (3.3)
    bool quotes = false;    ///< there may be a '"' in it
    bool braces = false;
    bool dollars = false;
};

/// The lines of a value of several lines but the first one.
struct MoreLines {
    struct Line {
        KeptText text;
        Expansions::Written written;
    };
    std::vector<Line> lines;
};

struct Parameter {
    std::string value;                ///< or its first line
    std::shared_ptr<MoreLines> more;  ///< null: there is one line only
    Expansions::Written written = 0;
    /// Of a variable of a repetition: the round; within it, references to it need no explanation. Otherwise 0.
    ExpansionNumber round = 0;
};

class Parameters {
public:
    /// Replaces what was there. Valid until the parameters go.
    Parameter& define(std::string_view name);
    [[nodiscard]] const Parameter* find(std::string_view name) const;

private:
    struct Hash {
        using is_transparent = void;
        std::size_t operator()(std::string_view name) const { return std::hash<std::string_view>()(name); }
    };
    std::unordered_map<std::string, Parameter, Hash, std::equal_to<>> parameters_;
};

/// `$NAME=` at the start of a text.
struct Definition {
    std::string_view name;
    std::string_view value;  ///< the rest of the text
};
[[nodiscard]] std::optional<Definition> parse_definition(std::string_view text);

/// A definition that ends in a backslash goes on in the next line: removes it. False: there is none.
bool remove_continuation(std::string_view& text);

/// `$NAME` or `${NAME}` or `${NAME ARGUMENT …}`.
struct Reference {
    std::string_view name;
    std::string_view arguments;  ///< blanks before and between
    std::size_t size = 0;        ///< of all of it
};
/// The reference that a text starting with '$' begins with.
[[nodiscard]] std::optional<Reference> parse_reference(std::string_view text);

}  // namespace sustain::parser
