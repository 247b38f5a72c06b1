// genhash: computes the digest that an HTTP_GET or SSL_GET wants, by fetching the page as those do (spec/genhash.md).
#pragma once

#include <optional>
#include <string>
#include <vector>

namespace sustain::genhash {

/// How the program was told to be genhash, by its name or by its first option.
struct Call {
    std::string program;             ///< as the usage names it
    std::vector<std::string> words;  ///< the rest of the command line
};

/// Nothing if the name of the program is another one.
[[nodiscard]] std::optional<Call> called(int argc, char* const argv[]);

/// The whole program. \return its exit status: 1 where the command line is wrong, 0 otherwise.
[[nodiscard]] int run(const Call& call);

}  // namespace sustain::genhash
