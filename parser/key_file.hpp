// A file with a key in it, as auth_hmac names one.
#pragma once

#include <string>

#include "core/error.hpp"
#include "core/secret.hpp"

namespace sustain::parser {

struct KeyFile {
    core::Secret text;             ///< without the line feed at its end
    bool others_may_read = false;  ///< the group of its owner, or everyone
};

/// Fails for what is not a regular file, cannot be read, or is much larger than a key.
[[nodiscard]] core::Result<KeyFile> read_key_file(const std::string& path);

}  // namespace sustain::parser
