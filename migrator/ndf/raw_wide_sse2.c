/* raw_wide_sse2: for every x86-64. */
#ifdef __SSE2__

#include <emmintrin.h>
#include <stdbool.h>
#include <stdint.h>

#define NAME gcm_raw_wide_sse2
#define TARGET

struct wide {
    __m128i a, b, c, d;
};

/* Each of the four, by an operation of two operands. */
#define EACH(operation, left, right)                                                               \
    (struct wide)                                                                                  \
    {                                                                                              \
        operation((left).a, (right).a), operation((left).b, (right).b),                            \
            operation((left).c, (right).c), operation((left).d, (right).d)                         \
    }

static inline struct wide load(const char *at)
{
    const __m128i *from = (const void *)at;
    return (struct wide){_mm_loadu_si128(from), _mm_loadu_si128(from + 1),
                         _mm_loadu_si128(from + 2), _mm_loadu_si128(from + 3)};
}

static inline struct wide all(char byte)
{
    const __m128i bytes = _mm_set1_epi8(byte);
    return (struct wide){bytes, bytes, bytes, bytes};
}

static inline struct wide equal(struct wide bytes, char wanted)
{
    return EACH(_mm_cmpeq_epi8, bytes, all(wanted));
}

static inline struct wide low(struct wide bytes)
{
    return EACH(_mm_cmpgt_epi8, all(0x20), bytes);
}

static inline struct wide folded(struct wide bytes)
{
    return EACH(_mm_or_si128, bytes, all(0x20));
}

static inline struct wide either(struct wide a, struct wide b)
{
    return EACH(_mm_or_si128, a, b);
}

static inline uint64_t bits(__m128i bytes)
{
    return (uint64_t)(unsigned)_mm_movemask_epi8(bytes);
}

static inline bool any(struct wide answers)
{
    return bits(
        _mm_or_si128(_mm_or_si128(answers.a, answers.b), _mm_or_si128(answers.c, answers.d)));
}

static inline uint64_t map_of(struct wide bytes)
{
    return (bits(bytes.a) | bits(bytes.b) << 16) | (bits(bytes.c) << 32 | bits(bytes.d) << 48);
}

#include "ndf/raw_wide_body.h"

#else

typedef int gcm_no_sse2; /* a file must hold something */

#endif
