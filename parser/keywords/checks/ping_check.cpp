// PING_CHECK { … } in a real server
#include "parser/keywords/checks/network_rows.hpp"
#include "parser/keywords/tables.hpp"

namespace sustain::parser {

namespace {

constexpr auto kRows = network_rows();

}  // namespace

const BlockTable& ping_check_table() {
    static const BlockTable table("virtual_server/real_server/PING_CHECK", kRows);
    return table;
}

}  // namespace sustain::parser
