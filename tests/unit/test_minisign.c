/* SPDX-License-Identifier: MIT */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "pilar/file.h"
#include "pilar/minisign.h"

static const uint8_t raw[SEAL_KEY_LEN] = "benih kunci perangkat untuk uji";

struct signer {
	struct seal_key *seed;
	struct minisign_key key;
	struct buf sig;
};

static struct signer sign(struct str text)
{
	struct signer s = { .sig = BUF_INIT(4096) };

	assert_int_equal(seal_key_new(&s.seed, raw), ERR_NONE);
	minisign_public(s.seed, &s.key);
	assert_int_equal(minisign_sign(&s.sig, s.seed, text, STR("berkas 7")),
			 ERR_NONE);
	return s;
}

static void release(struct signer *s)
{
	seal_key_free(s->seed);
	buf_release(&s->sig);
}

static void a_signature_holds_for_its_text_and_key_only(void **state)
{
	struct signer s = sign(STR("isi"));
	struct minisign_key other = s.key;
	struct str comment;

	(void)state;
	assert_int_equal(
		minisign_check(buf_str(&s.sig), &s.key, STR("isi"), &comment),
		ERR_NONE);
	assert_true(str_is(comment, "berkas 7"));
	assert_int_equal(
		minisign_check(buf_str(&s.sig), &s.key, STR("isj"), NULL),
		ERR_CORRUPT);
	other.id[0] ^= 1;
	assert_int_equal(
		minisign_check(buf_str(&s.sig), &other, STR("isi"), NULL),
		ERR_NOTFOUND);
	/* Every letter but those of the comment nobody trusts. */
	for (size_t i = strlen("untrusted comment: pilar\n"); i < s.sig.n;
	     i++) {
		s.sig.p[i] ^= 1;
		assert_int_not_equal(minisign_check(buf_str(&s.sig), &s.key,
						    STR("isi"), NULL),
				     ERR_NONE);
		s.sig.p[i] ^= 1;
	}
	for (size_t i = 0; i + 1 < s.sig.n; i++)
		assert_int_equal(minisign_check(str_of(s.sig.p, i), &s.key,
						STR("isi"), NULL),
				 ERR_SYNTAX);
	release(&s);
}

static void keys_are_read_with_and_without_their_comment(void **state)
{
	struct buf text = BUF_INIT(300), file = BUF_INIT(400);
	struct signer s = sign(STR(""));
	struct minisign_key k;

	(void)state;
	minisign_key_text(&text, &s.key);
	assert_int_equal(text.n, MINISIGN_KEY_LEN);
	assert_int_equal(minisign_key_parse(buf_str(&text), &k), ERR_NONE);
	assert_memory_equal(&k, &s.key, sizeof(k));
	buf_addf(&file, "untrusted comment: kunci\n%s\n", text.p);
	assert_int_equal(minisign_key_parse(buf_str(&file), &k), ERR_NONE);
	assert_int_equal(minisign_key_parse(STR("RWQ="), &k), ERR_SYNTAX);
	assert_int_equal(minisign_key_parse(STR(""), &k), ERR_SYNTAX);
	buf_release(&text);
	buf_release(&file);
	release(&s);
}

static void the_same_key_seals_and_opens(void **state)
{
	struct signer s = sign(STR(""));
	struct age_recipient from_public, from_secret;
	struct seal_key *id = NULL;

	(void)state;
	assert_int_equal(minisign_recipient(&s.key, &from_public), ERR_NONE);
	assert_int_equal(minisign_identity(&id, s.seed), ERR_NONE);
	age_identity_recipient(id, &from_secret);
	assert_memory_equal(from_public.key, from_secret.key, 32);
	seal_key_free(id);
	release(&s);
}

static void minisign_checks_what_we_sign(void **state)
{
	char folder[] = "/tmp/pilar-sig-XXXXXX", path[100], line[400];
	struct signer s = sign(STR("manifes\n"));
	struct buf key = BUF_INIT(100);

	(void)state;
	if (system("command -v minisign >/dev/null 2>&1") != 0)
		skip();
	assert_non_null(mkdtemp(folder));
	snprintf(path, sizeof(path), "%s/m", folder);
	assert_int_equal(file_write(path, STR("manifes\n")), ERR_NONE);
	snprintf(path, sizeof(path), "%s/m.minisig", folder);
	assert_int_equal(file_write(path, buf_str(&s.sig)), ERR_NONE);
	minisign_key_text(&key, &s.key);
	snprintf(line, sizeof(line),
		 "cd %s && minisign -Vqm m -P %s && ! minisign -Vqm m.minisig "
		 "-P %s -x m.minisig 2>/dev/null",
		 folder, key.p, key.p);
	assert_int_equal(system(line), 0);
	assert_int_equal(dir_remove(folder), ERR_NONE);
	buf_release(&key);
	release(&s);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_signature_holds_for_its_text_and_key_only),
		cmocka_unit_test(keys_are_read_with_and_without_their_comment),
		cmocka_unit_test(the_same_key_seals_and_opens),
		cmocka_unit_test(minisign_checks_what_we_sign),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
