/* raw_wide: checks JSON 64 bytes at a time. Each kind of byte is a map of 64 bits, and the grammar
 * is a few operations on maps: a comma must stand behind the end of a value, a colon behind the end
 * of a name, and so on. What is rare (brackets, numbers, escapes, characters outside ASCII) is
 * looked at one by one.
 *
 * Blanks between values are not for this checker: servers write none.
 *
 * This file is the checker for one kind of processor; who includes it defines
 *
 *     NAME, TARGET            of the function, and the attribute that it needs
 *     struct wide             64 bytes of the text, or of answers about them
 *     load(at)                the bytes at a place
 *     equal(bytes, wanted)    which of them are that byte
 *     low(bytes)              which are less than a blank, as signed numbers: control characters,
 * and everything outside of ASCII folded(bytes)           [ becomes {, and ] becomes } either(a, b)
 * the answers of both any(answers)            is there one? map_of(bytes)           a bit for each:
 * its highest */
#include <string.h>

#include "ndf/raw_check.h"

#define INLINE TARGET static inline

enum { WIDTH = 64 };

/* What the blocks before say of the first bit of the next one. */
struct state {
    struct gcm_raw_checker checker;
    struct gcm_raw_ends *ends;     /* or NULL */
    const char *escaped, *decoded; /* escapes and characters before these are checked */
    uint64_t in_string;            /* all ones, or none */
    uint64_t in_object;            /* the same */
    bool behind_backslash;
    uint64_t in_name, behind_before_value, behind_before_name, behind_name, behind_value,
        behind_open, in_scalar; /* 1 or 0 */
};

INLINE bool has_special(struct wide bytes)
{
    return any(either(low(bytes), equal(bytes, '\\')));
}

INLINE struct wide brackets_of(struct wide bytes)
{
    struct wide letters = folded(bytes);
    return either(equal(letters, '{'), equal(letters, '}'));
}

/* A bit is set if an odd number of the bits up to it was. */
INLINE uint64_t between(uint64_t quotes)
{
    quotes ^= quotes << 1;
    quotes ^= quotes << 2;
    quotes ^= quotes << 4;
    quotes ^= quotes << 8;
    quotes ^= quotes << 16;
    return quotes ^ quotes << 32;
}

INLINE uint64_t next(uint64_t map, uint64_t *carry)
{
    uint64_t moved = map << 1 | *carry;
    *carry = map >> 63;
    return moved;
}

/* Checks the escapes of a block. *escaped: what a backslash stands in front of. */
TARGET static bool check_escapes(struct state *state, const char *block, uint64_t backslashes,
                                 uint64_t *escaped)
{
    *escaped = state->behind_backslash;
    state->behind_backslash = false;
    for (uint64_t left = backslashes & ~*escaped; left; left &= ~*escaped & (left - 1)) {
        unsigned at = (unsigned)__builtin_ctzll(left);
        if (at == WIDTH - 1)
            state->behind_backslash = true;
        else
            *escaped |= (uint64_t)2 << at;
        if (block + at < state->escaped)
            continue; /* the second half of a pair */
        state->checker.at = block + at + 1;
        if (!gcm_raw_check_escape(&state->checker))
            return false;
        state->escaped = state->checker.at;
    }
    return true;
}

TARGET static bool check_characters(struct state *state, const char *block, uint64_t high)
{
    while (high) {
        unsigned at = (unsigned)__builtin_ctzll(high);
        high &= high - 1;
        if (block + at < state->decoded)
            continue;
        state->checker.at = block + at;
        if (!gcm_raw_check_utf8(&state->checker))
            return false;
        state->decoded = state->checker.at;
    }
    return true;
}

/* Numbers, true, false, null: each ends where something else may follow. */
TARGET static bool check_scalars(struct state *state, const char *block, uint64_t starts)
{
    struct gcm_raw_checker *checker = &state->checker;
    for (; starts; starts &= starts - 1) {
        checker->at = block + __builtin_ctzll(starts);
        if (!gcm_raw_check_scalar(checker) || checker->at == checker->end)
            return false;
        if (*checker->at != ',' && *checker->at != '}' && *checker->at != ']')
            return false;
    }
    return true;
}

/* What is rare. Takes the quotes away that a backslash is in front of. */
TARGET static bool check_special(struct state *state, const char *block, struct wide bytes,
                                 uint64_t *quotes)
{
    uint64_t escaped, high = map_of(bytes);
    if (map_of(low(bytes)) & ~high)
        return false;
    if (!check_escapes(state, block, map_of(equal(bytes, '\\')), &escaped))
        return false;
    *quotes &= ~escaped;
    return !high || check_characters(state, block, high);
}

struct brackets {
    uint64_t opens;
    uint64_t objects; /* where the innermost level is an object, from each bracket on */
};

INLINE void put_end(struct state *state, const char *end)
{
    struct gcm_raw_offsets *ends = &state->ends->at[state->checker.depth - 1];
    uint32_t offset = (uint32_t)(end - state->checker.start);
    if (ends->count < ends->room)
        ends->at[ends->count++] = offset;
    else
        *gcm_push(state->ends->arena, ends) = offset;
}

TARGET static bool check_brackets(struct state *state, const char *block, uint64_t map,
                                  struct brackets *brackets)
{
    struct gcm_raw_checker *checker = &state->checker;
    for (; map; map &= map - 1) {
        const char *at = block + __builtin_ctzll(map);
        uint64_t bit = map & (0 - map);
        bool object = *at == '{' || *at == '}';
        if (*at == '{' || *at == '[') {
            brackets->opens |= bit;
            if (!gcm_raw_push(checker, object))
                return false;
        } else {
            if (gcm_raw_in_object(checker) != object)
                return false;
            if (!--checker->depth)
                return at + 1 == checker->end;
            if (state->ends && checker->depth <= GCM_RAW_LEVELS)
                put_end(state, at + 1);
            object = gcm_raw_in_object(checker);
        }
        brackets->objects = object ? brackets->objects | (0 - bit) : brackets->objects & (bit - 1);
    }
    state->in_object = (uint64_t)0 - (brackets->objects >> 63);
    return true;
}

/* `at` holds the bytes of `block`; with the last block of a text, not all of it is `there`. */
INLINE bool check_block(struct state *state, const char *block, const char *at, uint64_t there)
{
    struct wide bytes = load(at);
    uint64_t quotes = map_of(equal(bytes, '"'));
    if ((has_special(bytes) || state->behind_backslash) &&
        !check_special(state, block, bytes, &quotes))
        return false;
    if (!quotes && state->in_string)
        return true; /* in the middle of a long text */

    /* From an opening quote to before the closing one. */
    uint64_t inside = between(quotes) ^ state->in_string;
    state->in_string = (uint64_t)0 - (inside >> 63);
    uint64_t strings = quotes & inside, ends = quotes & ~inside;
    uint64_t commas = map_of(equal(bytes, ',')) & ~inside;
    uint64_t colons = map_of(equal(bytes, ':')) & ~inside;
    uint64_t bracket_map = map_of(brackets_of(bytes)) & ~inside;
    uint64_t scalars = ~(inside | ends | commas | colons | bracket_map) & there;

    struct brackets brackets = {0, state->in_object};
    if (bracket_map && !check_brackets(state, block, bracket_map, &brackets))
        return false;
    uint64_t opens = brackets.opens, closes = bracket_map & ~opens;

    uint64_t starts = opens | commas;
    uint64_t before_name = next(starts & brackets.objects, &state->behind_before_name);
    uint64_t before_value =
        next((starts & ~brackets.objects) | colons, &state->behind_before_value);
    /* Added to the map of the strings, a name's first bit moves to behind its last. */
    uint64_t sum, names = strings & before_name;
    bool carry = __builtin_add_overflow(inside, names, &sum);
    carry |= __builtin_add_overflow(sum, state->in_name, &sum);
    state->in_name = carry;
    uint64_t name_ends = sum & ~inside;
    uint64_t value_ends = (ends & ~name_ends) | closes | scalars;
    uint64_t behind_name = next(name_ends, &state->behind_name);
    uint64_t behind_value = next(value_ends, &state->behind_value);
    uint64_t behind_open = next(opens, &state->behind_open);
    uint64_t scalar_starts = scalars & ~next(scalars, &state->in_scalar);

    uint64_t wrong = (strings & ~(before_name | before_value)) |
                     ((opens | scalar_starts) & ~before_value) | (colons & ~behind_name) |
                     (commas & ~behind_value) | (closes & ~(behind_value | behind_open));
    return !wrong && (!scalar_starts || check_scalars(state, block, scalar_starts));
}

TARGET bool NAME(struct gcm_slice text, struct gcm_raw_ends *ends)
{
    struct gcm_raw_error error;
    const char *end = text.at + text.size, *block = text.at;
    if (ends && text.size > UINT32_MAX)
        ends = NULL;
    if (ends)
        ends->start = text.at;
    struct state state = {.ends = ends,
                          .checker = {.start = text.at, .end = end, .error = &error},
                          .escaped = text.at,
                          .decoded = text.at,
                          .behind_before_value = 1};
    for (; end - block >= WIDTH; block += WIDTH)
        if (!check_block(&state, block, block, ~(uint64_t)0))
            return false;
    if (block < end) {
        char last[WIDTH];
        size_t size = (size_t)(end - block);
        memset(last, ' ', sizeof last);
        memcpy(last, block, size);
        if (!check_block(&state, block, last, ~(uint64_t)0 >> (WIDTH - size)))
            return false;
    }
    return !state.checker.depth && !state.in_string;
}
