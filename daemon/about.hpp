// What the program says about itself: -v, -h and the first and last lines of the log.
#pragma once

#include <string>
#include <string_view>

namespace sustain::daemon {

/// "Keepalived v2.4.3 (11/22,2026)": the release whose behaviour this program has. Exporters read the second word.
[[nodiscard]] std::string_view release_line();

[[nodiscard]] std::string version_text();
[[nodiscard]] std::string usage_text(std::string_view program);

/// "Linux 6.1.0 #1 SMP …" of the running kernel.
[[nodiscard]] std::string running_kernel();
/// "6.1.0", the kernel whose headers this was built with.
[[nodiscard]] std::string built_for_kernel();

}  // namespace sustain::daemon
