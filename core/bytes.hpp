// The one bounded cursor under every parser of outside bytes, and its counterpart for writing. Network order.
#pragma once

#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

namespace sustain::core {

/// Reads forward and never past the end. A read that does not fit yields zeros and makes ok() false for good, so a
/// parser may read a whole header first and ask once.
class ByteReader {
public:
    explicit ByteReader(std::span<const std::uint8_t> bytes) : rest_(bytes) {}

    [[nodiscard]] std::uint8_t u8();
    [[nodiscard]] std::uint16_t u16();
    [[nodiscard]] std::uint32_t u32();
    [[nodiscard]] std::uint64_t u64();
    /// The next `count` octets, or an empty span if there are fewer.
    [[nodiscard]] std::span<const std::uint8_t> take(std::size_t count);
    void skip(std::size_t count) { (void)take(count); }

    [[nodiscard]] bool ok() const { return ok_; }
    [[nodiscard]] std::span<const std::uint8_t> rest() const { return rest_; }
    [[nodiscard]] std::size_t remaining() const { return rest_.size(); }

private:
    template <typename Integer>
    Integer integer();

    std::span<const std::uint8_t> rest_;
    bool ok_ = true;
};

/// Overwrites two octets; both must exist.
void put_u16(std::span<std::uint8_t> octets, std::size_t offset, std::uint16_t value);

class ByteWriter {
public:
    void u8(std::uint8_t value) { bytes_.push_back(value); }
    void u16(std::uint16_t value);
    void u32(std::uint32_t value);
    void u64(std::uint64_t value);
    void raw(std::span<const std::uint8_t> octets) { bytes_.insert(bytes_.end(), octets.begin(), octets.end()); }
    void raw(std::string_view text) { bytes_.insert(bytes_.end(), text.begin(), text.end()); }
    /// Overwrites two octets written earlier, for checksums and lengths known only at the end.
    void patch_u16(std::size_t offset, std::uint16_t value);

    [[nodiscard]] std::size_t size() const { return bytes_.size(); }
    [[nodiscard]] std::span<const std::uint8_t> bytes() const { return bytes_; }
    [[nodiscard]] std::vector<std::uint8_t> take() { return std::move(bytes_); }

private:
    std::vector<std::uint8_t> bytes_;
};

}  // namespace sustain::core
