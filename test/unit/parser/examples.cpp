// Examples with known verdicts: test/corpus/language.
#include <fmt/format.h>
#include <catch2/catch.hpp>

#include <fstream>
#include <regex>
#include <sstream>

#include "fixture.hpp"
#include "parser/values.hpp"

using namespace sustain::parser;

namespace {

struct Example {
    std::string title;
    int status = 0;
    bool escaped = false;
    std::string says;
    std::vector<std::pair<std::string, std::string>> files;  ///< the main one has the name "main"
};

std::string unescape(const std::string& text) {
    std::string result;
    for (std::size_t i = 0; i < text.size(); ++i) {
        if (text[i] != '\\' || i + 1 == text.size()) {
            result += text[i];
            continue;
        }
        const std::string_view codes = "rntvf0";
        const std::string_view bytes("\r\n\t\v\f\0", 6);
        if (const auto at = codes.find(text[++i]); at != std::string_view::npos) {
            result += bytes[at];
        } else if (text[i] == 'x') {
            result += static_cast<char>(std::stoi(text.substr(i + 1, 2), nullptr, 16));
            i += 2;
        } else {
            result += text[i];
        }
    }
    return result;
}

std::vector<Example> read_examples() {
    std::ifstream file(std::string(SUSTAIN_CORPUS) + "/language/examples.txt", std::ios::binary);
    std::vector<Example> examples;
    for (std::string line; std::getline(file, line);) {
        if (line.starts_with("==== ")) {
            examples.push_back({.title = line.substr(5),
                                .status = std::stoi(line.substr(5)),
                                .escaped = line.find(" escaped ") != std::string::npos,
                                .says = {},
                                .files = {}});
        } else if (line.starts_with("---- says ")) {
            examples.back().says = line.substr(10);
        } else if (line.starts_with("---- file ")) {
            examples.back().files.emplace_back(line.substr(10), "");
        } else if (line == "---- main") {
            examples.back().files.emplace_back("main", "");
        } else {
            examples.back().files.back().second += line + '\n';
        }
    }
    return examples;
}

/// A configuration in which everything but the value in question is right.
std::string vehicle(const std::string& name, const std::string& value) {
    std::string instance = "interface eth0\n";
    std::string id = "virtual_router_id 51\n";
    std::string address = "192.0.2.10";
    if (name == "virtual_router_id") {
        id = fmt::format("virtual_router_id {}\n", value);
    } else if (name == "advert_int") {
        instance += fmt::format("version 3\nadvert_int {}\n", value);
    } else if (name == "preempt_delay") {
        instance += fmt::format("state BACKUP\npreempt_delay {}\n", value);
    } else if (name == "virtual_ipaddress") {
        address = value;
    } else {
        const bool server = name == "virtual_server";
        return fmt::format(
            "virtual_server {} {} {{\nprotocol TCP\nlvs_sched rr\nlvs_method NAT\npersistence_timeout 50\n"
            "{}real_server {} 80 {{\n}}\n}}\n",
            server ? value : "192.0.2.10", name == "port" ? value : "80",
            server || name == "port" ? "" : fmt::format("{} {}\n", name, value),
            value.find("::") != std::string::npos && server ? "2001:db8::9" : "192.0.2.20");
    }
    return fmt::format("vrrp_instance VI_1 {{\n{}{}virtual_ipaddress {{\n{}\n}}\n}}\n", instance, id, address);
}

/// What is wrong with a number, read as the keyword that the table names reads it.
std::string fault_of(const std::string& kind, std::string word) {
    if (word.starts_with('"')) {
        word = word.substr(1, word.size() - 2);
    }
    word = word.substr(0, word.find(" 6"));  // a second word is none of the number's business
    if (kind == "signed") {
        return describe(read_signed(word, {-20, 19}).fault, word, "integer", "-20, 19");
    }
    return describe(read_decimal(word, 6, {1, 4'294'967'295}).fault, word, "unsigned decimal",
                    format_decimal(1, 6) + ", " + format_decimal(4'294'967'295, 6));
}

}  // namespace

TEST_CASE("examples of the language get the verdict of keepalived") {
    const auto examples = read_examples();
    REQUIRE(examples.size() > 40);
    for (const Example& example : examples) {
        const test::Folder folder;
        for (const auto& [name, text] : example.files) {
            folder.write(name, example.escaped ? unescape(text.substr(0, text.size() - 1)) : text);
        }
        const Outcome outcome =
            load({.file = folder.path("main"), .config_id = {}, .strict = true}, test::FakeMachine());
        INFO(example.title << '\n' << example.files.back().second << '\n' << test::headlines(outcome));
        CHECK(outcome.test_status == example.status);
        // Keepalived prints what every pass finds in two forms; the specification quotes the first, we print the
        // other, which names the file.
        const std::string with_file = std::regex_replace(example.says, std::regex(R"(^\(Line )"), "(main: Line ");
        const std::string said = test::headlines(outcome);
        CHECK((said.find(example.says) != std::string::npos || said.find(with_file) != std::string::npos));
    }
}

TEST_CASE("values get the verdict of keepalived") {
    std::ifstream file(std::string(SUSTAIN_CORPUS) + "/language/values.txt");
    std::size_t rows = 0;
    for (std::string line; std::getline(file, line); ++rows) {
        std::vector<std::string> fields;
        std::istringstream stream(line + "\t");
        for (std::string field; std::getline(stream, field, '\t');) {
            fields.push_back(field);
        }
        REQUIRE(fields.size() >= 4);
        const std::string& says = fields[3];
        if (fields[0] == "signed" || fields[0] == "decimal") {
            INFO(line);
            CHECK(fault_of(fields[0], fields[1]) == says);
            continue;
        }
        const Outcome outcome = test::test_text(vehicle(fields[0], fields[1]));
        INFO(line << '\n' << test::headlines(outcome));
        CHECK(outcome.test_status == std::stoi(fields[2]));
        CHECK(test::headlines(outcome).find(says) != std::string::npos);
    }
    CHECK(rows > 130);
}
