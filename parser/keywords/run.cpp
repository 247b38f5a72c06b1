// Top level statements: namespaces, the name of the instance.
#include "parser/keywords/run.hpp"

#include "parser/actions.hpp"

namespace sustain::parser {

void set_namespace(Context& context, const Statement& statement) {
    std::string& name = context.draft.config.global.run.namespace_name;
    if (!name.empty()) {
        context.error(statement, 1, fmt::format("Duplicate net_namespace definition {} - ignoring", statement[1]));
        return;
    }
    name = statement[1];
    if (!context.environment.has_namespace(name)) {
        // keepalived ends here with status 0, in a test as in a start
        context.namespace_missing = true;
        context.report.add(Severity::warning, Rank::none, Class::environment, context.prefix, statement.place(1),
                           fmt::format("Network namespace {} cannot be entered: the daemon would not start", name),
                           "ip netns add makes one; a test that cannot enter it passes");
    }
}

void set_ipvs_namespace(Context& context, const Statement& statement) {
    auto& name = context.draft.config.global.run.ipvs_namespace;
    if (!name) {
        name = statement.size() > 1 ? std::string(statement[1]) : std::string();
    } else if (statement.size() < 2) {
        context.missing_parameter(statement, 1);
    } else {
        context.error(statement, 1, fmt::format("Duplicate net_namespace_ipvs definition {} - ignoring", statement[1]));
    }
}

void set_instance_name(Context& context, const Statement& statement) {
    std::string& name = context.draft.config.global.run.instance;
    if (name.empty()) {
        name = statement[1];
    } else {
        context.error(statement, 1, fmt::format("Duplicate instance definition {} - ignoring", statement[1]));
    }
}

}  // namespace sustain::parser
