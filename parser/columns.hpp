// Where the bytes of a text that was changed on its way (escapes removed, parameters inserted, repeated) stand in the
// physical line where it takes effect.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "parser/diagnostic.hpp"

namespace sustain::parser {

class Columns {
public:
    /// What a run of bytes stands for.
    struct Origin {
        std::uint32_t column = 1;  ///< of the first byte, from 1
        std::uint32_t width = 0;   ///< of the reference that all of them stand for; 0: each byte is one of the line
        ExpansionNumber expansion = 0;
    };

    void clear() { runs_.clear(); }
    /// From this offset of the text on. Offsets come in order; of the same one the last counts.
    void add(std::size_t offset, const Origin& origin) {
        if (!runs_.empty() && runs_.back().offset == offset) {
            runs_.pop_back();
        }
        runs_.push_back({static_cast<std::uint32_t>(offset), origin});
    }
    void add(std::size_t offset, std::size_t column) {
        add(offset, Origin{.column = static_cast<std::uint32_t>(column)});
    }
    /// What the bytes from this one on come from.
    [[nodiscard]] Origin at(std::size_t offset) const;

    /// The bytes from `from` on of the other text are those from `offset` on of this.
    void append(std::size_t offset, const Columns& other, std::size_t from);
    /// Nothing is known from this offset on.
    void truncate(std::size_t offset);
    /// The columns so far are offsets (from 1) of this text: becomes what that says of them.
    void resolve(const Columns& text);
    /// All of it is from this expansion.
    void set_expansion(ExpansionNumber expansion);

private:
    struct Run {
        std::uint32_t offset;
        Origin origin;
    };
    std::vector<Run> runs_;
};

}  // namespace sustain::parser
