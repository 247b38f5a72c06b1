#include "parser/text/repetition.hpp"

namespace sustain::parser {

namespace {

template <typename Use>  // gets name and value of each variable
void for_each_variable(const Repetition& repetition, std::uint64_t round, Use use) {
    if (const auto* const sequence = std::get_if<Sequence>(&repetition)) {
        use(sequence->name, sequence->value(round));
        return;
    }
    const auto& list = std::get<List>(repetition);
    const auto& values = list.sets[static_cast<std::size_t>(round)];
    for (std::size_t i = 0; i < list.names.size(); ++i) {
        use(list.names[i], i < values.size() ? values[i] : std::string());
    }
}

}  // namespace

std::uint64_t rounds(const Repetition& repetition) {
    const auto* const sequence = std::get_if<Sequence>(&repetition);
    return sequence != nullptr ? sequence->size : std::get<List>(repetition).sets.size();
}

std::string describe(const Repetition& repetition, std::uint64_t round) {
    std::string result;
    for_each_variable(repetition, round, [&](const std::string& name, const std::string& value) {
        result += result.empty() ? "" : ", ";
        result += name;
        result += '=';
        result += value;
    });
    return result;
}

void define_variables(const Repetition& repetition, std::uint64_t round, ExpansionNumber expansion,
                      Expansions::Written written, Parameters& parameters) {
    for_each_variable(repetition, round, [&](const std::string& name, std::string value) {
        Parameter& parameter = parameters.define(name);
        parameter.value = std::move(value);
        parameter.written = written;
        parameter.round = expansion;
    });
}

}  // namespace sustain::parser
