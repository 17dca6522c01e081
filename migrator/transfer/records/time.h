/* time: points in time as exports write them, made into the one form that import takes:
 * yyyy-MM-ddTHH:mm:ss.SSSZ (spec/prisma1.md §3.2). */
#ifndef GCM_TRANSFER_RECORDS_TIME_H
#define GCM_TRANSFER_RECORDS_TIME_H

#include "core/arena.h"

struct gcm_time {
    bool understood;
    bool exact;   /* it was the very text that gcm_time_text makes */
    bool cut;     /* it had digits behind the milliseconds that were not 0 */
    int64_t year; /* astronomical: 0 is the year before 1 */
    unsigned month, day, hour, minute, second, millisecond; /* UTC */
};

/* ISO 8601 as Joda reads it, and SQL style ("2017-12-13 19:07:10.0"), years of any length and sign
 * too ("-0001-…", "10000-…"). Without an offset it is UTC. */
struct gcm_time gcm_time_read(struct gcm_slice text);

/* "2018-01-02T03:04:05.678Z"; years with at least four digits, and a minus before year 0. */
struct gcm_slice gcm_time_text(struct gcm_arena *arena, const struct gcm_time *time);

#endif
