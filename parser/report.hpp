// Collects what there is to say about a configuration: bounded, in file order, each with the line that it is about.
#pragma once

#include <cstddef>
#include <string>
#include <unordered_set>
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
             std::string_view hint = {}) {
        add(severity, rank, class_of(rank), prefix, place, message, hint);
    }
    void add(Severity severity, Rank rank, Class kind, Prefix prefix, const Place& place, std::string_view message,
             std::string_view hint = {});
    void error(Rank rank, Prefix prefix, const Place& place, std::string_view message, std::string_view hint = {}) {
        add(Severity::error, rank, prefix, place, message, hint);
    }
    /// Something that this machine lacks.
    void environment_error(Rank rank, Prefix prefix, const Place& place, std::string_view message,
                           std::string_view hint = {}) {
        add(Severity::error, rank, Class::environment, prefix, place, message, hint);
    }
    /// Something about the whole, without a place.
    void error(Rank rank, std::string_view message, std::string_view hint = {}) {
        add(Severity::error, rank, Prefix::none, {}, message, hint);
    }

    /// Problems of the class environment are neither kept nor counted from now on, but for those with the files that
    /// the configuration itself stands in: nothing is known of what is not there.
    void ignore_environment() { ignore_environment_ = true; }

    /// Whether another one of this severity would be kept: a hint for one that is only counted is wasted work.
    [[nodiscard]] bool keeps(Severity severity) const { return kept_[static_cast<std::size_t>(severity)] < kMaxKept; }

    /// How many errors there were so far about statements that therefore do not count.
    [[nodiscard]] std::size_t faults() const { return faults_; }

    /// The name of the file that a place is in, as its pattern matched it.
    [[nodiscard]] std::string file_name(const Location& location) const;
    /// What a test exits with, as far as the ranks decide (spec/syntax.md 16.1).
    [[nodiscard]] int status() const;
    /// All of it, sorted by place; what has no place comes last. Leaves the report empty.
    [[nodiscard]] std::vector<Diagnostic> take();

private:
    /// Of each severity: what is worth knowing must not crowd out what is wrong.
    static constexpr std::size_t kMaxKept = 500;

    const Sources& sources_;
    std::vector<Diagnostic> diagnostics_;
    Rank highest_ = Rank::none;
    std::size_t kept_[3] = {};
    std::size_t dropped_ = 0;
    std::size_t faults_ = 0;
    std::unordered_set<std::string> said_;  ///< place and message of what is kept: a text that is read again and again
    bool ignore_environment_ = false;
};

}  // namespace sustain::parser
