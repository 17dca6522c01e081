#include "report/page.h"

static const char *const escapes[] = {
    [GCM_INK_PLAIN] = "",         [GCM_INK_BOLD] = "\033[1m",    [GCM_INK_DIM] = "\033[2m",
    [GCM_INK_GREEN] = "\033[32m", [GCM_INK_YELLOW] = "\033[33m", [GCM_INK_RED] = "\033[31m",
};

void gcm_page_put(struct gcm_page *page, enum gcm_ink ink, struct gcm_slice text)
{
    bool inked = page->color && ink != GCM_INK_PLAIN;
    if (inked)
        gcm_puts(page->out, escapes[ink]);
    gcm_put_visible(page->out, text);
    if (inked)
        gcm_puts(page->out, "\033[0m");
}

void gcm_page_puts(struct gcm_page *page, enum gcm_ink ink, const char *text)
{
    gcm_page_put(page, ink, gcm_slice_of(text));
}

void gcm_page_heading(struct gcm_page *page, struct gcm_slice title)
{
    gcm_putc(page->out, '\n');
    gcm_page_put(page, GCM_INK_BOLD, title);
    gcm_puts(page->out, "\n\n");
}

size_t gcm_columns(struct gcm_slice text)
{
    size_t columns = 0;
    for (size_t i = 0; i < text.size; i++)
        columns += ((unsigned char)text.at[i] & 0xc0) != 0x80;
    return columns;
}

static void put_blanks(struct gcm_buffer *out, size_t count)
{
    while (count-- > 0)
        gcm_putc(out, ' ');
}

static bool is_blank(char c)
{
    return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

void gcm_page_wrap(struct gcm_page *page, unsigned column, unsigned indent, struct gcm_slice text)
{
    size_t at = 0, used = column;
    bool first = true;
    for (;;) {
        while (at < text.size && is_blank(text.at[at]))
            at++;
        size_t end = at;
        while (end < text.size && !is_blank(text.at[end]))
            end++;
        if (at == end)
            break;
        struct gcm_slice word = gcm_slice_sub(text, at, end - at);
        size_t width = gcm_columns(word);
        if (!first && used + 1 + width > GCM_PAGE_WIDTH) {
            gcm_putc(page->out, '\n');
            put_blanks(page->out, indent);
            used = indent;
        } else if (!first) {
            gcm_putc(page->out, ' ');
            used++;
        }
        gcm_put_visible(page->out, word);
        used += width;
        first = false;
        at = end;
    }
    gcm_putc(page->out, '\n');
}

void gcm_page_caret(struct gcm_page *page, struct gcm_place place, unsigned indent)
{
    if (page->color)
        gcm_puts(page->out, escapes[GCM_INK_DIM]);
    gcm_put_caret_at(page->out, place, indent);
    if (page->color)
        gcm_puts(page->out, "\033[0m");
}

enum gcm_ink gcm_outcome_ink(enum gcm_outcome outcome)
{
    switch (outcome) {
    case GCM_AUTOMATIC:
        return GCM_INK_GREEN;
    case GCM_ADAPTED:
        return GCM_INK_BOLD;
    case GCM_REVIEW:
        return GCM_INK_YELLOW;
    case GCM_REFUSED:
        break;
    }
    return GCM_INK_RED;
}

struct gcm_slice gcm_duration(struct gcm_arena *arena, unsigned minutes)
{
    if (!minutes)
        return GCM_S("none");
    if (minutes < 60)
        return gcm_format(arena, "%u min", minutes);
    if (minutes % 60 == 0)
        return gcm_format(arena, "%u h", minutes / 60);
    return gcm_format(arena, "%u h %u min", minutes / 60, minutes % 60);
}

struct gcm_slice gcm_counted(struct gcm_arena *arena, size_t count, const char *noun)
{
    return gcm_format(arena, "%zu %s%s", count, noun, count == 1 ? "" : "s");
}
