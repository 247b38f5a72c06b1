// The FIFOs that state changes are written to, and the programs that read them (notify_fifo, vrrp_notify_fifo,
// lvs_notify_fifo and their scripts; spec/outputs.md section 6).
//
// One path is one pipe with one reader, whatever keywords name it. A pipe stays open over a reload that does not change
// it, so that an outside reader loses nothing; its script is started anew, as the old one has ended. A script that ends
// by itself is not started before the next reload: it may have left a daemon behind.
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "core/config/fifo.hpp"
#include "core/loop.hpp"
#include "daemon/notice.hpp"
#include "daemon/script_runner.hpp"

namespace sustain::daemon {

class Fifos {
public:
    /// What is referred to must outlive it.
    Fifos(core::Loop& loop, ScriptRunner& runner);
    /// Closes everything; a pipe that we have made is removed.
    ~Fifos();
    Fifos(const Fifos&) = delete;
    Fifos& operator=(const Fifos&) = delete;

    /// Opens and closes what differs. `vrrp` and `lvs`: whether there is anything to write about. What cannot be opened
    /// is logged and left out.
    void configure(const core::FifoSettings& settings, bool vrrp, bool lvs);

    void write(Subsystem from, std::string_view line);

    /// Asks the readers to end; those that do not are killed.
    void end_readers();
    /// Whether everything that was written has been read.
    [[nodiscard]] bool all_read() const;

private:
    struct Pipe;

    void add(std::vector<std::shared_ptr<Pipe>>& wanted, const core::Fifo& fifo, bool vrrp, bool lvs);
    void start_reader(const std::shared_ptr<Pipe>& pipe);

    core::Loop& loop_;
    ScriptRunner& runner_;
    std::vector<std::shared_ptr<Pipe>> pipes_;
};

}  // namespace sustain::daemon
