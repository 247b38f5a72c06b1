// What every fuzzer checks with.
#pragma once

#include <cstdio>
#include <cstdlib>

namespace sustain::fuzz {

/// Ends the fuzzer, which keeps the input, unless the promise is kept.
inline void check(bool holds, const char* promise) {
    if (!holds) {
        std::fprintf(stderr, "broken promise: %s\n", promise);
        std::abort();
    }
}

}  // namespace sustain::fuzz
