// Options of a route line that become attributes within RTA_METRICS.
#include "parser/keywords/route_line.hpp"

namespace sustain::parser {

namespace {

/// Reads `lock` where the row allows it and moves on to the argument. False: it is missing.
bool to_locked_argument(Context& context, const Statement& statement, EntryLine& line, bool& lock) {
    if (!to_argument(context, statement, line)) {
        return false;
    }
    lock = statement.keyword.arguments.starts_with("[lock]") && statement[line.at] == "lock";
    return !lock || to_argument(context, statement, line);
}

void store(vrrp::Route& route, const vrrp::RouteMetric& metric) {
    const auto known = std::ranges::find(route.metrics, metric.kind, &vrrp::RouteMetric::kind);
    if (known == route.metrics.end()) {
        route.metrics.push_back(metric);
    } else {
        known->value = metric.value;
        known->lock |= metric.lock;
    }
}

}  // namespace

void set_metric(Context& context, const Statement& statement, vrrp::RouteMetric::Kind kind) {
    RouteDraft& draft = context.draft.route;
    vrrp::RouteMetric metric{.kind = kind};
    if (!to_locked_argument(context, statement, draft, metric.lock)) {
        return;
    }
    if (const auto value = line_number(context, statement, draft)) {
        metric.value = static_cast<std::uint32_t>(*value);
        store(draft.value, metric);
    }
}

void set_time_metric(Context& context, const Statement& statement, vrrp::RouteMetric::Kind kind,
                     std::uint32_t units_per_millisecond) {
    RouteDraft& draft = context.draft.route;
    vrrp::RouteMetric metric{.kind = kind};
    if (!to_locked_argument(context, statement, draft, metric.lock)) {
        return;
    }
    const std::string_view name = statement.keyword.name;
    const std::string_view text = statement[draft.at];
    const RouteTime time = read_route_time(text, units_per_millisecond);
    const bool rounded = time.fault == NumberFault::too_many_decimals;
    if (time.fault != NumberFault::none && !rounded) {
        drop(context, statement, draft,
             time.exponential      ? fmt::format("{} value exponential form {} no longer supported", name, text)
             : time.number.empty() ? fmt::format("Invalid {} {} for route", name, text)
                                   : describe(time.fault, time.number, "unsigned decimal", ""),
             "seconds or milliseconds with their unit, as 1.5s or 250ms, or a plain number in units of the kernel");
        return;
    }
    if (rounded) {
        context.error(statement, draft.at, Rank::number, describe(time.fault, time.number, {}, {}));
    }
    if (time.below) {
        context.error(statement, draft.at, fmt::format("{} value {} below minimum 200ms, resetting", name, text));
    } else if (time.above) {
        context.error(statement, draft.at, fmt::format("{} value {} above maximum 120s, resetting", name, text));
    }
    metric.value = time.value;
    store(draft.value, metric);
}

void set_features(Context& context, const Statement& statement) {
    RouteDraft& draft = context.draft.route;
    if (!to_argument(context, statement, draft)) {
        return;
    }
    if (statement[draft.at] == "ecn") {
        store(draft.value, {.kind = vrrp::RouteMetric::Kind::features, .value = 1});
    } else {
        context.error(statement, draft.at, fmt::format("feature {} not supported", statement[draft.at]), "ecn");
    }
}

void set_congestion_control(Context& context, const Statement& statement) {
    RouteDraft& draft = context.draft.route;
    vrrp::RouteMetric metric{.kind = vrrp::RouteMetric::Kind::congestion_control};
    if (to_locked_argument(context, statement, draft, metric.lock)) {
        draft.value.congestion_control = statement[draft.at];
        store(draft.value, metric);
    }
}

}  // namespace sustain::parser
