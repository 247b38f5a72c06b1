#include "parser/text/expansions.hpp"

namespace sustain::parser {

Expansions::Written Expansions::write(const Location& place) {
    if (written_.size() >= kMaxKept) {
        return static_cast<Written>(written_.size() - 1);
    }
    written_.push_back(place);
    return static_cast<Written>(written_.size() - 1);
}

ExpansionNumber Expansions::insert(ExpansionNumber outer, Written written) {
    if (inserted_.size() >= kMaxKept) {
        return outer;
    }
    inserted_.push_back({outer, written, 0});
    return static_cast<ExpansionNumber>(inserted_.size());
}

ExpansionNumber Expansions::repeat(ExpansionNumber outer, Written written, std::string_view values) {
    const ExpansionNumber number = insert(outer, written);
    if (number != outer && values_.size() < kMaxRoundsNamed) {
        values_.emplace_back(values);
        inserted_.back().values = static_cast<std::uint32_t>(values_.size());
    }
    return number;
}

bool Expansions::inside(ExpansionNumber inner, ExpansionNumber outer) const {
    while (inner > outer) {  // what is outside has the lower number
        inner = inserted_[inner - 1].outer;
    }
    return inner == outer;
}

std::vector<Expansions::Step> Expansions::chain(ExpansionNumber number) const {
    constexpr std::size_t kLongest = 20;
    std::vector<Step> steps;
    for (; number != 0 && steps.size() < kLongest; number = inserted_[number - 1].outer) {
        const Inserted& inserted = inserted_[number - 1];
        const Location& place = written_[inserted.written];
        std::string values = inserted.values == 0 ? std::string() : values_[inserted.values - 1];
        if (!values.empty() && !steps.empty() && !steps.back().values.empty() &&
            steps.back().written.same_line(place)) {
            steps.back().values.insert(0, values + ", ");
            steps.back().written = place;
        } else if (!values.empty() || steps.empty() || !steps.back().written.same_line(place)) {
            steps.push_back({place, std::move(values)});
        }
    }
    return steps;
}

}  // namespace sustain::parser
