// What an HTTP server sent, read with the reference's eyes (spec/lvs.md 5.3): anything that has an empty line within
// 4095 octets is an answer, whatever the protocol calls itself; nothing is decoded, and the end is the server's to
// make. (Boost.Beast's parser is of no use here: it refuses "ICY 200 OK", decodes chunks and knows when to stop
// reading.) A class without I/O in bounded memory: nothing but the last read is kept.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <span>
#include <string_view>

namespace sustain::checker {

class HttpReply {
public:
    /// The header has to fit in, and no read may be larger.
    static constexpr std::size_t kBufferSize = 4095;

    enum class Step : std::uint8_t {
        reading_header,
        header_too_long,  ///< of no use any more
        header_complete,  ///< with this very read
        reading_body,
    };

    /// Where the next read goes. Never empty, but after header_too_long.
    [[nodiscard]] std::span<std::uint8_t> room() { return std::span(buffer_).subspan(used_); }
    /// So many octets (at most the size of room(), at least 1) have been read into room().
    Step received(std::size_t count);

    [[nodiscard]] bool has_header() const { return header_length_ != 0; }
    /// With the empty line. Only right after header_complete: the next read overwrites it.
    [[nodiscard]] std::string_view header() const;
    /// The octets of the body that came with the last read.
    [[nodiscard]] std::span<const std::uint8_t> piece() const { return std::span(buffer_).first(end_).subspan(begin_); }
    /// The part of piece() that counts: the body ends where Content-Length says, where there is more than that.
    [[nodiscard]] std::span<const std::uint8_t> counted_piece() const;
    /// What a search sees of the last read: where part of the body came with the end of the header, the header, too.
    [[nodiscard]] std::span<const std::uint8_t> searched_piece() const;

    /// Three digits between the first blank of the first line and another one; nothing if that is not what is there.
    [[nodiscard]] std::optional<unsigned> status() const { return status_; }
    [[nodiscard]] std::optional<std::uint64_t> content_length() const { return content_length_; }
    [[nodiscard]] std::uint64_t body_length() const { return body_length_; }

private:
    std::array<std::uint8_t, kBufferSize> buffer_;
    std::size_t used_ = 0;           ///< octets of an incomplete header
    std::size_t begin_ = 0;          ///< of piece()
    std::size_t end_ = 0;            ///< of piece()
    std::size_t header_length_ = 0;  ///< 0: not complete yet
    bool with_header_ = false;       ///< the last read completed the header
    std::optional<unsigned> status_;
    std::optional<std::uint64_t> content_length_;
    std::uint64_t body_length_ = 0;
};

}  // namespace sustain::checker
