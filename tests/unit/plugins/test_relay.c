/* test_relay.c - packets with their family before them become bare ones, and
 * the other way round. */
/* SPDX-License-Identifier: BSD-2-Clause */
#include "plugins/os/tun.h"
#include "tests/fake/fake_host.h"
#include "tests/unit/unit.h"
#include <errno.h>
#include <fcntl.h>
#include <sys/socket.h>
#include <unistd.h>

static struct fake_host fake;
static struct relay *relay;
static int device, far, fd; /* far: the kernel's side of the device */

static void begin(void)
{
	struct gw6c_err err = { 0 };
	int ends[2];

	fake_host_init(&fake);
	CU_ASSERT_EQUAL_FATAL(socketpair(AF_UNIX, SOCK_SEQPACKET, 0, ends), 0);
	device = ends[0];
	far = ends[1];
	CU_ASSERT_EQUAL_FATAL(relay_open(&fake.host, device, &fd, &relay, &err),
			      GW6C_OK);
}

static void end(void)
{
	relay_close(relay);
	CU_ASSERT_EQUAL(fake_host_left(&fake), 0);
	CU_ASSERT_TRUE(fcntl(device, F_GETFD) < 0);
	close(far);
	close(fd);
}

static void the_family_is_taken_off(void)
{
	static const uint8_t frames[][8] = { { 0, 0, 0, 10, 0x60, 1, 2, 3 },
					     { 0, 0, 0, 2, 0x45, 4, 5, 6 } };
	uint8_t got[64];

	begin();
	for (int i = 0; i < 2; i++)
		CU_ASSERT_EQUAL(write(far, frames[i], 8), 8);
	CU_ASSERT_EQUAL(write(far, frames[0], 4), 4); /* no packet in it */
	CU_ASSERT_EQUAL(fake_host_ready(&fake, device, GW6C_READ), 1);
	for (int i = 0; i < 2; i++) {
		CU_ASSERT_EQUAL(read(fd, got, sizeof(got)), 4);
		CU_ASSERT_EQUAL(memcmp(got, frames[i] + 4, 4), 0);
	}
	CU_ASSERT_TRUE(read(fd, got, sizeof(got)) < 0 && errno == EAGAIN);
	end();
}

/* In network order, by the version of the packet. */
static void the_family_is_put_on(void)
{
	static const uint8_t packets[][4] = { { 0x60, 1, 2, 3 },
					      { 0x45, 4, 5, 6 } };
	const uint8_t family[] = { AF_INET6, AF_INET };
	uint8_t got[64];

	begin();
	for (int i = 0; i < 2; i++)
		CU_ASSERT_EQUAL(write(fd, packets[i], 4), 4);
	for (int i = 0; i < FAKE_WATCHES; i++)
		if (fake.watch[i].used && fake.watch[i].fd != device)
			fake.watch[i].on_fd(fake.watch[i].arg, GW6C_READ);
	for (int i = 0; i < 2; i++) {
		const uint8_t head[] = { 0, 0, 0, family[i] };

		CU_ASSERT_EQUAL(read(far, got, sizeof(got)), 8);
		CU_ASSERT_EQUAL(memcmp(got, head, 4), 0);
		CU_ASSERT_EQUAL(memcmp(got + 4, packets[i], 4), 0);
	}
	end();
}

/* A flood that nobody takes off is lost, and blocks nothing. */
static void what_finds_no_room_is_lost(void)
{
	static const uint8_t frame[1284] = { 0, 0, 0, 10, 0x60 };

	begin();
	for (int i = 0; i < 2000; i++) {
		CU_ASSERT_EQUAL_FATAL(write(far, frame, sizeof(frame)),
				      (ssize_t)sizeof(frame));
		fake_host_ready(&fake, device, GW6C_READ);
	}
	CU_ASSERT_EQUAL(fake.broken, 0);
	end();
}

static void a_device_that_breaks_is_told(void)
{
	int other = open("/", O_RDONLY | O_DIRECTORY); /* read: EISDIR */

	begin();
	CU_ASSERT_EQUAL(dup2(other, device), device);
	close(other);
	fake_host_ready(&fake, device, GW6C_READ);
	CU_ASSERT_EQUAL(fake.broken, 1);
	CU_ASSERT_EQUAL(fake_host_ready(&fake, device, GW6C_READ), 0);
	end();
}

int main(void)
{
	static const struct unit_test tests[] = {
		UNIT_TEST(the_family_is_taken_off),
		UNIT_TEST(the_family_is_put_on),
		UNIT_TEST(what_finds_no_room_is_lost),
		UNIT_TEST(a_device_that_breaks_is_told),
	};

	return UNIT_RUN("relay", tests);
}
