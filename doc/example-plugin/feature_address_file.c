/* feature_address_file.c - keeps the tunnel's address in a file. */
/* SPDX-License-Identifier: BSD-2-Clause */
#include <errno.h>
#include <gw6c/plugin.h>
#include <limits.h>
#include <stdlib.h>
#include <unistd.h>

struct address_file {
	const struct gw6c_host *host;
	char path[PATH_MAX];
};

static void write_file(const struct address_file *self,
		       const struct gw6c_lease *lease,
		       const struct gw6c_plan *plan)
{
	char text[GW6C_ADDR_TEXT];
	FILE *file = fopen(self->path, "we");

	if (file)
		fprintf(file, "%s %s\n", gw6c_addr_text(&lease->inner, text),
			plan->dev);
	/* A feature can veto nothing: it says what is wrong and goes on. */
	if (!file || fclose(file) != 0)
		self->host->log(self->host, GW6C_WARN, "cannot write %s: %s",
				self->path, strerror(errno));
}

static int tell(void *arg, const struct gw6c_news *news)
{
	const struct address_file *self = arg;

	if (news->fact == GW6C_READY || news->fact == GW6C_CHANGED)
		write_file(self, news->lease, news->plan);
	else if (news->fact == GW6C_DOWN)
		unlink(self->path);
	/* Another fact, maybe of a newer gw6c: nothing to do. */
	return GW6C_OK;
}

static void close_file(void *arg)
{
	struct address_file *self = arg;

	unlink(self->path); /* it may end while the tunnel is up */
	free(self);
}

static int open_file(const struct gw6c_host *host, void **out,
		     struct gw6c_err *err)
{
	const char *path = host->str(host, "path");
	struct address_file *self;

	self = calloc(1, sizeof(*self));
	if (!self)
		return gw6c_fail(err, GW6C_EOS, "out of memory");
	self->host = host;
	if (*path)
		snprintf(self->path, sizeof(self->path), "%s", path);
	else
		snprintf(self->path, sizeof(self->path), "%s/address-file",
			 host->run_dir);
	*out = self;
	return GW6C_OK;
}

static const struct gw6c_opt options[] = {
	{ .key = "path",
	  .type = GW6C_PATH,
	  .summary = "the file (default: in run_dir)" },
	{ .key = NULL },
};

static const struct gw6c_feature_ops ops = {
	.size = sizeof(ops),
	.open = open_file,
	.close = close_file,
	.tell = tell,
};

GW6C_PLUGIN(feature_address_file) = {
	GW6C_HEAD(GW6C_FEATURE, "address-file",
		  "keeps the tunnel's address in a file"),
	.opts = options,
	.feature = &ops,
};
