#include "parser/text/substitution.hpp"

#include <fmt/format.h>

#include "parser/text/characters.hpp"

namespace sustain::parser {

namespace {

constexpr std::size_t kMaxText = 1023;
/// Of one text: values that only replace each other never end. Those that grow end at the length, unless they hold a
/// brace, where a line ends.
constexpr std::size_t kMaxReplaced = 20'000;
constexpr std::size_t kMaxTotal = 30'000'000;

}  // namespace

Substitution::Result Substitution::run(std::string& text, Columns& columns, const Location& line,
                                       const Surroundings& surroundings) {
    Result result;
    frames_.clear();
    inserted_.clear();
    original_size_ = text.size();
    std::swap(original_, columns);
    columns_ = original_;
    for (auto at = text.find('$'); at != std::string::npos && result.end == End::complete;) {
        leave(text, at);
        const auto reference = parse_reference(std::string_view(text).substr(at));
        const std::size_t size = reference ? reference->size : 1;
        Place place{line, size};
        const Columns::Origin use = origin(text.size() - at, size);
        place.location.column = use.column;
        place.location.expansion = use.expansion;
        place.width = use.width;
        Value value;
        if (!reference || !find(*reference, at + size == text.size(), place, surroundings, value)) {
            at = text.find('$', at + 1);
            continue;
        }
        if (text.size() - size + value.text.size() > kMaxText) {
            report_.add(
                Severity::notice, Rank::none, Prefix::line, place,
                fmt::format("${} would make the line longer than {} bytes: not replaced", reference->name, kMaxText));
            result.end = End::early;
            break;
        }
        if (++replaced_ > kMaxReplaced) {
            report_.add(Severity::error, Rank::general, Class::syntax, Prefix::line, place,
                        fmt::format("Definition {} refers to itself - ignoring the line", reference->name));
            result.end = End::endless;
            break;
        }
        result.end = ++total_ > kMaxTotal                          ? End::exhausted
                     : without_blanks(value.text).starts_with('~') ? End::early
                                                                   : End::complete;
        result.changed = true;
        result.multiline |= value.parameter != nullptr && value.parameter->more != nullptr;
        insert(text, at, size, value);
        at = text.find('$', at);
    }
    leave(text, text.size());
    columns = columns_;
    return result;
}

/// Whether there is something to put in the place of a reference, which may be the last thing in the text.
bool Substitution::find(const Reference& reference, bool last, const Place& place, const Surroundings& surroundings,
                        Value& value) {
    value.parameter = parameters_.find(reference.name);
    if (value.parameter != nullptr) {
        value.text = value.parameter->value;
        return reference.arguments.empty() && (last || value.parameter->more == nullptr);
    }
    if (!reference.name.starts_with('_')) {
        return false;
    }
    PredefinedValue result = predefined(reference, surroundings);
    if (!result.problem.empty()) {
        report_.add(Severity::error, Rank::general, Class::syntax, Prefix::line, place, result.problem);
    }
    if (!result.value) {
        return false;
    }
    predefined_ = std::move(*result.value);
    value.text = predefined_;
    return true;
}

/// Where the byte that has so many (and itself) behind it comes from, as part of a reference of this size.
Columns::Origin Substitution::origin(std::size_t behind, std::size_t size) const {
    if (!frames_.empty()) {
        return frames_.back().origin;
    }
    Columns::Origin result = original_.at(original_size_ - behind);
    if (result.width == 0) {
        result.width = static_cast<std::uint32_t>(size);
    }
    return result;
}

/// The scan has come to this position: values that end before it are over.
void Substitution::leave(const std::string& text, std::size_t position) {
    while (!frames_.empty() && text.size() - frames_.back().behind <= position) {
        const std::size_t behind = frames_.back().behind;
        frames_.pop_back();
        const std::size_t end = text.size() - behind;
        if (frames_.empty()) {
            columns_.append(end, original_, original_size_ - behind);
        } else {
            columns_.add(end, frames_.back().origin);
        }
    }
}

void Substitution::insert(std::string& text, std::size_t position, std::size_t size, const Value& value) {
    Columns::Origin use = origin(text.size() - position, size);
    const Parameter* const parameter = value.parameter;
    if (parameter != nullptr && parameter->more != nullptr) {
        inserted_.push_back({parameter->more, use});
    }
    if (parameter != nullptr && (parameter->round == 0 || !expansions_.inside(use.expansion, parameter->round))) {
        use.expansion = expansions_.insert(use.expansion, parameter->written);
    }
    const std::size_t behind = text.size() - position - size;
    text.replace(position, size, value.text);
    while (!frames_.empty() && frames_.back().behind > behind) {  // it ended inside the reference
        frames_.pop_back();
    }
    columns_.truncate(position);
    columns_.add(position, use);
    frames_.push_back({behind, use});
}

}  // namespace sustain::parser
