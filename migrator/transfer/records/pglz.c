#include "transfer/records/pglz.h"

#include "core/arena.h"

/* The default strategy. */
enum {
    SMALLEST = 32,        /* texts below are not compressed */
    RATE = 25,            /* percent that must be won */
    FIRST_SUCCESS = 1024, /* bytes of output by which a match must have been found */
    GOOD_MATCH = 128,
    GOOD_DROP = 10,
    LONGEST_MATCH = 273,
    HISTORY = 4096,
    SLOTS = 8192,
    WHOLE = 510 /* texts up to this size stand in an index as they are */
};

struct entry {
    struct entry *next, *prev;
    int slot;
    const char *at;
};

/* The last places of each four bytes; entry 0 stands for none. */
struct history {
    struct entry entries[HISTORY + 1];
    short first[SLOTS];
    int mask, next;
    bool full;
};

static int slot_of(const struct history *history, const char *at, const char *end)
{
    const signed char *c = (const signed char *)at;
    int hash = end - at < 4 ? c[0] : (c[0] * 64) ^ (c[1] * 16) ^ (c[2] * 4) ^ c[3];
    return hash & history->mask;
}

static void forget(struct history *history, struct entry *entry)
{
    if (entry->prev)
        entry->prev->next = entry->next;
    else
        history->first[entry->slot] = (short)(entry->next - history->entries);
    if (entry->next)
        entry->next->prev = entry->prev;
}

static void remember(struct history *history, const char *at, const char *end)
{
    int slot = slot_of(history, at, end);
    struct entry *entry = &history->entries[history->next];
    if (history->full)
        forget(history, entry);
    struct entry *first = &history->entries[history->first[slot]];
    *entry = (struct entry){first, NULL, slot, at};
    first->prev = entry;
    history->first[slot] = (short)history->next;
    if (++history->next > HISTORY) {
        history->next = 1;
        history->full = true;
    }
}

static int match_at(const char *at, const char *end, const char *before)
{
    int length = 0;
    while (at < end && *at == *before && length < LONGEST_MATCH) {
        length++;
        at++;
        before++;
    }
    return length;
}

/* The length of the match that is taken, or 0. */
static int find_match(const struct history *history, const char *at, const char *end)
{
    const struct entry *none = &history->entries[0];
    const struct entry *entry = &history->entries[history->first[slot_of(history, at, end)]];
    int length = 0, good = GOOD_MATCH;
    while (entry != none) {
        if (at - entry->at >= 0x0fff)
            break;
        int found = match_at(at, end, entry->at);
        if (found > length)
            length = found;
        entry = entry->next;
        if (entry != none) {
            if (length >= good)
                break;
            good -= good * GOOD_DROP / 100;
        }
    }
    return length > 2 ? length : 0;
}

/* The compressed size; 0 where it is not worth it. */
static size_t compressed(struct history *history, struct gcm_slice text)
{
    const char *at = text.at, *end = text.at + text.size;
    size_t most = text.size / 100 * (100 - RATE) + text.size % 100 * (100 - RATE) / 100;
    size_t size = 0, items = 0;
    bool found = false;
    int slots = text.size < 128    ? 512
                : text.size < 256  ? 1024
                : text.size < 512  ? 2048
                : text.size < 1024 ? 4096
                                   : SLOTS;
    history->mask = slots - 1;
    history->next = 1;
    while (at < end) {
        if (size >= most || (!found && size >= FIRST_SUCCESS))
            return 0;
        size += items++ % 8 == 0; /* a control byte for every eight */
        int length = find_match(history, at, end);
        found |= length > 0;
        size += length == 0 ? 1 : length > 17 ? 3 : 2;
        for (int i = 0; i < (length ? length : 1); i++)
            remember(history, at++, end);
    }
    return size < most ? size : 0;
}

size_t gcm_index_row(struct gcm_slice text)
{
    enum { ROW_HEAD = 8, TEXT_HEAD = 4, COMPRESSED_HEAD = 8, ALIGN = 8 };
    size_t size = text.size + TEXT_HEAD;
    struct gcm_arena scratch = {0};
    size_t small = text.size > WHOLE ? compressed(GCM_NEW(&scratch, struct history), text) : 0;
    gcm_arena_free(&scratch);
    if (small && small + COMPRESSED_HEAD < text.size - 2)
        size = small + COMPRESSED_HEAD;
    return (ROW_HEAD + size + ALIGN - 1) / ALIGN * ALIGN;
}
