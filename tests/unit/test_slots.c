/* SPDX-License-Identifier: MIT */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "pilar/age.h"
#include "pilar/store.h"

#include "../lib/expect.h"

/* The ways into a store: who opens it, and who does not any more. */
#define PASS_DEWI "kata sandi dewi"
#define PASS_BUDI "kata sandi budi"

static char folder[32], dir[40], code[STORE_PAPER_LEN + 1];

static int begin(void **state)
{
	struct store_create how = { .dir = dir,
				    .sys = sys_real(),
				    .passphrase = STR(PASS_DEWI),
				    .slot_name = STR("dewi") };

	(void)state;
	snprintf(folder, sizeof(folder), "/tmp/pilar-slots-XXXXXX");
	if (!mkdtemp(folder))
		return -1;
	snprintf(dir, sizeof(dir), "%s/s", folder);
	store_paper(sys_real(), code);
	how.paper = str_from(code);
	return store_create(&how, NULL) ? -1 : 0;
}

static int end(void **state)
{
	char command[64];

	(void)state;
	snprintf(command, sizeof(command), "rm -rf %s", folder);
	return system(command) ? -1 : 0; /* NOLINT(cert-env33-c) */
}

static enum err opens(struct str secret, struct str name)
{
	struct store_open how = { .dir = dir,
				  .sys = sys_real(),
				  .passphrase = secret,
				  .slot_name = name };
	struct store *st = NULL;
	enum err rc = store_open(&st, &how, NULL);

	store_close(st);
	return rc;
}

static struct store *opened(void)
{
	struct store_open how = { .dir = dir,
				  .sys = sys_real(),
				  .passphrase = STR(PASS_DEWI) };
	struct store *st = NULL;

	ok(store_open(&st, &how, NULL));
	return st;
}

static void put(struct store *st, enum slot_kind kind, const char *name,
		const char *secret)
{
	struct slot_new one = { .kind = kind,
				.name = str_from(name),
				.secret = str_from(secret) };

	ok(store_slots_put(st, &one, 1, NULL));
}

static void the_code_opens_it_however_it_is_written(void **state)
{
	char small[STORE_PAPER_LEN + 1], wrong[STORE_PAPER_LEN + 1];
	size_t n = 0;

	(void)state;
	ok(opens(str_from(code), STR("")));
	ok(opens(str_from(code), STR("dewi")));
	for (const char *p = code; *p; p++)
		if (*p != '-')
			small[n++] = *p == '0'   ? 'o'
				     : *p == '1' ? 'l'
				     : *p >= 'A' ? (char)(*p | 0x20)
						 : *p;
	ok(opens(str_of(small, n), STR("")));
	memcpy(wrong, code, sizeof(wrong));
	wrong[3] = wrong[3] == '7' ? '8' : '7';
	assert_int_equal(opens(str_from(wrong), STR("")), ERR_LOCKED);
	assert_int_equal(opens(str_of(code, 33), STR("")), ERR_LOCKED);
	store_paper(sys_real(), wrong); /* whole, of another store */
	assert_int_equal(opens(str_from(wrong), STR("")), ERR_LOCKED);
}

static void each_worker_has_a_passphrase(void **state)
{
	struct store *st = opened();
	struct store_slot *list = NULL;
	struct arena a = { 0 };
	size_t n = 0;

	(void)state;
	put(st, SLOT_PASSPHRASE, "budi", PASS_BUDI);
	ok(store_slots(st, &a, &list, &n));
	assert_int_equal(n, 3);
	assert_true(list[0].kind == SLOT_PASSPHRASE &&
		    str_is(list[0].name, "dewi"));
	assert_true(list[1].kind == SLOT_PAPER);
	assert_true(str_is(list[2].name, "budi"));
	ok(opens(STR(PASS_BUDI), STR("")));
	ok(opens(STR(PASS_BUDI), STR("budi")));
	assert_int_equal(opens(STR(PASS_BUDI), STR("dewi")), ERR_LOCKED);
	/* Changed, then taken away. */
	put(st, SLOT_PASSPHRASE, "budi", "yang baru dari budi");
	assert_int_equal(opens(STR(PASS_BUDI), STR("")), ERR_LOCKED);
	ok(opens(STR("yang baru dari budi"), STR("budi")));
	ok(store_slot_remove(st, SLOT_PASSPHRASE, STR("budi"), NULL));
	assert_int_equal(
		store_slot_remove(st, SLOT_PASSPHRASE, STR("budi"), NULL),
		ERR_NOTFOUND);
	assert_int_equal(opens(STR("yang baru dari budi"), STR("")),
			 ERR_LOCKED);
	ok(opens(STR(PASS_DEWI), STR("dewi")));
	store_close(st);
	arena_release(&a);
}

static void the_lock_asks_for_the_new_one_at_once(void **state)
{
	struct store *st = opened();

	(void)state;
	put(st, SLOT_PASSPHRASE, "dewi", "yang baru dari dewi");
	assert_int_equal(store_try(st, STR(PASS_DEWI)), ERR_LOCKED);
	ok(store_try(st, STR("yang baru dari dewi")));
	store_close(st);
}

static void two_ways_in_stay_where_there_is_a_passphrase(void **state)
{
	struct store *st = opened();
	struct report rep = { 0 };

	(void)state;
	assert_int_equal(store_slot_remove(st, SLOT_PAPER, STR(""), &rep),
			 ERR_REFUSED);
	assert_int_equal(rep.errors, 1);
	ok(opens(str_from(code), STR("")));
	put(st, SLOT_PASSPHRASE, "budi", PASS_BUDI);
	ok(store_slot_remove(st, SLOT_PAPER, STR(""), &rep));
	assert_int_equal(opens(str_from(code), STR("")), ERR_LOCKED);
	/* Open, and guarded again, which one passphrase is not enough for. */
	put(st, SLOT_OPEN, "", "");
	assert_false(store_guarded(st));
	ok(opens(STR(""), STR("")));
	assert_int_equal(
		store_slots_put(st,
				&(struct slot_new){ .kind = SLOT_PASSPHRASE,
						    .secret = STR(PASS_DEWI) },
				1, &rep),
		ERR_REFUSED);
	ok(opens(STR(""), STR("")));
	report_release(&rep);
	store_close(st);
}

static void there_are_so_many_and_no_more(void **state)
{
	struct store *st = opened();
	struct slot_new one = { .kind = SLOT_PAPER, .secret = str_from(code) };
	struct report rep = { 0 };
	char name[8];

	(void)state;
	for (int i = 2; i <= STORE_SLOTS_MAX; i++) {
		snprintf(name, sizeof(name), "k%d", i);
		one.name = str_from(name);
		assert_int_equal(store_slots_put(st, &one, 1, &rep),
				 i < STORE_SLOTS_MAX ? ERR_NONE : ERR_REFUSED);
	}
	assert_int_equal(rep.errors, 1);
	ok(opens(STR(PASS_DEWI), STR("dewi")));
	report_release(&rep);
	store_close(st);
}

static void an_office_opens_it_with_its_own_key(void **state)
{
	struct seal_key *office = NULL, *other = NULL;
	struct age_recipient to;
	struct slot_new one = { .kind = SLOT_OFFICE,
				.name = STR("kecamatan"),
				.to = &to };
	struct store_open how = { .dir = dir, .sys = sys_real() };
	struct store *st = opened();

	(void)state;
	ok(seal_key_new(&office, NULL));
	ok(seal_key_new(&other, NULL));
	age_identity_recipient(office, &to);
	ok(store_slots_put(st, &one, 1, NULL));
	store_close(st);
	how.office = other;
	assert_int_equal(store_open(&st, &how, NULL), ERR_LOCKED);
	how.office = office;
	ok(store_open(&st, &how, NULL));
	assert_true(store_guarded(st));
	put(st, SLOT_PASSPHRASE, "dewi", "diberi kantor");
	store_close(st);
	ok(opens(STR("diberi kantor"), STR("dewi")));
	seal_key_free(office);
	seal_key_free(other);
}

static void write_value(struct store *st, const char *value, enum err want)
{
	struct txn *t = NULL;
	enum err rc = txn_begin(&t, st, STORE_MAIN, TXN_WRITE);

	if (!rc)
		rc = txn_put(t, TABLE_META, STR("k"), str_from(value));
	if (!rc)
		rc = txn_commit(&t);
	txn_abort(&t);
	assert_int_equal(rc, want);
}

static void a_new_key_keeps_what_was_said_and_ends_old_ways_in(void **state)
{
	struct store *st = opened(), *other = opened();
	char fresh[STORE_PAPER_LEN + 1];
	uint8_t before[16], after[16];
	struct arena a = { 0 };
	struct txn *t = NULL;
	struct str v;

	(void)state;
	store_paper(sys_real(), fresh);
	put(st, SLOT_PASSPHRASE, "budi", PASS_BUDI);
	write_value(st, "tetap", ERR_NONE);
	ok(journal_put(st, STR("d"), STR("setengah")));
	seal_index_hash(before, store_index_key(st), STR("x"));
	assert_int_equal(
		store_rotate(st, STR("salah"), str_from(fresh), NULL, NULL),
		ERR_LOCKED);
	ok(store_rotate(st, STR(PASS_DEWI), str_from(fresh), NULL, NULL));
	store_close(st);
	/* Who had it open must not write where nobody reads. */
	write_value(other, "hilang", ERR_LOCKED);
	assert_int_equal(journal_put(other, STR("d"), STR("x")), ERR_LOCKED);
	store_close(other);
	assert_int_equal(opens(STR(PASS_BUDI), STR("")), ERR_LOCKED);
	assert_int_equal(opens(str_from(code), STR("")), ERR_LOCKED);
	ok(opens(str_from(fresh), STR("")));
	st = opened();
	ok(txn_begin(&t, st, STORE_MAIN, TXN_READ));
	ok(txn_get(t, TABLE_META, STR("k"), &v));
	assert_true(str_is(v, "tetap"));
	txn_abort(&t);
	ok(journal_get(st, STR("d"), &a, &v));
	assert_true(str_is(v, "setengah"));
	seal_index_hash(after, store_index_key(st), STR("x"));
	assert_memory_equal(before, after, sizeof(before));
	write_value(st, "lagi", ERR_NONE);
	store_close(st);
	arena_release(&a);
}

#define T(name) cmocka_unit_test_setup_teardown(name, begin, end)

int main(void)
{
	const struct CMUnitTest tests[] = {
		T(the_code_opens_it_however_it_is_written),
		T(each_worker_has_a_passphrase),
		T(the_lock_asks_for_the_new_one_at_once),
		T(two_ways_in_stay_where_there_is_a_passphrase),
		T(there_are_so_many_and_no_more),
		T(an_office_opens_it_with_its_own_key),
		T(a_new_key_keeps_what_was_said_and_ends_old_ways_in),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
