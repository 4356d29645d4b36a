/* SPDX-License-Identifier: MIT */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "../../src/sync/manifest.h"
#include "../../src/sync/parcel.h"
#include "pilar/file.h"
#include "pilar/minisign.h"

#include "../lib/expect.h"
#include "../lib/world.h"

/*
 * Files that are not what they say: every byte of real ones changed and every
 * length cut off, and those that somebody with a key of his own made up.
 * Refused with a sentence, and the store is as before.
 */

static struct world maker, office, third;
static char folder[40];

static char *in_folder(const char *name)
{
	return path_join(&maker.arena, folder, name);
}

/* ---- real files */
static char *export_to(struct world *w, const struct sync_office *to)
{
	const struct sync_export how = { .folder = str_from(folder),
					 .to = to,
					 .n_to = to ? 1 : 0 };
	struct sync_result r;

	ok(sync_export(w->cases, &how, &w->arena, &r, &w->report));
	assert_true(r.file.n > 0);
	return arena_cstr(&w->arena, r.file);
}

static enum err take(struct world *w, const char *path, bool dry,
		     struct sync_incoming *in)
{
	const struct sync_import how = { .path = path,
					 .accept = true,
					 .dry = dry };
	struct report rep = { 0 };
	enum err rc = sync_import(w->cases, &how, &w->arena, in, &rep);

	if (rc) /* every refusal has its sentence */
		assert_true(rep.errors > 0);
	report_release(&rep);
	return rc;
}

static void visit_and_keep(struct world *w)
{
	struct submission s =
		world_house(w, world_uuid(w), "Rumah Uji", "", "Palapa");

	world_submit(w, &s);
}

static enum err into_buf(void *arg, const void *p, size_t n)
{
	struct buf *b = arg;

	buf_add(b, p, n);
	return b->failed;
}

static char *ack_for(struct world *w, struct world *device)
{
	struct buf b = BUF_INIT(1 << 20);
	char *path = in_folder("real.ack");

	ok(sync_ack(w->cases, cases_device(device->cases), into_buf, &b));
	ok(file_write(path, buf_str(&b)));
	buf_release(&b);
	return path;
}

/* Whether it is known what they have or not. */
static char *forward_to(struct world *w, struct sync_office to)
{
	const struct sync_forward how = { .folder = str_from(folder),
					  .to = &to,
					  .n_to = 1 };
	struct sync_forwarded f;

	ok(sync_forward(w->cases, &how, &w->arena, &f, &w->report));
	assert_true(f.files >= 1);
	return arena_cstr(&w->arena, f.file);
}

/* ---- every byte, every length */
static void write_quickly(const char *path, const char *p, size_t n)
{
	FILE *f = fopen(path, "wb");

	assert_non_null(f);
	assert_int_equal(fwrite(p, 1, n, f), n);
	assert_int_equal(fclose(f), 0);
}

/*
 * A store is only asked in earnest now and then, since each time a copy of the
 * file is put aside.
 */
static void attack(struct world *w, const char *path, size_t step)
{
	struct buf file = BUF_INIT(1 << 24);
	struct str before = world_dump(w, &w->arena);
	char *bad = in_folder("bad");
	struct sync_incoming in;

	ok(file_read(path, &file));
	for (size_t i = 0; i < file.n; i += step) {
		bool dry = i % (step * 256) != 0;

		write_quickly(bad, file.p, i);
		assert_int_not_equal(take(w, bad, dry, &in), ERR_NONE);
		file.p[i] ^= (char)(1 << i % 8);
		write_quickly(bad, file.p, file.n);
		assert_int_not_equal(take(w, bad, dry, &in), ERR_NONE);
		file.p[i] ^= (char)(1 << i % 8);
	}
	assert_true(str_eq(before, world_dump(w, &w->arena)));
	ok(take(w, path, true, &in));
	buf_release(&file);
}

static void no_byte_of_a_sealed_file_may_change(void **state)
{
	struct sync_office to = world_office(&office, "kantor");
	struct sync_incoming in;
	char *path;

	(void)state;
	ok(sync_office_put(maker.cases, &to, &maker.report));
	visit_and_keep(&maker);
	path = export_to(&maker, &to);
	attack(&office, path, 1);
	ok(take(&office, path, false, &in));
	attack(&maker, ack_for(&office, &maker), 3);
}

static void no_byte_of_an_unsealed_file_may_change(void **state)
{
	struct sync_incoming in;
	char *path;

	(void)state;
	visit_and_keep(&maker);
	path = export_to(&maker, NULL);
	attack(&office, path, 1);
	ok(take(&office, path, false, &in));
}

static void no_byte_of_a_parcel_may_change(void **state)
{
	struct sync_office key = world_office(&office, "kantor");
	struct sync_incoming in;
	char *path;

	(void)state;
	visit_and_keep(&maker);
	ok(take(&office, export_to(&maker, &key), false, &in));
	path = forward_to(&office, world_office(&third, "atas"));
	attack(&third, path, 3);
	ok(take(&third, path, false, &in));
	assert_true(in.fresh > 0);
}

static char *kit_of(struct world *w, const struct sync_office *to)
{
	const struct sync_kit how = { .path = in_folder("real.kit"),
				      .name = STR("kantor"),
				      .to = to,
				      .n_to = to ? 1 : 0 };
	struct sync_kit_made made;

	ok(sync_kit_make(w->cases, &how, &w->arena, &made, &w->report));
	return arena_cstr(&w->arena, str_from(how.path));
}

static void no_byte_of_a_kit_may_change(void **state)
{
	struct sync_office to = world_office(&third, "atas");

	(void)state;
	attack(&third, kit_of(&office, &to), 197);
	attack(&third, kit_of(&office, NULL), 197);
}

/* ---- made up by somebody with a key of his own */
struct forged {
	const char *head, *format;
	const char *path; /* of its one entry */
	struct str bytes;
	const char *name; /* a member of the head that is changed */
	struct json *value;
};

static void forge(const struct forged *x, const char *path)
{
	struct parcel p = { .cases = maker.cases, .arena = &maker.arena };
	struct json *head = NULL;
	uint64_t bytes;

	ok(parcel_add(&p, str_from(x->path), x->bytes));
	ok(parcel_head(&p, x->format, STR("palsu"), &head));
	if (x->name)
		ok(json_set(head, x->name, x->value));
	ok(parcel_write(&p, x->head, head, path, &bytes));
	json_free(head);
	parcel_release(&p);
}

static void refused(const struct forged *x)
{
	struct str before = world_dump(&third, &third.arena);
	struct sync_incoming in;
	char *bad = in_folder("forged");

	forge(x, bad);
	assert_int_not_equal(take(&third, bad, false, &in), ERR_NONE);
	assert_true(str_eq(before, world_dump(&third, &third.arena)));
}

#define KIT    "kit.json", "pilar-kit-1"
#define PARCEL PARCEL_NAME, PARCEL_FORMAT

static void what_a_stranger_makes_up_changes_nothing(void **state)
{
	static const char *const lists[] = {
		"{\"rows\":[{\"dataset\":\"rumah\",\"id\":\"x\",\"verb\":1}]}",
		"{\"device\":\"zz\",\"seq\":1,\"rows\":[]}",
		"{\"seq\":-1,\"rows\":[{\"properties\":[1]}]}",
		"[]",
		"{",
	};
	const struct forged all[] = {
		{ KIT, "../etc/passwd", STR("x"), NULL, NULL },
		{ KIT, "/etc/passwd", STR("x"), NULL, NULL },
		{ KIT, "else/x", STR("x"), NULL, NULL },
		{ KIT, "files/x", STR("x"), NULL, NULL },
		{ KIT, "forms/0001.xml", STR("<form/>"), NULL, NULL },
		{ KIT, "forms/0001.xml", STR("no xml"), NULL, NULL },
		{ PARCEL, "forms/0001.xml", STR("<form/>"), NULL, NULL },
		{ PARCEL, "media/x.csv", STR("x"), NULL, NULL },
		{ PARCEL, "files/x.tar.zst", STR("no file"), NULL, NULL },
		{ PARCEL, "lists/1.json", STR("{}"), "format",
		  json_str_new(STR("pilar-parcel-9")) },
		{ PARCEL, "lists/1.json", STR("{}"), "entries",
		  json_int_new(2) },
		{ PARCEL, "lists/1.json", STR("{}"), "entries",
		  json_int_new(INT64_MAX) },
		{ PARCEL, "lists/1.json", STR("{}"), "bytes",
		  json_int_new(INT64_MAX) },
		{ PARCEL, "lists/1.json", STR("{}"), "content",
		  json_str_new(STR("0000")) },
		{ PARCEL, "lists/1.json", STR("{}"), "device",
		  json_str_new(STR("../..")) },
		{ PARCEL, "lists/1.json", STR("{}"), "key",
		  json_str_new(STR("RW")) },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(all); i++)
		refused(&all[i]);
	for (size_t i = 0; i < ARRAY_LEN(lists); i++)
		refused(&(struct forged){ PARCEL, "lists/1.json",
					  str_from(lists[i]), NULL, NULL });
}

static struct str bytes_of(const char *path)
{
	struct buf b = BUF_INIT(1 << 20);
	struct str out;

	ok(file_read(path, &b));
	out = arena_dup(&maker.arena, buf_str(&b));
	buf_release(&b);
	return out;
}

/* Its own files, for anyone, in a parcel; else only what was meant for it. */
static void a_parcel_holds_only_what_its_maker_may_carry(void **state)
{
	struct sync_office to = world_office(&office, "kantor");
	struct forged x = { PARCEL, "files/x.tar.zst", STR(""), NULL, NULL };
	struct sync_incoming in;
	char *path;

	(void)state;
	visit_and_keep(&maker);
	path = export_to(&maker, NULL);
	x.bytes = bytes_of(path);
	forge(&x, in_folder("own"));
	ok(take(&third, in_folder("own"), false, &in));
	/* Sealed for another: it has an age layer that nobody here opens. */
	visit_and_keep(&maker);
	x.bytes = bytes_of(export_to(&maker, &to));
	refused(&x);
	/* A parcel in a parcel, a kit and an acknowledgement in it. */
	x.bytes = bytes_of(in_folder("own"));
	refused(&x);
	x.bytes = bytes_of(kit_of(&maker, NULL));
	refused(&x);
	ok(take(&office, path, false, &in));
	x.bytes = bytes_of(ack_for(&office, &maker));
	refused(&x);
	/* Of somebody whom nobody here knows, and its maker does not name. */
	ok(sync_device_remove(third.cases, cases_device(office.cases)));
	visit_and_keep(&office);
	x.bytes = bytes_of(export_to(&office, NULL));
	refused(&x);
}

/* ---- a manifest by somebody with a key of his own */
static void sign_file(const char *path, const char *manifest, const char *entry,
		      struct str bytes)
{
	struct pack_how how = { .path = path, .plain = true };
	struct buf sig = BUF_INIT(SIGNATURE_MAX);
	struct seal_key *seed = NULL;
	struct pack *p = NULL;
	uint64_t size;

	ok(keys_seed(maker.cases, &seed));
	ok(minisign_sign(&sig, seed, str_from(manifest), STR("")));
	how.size = pack_entry(strlen(manifest)) + pack_entry(sig.n) + PACK_END;
	if (entry)
		how.size += pack_entry(bytes.n);
	ok(pack_new(&p, &how));
	ok(pack_add(p, STR(MANIFEST_NAME), str_from(manifest)));
	ok(pack_add(p, STR(MANIFEST_SIGNATURE), buf_str(&sig)));
	if (entry)
		ok(pack_add(p, str_from(entry), bytes));
	ok(pack_commit(p, &size));
	pack_free(p);
	seal_key_free(seed);
	buf_release(&sig);
}

#define UUID  "6e468f3b-3a9d-4400-abf7-8ef2b45d9ab4"
#define ENTRY "instances/" UUID "/submission.xml"
#define ONE                                                          \
	"{\"seq\":[1,1],\"worker\":[0,1],\"zone\":[0,1],\"at\":[0]," \
	"\"doubtful\":[],\"seen\":[[]]}"
#define ZEROS "0000000000000000"
#define HASH  ZEROS ZEROS ZEROS ZEROS

static void manifests_that_lie_are_refused(void **state)
{
	static const struct {
		const char *seq, *entries, *bytes, *events;
	} all[] = {
		{ "900", "1", "1", ONE },
		{ "901", "20001", "1", ONE },
		{ "902", "-1", "1", ONE },
		{ "903", "1", "268435457", ONE },
		{ "904", "1", "-1", ONE },
		{ "905", "2", "1", ONE },
		{ "0", "1", "1", ONE },
		{ "1000000", "1", "1", ONE },
		{ "906", "1", "1", "{}" },
		{ "907", "1", "1", "[]" },
		{ "908", "1", "1",
		  "{\"seq\":[1,9000000000000000000],\"worker\":[0,1],\"zone\":"
		  "[0,1],\"at\":[0],\"doubtful\":[],\"seen\":[[]]}" },
		{ "909", "1", "1",
		  "{\"seq\":[-1,1],\"worker\":[7,1],\"zone\":[0,1],\"at\":[0],"
		  "\"doubtful\":[],\"seen\":[[]]}" },
		{ "910", "1", "1",
		  "{\"seq\":[1,1],\"worker\":[0,1],\"zone\":[99999,1],\"at\":"
		  "[0],\"doubtful\":[],\"seen\":[[[0,5]]]}" },
	};
	struct str before = world_dump(&third, &third.arena);
	struct buf key = BUF_INIT(128);
	struct sync_incoming in;
	struct sync_self self;

	(void)state;
	ok(sync_self(maker.cases, &self));
	minisign_key_text(&key, &self.key);
	for (size_t i = 0; i < ARRAY_LEN(all); i++) {
		const char *text =
			arena_printf(&maker.arena,
				     "{\"format\":\"pilar-sync-1\",\"device\":"
				     "\"%.*s\",\"key\":\"%.*s\",\"hub\":\"\","
				     "\"recipients\":[],\"previous\":\"\","
				     "\"made\":0,\"content\":\"" HASH
				     "\",\"sequence\":%s,\"entries\":%s,"
				     "\"bytes\":%s,\"workers\":[\"a\"],"
				     "\"devices\":[],\"forms\":{},"
				     "\"events\":%s}",
				     STR_ARG(self.device),
				     STR_ARG(buf_str(&key)), all[i].seq,
				     all[i].entries, all[i].bytes,
				     all[i].events)
				.p;

		sign_file(in_folder("lie"), text, ENTRY, STR("x"));
		assert_int_not_equal(take(&third, in_folder("lie"), false, &in),
				     ERR_NONE);
		sign_file(in_folder("lie"), text, NULL, STR(""));
		assert_int_not_equal(take(&third, in_folder("lie"), false, &in),
				     ERR_NONE);
	}
	assert_true(str_eq(before, world_dump(&third, &third.arena)));
	buf_release(&key);
}

/* ---- all of it */
static int set_up(void **state)
{
	(void)state;
	memcpy(folder, "/tmp/pilar-hostile-XXXXXX", 26);
	if (!mkdtemp(folder))
		return 1;
	world_make_as(&maker, 11);
	world_make_as(&office, 12);
	world_make_as(&third, 13);
	return 0;
}

static int tear_down(void **state)
{
	(void)state;
	world_remove(&maker);
	world_remove(&office);
	world_remove(&third);
	return dir_remove(folder) != ERR_NONE;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(no_byte_of_a_sealed_file_may_change),
		cmocka_unit_test(no_byte_of_an_unsealed_file_may_change),
		cmocka_unit_test(no_byte_of_a_parcel_may_change),
		cmocka_unit_test(no_byte_of_a_kit_may_change),
		cmocka_unit_test(what_a_stranger_makes_up_changes_nothing),
		cmocka_unit_test(a_parcel_holds_only_what_its_maker_may_carry),
		cmocka_unit_test(manifests_that_lie_are_refused),
	};

	return cmocka_run_group_tests(tests, set_up, tear_down);
}
