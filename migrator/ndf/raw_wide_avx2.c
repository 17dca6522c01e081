/* raw_wide_avx2: for the x86-64 of the last ten years. */
#ifdef __SSE2__

#include <immintrin.h>
#include <stdbool.h>
#include <stdint.h>

#define NAME gcm_raw_wide_avx2
#define TARGET __attribute__((target("avx2,bmi")))

struct wide {
    __m256i a, b;
};

TARGET static inline struct wide load(const char *at)
{
    const __m256i *from = (const void *)at;
    return (struct wide){_mm256_loadu_si256(from), _mm256_loadu_si256(from + 1)};
}

TARGET static inline struct wide equal(struct wide bytes, char wanted)
{
    const __m256i all = _mm256_set1_epi8(wanted);
    return (struct wide){_mm256_cmpeq_epi8(bytes.a, all), _mm256_cmpeq_epi8(bytes.b, all)};
}

TARGET static inline struct wide low(struct wide bytes)
{
    const __m256i blank = _mm256_set1_epi8(0x20);
    return (struct wide){_mm256_cmpgt_epi8(blank, bytes.a), _mm256_cmpgt_epi8(blank, bytes.b)};
}

TARGET static inline struct wide folded(struct wide bytes)
{
    const __m256i blank = _mm256_set1_epi8(0x20);
    return (struct wide){_mm256_or_si256(blank, bytes.a), _mm256_or_si256(blank, bytes.b)};
}

TARGET static inline struct wide either(struct wide a, struct wide b)
{
    return (struct wide){_mm256_or_si256(a.a, b.a), _mm256_or_si256(a.b, b.b)};
}

TARGET static inline uint64_t bits(__m256i bytes)
{
    return (uint64_t)(unsigned)_mm256_movemask_epi8(bytes);
}

TARGET static inline bool any(struct wide answers)
{
    return bits(_mm256_or_si256(answers.a, answers.b));
}

TARGET static inline uint64_t map_of(struct wide bytes)
{
    return bits(bytes.a) | bits(bytes.b) << 32;
}

#include "ndf/raw_wide_body.h"

#else

typedef int gcm_no_avx2; /* a file must hold something */

#endif
