/* fake_host.h - host services under a test's control. */
/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef GW6C_FAKE_HOST_H
#define GW6C_FAKE_HOST_H

#include <gw6c/host.h>

#define FAKE_OPTIONS 16
#define FAKE_WATCHES 16

/* host is the first member: a fake is used where a host is wanted. */
struct fake_host {
	struct gw6c_host host;
	struct {
		const char *key, *value;
	} option[FAKE_OPTIONS];
	uint8_t random; /* next octet of host->random, counts up */
	const char *random_text; /* if set: these octets, again and again */
	uint64_t now_ms;
	char log[4096]; /* "level text\n" of each message */
	struct {
		bool used;
		int fd, ready; /* fd -1: a timer, due at at_ms */
		uint64_t at_ms;
		void (*on_fd)(void *arg, int ready);
		void (*on_timer)(void *arg);
		void *arg;
	} watch[FAKE_WATCHES];
	int changed, broken, damaged; /* calls of the service of that name */
	uint8_t control[256]; /* the last control datagram */
	size_t control_len;
	char ran[8192]; /* "ifconfig tun0 up\n" of each run_wait */
	int runs, fail_run; /* fail_run: the first is 1, 0: none fails */
	uint32_t limit_ms; /* of the last one */
};

void fake_host_init(struct fake_host *fake);
void fake_host_option(struct fake_host *fake, const char *key,
		      const char *value);
/* Advance the clock and run the timers that are due, in order. */
void fake_host_pass(struct fake_host *fake, uint32_t ms);
/* Call what watches fd as if it were ready. Returns calls made. */
int fake_host_ready(struct fake_host *fake, int fd, int ready);
/* Watches that were not forgotten. */
int fake_host_left(const struct fake_host *fake);

#endif
