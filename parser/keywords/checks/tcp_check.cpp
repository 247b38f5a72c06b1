// TCP_CHECK { … } in a real server
#include "parser/keywords/checks/network_rows.hpp"
#include "parser/keywords/tables.hpp"

namespace sustain::parser {

namespace {

constexpr auto kRows = network_rows();

}  // namespace

const BlockTable& tcp_check_table() {
    static const BlockTable table("virtual_server/real_server/TCP_CHECK", kRows);
    return table;
}

}  // namespace sustain::parser
