/* page: text for a terminal: colour where it is wanted, lines wrapped at PAGE_WIDTH. */
#ifndef GCM_REPORT_PAGE_H
#define GCM_REPORT_PAGE_H

#include "core/error.h"
#include "rules/rules.h"

enum { GCM_PAGE_WIDTH = 92 };

enum gcm_ink {
    GCM_INK_PLAIN,
    GCM_INK_BOLD,
    GCM_INK_DIM,
    GCM_INK_GREEN,
    GCM_INK_YELLOW,
    GCM_INK_RED
};

struct gcm_page {
    struct gcm_buffer *out;
    bool color;
};

void gcm_page_put(struct gcm_page *page, enum gcm_ink ink, struct gcm_slice text);
void gcm_page_puts(struct gcm_page *page, enum gcm_ink ink, const char *text);

/* A heading on a line of its own, with an empty line before it. */
void gcm_page_heading(struct gcm_page *page, struct gcm_slice title);

/* A paragraph, wrapped; the first line starts where the output stands (`column` of it is used), the
 * others at `indent`. Ends with a line break. */
void gcm_page_wrap(struct gcm_page *page, unsigned column, unsigned indent, struct gcm_slice text);

/* A place's source line and caret at an indent. */
void gcm_page_caret(struct gcm_page *page, struct gcm_place place, unsigned indent);

enum gcm_ink gcm_outcome_ink(enum gcm_outcome outcome);

/* "3 h 10 min", "45 min", "none". */
struct gcm_slice gcm_duration(struct gcm_arena *arena, unsigned minutes);

/* "1 error", "2 errors". */
struct gcm_slice gcm_counted(struct gcm_arena *arena, size_t count, const char *noun);

/* How many columns a text takes (characters). */
size_t gcm_columns(struct gcm_slice text);

#endif
