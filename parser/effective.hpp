// Which value counts for a keyword of a block in the end: the one written last or what a check made of it, else what
// the block inherits, else the default of the table.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "parser/keyword.hpp"
#include "parser/record.hpp"

namespace sustain::parser {

/// A block and those around it, from the outside in. The top level is not one of them.
struct Scope {
    const Written* block = nullptr;
    const BlockTable* table = nullptr;
};

/// What a keyword comes to.
struct Effective {
    enum class Origin : std::uint8_t { written, adjusted, inherited, fallback };
    Origin origin = Origin::written;
    std::string arguments;             ///< as one would write them; "on" for a keyword without
    const Written* written = nullptr;  ///< where it stands, if it does
    std::string_view remark;           ///< why it was adjusted, or from where it is inherited
    bool off = false;                  ///< there is none: an adjustment took it away, or the default depends
};

/// The keyword that a row is another spelling of; the row itself if it is none.
[[nodiscard]] const Keyword& canonical(const Keyword& keyword, const BlockTable& table);

class Effects {
public:
    explicit Effects(const Record& record);

    /// Of a keyword in the innermost block of the scopes; no value: there is none to speak of.
    [[nodiscard]] std::optional<Effective> value(const Keyword& keyword, std::span<const Scope> scopes) const;
    /// The value that was written or adjusted in this block, if one was.
    [[nodiscard]] std::optional<Effective> own_value(const Keyword& keyword, const Scope& scope) const;

    /// All global_defs blocks as one: they add up.
    [[nodiscard]] const Written& globals() const { return globals_; }

private:
    [[nodiscard]] std::optional<Effective> inherited(const Keyword& keyword, std::span<const Scope> scopes) const;

    [[nodiscard]] std::optional<Effective> from(std::string_view source, std::span<const Scope> scopes) const;

    const Record& record_;
    Written globals_;
};

/// The arguments in the one way of writing that we use: numbers without leading zeros, booleans as on and off.
[[nodiscard]] std::string normalised(const Keyword& keyword, std::string_view arguments);

}  // namespace sustain::parser
