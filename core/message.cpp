#include "core/message.hpp"

#include <utility>

#include "core/bytes.hpp"

namespace sustain::core {

namespace {

void write_text(ByteWriter& out, std::string_view text, std::size_t longest) {
    text = text.substr(0, longest);
    out.u16(static_cast<std::uint16_t>(text.size()));
    out.raw(text);
}
void read_text(ByteReader& in, std::string& text, std::size_t longest) {
    const std::size_t size = in.u16();
    const auto octets = in.take(size <= longest ? size : in.remaining() + 1);
    text.assign(octets.begin(), octets.end());
}

// One pair of functions a message: write() and read() list the fields in the same order.

void write(ByteWriter& out, const message::Ready& m) {
    out.u32(m.generation);
}
void read(ByteReader& in, message::Ready& m) {
    m.generation = in.u32();
}

void write(ByteWriter&, const message::Stop&) {}
void read(ByteReader&, message::Stop&) {}

void write(ByteWriter& out, const message::Reload& m) {
    out.u32(m.generation);
}
void read(ByteReader& in, message::Reload& m) {
    m.generation = in.u32();
}

void write(ByteWriter& out, const message::Verdict& m) {
    out.u32(m.generation);
    out.u32(m.check);
    out.u8(m.up ? 1 : 0);
    write_text(out, m.reason, message::Verdict::kLongestReason);
}
void read(ByteReader& in, message::Verdict& m) {
    m.generation = in.u32();
    m.check = in.u32();
    m.up = in.u8() != 0;
    read_text(in, m.reason, message::Verdict::kLongestReason);
}

void write(ByteWriter& out, const message::InstanceState& m) {
    out.u32(m.generation);
    out.u32(m.instance);
    out.u8(m.state);
    out.u8(m.priority);
}
void read(ByteReader& in, message::InstanceState& m) {
    m.generation = in.u32();
    m.instance = in.u32();
    m.state = in.u8();
    m.priority = in.u8();
}

void write(ByteWriter& out, const message::GroupState& m) {
    out.u32(m.generation);
    out.u32(m.group);
    out.u8(m.state);
}
void read(ByteReader& in, message::GroupState& m) {
    m.generation = in.u32();
    m.group = in.u32();
    m.state = in.u8();
}

void write(ByteWriter& out, const message::RunCommand& m) {
    out.u32(m.generation);
    out.u32(m.request);
    out.u32(m.command);
}
void read(ByteReader& in, message::RunCommand& m) {
    m.generation = in.u32();
    m.request = in.u32();
    m.command = in.u32();
}

void write(ByteWriter& out, const message::CommandEnded& m) {
    out.u32(m.generation);
    out.u32(m.request);
    out.u8(static_cast<std::uint8_t>(m.status.how));
    out.u8(m.status.code);
}
void read(ByteReader& in, message::CommandEnded& m) {
    m.generation = in.u32();
    m.request = in.u32();
    const std::uint8_t how = in.u8();
    m.status.how = static_cast<CommandStatus::How>(how);
    m.status.code = in.u8();
    if (how > static_cast<std::uint8_t>(CommandStatus::How::not_run)) {
        in.skip(in.remaining() + 1);  // nothing that write() makes
    }
}

void write(ByteWriter& out, const message::EndCommand& m) {
    out.u32(m.request);
}
void read(ByteReader& in, message::EndCommand& m) {
    m.request = in.u32();
}

void write(ByteWriter& out, const message::Weight& m) {
    out.u32(m.generation);
    out.u32(m.check);
    out.u32(static_cast<std::uint32_t>(m.weight));
}
void read(ByteReader& in, message::Weight& m) {
    m.generation = in.u32();
    m.check = in.u32();
    m.weight = static_cast<std::int32_t>(in.u32());
}

void write(ByteWriter& out, const message::Alive& m) {
    out.u32(m.generation);
}
void read(ByteReader& in, message::Alive& m) {
    m.generation = in.u32();
}

void write(ByteWriter& out, const message::Overdue& m) {
    out.u32(m.generation);
    out.u32(m.check);
    out.u8(m.overdue ? 1 : 0);
}
void read(ByteReader& in, message::Overdue& m) {
    m.generation = in.u32();
    m.check = in.u32();
    m.overdue = in.u8() != 0;
}

void write(ByteWriter& out, const message::Suspend& m) {
    out.u32(m.generation);
    out.u32(m.check);
    out.u8(m.suspended ? 1 : 0);
}
void read(ByteReader& in, message::Suspend& m) {
    m.generation = in.u32();
    m.check = in.u32();
    m.suspended = in.u8() != 0;
}

void write(ByteWriter& out, const message::PriorityChanged& m) {
    out.u32(m.generation);
    out.u32(m.instance);
    out.u8(m.priority);
}
void read(ByteReader& in, message::PriorityChanged& m) {
    m.generation = in.u32();
    m.instance = in.u32();
    m.priority = in.u8();
}

void write(ByteWriter& out, const message::LowerPriorityHeard& m) {
    out.u32(m.generation);
    out.u32(m.instance);
}
void read(ByteReader& in, message::LowerPriorityHeard& m) {
    m.generation = in.u32();
    m.instance = in.u32();
}

void write(ByteWriter& out, const message::Mail& m) {
    out.u64(m.time);
    write_text(out, m.subject, message::Mail::kLongestSubject);
    write_text(out, m.body, message::Mail::kLongestBody);
}
void read(ByteReader& in, message::Mail& m) {
    m.time = in.u64();
    read_text(in, m.subject, message::Mail::kLongestSubject);
    read_text(in, m.body, message::Mail::kLongestBody);
}

/// Decodes the alternative whose index in Message is `type`.
template <std::size_t... Index>
std::optional<Message> read_alternative(std::size_t type, ByteReader& in, std::index_sequence<Index...>) {
    std::optional<Message> message;
    const auto try_one = [&]<std::size_t I>(std::integral_constant<std::size_t, I>) {
        if (type == I) {
            read(in, std::get<I>(message.emplace(std::in_place_index<I>)));
        }
    };
    (try_one(std::integral_constant<std::size_t, Index>{}), ...);
    return message;
}

}  // namespace

std::vector<std::uint8_t> encode(const Message& message) {
    ByteWriter out;
    out.u8(static_cast<std::uint8_t>(message.index()));
    std::visit([&out](const auto& alternative) { write(out, alternative); }, message);
    return out.take();
}

std::optional<Message> decode(std::span<const std::uint8_t> octets) {
    ByteReader in(octets);
    const std::uint8_t type = in.u8();
    if (!in.ok()) {
        return std::nullopt;
    }
    auto message = read_alternative(type, in, std::make_index_sequence<std::variant_size_v<Message>>{});
    if (!in.ok() || in.remaining() != 0) {
        return std::nullopt;
    }
    return message;
}

}  // namespace sustain::core
