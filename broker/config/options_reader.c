/* options_reader.c - reads settings of gw6c-broker and collects what is wrong
 * with them. */
/* SPDX-License-Identifier: BSD-2-Clause */
#include "options_reader.h"
#include <stdlib.h>

void options_error(struct reader *reader, const struct gw6c_err *err)
{
	size_t used = strlen(reader->errors);

	snprintf(reader->errors + used, reader->room - used, "%s\n", err->text);
}

void options_words_of(struct reader *reader, const struct setting *at,
		      int (*call)(struct reader *reader,
				  const struct setting *at, const char *word,
				  struct gw6c_err *err))
{
	char *text = strdup(at->value), *rest = text, *word;

	while (text && (word = strsep(&rest, " ,\t"))) {
		struct gw6c_err err = { 0 };

		if (*word && call(reader, at, word, &err))
			options_error(reader, &err);
	}
	free(text);
}

void options_each_word(struct reader *reader, const char *key,
		       int (*call)(struct reader *reader,
				   const struct setting *at, const char *word,
				   struct gw6c_err *err))
{
	const struct setting *at;

	for (int i = 0; (at = conf_get(reader->conf, key, i)); i++)
		options_words_of(reader, at, call);
}
