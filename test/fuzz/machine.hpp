// The machine that fuzzed configurations are for: some of everything, nothing of it real.
#pragma once

#include "parser/environment.hpp"

namespace sustain::fuzz {

class Machine final : public parser::Environment {
public:
    [[nodiscard]] bool interface_exists(const std::string& name) const override {
        return name == "lo" || name == "eth0" || name == "eth1" || name == "red";
    }
    [[nodiscard]] parser::Interface interface(const std::string& name) const override {
        parser::Interface result = Environment::interface(name);
        if (name == "red") {
            result.vrf_table = 1001;
        }
        return result;
    }
    [[nodiscard]] std::optional<std::string> file_text(const std::string& path, std::size_t most) const override {
        return path.ends_with("rt_tables") ? std::optional(std::string("100 blue\n").substr(0, most)) : std::nullopt;
    }
    [[nodiscard]] std::optional<std::uint8_t> ip_protocol(const std::string& name) const override {
        return name == "tcp" ? std::optional<std::uint8_t>(6) : std::nullopt;
    }
};

inline const Machine& machine() {
    static const Machine machine;
    return machine;
}

}  // namespace sustain::fuzz
