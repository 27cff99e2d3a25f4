# core/base - what any program needs: loop, log, files, programs, addresses.
core_libcore_a_SOURCES += core/base/addr_class.c core/base/addr_class.h \
	core/base/base64.c core/base/base64.h core/base/child.c core/base/child.h \
	core/base/child_wait.c core/base/core_dumps.c core/base/core_dumps.h \
	core/base/daemon.c core/base/daemon.h core/base/dns_conf.c \
	core/base/dns_conf.h core/base/dns_message.c core/base/dns_message.h \
	core/base/exit_status.h core/base/files.c core/base/files.h \
	core/base/hash.c core/base/hash.h core/base/listener.c core/base/listener.h \
	core/base/log.c core/base/log.h core/base/logfile.c core/base/logfile.h \
	core/base/lookups.h core/base/loop.c core/base/loop.h \
	core/base/loop_resolve.c core/base/nat64.c core/base/nat64.h \
	core/base/own_net.c core/base/own_net.h core/base/prefix.c \
	core/base/prefix.h core/base/random.c core/base/random.h \
	core/base/run_copy.c core/base/run_copy.h core/base/server_addr.c \
	core/base/server_addr.h core/base/server_keys.c core/base/server_keys.h \
	core/base/sockaddr.c core/base/sockaddr.h core/base/sockaddr_mtu.c \
	core/base/space.c core/base/space.h core/base/spawn.c core/base/spawn.h \
	core/base/spawn_become.c core/base/spawn_parts.h core/base/status.c \
	core/base/status.h core/base/status_print.c core/base/text.c \
	core/base/text.h core/base/trusted.c core/base/trusted.h core/base/units.c \
	core/base/units.h core/base/wipe.c core/base/wipe.h core/base/wrap.c \
	core/base/wrap.h
