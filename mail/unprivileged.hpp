// The mail child needs no rights at all: what an SMTP server says is read by a process that can neither change this
// machine nor read what is root's.
#pragma once

#include "core/error.hpp"

namespace sustain::mail {

/// Makes this process the user nobody, without groups and capabilities, for good. A process that is not root's, or must
/// not change its user, keeps the user and loses the capabilities.
[[nodiscard]] core::Result<> give_up_all_rights();

}  // namespace sustain::mail
