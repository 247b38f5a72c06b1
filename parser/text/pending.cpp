#include "parser/text/pending.hpp"

namespace sustain::parser {

void PendingTexts::repeat(Repetition repetition, KeptText text, Columns columns, Expansions::Written written) {
    pending_.emplace_back(Rounds{std::move(repetition), std::move(text), std::move(columns), written});
}

void PendingTexts::insert(std::shared_ptr<const MoreLines> lines, const Columns::Origin& reference) {
    pending_.emplace_back(Lines{std::move(lines), reference});
}

bool PendingTexts::next(KeptText& text, Columns& columns) {
    while (!pending_.empty() && left() != 0) {
        if (std::visit([&](auto& source) { return next(source, text, columns); }, pending_.back())) {
            ++made_;
            return true;
        }
        pending_.pop_back();  // only now: what it contained last may still have used it
    }
    return false;
}

bool PendingTexts::next(Rounds& source, KeptText& text, Columns& columns) {
    if (source.next == rounds(source.repetition)) {
        return false;
    }
    const ExpansionNumber expansion =
        expansions_.repeat(source.columns.at(0).expansion, source.written, describe(source.repetition, source.next));
    define_variables(source.repetition, source.next, expansion, source.written, parameters_);
    ++source.next;
    text = source.text;
    columns = source.columns;
    columns.set_expansion(expansion);
    return true;
}

bool PendingTexts::next(Lines& source, KeptText& text, Columns& columns) {
    if (source.next == source.lines->lines.size()) {
        return false;
    }
    const MoreLines::Line& line = source.lines->lines[source.next++];
    Columns::Origin origin = source.reference;
    origin.expansion = expansions_.insert(origin.expansion, line.written);
    text = line.text;
    columns.clear();
    columns.add(0, origin);
    return true;
}

}  // namespace sustain::parser
