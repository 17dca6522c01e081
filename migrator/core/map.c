#include "core/map.h"

#include <pthread.h>
#include <string.h>
#include <sys/random.h>

struct gcm_map_slot {
    struct gcm_slice key;
    void *value; /* NULL: free */
    uint64_t hash;
};

static uint64_t rotate(uint64_t x, int by)
{
    return x << by | x >> (64 - by);
}

struct sip {
    uint64_t a, b, c, d;
};

static void sip_round(struct sip *s)
{
    s->a += s->b, s->b = rotate(s->b, 13) ^ s->a, s->a = rotate(s->a, 32);
    s->c += s->d, s->d = rotate(s->d, 16) ^ s->c;
    s->a += s->d, s->d = rotate(s->d, 21) ^ s->a;
    s->c += s->b, s->b = rotate(s->b, 17) ^ s->c, s->c = rotate(s->c, 32);
}

static uint64_t seed[2];

static void draw_seed(void)
{
    if (getrandom(seed, sizeof seed, 0) != (ssize_t)sizeof seed)
        seed[0] = (uint64_t)(uintptr_t)&seed;
}

/* SipHash-1-3 with a key drawn once. */
static uint64_t hash(struct gcm_slice key)
{
    static pthread_once_t once = PTHREAD_ONCE_INIT;
    pthread_once(&once, draw_seed);
    struct sip s = {seed[0] ^ 0x736f6d6570736575u, seed[1] ^ 0x646f72616e646f6du,
                    seed[0] ^ 0x6c7967656e657261u, seed[1] ^ 0x7465646279746573u};
    for (size_t at = 0; at <= key.size; at += 8) {
        uint64_t word = at + 8 > key.size ? (uint64_t)key.size << 56 : 0;
        size_t part = key.size - at < 8 ? key.size - at : 8;
        if (part)
            memcpy(&word, key.at + at, part);
        s.d ^= word;
        sip_round(&s);
        s.a ^= word;
    }
    s.c ^= 0xff;
    sip_round(&s), sip_round(&s), sip_round(&s);
    return s.a ^ s.b ^ s.c ^ s.d;
}

static struct gcm_map_slot *slot_of(const struct gcm_map *map, struct gcm_slice key,
                                    uint64_t hashed)
{
    for (size_t at = hashed & (map->size - 1);; at = (at + 1) & (map->size - 1)) {
        struct gcm_map_slot *slot = &map->slots[at];
        if (!slot->value || (slot->hash == hashed && gcm_slice_equal(slot->key, key)))
            return slot;
    }
}

void *gcm_map_get(const struct gcm_map *map, struct gcm_slice key)
{
    return map->size ? slot_of(map, key, hash(key))->value : NULL;
}

static void widen(struct gcm_arena *arena, struct gcm_map *map)
{
    struct gcm_map wider = {.size = map->size ? map->size * 2 : 16, .count = map->count};
    wider.slots = gcm_arena_alloc(arena, wider.size * sizeof *wider.slots);
    for (size_t i = 0; i < map->size; i++)
        if (map->slots[i].value)
            *slot_of(&wider, map->slots[i].key, map->slots[i].hash) = map->slots[i];
    *map = wider;
}

void *gcm_map_put(struct gcm_arena *arena, struct gcm_map *map, struct gcm_slice key, void *value)
{
    if (map->count * 4 >= map->size * 3)
        widen(arena, map);
    uint64_t hashed = hash(key);
    struct gcm_map_slot *slot = slot_of(map, key, hashed);
    void *before = slot->value;
    if (!before)
        map->count++;
    *slot = (struct gcm_map_slot){key, value, hashed};
    return before;
}
