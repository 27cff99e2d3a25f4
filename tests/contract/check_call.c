/* check_call.c - watches each call of a module: how long it takes, and what it
 * changes in the process. */
/* SPDX-License-Identifier: BSD-2-Clause */
#include "check.h"
#include <stdarg.h>
#include <unistd.h>

static struct {
	bool running;
	char what[64];
	struct conduct before;
	bool host_ran; /* the host has run or ended a program */
	unsigned left_s;
} call;

static char faults[FAULTS][CHECK_WHY];

void call_fault(enum fault fault, const char *fmt, ...)
{
	va_list args;

	if (faults[fault][0])
		return;
	va_start(args, fmt);
	vsnprintf(faults[fault], CHECK_WHY, fmt, args);
	va_end(args);
}

static void begin(const char *what, unsigned limit_s)
{
	snprintf(call.what, sizeof(call.what), "%s", what);
	report_call(what);
	conduct_look(&call.before);
	alarm(limit_s); /* ends whoever does not return */
}

void call_begin(const char *what)
{
	call.running = true;
	call.host_ran = false;
	begin(what, CALL_LIMIT_S);
}

/* The loop itself waits for programs. */
void call_begin_loop(uint32_t ms)
{
	call.running = false;
	call.host_ran = true;
	begin("callback", CALL_LIMIT_S + ms / 1000 + 1);
}

int call_end(int rc)
{
	struct conduct now;
	int signo;

	alarm(0);
	call.running = false;
	report_call("");
	conduct_look(&now);
	signo = conduct_signal(&call.before, &now);
	if (signo)
		call_fault(FAULT_SIGNAL,
			   "%s() changes how signal %d is "
			   "handled",
			   call.what, signo);
	if (call.before.threads >= 0 && now.threads > call.before.threads)
		call_fault(FAULT_THREAD, "%s() starts one", call.what);
	if (!call.host_ran && (now.children > call.before.children ||
			       now.work != call.before.work))
		call_fault(FAULT_PROGRAM,
			   "%s() makes a process by itself; host->run() and "
			   "host->run_wait() are there for it",
			   call.what);
	return rc;
}

bool call_is(void)
{
	return call.running;
}

void call_pause(void)
{
	call.host_ran = true;
	call.left_s = alarm(0);
}

void call_resume(void)
{
	alarm(call.left_s);
}

void call_report(void)
{
	static const char *const what[FAULTS] = {
		[FAULT_SIGNAL] = "touches no signal, in no call",
		[FAULT_THREAD] = "starts no thread, in no call",
		[FAULT_PROGRAM] = "runs programs by its host alone",
		[FAULT_OPTION] = "asks for each option by a service of its "
				 "type",
		[FAULT_LATER] = "calls host->done() for what it answers "
				"later, and once",
		[FAULT_STATUS] = "its status lines are well formed",
		[FAULT_NOTE] = "calls host->note() in step() alone",
	};

	for (int i = 0; i < FAULTS; i++) {
		report_try(what[i]);
		report(!faults[i][0], "%s", faults[i]);
	}
}
