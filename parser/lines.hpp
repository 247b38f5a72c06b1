// Turns files into logical lines: physical lines lose their comments, conditions are decided, definitions taken,
// repetitions and parameters expanded, include lines replaced by what they name, and braces become lines of their own
// (spec/syntax.md sections 2 to 4 and 8 to 13). A stack of text sources delivers one text after the other; the steps of
// section 4.2 are applied to each.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "parser/columns.hpp"
#include "parser/comment.hpp"
#include "parser/include.hpp"
#include "parser/report.hpp"
#include "parser/source.hpp"
#include "parser/text/pending.hpp"
#include "parser/text/settings.hpp"
#include "parser/text/substitution.hpp"

namespace sustain::parser {

/// Valid until the next one is asked for.
struct LogicalLine {
    std::string_view text;
    /// So much of the text is there for statements outside global_defs, which see comments removed twice (3.3).
    std::size_t later = 0;
    bool quotes = false;               ///< the text may have a '"'
    Location location;                 ///< of the first byte of the text
    const Columns* columns = nullptr;  ///< of a text that was changed; null: it is as in the file
    std::size_t moved = 0;             ///< where the text begins in the changed text

    /// The location of a byte of the text.
    [[nodiscard]] Location at(const char* byte) const {
        Location result = location;
        const auto offset = static_cast<std::size_t>(byte - text.data());
        if (columns == nullptr) {
            result.column = location.column + static_cast<std::uint32_t>(offset);
        } else {
            const Columns::Origin origin = columns->at(moved + offset);
            result.column = origin.column;
            result.expansion = origin.expansion;
        }
        return result;
    }
    /// Of a part of the text: the reference, where a parameter was inserted.
    [[nodiscard]] Place place(std::string_view part) const;
};

class Lines {
public:
    /// Keeps references to both.
    Lines(Sources& sources, Report& report, std::string config_id = {})
        : sources_(sources), report_(report), config_id_(std::move(config_id)) {}

    /// What statements may change; it counts for what is read from then on.
    [[nodiscard]] TextSettings& settings() { return settings_; }
    /// The files are read one after the other, as if concatenated.
    void open(std::vector<OpenedFile> files) { push(std::move(files), kNoParent); }
    /// A text whose lines are logical lines already.
    void open_expanded(std::string text);

    /// False at the end of all files.
    bool next(LogicalLine& line);

    [[nodiscard]] bool include_failed() const { return include_failed_; }
    /// At the end: how many `}` are missing.
    [[nodiscard]] std::size_t open_braces() const { return std::max(depth_, later_depth_); }

private:
    static constexpr std::size_t kNoParent = static_cast<std::size_t>(-1);

    /// A file that is being read (source 4 of section 4.1).
    struct File {
        std::uint32_t source = 0;
        std::string_view text;
        std::size_t position = 0;
        std::uint32_t line = 0;
        dev_t device = 0;
        ino_t inode = 0;
        std::size_t parent = kNoParent;  ///< the file on the stack that includes this one
        unsigned depth = 0;
        bool has_nul = false;
        bool expanded = false;
        IncludeChecks checks_before;  ///< the level to go back to when this file ends
    };

    void push(std::vector<OpenedFile> files, std::size_t parent);
    void pop();
    bool next_text();
    bool take_physical(File& file);
    bool take_pending();
    void take(const Stripped& stripped);
    bool accept_physical(const File& file, std::string_view& line, bool last);
    bool consumed();
    bool define();
    void collect(std::string_view physical);
    bool repeat();
    bool substitute();
    void include(const Include& include);
    bool recursive(const OpenedFile& file) const;
    void split_brace(LogicalLine& line);
    void count_brace(const LogicalLine& line);
    void limit_depth();
    void give_up();

    [[nodiscard]] Surroundings surroundings() {
        return {sources_[location_.file].directory, config_id_, settings_.random};
    }
    [[nodiscard]] Columns columns_of(std::string_view part) const;
    [[nodiscard]] KeptText keep(std::string_view part) const;
    [[nodiscard]] Place place_of(std::string_view part) const;

    Sources& sources_;
    Report& report_;
    std::string config_id_;
    TextSettings settings_;
    std::vector<File> files_;
    std::size_t reading_ = 0;  ///< the file on the stack that the text in work stands in
    bool include_failed_ = false;
    std::size_t opened_ = 0;
    std::size_t opened_bytes_ = 0;

    Parameters parameters_;
    Parameter* collecting_ = nullptr;  ///< whose definition has more lines to come (step a)
    PendingTexts pending_{parameters_, sources_.expansions()};
    Substitution substitution_{parameters_, sources_.expansions(), report_};

    // The text in work and what is left of it (source 1 of section 4.1).
    std::string_view rest_;
    const char* later_end_ = nullptr;
    bool quotes_ = false;
    bool braces_ = false;
    bool dollars_ = false;  ///< there may be references to replace
    bool changed_ = false;  ///< it is in the buffer, not in the file
    bool verbatim_ = false;
    bool unterminated_ = false;  ///< which has been said
    const char* text_begin_ = nullptr;
    Location location_;
    std::string buffer_;
    Columns columns_;
    KeptText kept_;  // to work with, as are these two
    std::string scratch_;
    Columns scratch_columns_;

    // The balance of section 6.5, as the first pass and as the later passes of keepalived count it.
    std::size_t depth_ = 0;
    std::size_t later_depth_ = 0;
};

}  // namespace sustain::parser
