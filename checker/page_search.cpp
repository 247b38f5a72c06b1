#include "checker/page_search.hpp"

#define PCRE2_CODE_UNIT_WIDTH 8
#include <fmt/format.h>
#include <pcre2.h>

#include <algorithm>
#include <array>
#include <new>
#include <utility>

namespace sustain::checker {

namespace {

/// How much trouble a page may make before it counts as one without a match.
constexpr std::uint32_t kMatchLimit = 1'000'000;

/// Up to here, a partial match is tried again with every read; beyond, once it has grown by a sixteenth, so that a
/// server that sends single octets costs no more than linear time.
constexpr std::size_t kTriedAtOnce = 16 * 1024;

struct Free {
    void operator()(pcre2_code* code) const { ::pcre2_code_free(code); }
    void operator()(pcre2_match_data* data) const { ::pcre2_match_data_free(data); }
    void operator()(pcre2_match_context* context) const { ::pcre2_match_context_free(context); }
    void operator()(pcre2_jit_stack* stack) const { ::pcre2_jit_stack_free(stack); }
    void operator()(pcre2_compile_context* context) const { ::pcre2_compile_context_free(context); }
};
template <typename T>
using Owned = std::unique_ptr<T, Free>;

/// In the order of RegexOption; what is not a plain option is 0.
constexpr std::array<std::uint32_t, 24> kOptions{
    PCRE2_ALLOW_EMPTY_CLASS,
    PCRE2_ALT_BSUX,
    PCRE2_ALT_CIRCUMFLEX,
    PCRE2_ALT_VERBNAMES,
    PCRE2_AUTO_CALLOUT,
    PCRE2_CASELESS,
    PCRE2_DOLLAR_ENDONLY,
    PCRE2_DOTALL,
    PCRE2_DUPNAMES,
    PCRE2_EXTENDED,
    PCRE2_FIRSTLINE,
    PCRE2_MATCH_UNSET_BACKREF,
    PCRE2_MULTILINE,
    PCRE2_NEVER_BACKSLASH_C,
    PCRE2_NEVER_UCP,
    PCRE2_NEVER_UTF,
    PCRE2_NO_AUTO_CAPTURE,
    PCRE2_NO_AUTO_POSSESS,
    PCRE2_NO_DOTSTAR_ANCHOR,
    PCRE2_NO_START_OPTIMIZE,
    PCRE2_UCP,
    PCRE2_UNGREEDY,
    PCRE2_USE_OFFSET_LIMIT,
    PCRE2_UTF,
};
static_assert(kOptions.size() == static_cast<std::size_t>(RegexOption::utf) + 1);

std::uint32_t options_of(const Regex& regex) {
    std::uint32_t options = 0;
    for (std::size_t i = 0; i < kOptions.size(); ++i) {
        options |= regex.has(static_cast<RegexOption>(i)) ? kOptions[i] : 0;
    }
    return options;
}

/// How many octets at the end are the beginning of a character of UTF-8 that goes on in the next read: 0 to 3.
std::size_t begun_character(std::span<const std::uint8_t> text) {
    for (std::size_t count = 1; count <= std::min<std::size_t>(text.size(), 3); ++count) {
        const unsigned octet = text[text.size() - count];
        if ((octet & 0xc0U) != 0x80) {  // not one that continues a character
            const std::size_t length = octet >= 0xf0 ? 4 : octet >= 0xe0 ? 3 : octet >= 0xc0 ? 2 : 1;
            return count < length ? count : 0;
        }
    }
    return 0;
}

}  // namespace

struct RegexStack::State {
    Owned<pcre2_jit_stack> stack;
};

RegexStack::RegexStack(std::uint32_t start, std::uint32_t max) {
    if (start != 0 && max != 0) {
        state_ = std::make_unique<State>();
        state_->stack.reset(::pcre2_jit_stack_create(start, std::max(start, max), nullptr));
    }
}

RegexStack::RegexStack(RegexStack&&) noexcept = default;
RegexStack& RegexStack::operator=(RegexStack&&) noexcept = default;
RegexStack::~RegexStack() = default;

struct Pattern::State {
    Owned<pcre2_code> code;
    std::uint32_t lookbehind = 0;  ///< characters
    bool utf = false;
};

Pattern::Pattern(std::unique_ptr<State> state) : state_(std::move(state)) {}
Pattern::~Pattern() = default;

core::Result<std::shared_ptr<const Pattern>> Pattern::compile(const Regex& regex) {
    int code = 0;
    PCRE2_SIZE offset = 0;
    auto state = std::make_unique<State>();
    const auto compile_with = [&](std::uint32_t options) {
        return Owned<pcre2_code>(::pcre2_compile(reinterpret_cast<PCRE2_SPTR>(regex.pattern.data()),
                                                 regex.pattern.size(), options, &code, &offset, nullptr));
    };
    state->code = compile_with(options_of(regex));
    if (!state->code) {
        std::array<PCRE2_UCHAR, 256> text{};
        ::pcre2_get_error_message(code, text.data(), text.size());
        return std::unexpected(core::Error{fmt::format("regex '{}': {} at position {}", regex.pattern,
                                                       reinterpret_cast<const char*>(text.data()), offset)});
    }
    std::uint32_t all = 0;
    ::pcre2_pattern_info(state->code.get(), PCRE2_INFO_ALLOPTIONS, &all);
    state->utf = (all & PCRE2_UTF) != 0;  // by option, or by the pattern itself
    if (state->utf) {
        // Pages are what they are. (Not every expression can be had so.)
        if (auto tolerant = compile_with(options_of(regex) | PCRE2_MATCH_INVALID_UTF)) {
            state->code = std::move(tolerant);
        }
    }
    // Where the JIT compiler is not allowed to make code, matching is slower and gives the same.
    (void)::pcre2_jit_compile(state->code.get(), PCRE2_JIT_PARTIAL_HARD);
    ::pcre2_pattern_info(state->code.get(), PCRE2_INFO_MAXLOOKBEHIND, &state->lookbehind);
    return std::make_shared<const Pattern>(std::move(state));
}

PageSearch::PageSearch(const Pattern& pattern, const Regex& regex, const RegexStack& stack)
    : pattern_(pattern.state()), regex_(regex), stack_(stack.state()) {}

void PageSearch::take(std::span<const std::uint8_t> piece) {
    if (over_ || piece.empty()) {
        return;
    }
    if (!pattern_.utf) {
        take_whole(piece);
        return;
    }
    std::vector<std::uint8_t> joined = std::exchange(begun_, {});
    joined.insert(joined.end(), piece.begin(), piece.end());
    const std::span<const std::uint8_t> text(joined);
    const auto begun = text.last(begun_character(text));
    begun_.assign(begun.begin(), begun.end());
    take_whole(text.first(text.size() - begun.size()));
}

/// Whole characters.
void PageSearch::take_whole(std::span<const std::uint8_t> piece) {
    if (piece.empty()) {
        return;
    }
    if (kept_.empty()) {
        search(piece);
        return;
    }
    if (kept_.size() + piece.size() > kMostKept) {
        over_ = true;
        kept_ = {};
        return;
    }
    kept_.insert(kept_.end(), piece.begin(), piece.end());
    if (kept_.size() <= kTriedAtOnce || kept_.size() >= searched_ + searched_ / 16) {
        search(std::exchange(kept_, {}));
    }
}

bool PageSearch::found() {
    kept_.insert(kept_.end(), begun_.begin(), begun_.end());
    begun_ = {};
    if (!over_ && !kept_.empty()) {
        search(std::exchange(kept_, {}), true);
    }
    return found_;
}

/// Subject begins at position_ of the page. At the end of the page nothing can grow any more.
void PageSearch::search(std::span<const std::uint8_t> subject, bool at_end) {
    std::size_t start = std::exchange(kept_start_, 0);
    if (regex_.min_offset > position_) {
        start = std::max<std::size_t>(start, regex_.min_offset - position_);
    }
    if (start <= subject.size()) {
        const Owned<pcre2_match_data> data(::pcre2_match_data_create(1, nullptr));
        const Owned<pcre2_match_context> context(::pcre2_match_context_create(nullptr));
        if (!data || !context) {
            throw std::bad_alloc();
        }
        ::pcre2_set_match_limit(context.get(), kMatchLimit);
        if (stack_ != nullptr) {
            ::pcre2_jit_stack_assign(context.get(), nullptr, stack_->stack.get());
        }
        const int result = ::pcre2_match(pattern_.code.get(), subject.data(), subject.size(), start,
                                         at_end ? 0 : PCRE2_PARTIAL_HARD, data.get(), context.get());
        const std::size_t match = ::pcre2_get_ovector_pointer(data.get())[0];
        if (result >= 0 || result == PCRE2_ERROR_PARTIAL) {
            const bool in_time = !regex_.max_offset || position_ + match <= *regex_.max_offset;
            found_ = result >= 0 && in_time;
            over_ = found_ || !in_time;
            if (!over_) {
                keep(subject, match);
                return;
            }
        }
    }
    position_ += subject.size();
    over_ = over_ || (regex_.max_offset && position_ > *regex_.max_offset);
}

/// Remembers what the partial match that begins at `match` needs.
void PageSearch::keep(std::span<const std::uint8_t> subject, std::size_t match) {
    std::size_t begin = match;
    for (std::uint32_t i = 0; i < pattern_.lookbehind && begin > 0; ++i) {
        --begin;
        while (pattern_.utf && begin > 0 && (subject[begin] & 0xc0U) == 0x80) {
            --begin;
        }
    }
    kept_.assign(subject.begin() + static_cast<std::ptrdiff_t>(begin), subject.end());
    kept_start_ = match - begin;
    searched_ = kept_.size();
    position_ += begin;
}

}  // namespace sustain::checker
