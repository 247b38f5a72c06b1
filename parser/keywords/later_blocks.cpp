// Blocks that are read and skipped yet: their keywords, so that the list of what is missing is complete.
#include "parser/keywords/tables.hpp"

namespace sustain::parser {

namespace {

constexpr Keyword kSsl[] = {
    later("password", Missing::reported),
    later("ca", Missing::reported),
    later("certificate", Missing::reported),
    later("key", Missing::reported),
};

}  // namespace

std::vector<BlockTable> later_block_tables() {
    return {
        {"SSL", kSsl},
    };
}

}  // namespace sustain::parser
