// What holds for whatever a configuration holds.
#pragma once

#include "parser/loader.hpp"
#include "promise.hpp"

namespace sustain::fuzz {

inline void check_outcome(const parser::Outcome& outcome) {
    const int status = outcome.test_status;
    check(status == 0 || status == 2 || status == 4 || status == 5 || status == 6,
          "the exit status of a test is one of keepalived's");
    for (const parser::Diagnostic& diagnostic : outcome.diagnostics) {
        check(!to_text(diagnostic).empty(), "every diagnostic has a text");
    }
}

}  // namespace sustain::fuzz
