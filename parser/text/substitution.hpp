// Replaces the references to parameters in a text (spec/syntax.md 10.2 to 10.4, 11.2). The scan goes on at the
// beginning of what was inserted, so values may refer to parameters themselves.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "parser/columns.hpp"
#include "parser/report.hpp"
#include "parser/text/parameters.hpp"
#include "parser/text/predefined.hpp"

namespace sustain::parser {

class Substitution {
public:
    /// Keeps references to all of them.
    Substitution(const Parameters& parameters, Expansions& expansions, Report& report)
        : parameters_(parameters), expansions_(expansions), report_(report) {}

    enum class End : std::uint8_t {
        complete,
        early,      ///< there may be references left (10.3, 10.4)
        endless,    ///< a parameter refers to itself, which was reported: the text is of no use
        exhausted,  ///< so many references in all that this is never going to end
    };

    /// The other lines of a parameter whose first line was inserted.
    struct Inserted {
        std::shared_ptr<const MoreLines> lines;
        Columns::Origin origin;  ///< of the reference; the expansion is the one around it
    };

    struct Result {
        End end = End::complete;
        bool changed = false;
        bool multiline = false;  ///< a parameter of several lines was inserted
    };

    /// What is run from now on belongs to another text, with references of its own.
    void next_text() { replaced_ = 0; }

    /// Text: is changed. Columns: of the text; are changed with it. Line: for reports.
    Result run(std::string& text, Columns& columns, const Location& line, const Surroundings& surroundings);

    /// In the last run, the first one first.
    [[nodiscard]] const std::vector<Inserted>& inserted() const { return inserted_; }

private:
    /// A value that the scan is in.
    struct Frame {
        std::size_t behind = 0;  ///< so many bytes of the text are behind it
        Columns::Origin origin;
    };
    /// What stands for a reference.
    struct Value {
        std::string_view text;
        const Parameter* parameter = nullptr;  ///< null: predefined
    };

    bool find(const Reference& reference, bool last, const Place& place, const Surroundings& surroundings,
              Value& value);
    void leave(const std::string& text, std::size_t position);
    [[nodiscard]] Columns::Origin origin(std::size_t behind, std::size_t size) const;
    void insert(std::string& text, std::size_t position, std::size_t size, const Value& value);

    const Parameters& parameters_;
    Expansions& expansions_;
    Report& report_;
    std::size_t total_ = 0;  ///< references replaced so far

    // Of the text in work:
    std::size_t replaced_ = 0;  ///< references, since next_text()
    std::vector<Frame> frames_;
    std::vector<Inserted> inserted_;
    Columns original_;
    std::size_t original_size_ = 0;
    Columns columns_;
    std::string predefined_;
};

}  // namespace sustain::parser
