/* SPDX-License-Identifier: MIT */
#ifndef CASES_FOLD_H
#define CASES_FOLD_H

/* Goes up when search_fold() answers differently: records of another version
 * are made anew. */
#define FOLD_VERSION 2

#endif
