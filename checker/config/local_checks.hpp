// Checks that ask this machine: a script, a BFD session, a file (spec/lvs.md 5.10 to 5.12).
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <tuple>
#include <vector>

#include "core/command.hpp"
#include "core/time.hpp"

namespace sustain::checker {

/// MISC_CHECK: a script says so by its exit status.
struct MiscCheck {
    std::vector<std::string> arguments;             ///< the program (always) and its arguments, as written
    bool dynamic = false;                           ///< exit statuses from 2 on stand for a weight
    std::int32_t configured_weight = 1;             ///< of the real server, which such a weight replaces
    core::CommandNumber script = core::kNoCommand;  ///< in Config::scripts
    core::Duration timeout{0};                      ///< after which it is killed; never 0 in the end

    [[nodiscard]] auto identity() const { return std::tie(arguments, dynamic); }
    bool operator==(const MiscCheck& other) const { return identity() == other.identity(); }
};

/// BFD_CHECK: the session is up.
struct BfdCheck {
    std::string instance;

    [[nodiscard]] auto identity() const { return std::tie(instance); }
    bool operator==(const BfdCheck&) const = default;
};

/// FILE_CHECK: the number in a file changes the weight of the real server or makes it fail.
struct FileCheck {
    struct Weight {
        std::int32_t factor = 1;  ///< 0: the real server fails where the number is not 0
        bool reverse = false;

        bool operator==(const Weight&) const = default;
    };
    std::string track_file;        ///< the name of the track_file block
    std::string path;              ///< of the file
    std::optional<Weight> weight;  ///< absent in the configuration: as the track_file block says

    /// The file is read again at a reload, so there is nothing to be kept that could be wrong.
    [[nodiscard]] auto identity() const { return std::tie(track_file); }
    bool operator==(const FileCheck& other) const { return identity() == other.identity(); }
};

}  // namespace sustain::checker
