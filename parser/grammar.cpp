#include "parser/grammar.hpp"

#include <boost/spirit/home/x3.hpp>

namespace sustain::parser {

namespace {

namespace x3 = boost::spirit::x3;

struct LineTag {};

const auto add_word = [](auto& context) {
    const auto& range = x3::_attr(context);
    x3::get<LineTag>(context).get().words.push_back(
        {std::string_view(range.begin(), static_cast<std::size_t>(range.end() - range.begin())), false});
};
const auto add_quoted = [](auto& context) {
    const auto& range = x3::_attr(context);
    x3::get<LineTag>(context).get().words.push_back(
        {std::string_view(range.begin(), static_cast<std::size_t>(range.end() - range.begin())), true});
};
const auto set_open = [](auto& context) { x3::get<LineTag>(context).get().shape = ast::Shape::open; };
const auto set_close = [](auto& context) { x3::get<LineTag>(context).get().shape = ast::Shape::close; };

// The six blanks of section 2.5. Bytes above 127 are data, so the grammar reads plain chars as x3::standard does.
const auto blank = x3::char_(" \t\n\v\f\r");
const auto quoted = '"' >> x3::raw[*~x3::char_('"')][add_quoted] >> '"';
const auto bare = x3::raw[+~x3::char_(" \t\n\v\f\r\"")][add_word];
const auto words = x3::omit[*blank >> *((bare | quoted) >> *blank)];
const auto brace = (x3::lit('{') >> x3::eoi)[set_open] | (x3::lit('}') >> x3::eoi)[set_close];
const auto line_rule = brace | words;

}  // namespace

void parse_line(std::string_view text, ast::Line& line) {
    line.shape = ast::Shape::statement;
    line.words.clear();
    const char* position = text.data();
    const char* const end = text.data() + text.size();
    x3::parse(position, end, x3::with<LineTag>(std::ref(line))[line_rule]);
    line.unmatched_quote = nullptr;
    if (position != end) {
        line.unmatched_quote = position;
        // The action of the unfinished quoted word has already run: that word does not count.
        if (!line.words.empty() && line.words.back().text.data() == position + 1) {
            line.words.pop_back();
        }
    }
}

}  // namespace sustain::parser
