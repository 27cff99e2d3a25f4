/* linux_service.h - gw6c as a service of systemd. */
/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef GW6C_PLUGINS_OS_LINUX_SERVICE_H
#define GW6C_PLUGINS_OS_LINUX_SERVICE_H

#include <gw6c/plugin.h>

/* struct gw6c_os_ops.service. As the guide has it, registering does not start
 * the client; it is stopped before it is removed. GW6C_EOS where there is no
 * systemd, saying what to do instead. */
int linux_service(const struct gw6c_host *host,
		  const struct gw6c_service *service, bool add,
		  void (*line)(void *arg, const char *text), void *arg,
		  struct gw6c_err *err);
/* The same below a directory that stands for "/" in tests. */
int linux_service_below(const struct gw6c_host *host, const char *root,
			const struct gw6c_service *service, bool add,
			void (*line)(void *arg, const char *text), void *arg,
			struct gw6c_err *err);

#endif
