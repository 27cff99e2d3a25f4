/* options_reader.h - reads settings of gw6c-broker and collects what is wrong
 * with them. */
/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef GW6C_BROKER_CONFIG_OPTIONS_READER_H
#define GW6C_BROKER_CONFIG_OPTIONS_READER_H

#include "options.h"

/* The state of the readers: errors collects the error messages. */
struct reader {
	struct conf *conf;
	struct options *out;
	char *errors;
	size_t room;
};

/* Append an error to errors, on a line of its own. */
void options_error(struct reader *reader, const struct gw6c_err *err);

/* Call back for each word of a list: "a b, c", or elements of libconfig. Words
 * that it rejects are reported as errors. */
void options_each_word(struct reader *reader, const char *key,
		       int (*call)(struct reader *reader,
				   const struct setting *at, const char *word,
				   struct gw6c_err *err));
/* The same for one setting. */
void options_words_of(struct reader *reader, const struct setting *at,
		      int (*call)(struct reader *reader,
				  const struct setting *at, const char *word,
				  struct gw6c_err *err));

#endif
