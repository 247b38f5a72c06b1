#include "parser/lines.hpp"

#include <fmt/format.h>
#include <catch2/catch.hpp>

#include "fixture.hpp"

using namespace sustain::parser;

namespace {

/// A text made into logical lines, written LINE:COLUMN:TEXT with | between them.
struct Reader {
    Sources sources;
    Report report{sources};
    Lines lines{sources, report};

    std::string read(std::string_view text) {
        std::vector<OpenedFile> files(1);
        files[0].file.name = "k.conf";
        files[0].file.text = text;
        lines.open(std::move(files));
        std::string result;
        for (LogicalLine line; lines.next(line);) {
            result += fmt::format("{}{}:{}:{}", result.empty() ? "" : "|", line.location.line, line.location.column,
                                  line.text);
        }
        return result;
    }
};

std::string read(std::string_view text) {
    return Reader().read(text);
}

/// The first headline that reading the text gives.
std::string complaint(std::string_view text) {
    Reader reader;
    (void)reader.read(text);
    const auto diagnostics = reader.report.take();
    return diagnostics.empty() ? "" : headline(diagnostics.front());
}

}  // namespace

TEST_CASE("line ends") {
    CHECK(read("a\nb\n") == "1:1:a|2:1:b");
    CHECK(read("a\r\n\r\n  b\r\r\nc") == "1:1:a|3:3:b|4:1:c");
    CHECK(read("a\rb\n") == "1:1:a\rb");
    CHECK(read("").empty());
    CHECK(read("\n\n# x\n  \t\n").empty());
}

TEST_CASE("braces become lines of their own") {
    CHECK(read("a b{c}d { }\n") == "1:1:a b|1:4:{|1:5:c|1:6:}|1:7:d |1:9:{|1:11:}");
    CHECK(read("a \"{\" }") == "1:1:a \"{\" |1:7:}");
    CHECK(read("a \"{ }") == "1:1:a \"{ }");  // what follows a lone quote is not searched
    CHECK(read("a 'x {4}'") == "1:1:a 'x |1:6:{|1:7:4|1:8:}|1:9:'");
    CHECK(read("{{}}") == "1:1:{|1:2:{|1:3:}|1:4:}");
}

TEST_CASE("lines that are too long") {
    const std::string fits = "a" + std::string(1021, ' ');
    CHECK(read(fits) == "1:1:a");
    CHECK(complaint(fits).empty());
    CHECK(complaint(fits + "\n").empty());
    CHECK(complaint(fits + " \n") == "(Line 1) line too long - ignoring");
    CHECK(complaint(fits + "\r\n") == "(Line 1) line too long - ignoring");
    CHECK(read(fits + " \nb\n") == "2:1:b");
}

TEST_CASE("NUL bytes") {
    using namespace std::string_view_literals;
    CHECK(read("a\n b\0c\nd\n"sv) == "1:1:a|3:1:d");
    CHECK(complaint("b\0c\n"sv) == "(Line 1) configuration appears to have embedded NULs - ignoring line");
    CHECK(read("a\nb\0c"sv) == "1:1:a|2:1:b");
    CHECK(complaint("a\nb\0c"sv).empty());
    CHECK(complaint("a\n\0"sv).empty());
}

TEST_CASE("what the passes that skip global_defs see of a line") {
    Reader reader;
    std::vector<OpenedFile> files(1);
    files[0].file.text = "x { a \\#b }\n";
    reader.lines.open(std::move(files));
    std::vector<std::pair<std::string, std::size_t>> seen;
    for (LogicalLine line; reader.lines.next(line);) {
        seen.emplace_back(line.text, line.later);
    }
    REQUIRE(seen.size() == 4);
    CHECK(seen[0] == std::pair<std::string, std::size_t>("x ", 2));
    CHECK(seen[1] == std::pair<std::string, std::size_t>("{", 1));
    CHECK(seen[2] == std::pair<std::string, std::size_t>("a #b ", 1));
    CHECK(seen[3] == std::pair<std::string, std::size_t>("}", 0));
    CHECK(reader.lines.open_braces() == 1);  // of them, not of the pass that reads global_defs
}

TEST_CASE("the balance of braces") {
    CHECK(complaint("a {\n}\n}\n") == "(Line 3) Extra '}' found");
    Reader reader;
    (void)reader.read("a {\nb {\n}\n");
    CHECK(reader.lines.open_braces() == 1);
}

TEST_CASE("expanded text is not expanded once more") {
    Sources sources;
    Report report(sources);
    Lines lines(sources, report);
    lines.open_expanded("a # { \"x\n{\n$X=1\ninclude b\n");
    std::vector<std::string> seen;
    for (LogicalLine line; lines.next(line);) {
        seen.emplace_back(line.text);
    }
    CHECK(seen == std::vector<std::string>{"a # { \"x", "{", "$X=1", "include b"});
    CHECK(report.take().empty());
}
