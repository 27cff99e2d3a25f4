/* plugins_cmd.c - what --list-plugins and --describe print. */
/* SPDX-License-Identifier: BSD-2-Clause */
#include "plugins_cmd.h"
#include "core/base/wrap.h"
#include "core/modules/option.h"

#define SUMMARY_COLUMN 40
#define PATH_COLUMN 31

static void list_row(void *arg, const char *path,
		     const struct gw6c_plugin *plugin,
		     const struct gw6c_err *err)
{
	int column;

	(void)arg;
	if (!plugin) {
		wrap_print(stdout, (size_t)printf("%-8s ", "unusable"), 9,
			   path);
		column = printf("%*s", PATH_COLUMN, "cause: ");
		wrap_print(stdout, (size_t)column, PATH_COLUMN, err->text);
		return;
	}
	column = printf("%-8s %-16s %-8s %3u  ", plugin_kind_name(plugin->kind),
			plugin->name, plugin->version, plugin->abi);
	wrap_print(stdout, (size_t)column, SUMMARY_COLUMN, plugin->summary);
	column = printf("%*s", PATH_COLUMN, "path: ");
	wrap_print(stdout, (size_t)column, PATH_COLUMN, path);
}

void plugins_list(struct loader *loader)
{
	printf("%-8s %-16s %-8s %3s  %s\n", "KIND", "NAME", "VERSION", "ABI",
	       "SUMMARY");
	loader_list(loader, list_row, NULL);
	printf("This gw6c supports plugins of ABI %d.\n", GW6C_ABI);
}

#define MEANING_COLUMN 6

static void describe_option(const struct gw6c_plugin *plugin,
			    const struct gw6c_opt *opt)
{
	char type[300], how[700];
	int column = printf("  %s.%s.%s  ", plugin_kind_name(plugin->kind),
			    plugin->name, opt->key);

	snprintf(how, sizeof(how), "(%s%s%s%s%s)",
		 option_type_text(opt, type, sizeof(type)),
		 opt->fallback ? ", default " : "",
		 opt->fallback && !*opt->fallback ? "none"
		 : opt->fallback		  ? opt->fallback
						  : "",
		 opt->classic ? ", also " : "",
		 opt->classic ? opt->classic : "");
	wrap_print(stdout, (size_t)column, MEANING_COLUMN, how);
	column = printf("%*s", MEANING_COLUMN, "");
	wrap_print(stdout, (size_t)column, MEANING_COLUMN, opt->summary);
}

static void describe(const struct gw6c_plugin *plugin)
{
	int column = printf("%s '%s' %s - ", plugin_kind_name(plugin->kind),
			    plugin->name, plugin->version);

	wrap_print(stdout, (size_t)column, MEANING_COLUMN, plugin->summary);
	if (plugin->needs && plugin->needs[0]) {
		printf("needs:");
		for (const char *const *need = plugin->needs; *need; need++)
			printf(" %s%s", **need == '?' ? *need + 1 : *need,
			       **need == '?' ? " (if installed)" : "");
		printf("\n");
	}
	if (!plugin->opts || !plugin->opts->key) {
		printf("no options\n");
		return;
	}
	printf("options:\n");
	for (const struct gw6c_opt *opt = plugin->opts; opt->key; opt++)
		describe_option(plugin, opt);
}

int plugins_describe(struct loader *loader, const char *name,
		     struct gw6c_err *err)
{
	const char *colon = strchr(name, ':');
	const char *bare = colon ? colon + 1 : name;
	const struct gw6c_plugin *plugin;
	bool found = false;

	for (int i = GW6C_AUTH; i <= GW6C_FEATURE; i++) {
		enum gw6c_kind kind = (enum gw6c_kind)i;
		const char *word = plugin_kind_name(kind);

		if (colon && (strlen(word) != (size_t)(colon - name) ||
			      strncmp(word, name, strlen(word)) != 0))
			continue;
		if (!loader_has(loader, kind, bare))
			continue;
		if (loader_peek(loader, kind, bare, &plugin, err))
			return err->rc;
		describe(plugin);
		found = true;
	}
	if (found)
		return GW6C_OK;
	return gw6c_fail(err, GW6C_ECONFIG,
			 "there is no plugin '%s'; --list-plugins lists all",
			 name);
}
