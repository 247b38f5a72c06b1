#ifndef SUSTAIN_DAEMON_PCH_HPP
#define SUSTAIN_DAEMON_PCH_HPP

#include "core/pch/pch.hpp"

#endif
