// UDP_CHECK { … } in a real server
#include "parser/keywords/check_blocks.hpp"
#include "parser/keywords/checks/network_rows.hpp"
#include "parser/keywords/tables.hpp"
#include "parser/values_check.hpp"

namespace sustain::parser {

namespace {

using checker::UdpCheck;

/// All words behind the keyword, read as one text.
std::optional<checker::BytePattern> read_bytes(Context& context, const Statement& statement, Wildcards wildcards,
                                               std::string_view what) {
    std::string text;
    for (std::size_t i = 1; i < statement.size(); ++i) {
        text += statement[i];
        text += ' ';
    }
    auto pattern = read_hex(text, wildcards);
    if (!pattern) {
        context.error(statement, 1, fmt::format("Invalid hex string for UDP_CHECK {}", what),
                      wildcards == Wildcards::taken ? "hexadecimal digits such as 00 ff; x for a digit that may be any"
                                                    : "hexadecimal digits such as 00 ff, without 0x");
    }
    return pattern;
}

void set_payload(Context& context, const Statement& statement) {
    if (auto pattern = read_bytes(context, statement, Wildcards::refused, "payload")) {
        context.draft.current<UdpCheck>().payload = std::move(pattern->bytes);
    }
}

void set_reply(Context& context, const Statement& statement) {
    auto& check = context.draft.current<UdpCheck>();
    check.require_reply = true;
    check.reply.reset();
    if (statement.size() > 1) {
        check.reply = read_bytes(context, statement, Wildcards::taken, "reply");
    }
}

constexpr Keyword kOwn[] = {
    {.name = "payload",
     .missing = Missing::reported,
     .value = word(Value::Type::text),
     .apply = set_payload,
     .arguments = "HEX…"},
    {.name = "require_reply", .value = word(Value::Type::text), .apply = set_reply, .arguments = "[HEX…]"},
    {.name = "min_reply_length",
     .missing = Missing::fatal,
     .value = number(0, 65535, kStrict),
     .apply = store<&UdpCheck::min_reply_length>,
     .arguments = "BYTES",
     .fallback = "0",
     .unit = "bytes"},
    {.name = "max_reply_length",
     .missing = Missing::fatal,
     .value = number(0, 65535, kStrict),
     .apply = store<&UdpCheck::max_reply_length>,
     .arguments = "BYTES",
     .fallback = "255",
     .unit = "bytes"},
};

constexpr auto kRows = join(network_rows(), std::to_array(kOwn));

}  // namespace

const BlockTable& udp_check_table() {
    static const BlockTable table("virtual_server/real_server/UDP_CHECK", kRows);
    return table;
}

void close_udp_check(Context& context, const Statement& statement) {
    if (!keep_reachable(context, statement)) {
        return;
    }
    const auto& check = context.draft.current<UdpCheck>();
    if (check.min_reply_length > check.max_reply_length) {
        context.report.error(Rank::general, Prefix::file_line, statement.place(),
                             fmt::format("UDP_CHECK min_reply length {} > max_reply_length {} - will always fail",
                                         check.min_reply_length, check.max_reply_length));
    }
}

}  // namespace sustain::parser
