#include "checker/plan.hpp"

#include <algorithm>
#include <map>
#include <utility>

#include "checker/kind_of.hpp"
#include "core/log.hpp"

namespace sustain::checker {

namespace {

template <typename Visit>
void for_each_page(const Config& config, Visit visit) {
    for (const Check& check : config.checks) {
        if (const auto* const http = get_boxed<HttpGet>(check.identity.kind)) {
            visit(*http);
        }
    }
}

}  // namespace

Plan::Plan(Config config) : config_(std::move(config)) {
    // Thousands of checks may have the same expression.
    std::map<std::pair<std::string_view, std::uint32_t>, std::shared_ptr<const Pattern>> compiled;
    std::uint32_t stack_start = 0;
    std::uint32_t stack_max = 0;
    bool needs_tls = false;
    for_each_page(config_, [&](const HttpGet& check) {
        needs_tls = needs_tls || check.tls;
        for (const Url& url : check.urls) {
            if (!url.regex.has_value()) {
                continue;
            }
            const Regex& regex = *url.regex;
            stack_start = std::max(stack_start, regex.stack_start);
            stack_max = std::max(stack_max, regex.stack_max);
            const auto [found, is_new] = compiled.try_emplace({regex.pattern, regex.options});
            if (is_new) {
                if (auto pattern = Pattern::compile(regex)) {
                    found->second = std::move(*pattern);
                } else {
                    core::log::error("{}", pattern.error().what);
                }
            }
            patterns_.emplace(&regex, found->second);
        }
    });
    stack_ = RegexStack(stack_start, stack_max);
    if (needs_tls) {
        auto made = TlsClient::make(config_.tls);
        tls_ = std::move(made.client);
        for (const core::Error& error : made.errors) {
            core::log::error("{}", error.what);
        }
    }
}

const Pattern* Plan::pattern(const Url& url) const {
    const auto found = url.regex.has_value() ? patterns_.find(&*url.regex) : patterns_.end();
    return found != patterns_.end() ? found->second.get() : nullptr;
}

}  // namespace sustain::checker
