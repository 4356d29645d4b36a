/* SPDX-License-Identifier: MIT */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include <cmocka.h>

#include "pilar/seal.h"

static void sealed_text_opens_only_whole_and_in_its_place(void **state)
{
	struct buf sealed = BUF_INIT(1000), plain = BUF_INIT(1000);
	struct seal_key *k = NULL;

	(void)state;
	assert_int_equal(seal_key_new(&k, NULL), ERR_NONE);
	assert_int_equal(seal(&sealed, k, STR("tempat"), STR("rahasia")),
			 ERR_NONE);
	assert_int_equal(sealed.n, SEAL_OVERHEAD + 64);
	assert_int_equal(unseal(&plain, k, STR("tempat"), buf_str(&sealed)),
			 ERR_NONE);
	assert_string_equal(plain.p, "rahasia");
	assert_int_equal(seal_check(k, STR("tempat"), buf_str(&sealed)),
			 ERR_NONE);
	assert_int_equal(seal_check(k, STR("lain"), buf_str(&sealed)),
			 ERR_CORRUPT);
	assert_int_equal(unseal(&plain, k, STR("lain"), buf_str(&sealed)),
			 ERR_CORRUPT);
	for (size_t i = 0; i < sealed.n; i++) {
		buf_reset(&plain);
		sealed.p[i] ^= 1;
		assert_int_equal(
			unseal(&plain, k, STR("tempat"), buf_str(&sealed)),
			ERR_CORRUPT);
		assert_int_equal(plain.n, 0);
		assert_int_equal(seal_check(k, STR("tempat"), buf_str(&sealed)),
				 ERR_CORRUPT);
		sealed.p[i] ^= 1;
		assert_int_equal(
			seal_check(k, STR("tempat"), str_of(sealed.p, i)),
			ERR_CORRUPT);
		assert_int_equal(
			unseal(&plain, k, STR("tempat"), str_of(sealed.p, i)),
			ERR_CORRUPT);
	}
	seal_key_free(k);
	buf_release(&sealed);
	buf_release(&plain);
}

static void size_classes_hide_the_length(void **state)
{
	struct seal_key *k = NULL;
	static const struct {
		size_t n, inner;
	} rows[] = { { 0, 64 },
		     { 60, 64 },
		     { 61, 128 },
		     { 1020, 1024 },
		     { 1021, 1280 } };
	char text[2000];

	(void)state;
	memset(text, 'x', sizeof(text));
	assert_int_equal(seal_key_new(&k, NULL), ERR_NONE);
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		struct buf b = BUF_INIT(5000), p = BUF_INIT(5000);

		assert_int_equal(seal(&b, k, STR(""), str_of(text, rows[i].n)),
				 ERR_NONE);
		assert_int_equal(b.n, rows[i].inner + SEAL_OVERHEAD);
		assert_int_equal(unseal(&p, k, STR(""), buf_str(&b)), ERR_NONE);
		assert_int_equal(p.n, rows[i].n);
		buf_release(&b);
		buf_release(&p);
	}
	seal_key_free(k);
}

static void a_hostile_slot_cannot_ask_for_too_much(void **state)
{
	static const struct {
		struct pwhash_cost cost;
		enum err want;
	} rows[] = { { { 262145, 1 }, ERR_INVALID },
		     { { 19455, 1 }, ERR_INVALID },
		     { { 19456, 11 }, ERR_INVALID },
		     { { 19456, 1 }, ERR_NONE } };
	const uint8_t salt[16] = { 0 };
	uint8_t key[SEAL_KEY_LEN];

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(rows); i++)
		assert_int_equal(seal_pwhash(key, STR("x"), salt, rows[i].cost),
				 rows[i].want);
}

static void hashes_agree_with_their_standard(void **state)
{
	struct buf b = BUF_INIT(100);
	uint8_t out[32], raw[3];

	(void)state;
	sha256(out, STR("abc"));
	hex(&b, out, 32);
	assert_string_equal(b.p, "ba7816bf8f01cfea414140de5dae2223"
				 "b00361a396177a9cb410ff61f20015ad");
	assert_int_equal(unhex(raw, 3, STR("00ff1a")), ERR_NONE);
	assert_int_equal(raw[1], 0xff);
	assert_int_equal(unhex(raw, 3, STR("00ff1")), ERR_SYNTAX);
	assert_int_equal(unhex(raw, 3, STR("00fg1a")), ERR_SYNTAX);
	buf_release(&b);
}

static void no_byte_outside_ascii_is_a_letter_of_base64(void **state)
{
	static const char *const other[] = { "Zm9", "Zm9v YmE", "Zm8=", "Z" };
	struct buf b = BUF_INIT(100);
	char text[] = "Zm/v";
	uint8_t out[3];
	size_t n;

	(void)state;
	assert_true(base64_exact(STR("Zm/v"), false, out, 3, &n));
	assert_int_equal(n, 3);
	assert_true(base64_exact(STR("Zm8="), true, out, 3, &n));
	for (size_t i = 0; i < ARRAY_LEN(other); i++)
		assert_false(
			base64_exact(str_from(other[i]), false, out, 3, &n));
	for (int c = 0x80; c <= 0xff; c++) {
		text[2] = (char)c;
		assert_false(base64_exact(str_from(text), false, out, 3, &n));
		assert_int_equal(unbase64(&b, str_from(text)), ERR_SYNTAX);
	}
	buf_release(&b);
}

static void base64_is_read_with_blanks_and_without_padding(void **state)
{
	static const char *const rows[][2] = {
		{ "", "" },
		{ "Zg==", "f" },
		{ "Zm8", "fo" },
		{ " Zm9v\nYmE= ", "fooba" },
	};
	struct buf b = BUF_INIT(100);

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		buf_reset(&b);
		assert_int_equal(unbase64(&b, str_from(rows[i][0])), ERR_NONE);
		assert_true(str_is(buf_str(&b), rows[i][1]));
	}
	assert_int_equal(unbase64(&b, STR("Zm9*")), ERR_SYNTAX);
	assert_int_equal(unbase64(&b, STR("Z")), ERR_SYNTAX);
	buf_reset(&b);
	base64(&b, (const uint8_t *)"fo", 2);
	assert_string_equal(b.p, "Zm8=");
	buf_release(&b);
}

/* RFC 8032, 7.1, test 2 */
static void a_signature_holds_for_its_message_alone(void **state)
{
	static const char key[] = "3d4017c3e843895a92b70aa74d1b7ebc"
				  "9c982ccf2ec4968cc0cd55f12af4660c";
	static const char signature[] = "92a009a9f0d4cab8720e820b5f642540"
					"a2b27b5416503f8fb3762223ebdb69da"
					"085ac1e43e15996e458f3613d0f11d8c"
					"387b2eaeb4302aeeb00d291612bb0c00";
	uint8_t k[32], s[64];

	(void)state;
	assert_int_equal(unhex(k, 32, str_from(key)), ERR_NONE);
	assert_int_equal(unhex(s, 64, str_from(signature)), ERR_NONE);
	assert_true(seal_signed(k, STR("\x72"), s));
	assert_false(seal_signed(k, STR("\x73"), s));
	s[0] ^= 1;
	assert_false(seal_signed(k, STR("\x72"), s));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(sealed_text_opens_only_whole_and_in_its_place),
		cmocka_unit_test(size_classes_hide_the_length),
		cmocka_unit_test(a_hostile_slot_cannot_ask_for_too_much),
		cmocka_unit_test(hashes_agree_with_their_standard),
		cmocka_unit_test(no_byte_outside_ascii_is_a_letter_of_base64),
		cmocka_unit_test(
			base64_is_read_with_blanks_and_without_padding),
		cmocka_unit_test(a_signature_holds_for_its_message_alone),
	};

	return cmocka_run_group_tests_name("seal", tests, NULL, NULL);
}
