#include "daemon/fifos.hpp"

#include <algorithm>
#include <optional>
#include <utility>

#include "core/fifo_writer.hpp"

namespace sustain::daemon {

struct Fifos::Pipe {
    core::Fifo config{};
    bool vrrp = false;  // whose lines go there
    bool lvs = false;
    std::optional<core::FifoWriter> writer{};
    std::optional<ScriptRunner::Id> reader{};
    bool start_again = false;  // once the reader has ended
    bool ending = false;       // the reader was asked to end
};

Fifos::Fifos(core::Loop& loop, ScriptRunner& runner) : loop_(loop), runner_(runner) {}

Fifos::~Fifos() = default;

void Fifos::configure(const core::FifoSettings& settings, bool vrrp, bool lvs) {
    std::vector<std::shared_ptr<Pipe>> wanted;
    add(wanted, settings.global, vrrp, lvs);
    const auto add_specific = [&](const core::Fifo& fifo, std::string_view keyword, bool of_vrrp, bool of_lvs) {
        if (!fifo.path.empty() && fifo.path == settings.global.path) {
            core::log::info("notify FIFO {} has been specified for global and {} notify FIFO - ignoring {} notify FIFO",
                            fifo.path, keyword, keyword);
        } else {
            add(wanted, fifo, of_vrrp, of_lvs);
        }
    };
    add_specific(settings.vrrp, "vrrp", vrrp, false);
    add_specific(settings.lvs, "lvs", false, lvs);

    for (const auto& pipe : pipes_) {
        if (std::ranges::find(wanted, pipe) == wanted.end()) {
            pipe->start_again = false;
            if (pipe->reader) {
                pipe->ending = true;
                runner_.end(*pipe->reader);
            }
            pipe->writer.reset();
        }
    }
    pipes_ = std::move(wanted);
    for (const auto& pipe : pipes_) {
        if (!pipe->writer) {
            auto writer =
                core::FifoWriter::open(loop_, pipe->config.path, pipe->config.owner.uid, pipe->config.owner.gid);
            if (!writer) {
                core::log::error("{}", writer.error().what);
                continue;
            }
            pipe->writer = std::move(*writer);
        }
        if (pipe->reader) {
            pipe->start_again = true;
            pipe->ending = true;
            pipe->writer->hold(true);
            runner_.end(*pipe->reader);
        } else {
            start_reader(pipe);
        }
    }
}

/// With the pipe that is open already, if it is the same.
void Fifos::add(std::vector<std::shared_ptr<Pipe>>& wanted, const core::Fifo& fifo, bool vrrp, bool lvs) {
    if (fifo.path.empty() || !(vrrp || lvs)) {
        return;
    }
    const auto same_path = [&](const std::shared_ptr<Pipe>& pipe) { return pipe->config.path == fifo.path; };
    if (const auto twice = std::ranges::find_if(wanted, same_path); twice != wanted.end()) {
        (*twice)->vrrp |= vrrp;
        (*twice)->lvs |= lvs;
        if (!(*twice)->config.script.usable()) {
            (*twice)->config.script = fifo.script;
        }
        return;
    }
    const auto open = std::ranges::find_if(pipes_, same_path);
    std::shared_ptr<Pipe> pipe;
    if (open != pipes_.end() && (*open)->config.owner == fifo.owner) {
        pipe = *open;
    } else {
        pipe = std::make_shared<Pipe>();
    }
    pipe->config = fifo;
    pipe->vrrp = vrrp;
    pipe->lvs = lvs;
    wanted.push_back(std::move(pipe));
}

void Fifos::start_reader(const std::shared_ptr<Pipe>& pipe) {
    if (!pipe->config.script.usable()) {
        return;
    }
    core::Command command = pipe->config.script;
    command.arguments.push_back(pipe->config.path);
    pipe->ending = false;
    pipe->start_again = false;
    pipe->reader = runner_.run(std::move(command), core::Duration::zero(),
                               [this, weak = std::weak_ptr(pipe)](core::CommandStatus) {
                                   const auto ended = weak.lock();
                                   if (!ended) {  // closed meanwhile, perhaps with all of us
                                       return;
                                   }
                                   ended->reader.reset();
                                   if (ended->writer) {
                                       ended->writer->hold(false);
                                   }
                                   if (ended->start_again) {
                                       start_reader(ended);
                                   } else if (!ended->ending) {
                                       core::log::info("notify fifo script {} of {} terminated",
                                                       ended->config.script.arguments.front(), ended->config.path);
                                   }
                               });
}

void Fifos::write(Subsystem from, std::string_view line) {
    for (const auto& pipe : pipes_) {
        if (pipe->writer && (from == Subsystem::vrrp ? pipe->vrrp : pipe->lvs)) {
            pipe->writer->write(line);
        }
    }
}

void Fifos::end_readers() {
    for (const auto& pipe : pipes_) {
        pipe->start_again = false;
        if (pipe->writer) {
            pipe->writer->hold(false);
        }
        if (pipe->reader) {
            pipe->ending = true;
            runner_.end(*pipe->reader);
        }
    }
}

bool Fifos::all_read() const {
    return std::ranges::none_of(
        pipes_, [](const std::shared_ptr<Pipe>& pipe) { return pipe->writer && pipe->writer->unread() > 0; });
}

}  // namespace sustain::daemon
