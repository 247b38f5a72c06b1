// The actions of the blocks virtual_server, virtual_server_group and real_server, and what they read in common.
#pragma once

#include <fmt/core.h>

#include "parser/actions.hpp"
#include "parser/keywords/tables.hpp"
#include "parser/script.hpp"

namespace sustain::parser {

void open_virtual_server(Context& context, const Statement& statement);
void close_virtual_server(Context& context, const Statement& statement);
void open_real_server(Context& context, const Statement& statement);
void close_real_server(Context& context, const Statement& statement);

void set_sorry_server(Context& context, const Statement& statement);
void set_sorry_server_inhibit(Context& context, const Statement& statement);
void set_sorry_server_method(Context& context, const Statement& statement);

void open_virtual_server_group(Context& context, const Statement& statement);
void add_virtual_server_group_entry(Context& context, const Statement& statement);
void close_virtual_server_group(Context& context, const Statement& statement);

/// ADDRESS [PORT] from word 1 on. Complaint: with {} for the address and, perhaps, another one for the port.
struct ServerAddress {
    core::Address address;
    std::uint16_t port = 0;
};
[[nodiscard]] std::optional<ServerAddress> read_server(
    Context& context, const Statement& statement, fmt::format_string<std::string_view, std::string_view> complaint);
/// The port at this word: 0 if there is none or only zeros, no value if it is bad, which is reported.
[[nodiscard]] std::optional<std::uint16_t> read_port(Context& context, const Statement& statement, std::size_t word);

/// The arguments of lvs_method from word 1 on. Method: what was set so far; it stays where the line is no good. Whose:
/// "real server".
void read_method(Context& context, const Statement& statement, std::string_view whose, std::optional<Method>& method);

/// The virtual server is of this family from now on. False: it is of the other one.
bool settle_family(VirtualServerDraft& draft, core::Address::Family family);

/// snmp_name: one word.
template <auto Member>
void set_snmp_name(Context& context, const Statement& statement) {
    if (statement.size() != 2) {
        context.error(statement, 2, fmt::format("{} missing or extra parameters", statement.keyword.name),
                      "one word, or several in double quotes");
        return;
    }
    replace<Member>(context, statement);
}

template <auto Member, typename Target>
void store_server_script(Context& context, const Statement& statement) {
    store_script(context, statement, ScriptUse::server_notify, {}, context.draft.current<Target>().*Member);
}

/// A script that is run when something goes up or down.
template <auto Member, typename Target>
constexpr Keyword server_script_row(std::string_view name) {
    return {.name = name,
            .missing = Missing::fatal,
            .value = word(Value::Type::script),
            .apply = store_server_script<Member, Target>,
            .repeat = Repeat::first_wins,
            .arguments = "COMMAND [USER [[:]GROUP]]"};
}

constexpr std::string_view kMethods = "NAT DR TUN";
constexpr std::string_view kMethodArguments = "NAT|DR|TUN [type ipip|gre|gue] [port N] [nocsum|csum|remcsum]";

}  // namespace sustain::parser
