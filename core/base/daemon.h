/* daemon.h - one process: its lock, its pid file, its way to the background.
 * Shared by gw6c and gw6c-broker. */
/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef GW6C_CORE_BASE_DAEMON_H
#define GW6C_CORE_BASE_DAEMON_H

#include <gw6c/err.h>
#include <stdbool.h>

/* Make sure that descriptors 0 to 2 are open, so that no later open() returns
 * one of them. To be called before anything else. */
void daemon_stdio(void);

/* Make the directory of path (one level, mode 0755) if it is not there, and
 * refuse one that others could change (trusted.h). */
int daemon_directory(const char *path, struct gw6c_err *err);

/* Hold the pid file against a second instance and write our pid into it.
 * GW6C_ECONFIG names the process that has it. The lock ends with the
 * process; the file is removed by daemon_unlock(). Never follows a symbolic
 * link. *fd: the lock's descriptor. */
int daemon_lock(const char *path, int *fd, struct gw6c_err *err);
void daemon_unlock(const char *path, int fd);
/* Hold the directory of path against a second instance, whatever its pid file
 * is called. *fd ends with close(), or with the process. */
int daemon_lock_directory(const char *path, int *fd, struct gw6c_err *err);

/* Fork; the parent waits, and exits with what daemon_ready() tells, or with
 * the child's exit status if it ends before. Returns in the child only. To be
 * called before anything else is opened. */
void daemon_fork(void);
/* Startup is complete: let the parent exit with status, and detach: new
 * session, stdio to /dev/null. Without daemon_fork() nothing happens, and false
 * is returned. */
bool daemon_ready(int status);

/* Tell a service manager (sd_notify(3) protocol): "READY=1", "STATUS=...". */
void daemon_notify(const char *text);

#endif
