#include "parser/record.hpp"

#include <algorithm>

#include "parser/statement.hpp"

namespace sustain::parser {

namespace {

/// What would be taken for something else if it were not between quotes.
bool needs_quotes(std::string_view text) {
    return text.empty() || text.find_first_of("#!{}") != std::string_view::npos;
}

bool is_split_again(const Keyword& keyword) {  // by the rules of a shell, for which blanks and quotes matter
    return keyword.value.type == Value::Type::script;
}

/// The words from this one on, with one blank wherever there was one.
std::string rewritten(const Statement& statement, std::size_t first,
                      std::span<const std::pair<std::size_t, std::string>> replaced) {
    std::string text;
    const char* end = nullptr;
    for (std::size_t i = first; i < statement.size(); ++i) {
        const ast::Word& word = statement.words[i];
        if (end != nullptr && word.begin() != end) {
            const auto gap = static_cast<std::size_t>(word.begin() - end);
            text += is_split_again(statement.keyword) ? std::string_view(end, gap) : " ";
        }
        end = word.begin() + word.width();
        const auto value = std::ranges::find(replaced, i, &std::pair<std::size_t, std::string>::first);
        if (value != replaced.end()) {
            text += value->second;
        } else if (word.quoted || needs_quotes(word.text)) {
            text += '"';
            text += word.text;
            text += '"';
        } else {
            text += word.text;
        }
    }
    return text;
}

}  // namespace

Written Record::make(const Statement& statement, bool entry, std::size_t faults) {
    Written written;
    written.keyword = entry ? nullptr : &statement.keyword;
    written.arguments = rewritten(statement, entry ? 0 : 1, replaced_);
    written.location = statement.place().location;
    written.use = faults > replaced_.size() ? Written::Use::faulty : Written::Use::counts;
    for (const auto& [word, value] : replaced_) {
        if (written.use == Written::Use::counts && word < statement.size()) {
            written.remark += written.remark.empty() ? "instead of " : ", ";
            written.remark += statement[word];
        }
    }
    replaced_.clear();
    return written;
}

void Record::add(const Statement& statement, bool entry, std::size_t faults) {
    open_.back().inside.push_back(make(statement, entry, faults));
}

void Record::open(const Statement& statement) {
    open_.push_back(make(statement, false, 0));
}

void Record::close() {
    Written block = std::move(open_.back());
    open_.pop_back();
    open_.back().inside.push_back(std::move(block));
}

void Record::adjust(const Location& block, Adjustment adjustment) {
    adjustments_[block.sequence].push_back(std::move(adjustment));
}

void Record::leave_out(const Location& block, std::string_view why) {
    left_out_[block.sequence] = why;
}

const std::vector<Adjustment>& Record::adjustments(const Written& block) const {
    static const std::vector<Adjustment> kNone;
    const auto found = adjustments_.find(block.location.sequence);
    return found != adjustments_.end() ? found->second : kNone;
}

std::string_view Record::left_out(const Written& block) const {
    const auto found = left_out_.find(block.location.sequence);
    return found != left_out_.end() ? std::string_view(found->second) : std::string_view();
}

}  // namespace sustain::parser
