#include "checker/http_reply.hpp"

#include <algorithm>
#include <charconv>

namespace sustain::checker {

namespace {

constexpr std::string_view kEndOfHeader = "\r\n\r\n";

bool is_digit(char c) {
    return c >= '0' && c <= '9';
}

std::optional<unsigned> status_of(std::string_view header) {
    const std::string_view line = header.substr(0, header.find('\n'));
    const std::size_t blank = line.find(' ');
    if (blank == std::string_view::npos) {
        return std::nullopt;
    }
    const std::string_view code = line.substr(blank + 1, 4);
    if (code.size() != 4 || code[3] != ' ' || !std::ranges::all_of(code.substr(0, 3), is_digit)) {
        return std::nullopt;
    }
    return static_cast<unsigned>((code[0] - '0') * 100 + (code[1] - '0') * 10 + (code[2] - '0'));
}

/// The first line of this spelling counts; what is not a number, or not alone, does not.
std::optional<std::uint64_t> content_length_of(std::string_view header) {
    constexpr std::string_view kName = "\nContent-Length:";
    const std::size_t found = header.find(kName);
    if (found == std::string_view::npos) {
        return std::nullopt;
    }
    std::string_view text = header.substr(found + kName.size());
    text.remove_prefix(std::min(text.find_first_not_of(" \t"), text.size()));
    std::uint64_t length = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), length);
    const bool alone = end != text.data() + text.size() && (*end == '\r' || *end == '\n');
    return error == std::errc() && alone ? std::optional(length) : std::nullopt;
}

}  // namespace

HttpReply::Step HttpReply::received(std::size_t count) {
    if (has_header()) {
        begin_ = 0;
        end_ = count;
        with_header_ = false;
        body_length_ += count;
        return Step::reading_body;
    }
    const std::size_t looked_at = used_ - std::min(used_, kEndOfHeader.size() - 1);
    used_ += count;
    const std::string_view text(reinterpret_cast<const char*>(buffer_.data()), used_);
    const std::size_t found = text.find(kEndOfHeader, looked_at);
    if (found == std::string_view::npos) {
        return used_ == kBufferSize ? Step::header_too_long : Step::reading_header;
    }
    header_length_ = found + kEndOfHeader.size();
    begin_ = header_length_;
    end_ = used_;
    body_length_ = end_ - begin_;
    with_header_ = true;
    used_ = 0;  // the next read begins a new buffer
    status_ = status_of(header());
    content_length_ = content_length_of(header());
    return Step::header_complete;
}

std::string_view HttpReply::header() const {
    return {reinterpret_cast<const char*>(buffer_.data()), header_length_};
}

std::span<const std::uint8_t> HttpReply::counted_piece() const {
    const auto all = piece();
    const std::uint64_t before = body_length_ - all.size();
    if (!content_length_ || *content_length_ >= body_length_) {
        return all;
    }
    return all.first(*content_length_ > before ? static_cast<std::size_t>(*content_length_ - before) : 0);
}

std::span<const std::uint8_t> HttpReply::searched_piece() const {
    return with_header_ && end_ > begin_ ? std::span(buffer_).first(end_) : piece();
}

}  // namespace sustain::checker
