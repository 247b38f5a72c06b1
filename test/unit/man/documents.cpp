#include "documents.hpp"

#include <fmt/ranges.h>

#include <catch2/catch.hpp>
#include <cstdlib>
#include <fstream>
#include <sstream>

namespace sustain::test {

namespace {

std::string heading_of(const std::string& block) {
    return block.empty() ? "Top level" : block;
}

}  // namespace

std::string read_document(std::string_view path) {
    const char* const root = std::getenv("SUSTAIN_SOURCE_ROOT");
    REQUIRE(root != nullptr);
    std::ifstream file(fmt::format("{}/{}", root, path));
    REQUIRE(file.good());
    return {std::istreambuf_iterator<char>(file), {}};
}

Keywords documented_keywords(std::string_view page) {
    Keywords keywords;
    std::string block;
    bool in_block = false;
    std::istringstream lines{std::string(page)};
    for (std::string line; std::getline(lines, line);) {
        if (line.starts_with(".Sh ")) {
            in_block = false;
        } else if (line.starts_with(".Ss ")) {
            in_block = true;
            block = line.substr(4);
            block = block == heading_of("") ? "" : block;
        } else if (in_block && line.starts_with(".It Ic ")) {
            std::istringstream words(line);
            for (std::string word, before; words >> word; before = word) {
                if (before == "Ic") {
                    keywords[block].insert(word);
                }
            }
        }
    }
    return keywords;
}

std::string generated_part(std::string_view text) {
    std::string part;
    bool inside = false;
    std::istringstream lines{std::string(text)};
    for (std::string line; std::getline(lines, line);) {
        if (line.find("END unsupported") != std::string::npos) {
            return part;
        }
        if (inside) {
            part += line + '\n';
        }
        inside = inside || line.find("BEGIN unsupported") != std::string::npos;
    }
    FAIL("no lines between BEGIN unsupported and END unsupported");
    return part;
}

std::string with_generated_part(std::string_view text, std::string_view part) {
    const auto begin = text.find('\n', text.find("BEGIN unsupported")) + 1;
    const auto end = text.rfind('\n', text.find("END unsupported")) + 1;
    return fmt::format("{}{}{}", text.substr(0, begin), part, text.substr(end));
}

void write_document(std::string_view path, std::string_view text) {
    std::ofstream file(fmt::format("{}/{}", std::getenv("SUSTAIN_SOURCE_ROOT"), path), std::ios::trunc);
    file << text;
    REQUIRE(file.good());
}

std::string unsupported_as_mdoc(const Keywords& unsupported) {
    std::string text = ".Bl -tag -width Ds\n";
    for (const auto& [block, keywords] : unsupported) {
        text += fmt::format(".It {}\n", heading_of(block));
        std::size_t left = keywords.size();
        for (const std::string& keyword : keywords) {
            text += fmt::format(".Ic {}{}\n", keyword, --left == 0 ? "" : " ,");
        }
    }
    return text + ".El\n";
}

std::string unsupported_as_table(const Keywords& unsupported) {
    std::string text = "| block | keywords |\n|---|---|\n";
    for (const auto& [block, keywords] : unsupported) {
        text += fmt::format("| {} | `{}` |\n", heading_of(block), fmt::join(keywords, "` `"));
    }
    return text;
}

}  // namespace sustain::test
