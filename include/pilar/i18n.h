/* SPDX-License-Identifier: MIT */
#ifndef PILAR_I18N_H
#define PILAR_I18N_H

#include <libintl.h>

#include "pilar/attr.h"
#include "pilar/err.h"

/*
 * The Indonesian text in the code is the msgid: _("Simpan"). en.po translates
 * it. N_() marks text that is translated where it is used.
 */
#define _(text)  gettext(text)
#define N_(text) text

/*
 * Chooses the language of messages, "id" or "en", and sets LC_CTYPE to a UTF-8
 * locale (the environment's, else C.UTF-8). Works where no locale at all is
 * installed. Numbers and dates never depend on the locale.
 * The catalogue is looked for beside the program, then in the installed place.
 * ERR_INVALID for another language.
 */
enum err i18n_init(const char *lang) MUST_CHECK;
const char *i18n_lang(void);

#endif
