/* test_mechanisms.c - how to log in, as the descriptors allow it. */
/* SPDX-License-Identifier: BSD-2-Clause */
#include "core/config/conf_parts.h"
#include "core/modules/mechanisms.h"
#include "tests/fake/fake_loader.h"
#include "tests/unit/unit.h"

static const struct gw6c_auth_ops none_ops = { .flags = GW6C_AUTH_EMPTY };
static const struct gw6c_auth_ops clear_ops = {
	.flags = GW6C_AUTH_PASSWORD | GW6C_AUTH_CLEARTEXT, .rank = 10
};
static const struct gw6c_auth_ops hash_ops = { .flags = GW6C_AUTH_PASSWORD,
					       .rank = 30 };
static const struct gw6c_auth_ops best_ops = { .flags = GW6C_AUTH_PASSWORD,
					       .rank = 70 };
static const struct gw6c_plugin plugins[] = {
	{ GW6C_HEAD(GW6C_AUTH, "clear", ""), .auth = &clear_ops },
	{ GW6C_HEAD(GW6C_AUTH, "hash", ""), .auth = &hash_ops },
	{ GW6C_HEAD(GW6C_AUTH, "hash2", ""), .auth = &hash_ops },
	{ GW6C_HEAD(GW6C_AUTH, "none", ""), .auth = &none_ops },
	{ GW6C_HEAD(GW6C_AUTH, "best", ""), .auth = &best_ops },
};

static struct settings settings;
static const struct gw6c_plugin *auths[SETTINGS_LIST + 1];
static struct gw6c_err err;

static void reset(void)
{
	for (size_t i = 0; i < sizeof(plugins) / sizeof(plugins[0]); i++)
		fake_plugins[i] = &plugins[i];
	fake_broken = NULL;
	settings = (struct settings){ .auth_method = "any",
				      .userid = "ann",
				      .passwd = "s3cret" };
}

static int load(const char *text)
{
	struct conf *conf = conf_new();
	int rc;

	err = (struct gw6c_err){ 0 };
	conf_parse(conf, "t.conf", text, strlen(text), CONF_CLASSIC, NULL);
	rc = mechanisms_load(fake_loader(conf), conf, &settings, auths, &err);
	conf_free(conf);
	return rc;
}

static const char *loaded(void)
{
	static char text[200];
	size_t used = 0;

	text[0] = 0;
	for (int i = 0; auths[i]; i++)
		used += (size_t)snprintf(text + used, sizeof(text) - used,
					 "%s ", auths[i]->name);
	return text;
}

static void all_that_are_installed_the_best_first(void)
{
	reset();
	CU_ASSERT_EQUAL(load(""), GW6C_OK);
	CU_ASSERT_STRING_EQUAL(loaded(), "best hash hash2 ");
	settings.allow_plain = true;
	CU_ASSERT_EQUAL(load(""), GW6C_OK);
	CU_ASSERT_STRING_EQUAL(loaded(), "best hash hash2 clear ");
	fake_broken = "best";
	CU_ASSERT_EQUAL(load(""), GW6C_OK);
	CU_ASSERT_STRING_EQUAL(loaded(), "hash hash2 clear ");
}

static void a_list_restricts_them(void)
{
	reset();
	settings.auth_list[0] = "hash2";
	settings.auth_list[1] = "missing";
	settings.auth_list[2] = "best";
	CU_ASSERT_EQUAL(load("auth_list=x\n"), GW6C_OK);
	CU_ASSERT_STRING_EQUAL(loaded(), "best hash2 ");
	settings.auth_list[0] = "clear";
	settings.auth_list[1] = "none";
	settings.auth_list[2] = NULL;
	CU_ASSERT_EQUAL(load("\nauth_list=clear none\n"), GW6C_ECONFIG);
	CU_ASSERT_STRING_EQUAL(err.text,
			       "t.conf:2: auth_list: lists no mechanism that "
			       "is installed and allowed; one that sends the "
			       "password in clear text needs allow_plain=yes");
	settings.allow_plain = true;
	CU_ASSERT_EQUAL(load("\nauth_list=clear none\n"), GW6C_OK);
	CU_ASSERT_STRING_EQUAL(loaded(), "clear ");
}

static void without_any_it_says_so(void)
{
	reset();
	fake_plugins[1] = NULL;
	CU_ASSERT_EQUAL(load(""), GW6C_ECONFIG);
	CU_ASSERT_PTR_NOT_NULL(strstr(err.text, "allow_plain=yes; install"));
	settings.allow_plain = true;
	fake_plugins[0] = NULL;
	CU_ASSERT_EQUAL(load(""), GW6C_ECONFIG);
	CU_ASSERT_STRING_EQUAL(err.text,
			       "auth_method=any: none of the login mechanisms "
			       "that are allowed is installed; install their "
			       "plugins");
}

static void what_needs_a_name_and_a_password_says_so(void)
{
	static const char *const methods[] = { "any", "clear", "none" };

	for (size_t i = 0; i < 3; i++) {
		char text[40];

		reset();
		snprintf(text, sizeof(text), "auth_method=%s\n", methods[i]);
		settings.auth_method = methods[i];
		settings.passwd = "";
		CU_ASSERT_EQUAL(load(text), i == 2 ? GW6C_OK : GW6C_ECONFIG);
		CU_ASSERT_STRING_EQUAL(err.text,
				       i == 2 ? ""
					      : "t.conf:1: auth_method: needs "
						"passwd= or passwd_file=; only "
						"" DEFAULT_AUTH
						" works without");
		settings.userid = "";
		settings.passwd = "x";
		CU_ASSERT_EQUAL(load(text), i == 2 ? GW6C_OK : GW6C_ECONFIG);
		CU_ASSERT_STRING_EQUAL(err.text,
				       i == 2 ? ""
					      : "t.conf:1: auth_method: needs "
						"userid=; only " DEFAULT_AUTH
						" works without");
	}
	reset();
	settings.auth_method = "clear"; /* named: no need to allow it */
	CU_ASSERT_EQUAL(load(""), GW6C_OK);
	CU_ASSERT_STRING_EQUAL(loaded(), "clear ");
}

static const struct unit_test tests[] = {
	UNIT_TEST(all_that_are_installed_the_best_first),
	UNIT_TEST(a_list_restricts_them),
	UNIT_TEST(without_any_it_says_so),
	UNIT_TEST(what_needs_a_name_and_a_password_says_so),
};

int main(void)
{
	return UNIT_RUN("mechanisms", tests);
}
