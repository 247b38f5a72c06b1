// The names that iproute2 gives to numbers of the kernel: routing tables, protocols, scopes, … (spec/routes-rules.md
// 1.1). The files are read when a name of their kind is first needed, and not again.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>

#include "parser/environment.hpp"

namespace sustain::parser {

class KernelNames {
public:
    enum class Kind : std::uint8_t { table, protocol, scope, dsfield, realm, group };

    /// iproute_etc_dir and iproute_usr_dir of global_defs.
    struct Folders {
        std::string_view etc = "/etc/iproute2";
        std::string_view usr = "/usr/share/iproute2";
    };

    /// The number that a word stands for: itself, if it is one in C notation, or what the files say. No value: it is
    /// no known name, or out of range.
    [[nodiscard]] std::optional<std::uint32_t> find(Kind kind, std::string_view word, const Folders& folders,
                                                    const Environment& machine);

private:
    using Numbers = std::unordered_map<std::string, std::uint32_t>;

    static constexpr std::size_t kKinds = 6;
    std::array<std::optional<Numbers>, kKinds> names_;
};

}  // namespace sustain::parser
