// From what the director says of real and virtual servers to notify scripts, FIFO lines and mails (spec/lvs.md 7,
// spec/outputs.md 7). A function of the notice and the configuration in force.
#pragma once

#include "checker/config.hpp"
#include "core/config/mail.hpp"
#include "daemon/notice.hpp"
#include "ipvs/notice.hpp"

namespace sustain::daemon {

/// May be empty: nobody wants to know.
[[nodiscard]] Notice lvs_notice(const ipvs::Notice& said, const checker::Config& checks,
                                const core::MailSettings& mail);

}  // namespace sustain::daemon
