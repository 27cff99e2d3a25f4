/* test_distances.c - the order of brokers, and how it is measured: against
 * peers on the loopback that answer as the script says. */
/* SPDX-License-Identifier: BSD-2-Clause */
#include "core/client/distances.h"
#include "tests/unit/unit.h"
#include <fcntl.h>
#include <netinet/in.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

#define PEERS 8
#define SENDS 6
#define LATE_MS 2900 /* less than from one send to the next */
#define HOSTS "test_distances.hosts"

/* How a peer answers; 0 in after: the first send. */
struct script {
	const char *text; /* NULL: silence */
	int after; /* sends that it leaves without an answer */
	uint32_t delay_ms;
	bool forged; /* before it, answers that must not count */
	bool closed; /* nobody listens there */
};

struct peer {
	const struct script *script;
	struct loop *loop;
	struct gw6c_watch *reader, *timer;
	int fd, heard;
	uint64_t heard_ms[SENDS];
	uint8_t got[64];
	size_t len;
	uint8_t header[8]; /* of the probe that is answered */
	struct sockaddr_storage from;
};

struct stage {
	struct loop *loop;
	struct gw6c_watch *guard;
	struct peer peer[PEERS];
	struct server_addr list[PEERS];
	int n;
	int calls;
	uint64_t start_ms, took_ms;
	uint32_t ms[PEERS];
	struct distances *distances;
};

static void answer(struct peer *peer, int word, int stamp, const char *text)
{
	uint8_t room[128];
	size_t len = strlen(text);

	memcpy(room, peer->header, 8);
	room[3] ^= (uint8_t)word;
	room[7] ^= (uint8_t)stamp;
	memcpy(room + 8, text, len);
	sendto(peer->fd, room, len + 8, 0, (struct sockaddr *)&peer->from,
	       sizeof(peer->from));
}

static void on_delay(void *arg)
{
	struct peer *peer = arg;

	peer->timer = NULL;
	answer(peer, 0, 0, peer->script->text);
}

static void on_probe(void *arg, int ready)
{
	struct peer *peer = arg;
	const struct script *script = peer->script;
	socklen_t size = sizeof(peer->from);
	ssize_t len = recvfrom(peer->fd, peer->got, sizeof(peer->got), 0,
			       (struct sockaddr *)&peer->from, &size);

	(void)ready;
	peer->len = len < 0 ? 0 : (size_t)len;
	CU_ASSERT_FATAL(peer->heard < SENDS);
	peer->heard_ms[peer->heard++] = loop_now_ms(peer->loop);
	if (!script->text || peer->heard != script->after + 1)
		return;
	memcpy(peer->header, peer->got, sizeof(peer->header));
	if (script->forged) {
		answer(peer, 1, 0, "200 Success\r\n");
		answer(peer, 0, 1, "200 Success\r\n");
		sendto(peer->fd, peer->got, 7, 0,
		       (struct sockaddr *)&peer->from, size);
	}
	peer->timer = loop_timer(peer->loop, script->delay_ms, on_delay, peer);
}

static uint16_t peer_listen(struct peer *peer, const char *text)
{
	struct sockaddr_storage at = { .ss_family = AF_INET };
	struct sockaddr_in *in4 = (struct sockaddr_in *)&at;
	struct sockaddr_in6 *in6 = (struct sockaddr_in6 *)&at;
	socklen_t size = sizeof(at);

	if (inet_pton(AF_INET6, text, &in6->sin6_addr) == 1)
		at.ss_family = AF_INET6;
	else
		inet_pton(AF_INET, text, &in4->sin_addr);
	peer->fd = socket(at.ss_family, SOCK_DGRAM, 0);
	if (bind(peer->fd, (struct sockaddr *)&at, size) < 0)
		return 0;
	getsockname(peer->fd, (struct sockaddr *)&at, &size);
	return ntohs(at.ss_family == AF_INET ? in4->sin_port : in6->sin6_port);
}

/* A broker at that address, called name. */
static uint16_t add(struct stage *stage, const char *name, const char *addr,
		    const struct script *script)
{
	struct server_addr *server = &stage->list[stage->n];
	struct peer *peer = &stage->peer[stage->n++];

	peer->script = script;
	peer->loop = stage->loop;
	snprintf(server->host, sizeof(server->host), "%s", name);
	gw6c_addr_parse(name, &server->literal);
	server->port = peer_listen(peer, addr);
	if (script->closed) {
		close(peer->fd);
		peer->fd = -1;
		return server->port;
	}
	peer->reader =
		loop_fd(stage->loop, peer->fd, GW6C_READ, on_probe, peer);
	return server->port;
}

static void begin(struct stage *stage)
{
	memset(stage, 0, sizeof(*stage));
	stage->loop = loop_new();
	CU_ASSERT_PTR_NOT_NULL_FATAL(stage->loop);
}

static void on_done(void *arg, const uint32_t *ms)
{
	struct stage *stage = arg;

	stage->calls++;
	stage->took_ms = loop_now_ms(stage->loop) - stage->start_ms;
	memcpy(stage->ms, ms, sizeof(*ms) * (size_t)stage->n);
	loop_stop(stage->loop);
}

static void on_guard(void *arg)
{
	struct stage *stage = arg;

	stage->guard = NULL;
	loop_stop(stage->loop);
}

static void measure(struct stage *stage, int family)
{
	stage->start_ms = loop_now_ms(stage->loop);
	stage->distances = distances_start(stage->loop, stage->list, stage->n,
					   family, on_done, stage);
	CU_ASSERT_PTR_NOT_NULL_FATAL(stage->distances);
	CU_ASSERT_EQUAL(stage->calls, 0);
	stage->guard = loop_timer(stage->loop, 20000, on_guard, stage);
	loop_run(stage->loop);
	CU_ASSERT_EQUAL(stage->calls, 1);
}

static void end(struct stage *stage)
{
	distances_stop(stage->distances);
	for (int i = 0; i < stage->n; i++) {
		loop_forget(stage->peer[i].reader);
		loop_forget(stage->peer[i].timer);
		if (stage->peer[i].fd >= 0)
			close(stage->peer[i].fd);
	}
	loop_forget(stage->guard);
	loop_free(stage->loop);
}

/* A machine with other work is late at times; a send later would be more. */
static bool about(uint64_t ms, uint64_t want_ms)
{
	return ms + 20 >= want_ms && ms < want_ms + LATE_MS;
}

static void write_hosts(const char *text)
{
	int fd = open(HOSTS, O_WRONLY | O_CREAT | O_TRUNC, 0644);

	CU_ASSERT_EQUAL(write(fd, text, strlen(text)), (ssize_t)strlen(text));
	close(fd);
}

/* --- tests ------------------------------------------------------------- */

static void brokers_are_sorted_nearest_first_and_ties_stay(void)
{
	static const struct {
		const char *host;
		uint32_t ms;
	} brokers[] = { { "192.0.2.1", 80 },	     { "b.example.net", 35 },
			{ "192.0.2.2", 20000 },	     { "2001:db8::3", 30012 },
			{ "nx.example.net", 20000 }, { "192.0.2.4", 35 } };
	static const char *const want[] = { "b.example.net",  "192.0.2.4",
					    "192.0.2.1",      "192.0.2.2",
					    "nx.example.net", "2001:db8::3" };
	static const uint32_t want_ms[] = { 35, 35, 80, 20000, 20000, 30012 };
	struct server_addr list[6] = { 0 };
	uint32_t ms[6];

	for (int i = 0; i < 6; i++) {
		snprintf(list[i].host, GW6C_NAME, "%s", brokers[i].host);
		ms[i] = brokers[i].ms;
	}
	distances_sort(list, ms, 6);
	for (int i = 0; i < 6; i++) {
		CU_ASSERT_STRING_EQUAL(list[i].host, want[i]);
		CU_ASSERT_EQUAL(ms[i], want_ms[i]);
	}
	distances_sort(list, ms, 1);
	distances_sort(list, ms, 0);
	CU_ASSERT_STRING_EQUAL(list[0].host, "b.example.net");
}

static void a_probe_is_one_small_tsp_message(void)
{
	static const struct script good = { .text = "200 Success\r\n" };
	static const uint8_t word[] = { 0xf0, 0, 0, 0xf0 };
	struct stage stage;

	begin(&stage);
	add(&stage, "127.0.0.1", "127.0.0.1", &good);
	measure(&stage, 4);
	CU_ASSERT_EQUAL(stage.peer[0].len, 20);
	CU_ASSERT_EQUAL(memcmp(stage.peer[0].got, word, 4), 0);
	CU_ASSERT_EQUAL(memcmp(stage.peer[0].got + 8, "ECHO REQUEST", 12), 0);
	CU_ASSERT_EQUAL(stage.peer[0].heard, 1);
	end(&stage);
}

static void all_are_asked_at_once_and_nobody_waits_for_the_cap(void)
{
	static const struct script fast = { .text = "200 Success\r\n" };
	static const struct script slow = { .text = "200 Success\r\n",
					    .delay_ms = 900 };
	static const struct script slower = { .text = "200\r\n",
					      .delay_ms = 1800 };
	struct stage stage;

	begin(&stage);
	add(&stage, "127.0.0.3", "127.0.0.3", &slower);
	add(&stage, "127.0.0.1", "127.0.0.1", &fast);
	add(&stage, "127.0.0.2", "127.0.0.2", &slow);
	measure(&stage, 4);
	CU_ASSERT_TRUE(about(stage.ms[0], 1800));
	CU_ASSERT_TRUE(stage.ms[1] < 900);
	CU_ASSERT_TRUE(about(stage.ms[2], 900));
	CU_ASSERT_TRUE(about(stage.took_ms, 1800));
	end(&stage);
}

/* One that is there but no broker for us, one that says so, one that is not
 * there: all known at once. */
static void refusals_are_as_far_as_silence(void)
{
	static const struct script closed = { .closed = true };
	static const struct script old = { .text = "302 Unsupported\r\n" };
	static const struct script empty = { .text = "" };
	struct stage stage;

	begin(&stage);
	add(&stage, "127.0.0.1", "127.0.0.1", &closed);
	add(&stage, "127.0.0.1", "127.0.0.1", &old);
	add(&stage, "127.0.0.1", "127.0.0.1", &empty);
	measure(&stage, 4);
	for (int i = 0; i < 3; i++)
		CU_ASSERT_EQUAL(stage.ms[i], DISTANCES_DEAD);
	CU_ASSERT_TRUE(stage.took_ms < LATE_MS);
	end(&stage);
}

static void forged_answers_make_nobody_nearer(void)
{
	static const struct script forged = { .text = "200 Success\r\n",
					      .delay_ms = 500,
					      .forged = true };
	struct stage stage;

	begin(&stage);
	add(&stage, "127.0.0.1", "127.0.0.1", &forged);
	measure(&stage, 4);
	CU_ASSERT_TRUE(about(stage.ms[0], 500));
	end(&stage);
}

static void the_wrong_family_comes_last_but_in_its_order(void)
{
	static const struct script good = { .text = "200 Success\r\n" };
	static const struct script closed = { .closed = true };
	struct stage stage;

	begin(&stage);
	if (!add(&stage, "::1", "::1", &good)) {
		end(&stage);
		CU_PASS("there is no IPv6 here");
		return;
	}
	add(&stage, "::1", "::1", &closed);
	add(&stage, "127.0.0.1", "127.0.0.1", &good);
	measure(&stage, 4);
	CU_ASSERT_TRUE(about(stage.ms[0], DISTANCES_FAMILY));
	CU_ASSERT_EQUAL(stage.ms[1], DISTANCES_FAMILY + DISTANCES_DEAD);
	CU_ASSERT_TRUE(stage.ms[2] < LATE_MS);
	distances_stop(stage.distances);
	stage.calls = stage.peer[0].heard = stage.peer[2].heard = 0;
	loop_forget(stage.guard);
	/* The same for a mode that runs over IPv6. */
	measure(&stage, 6);
	CU_ASSERT_TRUE(stage.ms[0] < LATE_MS);
	CU_ASSERT_TRUE(about(stage.ms[2], DISTANCES_FAMILY));
	end(&stage);
}

static void names_are_resolved_in_either_family(void)
{
	static const struct script good = { .text = "200 Success\r\n" };
	struct stage stage;

	write_hosts("127.0.0.2 four.test both.test\n"
		    "::1 six.test both.test\n");
	begin(&stage);
	add(&stage, "four.test", "127.0.0.2", &good);
	add(&stage, "both.test", "127.0.0.2", &good);
	add(&stage, "six.test", "::1", &good);
	add(&stage, "nobody.invalid", "127.0.0.1", &good);
	measure(&stage, 4);
	CU_ASSERT_TRUE(stage.ms[0] < LATE_MS);
	CU_ASSERT_TRUE(stage.ms[1] < LATE_MS);
	if (stage.list[2].port)
		CU_ASSERT_TRUE(about(stage.ms[2], DISTANCES_FAMILY));
	CU_ASSERT_EQUAL(stage.ms[3], DISTANCES_DEAD);
	CU_ASSERT_EQUAL(stage.peer[3].heard, 0);
	end(&stage);
	unlink(HOSTS);
}

/* Takes as long as the longest measurement may. */
static void three_sends_and_twelve_seconds_are_all(void)
{
	static const struct script silent = { 0 };
	static const struct script lossy = { .text = "200 Success\r\n",
					     .after = 1,
					     .delay_ms = 300 };
	static const struct script far = { .text = "200 Success\r\n",
					   .delay_ms = 3600 };
	static const struct script last = { .text = "200 Success\r\n",
					    .after = 2,
					    .delay_ms = 3300 };
	struct stage stage;
	struct peer *quiet = &stage.peer[0];

	begin(&stage);
	add(&stage, "127.0.0.1", "127.0.0.1", &silent);
	add(&stage, "127.0.0.2", "127.0.0.2", &lossy);
	add(&stage, "127.0.0.3", "127.0.0.3", &far);
	add(&stage, "127.0.0.4", "127.0.0.4", &last);
	measure(&stage, 4);
	CU_ASSERT_EQUAL(quiet->heard, DISTANCES_SENDS);
	CU_ASSERT_TRUE(about(quiet->heard_ms[0] - stage.start_ms, 0));
	CU_ASSERT_TRUE(about(quiet->heard_ms[1] - stage.start_ms, 3000));
	CU_ASSERT_TRUE(about(quiet->heard_ms[2] - stage.start_ms, 6000));
	CU_ASSERT_EQUAL(stage.ms[0], DISTANCES_DEAD);
	/* Counted from the send that was answered. */
	CU_ASSERT_TRUE(about(stage.ms[1], 300));
	CU_ASSERT_TRUE(about(stage.ms[2], 3600));
	CU_ASSERT_TRUE(about(stage.ms[3], 3300));
	/* Who has answered is not asked again. */
	CU_ASSERT_EQUAL(stage.peer[1].heard, 2);
	CU_ASSERT_EQUAL(stage.peer[2].heard, 2);
	CU_ASSERT_TRUE(about(stage.took_ms, DISTANCES_CAP_MS));
	end(&stage);
}

/* A name server that says nothing: a lookup is under way until it is left. */
static int silent_server(void)
{
	struct sockaddr_in at = { .sin_family = AF_INET };
	socklen_t len = sizeof(at);
	int fd = socket(AF_INET, SOCK_DGRAM, 0);
	FILE *out = fopen(RESOLV_CONF, "w");

	at.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	CU_ASSERT_EQUAL(bind(fd, (struct sockaddr *)&at, sizeof(at)), 0);
	getsockname(fd, (struct sockaddr *)&at, &len);
	CU_ASSERT_PTR_NOT_NULL_FATAL(out);
	fprintf(out, "nameserver 127.0.0.1:%u\n", ntohs(at.sin_port));
	fclose(out);
	return fd;
}

static void a_measurement_can_be_stopped_at_any_time(void)
{
	static const struct script good = { .text = "200 Success\r\n" };
	int fd = silent_server();
	struct stage stage;

	begin(&stage);
	add(&stage, "127.0.0.1", "127.0.0.1", &good);
	add(&stage, "nobody.invalid", "127.0.0.1", &good);
	stage.distances = distances_start(stage.loop, stage.list, stage.n, 4,
					  on_done, &stage);
	distances_stop(stage.distances);
	stage.distances = distances_start(stage.loop, stage.list, stage.n, 4,
					  on_done, &stage);
	stage.guard = loop_timer(stage.loop, 2, on_guard, &stage);
	loop_run(stage.loop);
	distances_stop(stage.distances);
	stage.distances = NULL;
	stage.guard = loop_timer(stage.loop, 100, on_guard, &stage);
	loop_run(stage.loop);
	CU_ASSERT_EQUAL(stage.calls, 0);
	end(&stage);
	distances_stop(NULL);
	close(fd);
	unlink(RESOLV_CONF);
}

int main(void)
{
	static const struct unit_test tests[] = {
		UNIT_TEST(brokers_are_sorted_nearest_first_and_ties_stay),
		UNIT_TEST(a_probe_is_one_small_tsp_message),
		UNIT_TEST(all_are_asked_at_once_and_nobody_waits_for_the_cap),
		UNIT_TEST(refusals_are_as_far_as_silence),
		UNIT_TEST(forged_answers_make_nobody_nearer),
		UNIT_TEST(the_wrong_family_comes_last_but_in_its_order),
		UNIT_TEST(names_are_resolved_in_either_family),
		UNIT_TEST(three_sends_and_twelve_seconds_are_all),
		UNIT_TEST(a_measurement_can_be_stopped_at_any_time),
	};

	return UNIT_RUN("distances", tests);
}
