/* fake_loop.h - the event loop under a test's control: it replaces that of
 * core/base in the test that is linked with it. */
/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef GW6C_FAKE_LOOP_H
#define GW6C_FAKE_LOOP_H

#include "core/base/loop.h"

/* Advance the clock, and run the timers that are due, in order. */
void fake_loop_pass(uint32_t ms);
/* Call what watches fd. */
void fake_loop_ready(int fd);
/* Timers and descriptors that are watched. */
int fake_loop_left(void);
/* Refuse loop_turn(), as inside a callback. */
void fake_loop_inside(bool inside);
/* Answer the lookup under way: n addresses, or err. False: there is none. */
bool fake_loop_answer(const struct gw6c_addr *addrs, int n,
		      const struct gw6c_err *err);

#endif
