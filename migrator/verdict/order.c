#include "verdict/order.h"

#include <stdlib.h>

/* String.hashCode: over UTF-16 units. */
static uint32_t string_hash(struct gcm_slice text)
{
    uint32_t hash = 0;
    for (size_t i = 0; i < text.size;) {
        unsigned char c = (unsigned char)text.at[i];
        size_t size = c < 0x80 ? 1 : c < 0xe0 ? 2 : c < 0xf0 ? 3 : 4;
        uint32_t point = size == 1 ? c : c & (0xffu >> (size + 1));
        for (size_t k = 1; k < size && i + k < text.size; k++)
            point = point << 6 | ((unsigned char)text.at[i + k] & 0x3f);
        if (point >= 0x10000) {
            hash = hash * 31 + (0xd800 + ((point - 0x10000) >> 10));
            point = 0xdc00 + ((point - 0x10000) & 0x3ff);
        }
        hash = hash * 31 + point;
        i += size;
    }
    return hash;
}

static uint32_t rotate_left(uint32_t value, int by)
{
    return value << by | value >> (32 - by);
}

/* MurmurHash3.productHash of a case class with one String. */
static uint32_t product_hash(struct gcm_slice text)
{
    uint32_t data = rotate_left(string_hash(text) * 0xcc9e2d51u, 15) * 0x1b873593u;
    uint32_t hash = rotate_left(0xcafebabeu ^ data, 13) * 5 + 0xe6546b64u;
    hash ^= 1;
    hash = (hash ^ hash >> 16) * 0x85ebca6bu;
    hash = (hash ^ hash >> 13) * 0xc2b2ae35u;
    return hash ^ hash >> 16;
}

/* The slot in a mutable HashMap of 16 places, which holds up to 12 keys; walked from the end. */
static uint64_t mutable_rank(uint32_t hash)
{
    uint32_t mixed = hash * 0x9e3775cdu;
    mixed = mixed >> 24 | (mixed >> 8 & 0xff00) | (mixed << 8 & 0xff0000) | mixed << 24;
    mixed *= 0x9e3775cdu;
    return 15 - (rotate_left(mixed, 28) >> 28);
}

/* The path in an immutable HashMap's trie: five bits a level, lowest first. */
static uint64_t trie_rank(uint32_t hash)
{
    hash += ~(hash << 9);
    hash ^= hash >> 14;
    hash += hash << 4;
    hash ^= hash >> 10;
    uint64_t rank = 0;
    for (int level = 0; level < 7; level++)
        rank = rank << 5 | (hash >> (5 * level) & 31);
    return rank;
}

struct ranked {
    uint64_t rank;
    size_t index;
};

static int compare(const void *a, const void *b)
{
    const struct ranked *x = a, *y = b;
    if (x->rank != y->rank)
        return x->rank < y->rank ? -1 : 1;
    /* A bucket of the mutable map begins with what was put there last. */
    return x->index > y->index ? -1 : x->index < y->index;
}

size_t *gcm_scala_order(struct gcm_arena *arena, const struct gcm_slices *keys, bool wrapped)
{
    struct ranked *ranked = gcm_arena_alloc(arena, (keys->count + 1) * sizeof *ranked);
    for (size_t i = 0; i < keys->count; i++) {
        struct gcm_slice key = keys->at[i];
        ranked[i].index = i;
        /* Up to four keys an immutable Map keeps them as they came from the mutable one. */
        ranked[i].rank = keys->count > 4
                             ? trie_rank(string_hash(key))
                             : mutable_rank(wrapped ? product_hash(key) : string_hash(key));
    }
    if (keys->count > 0)
        qsort(ranked, keys->count, sizeof *ranked, compare);
    size_t *order = gcm_arena_alloc(arena, (keys->count + 1) * sizeof *order);
    for (size_t i = 0; i < keys->count; i++)
        order[i] = ranked[i].index;
    return order;
}
