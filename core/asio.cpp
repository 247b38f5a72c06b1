// The one translation unit that compiles Asio (BOOST_ASIO_SEPARATE_COMPILATION in meson.build).
#include <boost/asio/impl/src.hpp>
