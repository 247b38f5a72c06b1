// Collects what there is to say about a configuration: bounded, in file order, each with the line that it is about.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "parser/diagnostic.hpp"
#include "parser/source.hpp"

namespace sustain::parser {

/// What a diagnostic points at.
struct Place {
    Location location;
    std::size_t width = 1;  ///< of the word, in bytes
};

class Report {
public:
    explicit Report(const Sources& sources) : sources_(sources) {}

    void add(Severity severity, Rank rank, Prefix prefix, const Place& place, std::string_view message,
             std::string_view hint = {});
    void error(Rank rank, Prefix prefix, const Place& place, std::string_view message, std::string_view hint = {}) {
        add(Severity::error, rank, prefix, place, message, hint);
    }
    /// Something about the whole, without a place.
    void error(Rank rank, std::string_view message, std::string_view hint = {}) {
        add(Severity::error, rank, Prefix::none, {}, message, hint);
    }

    /// What a test exits with, as far as the ranks decide (spec/syntax.md 16.1).
    [[nodiscard]] int status() const;
    /// All of it, sorted by place; what has no place comes last. Leaves the report empty.
    [[nodiscard]] std::vector<Diagnostic> take();

private:
    const Sources& sources_;
    std::vector<Diagnostic> diagnostics_;
    Rank highest_ = Rank::none;
    std::size_t kept_[3] = {};
    std::size_t dropped_ = 0;
};

}  // namespace sustain::parser
