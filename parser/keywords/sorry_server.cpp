// sorry_server and what is said about it later, in a virtual server.
#include "parser/keywords/virtual_server.hpp"

namespace sustain::parser {

namespace {

/// The sorry server; null, with a word about it, if there is none yet.
SorryServerDraft* sorry_server(Context& context, const Statement& statement, std::string_view what) {
    auto& draft = context.draft.virtual_server;
    if (!draft.sorry_server) {
        context.error(statement, 0, fmt::format("Ignoring sorry_server {} used before or without sorry_server", what),
                      "it follows the line of its sorry_server");
        return nullptr;
    }
    return &*draft.sorry_server;
}

}  // namespace

void set_sorry_server(Context& context, const Statement& statement) {
    if (const auto server = read_server(context, statement, "Invalid sorry server IP address {} - skipping")) {
        auto& draft = context.draft.virtual_server;
        draft.sorry_server = SorryServerDraft{
            .place = statement.place(1), .address = server->address, .port = server->port, .method = draft.method};
    }
}

void set_sorry_server_inhibit(Context& context, const Statement& statement) {
    if (auto* const server = sorry_server(context, statement, "inhibit")) {
        server->inhibit = true;
    }
}

void set_sorry_server_method(Context& context, const Statement& statement) {
    auto* const server = sorry_server(context, statement, "lvs_method");
    if (server == nullptr) {
        return;
    }
    if (statement.size() < 2) {
        context.missing_parameter(statement, 1);
    } else {
        read_method(context, statement, "sorry server", server->method);
    }
}

}  // namespace sustain::parser
