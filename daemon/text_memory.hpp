// A text in anonymous memory that another process can be given and nobody can change: how a reload's configuration
// reaches the children (design.md section 1).
#pragma once

#include <string>
#include <string_view>

#include "core/error.hpp"
#include "core/unique_fd.hpp"

namespace sustain::daemon {

/// A sealed memfd with `text`.
[[nodiscard]] core::Result<core::UniqueFd> make_text_memory(std::string_view text);

/// The text of a memfd made by make_text_memory(). Refuses a descriptor that is not sealed: its text could change
/// while it is read.
[[nodiscard]] core::Result<std::string> read_text_memory(const core::UniqueFd& memory);

}  // namespace sustain::daemon
