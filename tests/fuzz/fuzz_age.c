/* SPDX-License-Identifier: MIT */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "pilar/age.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static enum err feed(void *arg, void *p, size_t max, size_t *n)
{
	struct str *rest = arg;

	*n = rest->n < max ? rest->n : max;
	if (*n)
		memcpy(p, rest->p, *n);
	*rest = str_sub(*rest, *n, rest->n);
	return ERR_NONE;
}

/* Everything a file may release, with a key that is always the same. */
static void open_file(struct str file)
{
	static const uint8_t raw[SEAL_KEY_LEN] = "kunci untuk uji acak";
	struct seal_key *id = NULL;
	struct age_in *in = NULL;
	uint8_t block[1000];
	size_t n = 1;

	if (seal_key_new(&id, raw))
		abort();
	if (!age_in_new(&in, (const struct seal_key *const *)&id, 1, feed,
			&file))
		while (n && !age_in_read(in, block, sizeof(block), &n))
			;
	age_in_free(in);
	seal_key_free(id);
}

/* Whatever is read as a key is written the same. */
static void read_keys(struct str text)
{
	struct buf again = BUF_INIT(200);
	struct age_recipient r;

	if (age_recipient_parse(text, &r))
		return;
	age_recipient_text(&again, &r);
	if (!str_eq(buf_str(&again), text))
		abort();
	buf_release(&again);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	open_file(str_of((const char *)data, size));
	read_keys(str_of((const char *)data, size));
	return 0;
}
