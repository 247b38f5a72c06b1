// Regular expressions over pages that arrive piece by piece and are not kept (spec/lvs.md 5.4): PCRE2 with its JIT
// compiler and hard partial matching. Only what a match may still grow from is remembered, and of that a bounded part.
#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "checker/config/http_get.hpp"
#include "core/error.hpp"

namespace sustain::checker {

/// The stack of compiled expressions, one for all of them: the largest that any url asks for.
class RegexStack {
public:
    /// Sizes in bytes; 0: as the library likes.
    RegexStack(std::uint32_t start, std::uint32_t max);
    RegexStack(RegexStack&&) noexcept;
    RegexStack& operator=(RegexStack&&) noexcept;
    ~RegexStack();

    struct State;
    [[nodiscard]] const State* state() const { return state_.get(); }

private:
    std::unique_ptr<State> state_;
};

/// A compiled expression, to be shared by everything that looks for it.
class Pattern {
public:
    /// An Error says what is wrong with the text, and where.
    [[nodiscard]] static core::Result<std::shared_ptr<const Pattern>> compile(const Regex& regex);
    ~Pattern();

    struct State;
    [[nodiscard]] const State& state() const { return *state_; }
    explicit Pattern(std::unique_ptr<State> state);

private:
    std::unique_ptr<State> state_;
};

/// Looks for one expression in one page.
class PageSearch {
public:
    /// A partial match that has become longer than this is given up as none: a page may be endless.
    static constexpr std::size_t kMostKept = 1U << 20U;

    /// All of them must outlive it.
    PageSearch(const Pattern& pattern, const Regex& regex, const RegexStack& stack);

    /// The next read. A match that is not finished there waits for the next one.
    void take(std::span<const std::uint8_t> piece);
    /// Whether the page, which is at its end, has a match that begins where the offsets allow it. What could still have
    /// grown counts as it is (in keepalived it never matches: defect 16 of spec/lvs.md 15).
    [[nodiscard]] bool found();

private:
    void take_whole(std::span<const std::uint8_t> piece);
    void search(std::span<const std::uint8_t> subject, bool at_end = false);
    void keep(std::span<const std::uint8_t> subject, std::size_t match);

    const Pattern::State& pattern_;
    const Regex& regex_;
    const RegexStack::State* stack_;
    std::vector<std::uint8_t> kept_;   ///< from the beginning of a partial match on, and what it may look back at
    std::vector<std::uint8_t> begun_;  ///< of a character that goes on in the next read (UTF-8)
    std::size_t kept_start_ = 0;       ///< where in kept_ the search goes on
    std::size_t searched_ = 0;         ///< how much of kept_ has been looked at
    std::uint64_t position_ = 0;       ///< in the page, of the beginning of kept_ or, without it, of the next piece
    bool found_ = false;
    bool over_ = false;
};

}  // namespace sustain::checker
