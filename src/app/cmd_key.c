/* SPDX-License-Identifier: MIT */
#include <stdio.h>

#include "pilar/file.h"
#include "pilar/i18n.h"
#include "pilar/json.h"
#include "pilar/sync.h"

#include "app.h"

/*
 * Keys: this device's own, the offices our files are sealed for, the devices
 * whose files are taken in.
 */

/* A key file is one or two lines. */
#define KEY_FILE_MAX 4096

struct all_keys {
	struct sync_self self;
	struct sync_office *offices;
	struct sync_device *devices;
	size_t n_offices, n_devices;
};

static enum err read_keys(struct app *app, struct all_keys *k)
{
	enum err rc = sync_self(app->cases, &k->self);

	if (!rc)
		rc = sync_offices(app->cases, &app->arena, &k->offices,
				  &k->n_offices);
	if (!rc)
		rc = sync_devices(app->cases, &app->arena, &k->devices,
				  &k->n_devices);
	return rc;
}

/* ---- as text */
static struct str recipient_text(struct arena *a, const struct age_recipient *r)
{
	struct buf b = BUF_INIT(128);

	age_recipient_text(&b, r);
	return buf_give(&b, a);
}

static struct str key_text(struct arena *a, const struct minisign_key *k)
{
	struct buf b = BUF_INIT(128);

	minisign_key_text(&b, k);
	return buf_give(&b, a);
}

static void list_text(struct app *app, const struct all_keys *k)
{
	struct arena *a = &app->arena;

	printf(_("Perangkat ini: %.*s\n"), STR_ARG(k->self.device));
	printf(_("  kunci tanda tangan: %.*s\n"),
	       STR_ARG(key_text(a, &k->self.key)));
	printf(_("  penerima segel:     %.*s\n"),
	       STR_ARG(recipient_text(a, &k->self.recipient)));
	printf(_("  dibacakan:          %s\n"), k->self.spoken);
	printf(k->n_offices ? _("Berkas disegel untuk:\n")
			    : _("Belum ada kantor: berkas tidak disegel.\n"));
	for (size_t i = 0; i < k->n_offices; i++) {
		printf("  ");
		app_print(k->offices[i].name);
		printf("  %.*s\n",
		       STR_ARG(recipient_text(a, &k->offices[i].recipient)));
	}
	if (k->n_devices)
		printf(_("Berkas diterima dari:\n"));
	for (size_t i = 0; i < k->n_devices; i++) {
		const struct sync_device *d = &k->devices[i];
		char spoken[MINISIGN_SPOKEN + 1];

		minisign_spoken(&d->key, spoken);
		printf("  %.*s  %s  ", STR_ARG(d->device), spoken);
		app_print(d->name);
		printf("%s\n", d->revoked ? _("  DICABUT") : "");
	}
}

/* ---- as JSON */
static struct json *office_json(struct arena *a, const struct sync_office *o)
{
	struct json *j = json_object_new();

	if (json_set(j, "name", json_str_new(o->name)) ||
	    json_set(j, "recipient",
		     json_str_new(recipient_text(a, &o->recipient))) ||
	    json_set(j, "device", json_str_new(o->device))) {
		json_free(j);
		return NULL;
	}
	return j;
}

static struct json *device_json(struct arena *a, const struct sync_device *d)
{
	struct json *j = json_object_new();

	if (json_set(j, "device", json_str_new(d->device)) ||
	    json_set(j, "name", json_str_new(d->name)) ||
	    json_set(j, "key", json_str_new(key_text(a, &d->key))) ||
	    json_set(j, "revoked", json_bool_new(d->revoked))) {
		json_free(j);
		return NULL;
	}
	return j;
}

static int list_json(struct app *app, const struct all_keys *k)
{
	struct json *j = json_object_new(), *offices = json_array_new();
	struct json *devices = json_array_new();
	struct arena *a = &app->arena;
	enum err rc = ERR_NONE;

	for (size_t i = 0; !rc && i < k->n_offices; i++)
		rc = json_push(offices, office_json(a, &k->offices[i]));
	for (size_t i = 0; !rc && i < k->n_devices; i++)
		rc = json_push(devices, device_json(a, &k->devices[i]));
	if (rc || json_set(j, "device", json_str_new(k->self.device)) ||
	    json_set(j, "key", json_str_new(key_text(a, &k->self.key))) ||
	    json_set(j, "recipient",
		     json_str_new(recipient_text(a, &k->self.recipient))) ||
	    json_set(j, "fingerprint",
		     json_str_new(str_from(k->self.spoken))) ||
	    json_set(j, "offices", offices) ||
	    json_set(j, "devices", devices)) {
		json_free(j);
		return EXIT_FAILED;
	}
	return app_print_json(j);
}

static int run_list(struct app *app, int argc, char **argv)
{
	struct all_keys k = { .n_offices = 0 };
	enum err rc;

	if (app_words(app, argc, argv, 0) != 0)
		return app_usage(app->command->words, stderr);
	rc = app_open(app);
	if (!rc)
		rc = read_keys(app, &k);
	if (rc)
		return app_fail(app, rc);
	if (app->json)
		return list_json(app, &k);
	list_text(app, &k);
	return EXIT_DONE;
}

/* ---- add, remove, revoke */

/* A key as a word, or a file that holds one. */
static enum err read_key(struct app *app, const char *word, struct str *text)
{
	struct buf b = BUF_INIT(KEY_FILE_MAX);

	*text = str_from(word);
	if (file_exists(word) && !file_read(word, &b))
		*text = arena_dup(&app->arena, buf_str(&b));
	buf_release(&b);
	return text->p ? ERR_NONE : ERR_NOMEM;
}

static enum err bad_key(struct app *app, const char *word)
{
	report_add(&app->report, PROBLEM_ERROR, str_from(word),
		   _("bukan kunci: diharapkan age1.. atau RW.., atau berkas "
		     "yang berisi itu"));
	return ERR_SYNTAX;
}

static enum err add_device(struct app *app, const char *name,
			   const char *device, struct str key)
{
	struct sync_device d = { .device = str_from(device),
				 .name = str_from(name),
				 .at = sys_now(app->sys) };
	uint8_t id[8];

	if (unhex(id, sizeof(id), d.device)) {
		report_add(&app->report, PROBLEM_ERROR, d.device,
			   _("bukan nomor perangkat: 16 angka dan huruf a-f"));
		return ERR_INVALID;
	}
	if (minisign_key_parse(key, &d.key))
		return bad_key(app, name);
	return sync_device_put(app->cases, &d);
}

static enum err add_office(struct app *app, const char *name, struct str key)
{
	struct sync_office o = { .name = str_from(name) };

	if (sync_office_parse(key, &o))
		return bad_key(app, name);
	return sync_office_put(app->cases, &o, &app->report);
}

static int run_add(struct app *app, int argc, char **argv)
{
	const char *device = NULL;
	const struct app_flag flags[] = { { "--device", &device, NULL },
					  { 0 } };
	struct str key;
	enum err rc;

	if (app_flags(app, argc, argv, flags, 2) != 2)
		return app_usage(app->command->words, stderr);
	rc = app_open(app);
	if (!rc)
		rc = read_key(app, argv[1], &key);
	if (!rc)
		rc = device ? add_device(app, argv[0], device, key)
			    : add_office(app, argv[0], key);
	if (!rc)
		rc = cases_audit(app->cases, AUDIT_KEY, STR("add"),
				 str_from(argv[0]));
	return app_fail(app, rc);
}

/* A device by its number, the start of it, or its name. */
static enum err find_device(struct app *app, struct str word,
			    struct sync_device *out)
{
	struct sync_device *all = NULL;
	size_t n = 0, found = 0;
	enum err rc = sync_devices(app->cases, &app->arena, &all, &n);

	for (size_t i = 0; !rc && i < n; i++) {
		if (!str_eq(all[i].name, word) &&
		    (word.n < 4 || !str_starts(all[i].device, word)))
			continue;
		*out = all[i];
		found++;
	}
	if (rc || found == 1)
		return rc;
	report_add(&app->report, PROBLEM_ERROR, word,
		   found ? _("lebih dari satu perangkat bernama begitu; "
			     "sebut nomornya")
			 : _("tidak ada kantor atau perangkat bernama begitu"));
	return ERR_NOTFOUND;
}

static int run_remove(struct app *app, int argc, char **argv)
{
	struct sync_device d;
	enum err rc;

	if (app_words(app, argc, argv, 1) != 1)
		return app_usage(app->command->words, stderr);
	rc = app_open(app);
	if (rc)
		return app_fail(app, rc);
	rc = sync_office_remove(app->cases, str_from(argv[0]));
	if (rc == ERR_NOTFOUND) {
		rc = find_device(app, str_from(argv[0]), &d);
		if (!rc)
			rc = sync_device_remove(app->cases, d.device);
	}
	if (!rc)
		rc = cases_audit(app->cases, AUDIT_KEY, STR("remove"),
				 str_from(argv[0]));
	return app_fail(app, rc);
}

static int run_revoke(struct app *app, int argc, char **argv)
{
	struct sync_device d;
	enum err rc;

	if (app_words(app, argc, argv, 1) != 1)
		return app_usage(app->command->words, stderr);
	rc = app_open(app);
	if (!rc)
		rc = find_device(app, str_from(argv[0]), &d);
	if (!rc) {
		d.revoked = true;
		d.at = sys_now(app->sys);
		rc = sync_device_put(app->cases, &d);
	}
	if (!rc)
		rc = cases_audit(app->cases, AUDIT_KEY, STR("revoke"),
				 d.device);
	return app_fail(app, rc);
}

const struct command *commands_key(void)
{
	static const struct command rows[] = {
		{ "key list", run_list, "", "pilar key list",
		  N_("Kunci perangkat ini, kantor penerima, dan perangkat yang "
		     "berkasnya diterima.") },
		{ "key add", run_add, N_("NAMA KUNCI|BERKAS [--device NOMOR]"),
		  "pilar key add kecamatan age1..",
		  N_("Menambah kantor yang dapat membuka berkas ekspor; dengan "
		     "--device perangkat yang berkasnya diterima.") },
		{ "key remove", run_remove, N_("NAMA|NOMOR"),
		  "pilar key remove kecamatan",
		  N_("Menghapus kantor atau perangkat dari daftar.") },
		{ "key revoke", run_revoke, N_("NAMA|NOMOR"),
		  "pilar key revoke 3f2a9c01",
		  N_("Menolak semua berkas berikutnya dari satu perangkat, "
		     "misalnya yang hilang.") },
		{ 0 },
	};

	return rows;
}
