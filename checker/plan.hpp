// A configuration of checks with everything that is made of it once: expressions compiled, files of certificates
// loaded. Attempts under way hold on to the plan that they were begun under.
#pragma once

#include <memory>
#include <unordered_map>

#include "checker/config.hpp"
#include "checker/page_search.hpp"
#include "checker/tls.hpp"

namespace sustain::checker {

class Plan {
public:
    /// Logs what cannot be compiled or loaded.
    explicit Plan(Config config);

    [[nodiscard]] const Config& config() const { return config_; }
    /// Of the expression of a url of config(); null if it does not compile.
    [[nodiscard]] const Pattern* pattern(const Url& url) const;
    [[nodiscard]] const RegexStack& stack() const { return stack_; }
    /// Null where TLS is not needed, or cannot be had.
    [[nodiscard]] TlsClient* tls() const { return tls_.get(); }

private:
    Config config_;
    RegexStack stack_{0, 0};
    std::unordered_map<const Regex*, std::shared_ptr<const Pattern>> patterns_;
    std::shared_ptr<TlsClient> tls_;
};

}  // namespace sustain::checker
