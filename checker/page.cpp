#include "checker/page.hpp"

#include <fmt/format.h>

namespace sustain::checker {

namespace {

Attempt failure(std::string reason) {
    return {Outcome::failure, std::move(reason)};
}

}  // namespace

Page::Page(const Url& url, const Pattern* pattern, const RegexStack& stack) : url_(url) {
    if (!url.digest.empty()) {
        digest_.emplace();
    }
    if (url.regex.has_value() && pattern != nullptr) {
        search_.emplace(*pattern, *url.regex, stack);
    }
}

bool Page::received(std::size_t count) {
    const HttpReply::Step step = reply_.received(count);
    if (step == HttpReply::Step::header_too_long) {
        return false;
    }
    if (!reply_.has_header()) {
        return true;
    }
    if (digest_) {
        digest_->add(reply_.counted_piece());
    }
    if (search_) {
        search_->take(reply_.searched_piece());
    }
    return true;
}

Attempt Page::judge() {
    if (!reply_.has_header()) {
        return failure("no complete header");
    }
    const auto status = reply_.status();
    if (!status) {
        return failure("no status code");
    }
    if (!url_.status.contains(*status)) {
        return failure(fmt::format("status code {}", *status));
    }
    if (digest_) {
        if (const std::string digest = to_string(digest_->finish()); digest != url_.digest) {
            return failure(fmt::format("digest {} instead of {}", digest, url_.digest));
        }
    }
    if (url_.regex.has_value()) {
        const bool found = search_ && search_->found();
        if (found == url_.regex->forbidden) {
            return failure(found ? "a match of the regular expression that must not match"
                                 : "no match of the regular expression");
        }
    }
    return {Outcome::success};
}

std::optional<std::int64_t> Page::surplus() const {
    if (!reply_.content_length()) {
        return std::nullopt;
    }
    return static_cast<std::int64_t>(reply_.body_length() - *reply_.content_length());
}

}  // namespace sustain::checker
