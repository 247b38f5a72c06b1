// SSL { … }: the files of all SSL_GET checks
#include "parser/keywords/checks/ssl.hpp"
#include "parser/actions.hpp"
#include "parser/keywords/join.hpp"
#include "parser/keywords/tables.hpp"

namespace sustain::parser {

namespace {

using checker::Tls;

void report_second(Context& context, const Statement& statement, std::string_view what) {
    context.error(statement, 0, fmt::format("SSL {} already specified - replacing", what), "the last one counts");
}

template <auto Member>
void set_text(Context& context, const Statement& statement) {
    auto& member = (*context.draft.config.checker.tls).*Member;
    if (!member.empty()) {
        report_second(context, statement, statement.keyword.name);
    }
    member = std::remove_reference_t<decltype(member)>(std::string(statement[1]));
}

constexpr Keyword kOwn[] = {
    {.name = "password",
     .missing = Missing::reported,
     .value = word(),
     .apply = set_text<&Tls::password>,
     .arguments = "TEXT",
     .secret = true},
    {.name = "ca",
     .missing = Missing::reported,
     .value = word(Value::Type::path),
     .apply = set_text<&Tls::ca>,
     .arguments = "FILE"},
    {.name = "certificate",
     .missing = Missing::reported,
     .value = word(Value::Type::path),
     .apply = set_text<&Tls::certificate>,
     .arguments = "FILE"},
    {.name = "key",
     .missing = Missing::reported,
     .value = word(Value::Type::path),
     .apply = set_text<&Tls::key>,
     .arguments = "FILE"},
};

constexpr auto kRows = std::to_array(kOwn);

}  // namespace

const BlockTable& ssl_table() {
    static const BlockTable table("SSL", kRows);
    return table;
}

void open_ssl(Context& context, const Statement& statement) {
    auto& tls = context.draft.config.checker.tls;
    if (tls) {
        report_second(context, statement, "context");
    }
    tls.emplace();
}

}  // namespace sustain::parser
