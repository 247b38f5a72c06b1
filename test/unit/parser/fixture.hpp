// What the tests of the parser share: a machine made up of a list of interfaces, files in a folder of their own, and
// one call from text to outcome.
#pragma once

#include <filesystem>
#include <set>
#include <string>
#include <string_view>

#include "parser/loader.hpp"

namespace sustain::parser::test {

class FakeMachine final : public Environment {
public:
    std::set<std::string> interfaces = {"lo", "eth0", "eth1", "ens33"};
    [[nodiscard]] bool interface_exists(const std::string& name) const override { return interfaces.contains(name); }
};

/// A folder that goes away with its files.
class Folder {
public:
    Folder();
    ~Folder();
    Folder(const Folder&) = delete;
    Folder& operator=(const Folder&) = delete;
    /// Writes a file; its path may have folders in it. Returns the full name.
    std::string write(const std::string& name, std::string_view text) const;
    [[nodiscard]] std::string path(const std::string& name) const { return path_ / name; }

private:
    std::filesystem::path path_;
};

/// As -t reads it.
[[nodiscard]] Outcome test_text(std::string_view text, const Environment& machine = FakeMachine());
/// As the daemon reads it.
[[nodiscard]] Outcome load_text(std::string_view text, const Environment& machine = FakeMachine());
/// What a text becomes as logical lines, with | between them, and the headlines of what is said about it.
struct Expanded {
    std::string lines;
    std::string said;
    int status = 0;  ///< of that
};
[[nodiscard]] Expanded expand(std::string_view text, const std::string& config_id = "main");
/// The exit status of -t.
[[nodiscard]] int status(std::string_view text);
/// With which status a daemon of all parts would end; no value: it runs.
[[nodiscard]] std::optional<int> fatal_status(const Outcome& outcome);
/// All headlines, one a line, without the folder of the main file.
[[nodiscard]] std::string headlines(const Outcome& outcome);

}  // namespace sustain::parser::test
