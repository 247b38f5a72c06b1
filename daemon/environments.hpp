// The machine as configurations are checked against it in particular situations. All else is as it is.
#pragma once

#include "parser/environment.hpp"

namespace sustain::daemon {

class Machine : public parser::Environment {
public:
    [[nodiscard]] parser::Program program(const std::string& name, const core::Account& account) const override {
        return machine_.program(name, account);
    }
    [[nodiscard]] bool interface_exists(const std::string& name) const override {
        return machine_.interface_exists(name);
    }
    [[nodiscard]] parser::Interface interface(const std::string& name) const override {
        return machine_.interface(name);
    }
    [[nodiscard]] std::optional<core::Address> source_address(const std::string& interface,
                                                              core::Address::Family family) const override {
        return machine_.source_address(interface, family);
    }
    [[nodiscard]] std::optional<core::Account> user(const std::string& name) const override {
        return machine_.user(name);
    }
    [[nodiscard]] std::optional<gid_t> group(const std::string& name) const override { return machine_.group(name); }
    [[nodiscard]] core::Account own_account() const override { return machine_.own_account(); }
    [[nodiscard]] std::optional<std::string> file_text(const std::string& path, std::size_t most) const override {
        return machine_.file_text(path, most);
    }
    [[nodiscard]] std::vector<std::string> folder_entries(const std::string& path, std::size_t most) const override {
        return machine_.folder_entries(path, most);
    }
    [[nodiscard]] std::optional<std::uint8_t> ip_protocol(const std::string& name) const override {
        return machine_.ip_protocol(name);
    }
    [[nodiscard]] bool resolves(const std::string& host) const override { return machine_.resolves(host); }
    [[nodiscard]] unsigned processors() const override { return machine_.processors(); }
    [[nodiscard]] bool can_write(const std::string& path) const override { return machine_.can_write(path); }
    [[nodiscard]] std::string why_no_folder(const std::string& path) const override {
        return machine_.why_no_folder(path);
    }
    [[nodiscard]] std::string why_not_watchable(const std::string& folder) const override {
        return machine_.why_not_watchable(folder);
    }
    [[nodiscard]] bool is_special_file(const std::string& path) const override {
        return machine_.is_special_file(path);
    }
    [[nodiscard]] bool has_namespace(const std::string& name) const override { return machine_.has_namespace(name); }

private:
    parser::SystemEnvironment machine_;
};

/// For a child when it reads a reload. It has not the rights that its parent has for a look at programs, and leaves
/// them to it: the parent decides whether a script is run when the child asks for it, and tells the checker of checks
/// that have none.
class UnquestionedPrograms final : public Machine {
public:
    [[nodiscard]] parser::Program program(const std::string& name, const core::Account& /*account*/) const override {
        return {.finding = parser::Program::Finding::fine, .path = name, .reason = {}};
    }
};

/// For a reload of a configuration without enable_script_security while it is in force: once on, it stays on.
class SafeProgramsOnly final : public Machine {
public:
    [[nodiscard]] parser::Program program(const std::string& name, const core::Account& account) const override {
        parser::Program program = Machine::program(name, account);
        if (program.finding == parser::Program::Finding::insecure) {
            program.finding = parser::Program::Finding::wrong_type;  // which is never run
        }
        return program;
    }
};

}  // namespace sustain::daemon
