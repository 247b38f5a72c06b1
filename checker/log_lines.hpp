// What a check says in the log, in the words that tools look for (spec/outputs.md section 8).
#pragma once

#include <string>
#include <vector>

#include "checker/config.hpp"
#include "checker/verdict.hpp"

namespace sustain::checker {

/// The lines about what an attempt has changed; none for most.
/// \param retries how many attempts followed the first failure
/// \param reason why it failed; may be empty
/// \param url of an HTTP_GET or SSL_GET, the number of the one that was tried
[[nodiscard]] std::vector<std::string> log_lines(const Check& check, Verdict::Event event, unsigned retries,
                                                 const std::string& reason, std::size_t url);

}  // namespace sustain::checker
