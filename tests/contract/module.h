/* module.h - the operations that the modules of these tests share. */
/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef GW6C_CONTRACT_MODULE_H
#define GW6C_CONTRACT_MODULE_H

#include <gw6c/plugin.h>

static inline int m_open(const struct gw6c_host *host,
			 const struct gw6c_login *login, void **self,
			 struct gw6c_err *err)
{
	(void)login;
	(void)err;
	*self = (void *)host;
	return GW6C_OK;
}

static inline void m_close(void *self)
{
	(void)self;
}

static inline int m_step(void *self, struct gw6c_bytes in, struct gw6c_buf *out,
			 struct gw6c_err *err)
{
	(void)self;
	(void)in;
	(void)err;
	gw6c_put_text(out, "hello");
	return GW6C_OK;
}

static inline const char *m_who(void *self)
{
	(void)self;
	return "";
}

/* All members of the table but the sizes. */
#define M_AUTH_REST                                                            \
	.mechanism = "TEST", .open = m_open, .close = m_close, .step = m_step, \
	.serve = m_step, .who = m_who
#define M_AUTH_OPS .size = sizeof(struct gw6c_auth_ops), M_AUTH_REST

static inline int f_open(const struct gw6c_host *host, void **self,
			 struct gw6c_err *err)
{
	(void)err;
	*self = (void *)host;
	return GW6C_OK;
}

static inline int f_tell(void *self, const struct gw6c_news *news)
{
	(void)self;
	(void)news;
	return GW6C_OK;
}

#define M_FEATURE_OPS                                                          \
	.size = sizeof(struct gw6c_feature_ops), .open = f_open,               \
	.close = m_close, .tell = f_tell

#endif
