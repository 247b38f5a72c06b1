#include "fixture.hpp"

#include <cstdlib>
#include <fstream>
#include <stdexcept>

#include "parser/lines.hpp"

namespace sustain::parser::test {

namespace {

Outcome load_as(std::string_view text, const Environment& machine, bool strict) {
    const Folder folder;
    return load({.file = folder.write("k.conf", text), .config_id = {}, .strict = strict}, machine);
}

}  // namespace

Folder::Folder() {
    std::string name = (std::filesystem::temp_directory_path() / "sustain-parser-XXXXXX").string();
    if (mkdtemp(name.data()) == nullptr) {
        throw std::runtime_error("no temporary folder");
    }
    path_ = name;
}

Folder::~Folder() {
    std::error_code ignored;
    std::filesystem::remove_all(path_, ignored);
}

std::string Folder::write(const std::string& name, std::string_view text) const {
    const auto file = path_ / name;
    std::filesystem::create_directories(file.parent_path());
    std::ofstream(file, std::ios::binary) << text;
    return file;
}

Outcome test_text(std::string_view text, const Environment& machine) {
    return load_as(text, machine, true);
}
Outcome load_text(std::string_view text, const Environment& machine) {
    return load_as(text, machine, false);
}
Expanded expand(std::string_view text, const std::string& config_id) {
    Sources sources;
    Report report(sources);
    Lines reader(sources, report, config_id);
    std::vector<OpenedFile> files(1);
    files[0].file.name = "k.conf";
    files[0].file.text = text;
    reader.open(std::move(files));
    Expanded result;
    for (LogicalLine line; reader.next(line);) {
        result.lines += result.lines.empty() ? "" : "|";
        result.lines += line.text;
    }
    result.status = report.status();
    for (const Diagnostic& diagnostic : report.take()) {
        result.said += headline(diagnostic) + '\n';
    }
    return result;
}
int status(std::string_view text) {
    return test_text(text).test_status;
}

std::optional<int> fatal_status(const Outcome& outcome) {
    for (const auto& fatal : {outcome.parent_fatal, outcome.vrrp_fatal, outcome.checker_fatal}) {
        if (fatal) {
            return fatal;
        }
    }
    return std::nullopt;
}

std::string headlines(const Outcome& outcome) {
    std::string text;
    for (const Diagnostic& diagnostic : outcome.diagnostics) {
        Diagnostic shortened = diagnostic;
        if (shortened.file.starts_with('/')) {
            shortened.file.erase(0, shortened.file.rfind('/') + 1);  // the temporary folder
        }
        text += headline(shortened) + '\n';
    }
    return text;
}

}  // namespace sustain::parser::test
