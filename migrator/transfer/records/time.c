#include "transfer/records/time.h"

#include "core/buffer.h"

enum { LONGEST_YEAR = 9, MILLISECONDS_OF_DAY = 24 * 60 * 60 * 1000 };

struct reader {
    const char *at, *end;
};

static bool take(struct reader *reader, char c)
{
    bool found = reader->at < reader->end && *reader->at == c;
    reader->at += found;
    return found;
}

static bool take_any(struct reader *reader, const char *any)
{
    for (; *any; any++)
        if (take(reader, *any))
            return true;
    return false;
}

/* A number of `fewest` to `most` digits. */
static bool number(struct reader *reader, size_t fewest, size_t most, unsigned *value)
{
    size_t count = 0;
    *value = 0;
    for (; count < most && reader->at < reader->end && gcm_is_digit(*reader->at); count++)
        *value = *value * 10 + (unsigned)(*reader->at++ - '0');
    return count >= fewest;
}

/* ---- days, counted from 1970-01-01 (proleptic Gregorian, as ISO 8601 has it) ---- */

static int64_t days_of(int64_t year, unsigned month, unsigned day)
{
    year -= month <= 2;
    int64_t era = (year >= 0 ? year : year - 399) / 400;
    int64_t of_era = year - era * 400;
    int64_t of_year = (153 * ((int64_t)month + (month > 2 ? -3 : 9)) + 2) / 5 + (int64_t)day - 1;
    return era * 146097 + of_era * 365 + of_era / 4 - of_era / 100 + of_year - 719468;
}

static void set_day(struct gcm_time *time, int64_t days)
{
    days += 719468;
    int64_t era = (days >= 0 ? days : days - 146096) / 146097;
    int64_t of_era = days - era * 146097;
    int64_t year = (of_era - of_era / 1460 + of_era / 36524 - of_era / 146096) / 365;
    int64_t of_year = of_era - (365 * year + year / 4 - year / 100);
    int64_t shifted = (5 * of_year + 2) / 153;
    time->day = (unsigned)(of_year - (153 * shifted + 2) / 5 + 1);
    time->month = (unsigned)(shifted < 10 ? shifted + 3 : shifted - 9);
    time->year = year + era * 400 + (time->month <= 2);
}

static unsigned days_in(int64_t year, unsigned month)
{
    static const unsigned days[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    bool leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
    return month == 2 && leap ? 29 : days[month - 1];
}

/* ---- the parts of a text ---- */

static bool read_date(struct reader *reader, struct gcm_time *time)
{
    unsigned year;
    bool minus = take(reader, '-');
    if (!minus)
        take(reader, '+');
    if (!number(reader, 4, LONGEST_YEAR, &year))
        return false;
    time->year = minus ? -(int64_t)year : (int64_t)year;
    time->month = time->day = 1;
    if (!take(reader, '-'))
        return true;
    if (!number(reader, 2, 2, &time->month) || time->month < 1 || time->month > 12)
        return false;
    if (!take(reader, '-'))
        return true;
    return number(reader, 2, 2, &time->day) && time->day >= 1 &&
           time->day <= days_in(time->year, time->month);
}

static void read_fraction(struct reader *reader, struct gcm_time *time)
{
    unsigned place = 100;
    for (; reader->at < reader->end && gcm_is_digit(*reader->at); reader->at++, place /= 10) {
        unsigned digit = (unsigned)(*reader->at - '0');
        time->millisecond += digit * place;
        time->cut |= !place && digit;
    }
}

static bool read_clock(struct reader *reader, struct gcm_time *time)
{
    if (!number(reader, 2, 2, &time->hour) || time->hour > 23)
        return false;
    if (!take(reader, ':'))
        return true;
    if (!number(reader, 2, 2, &time->minute) || time->minute > 59)
        return false;
    if (!take(reader, ':'))
        return true;
    if (!number(reader, 2, 2, &time->second) || time->second > 59)
        return false;
    if (!take_any(reader, ".,"))
        return true;
    if (reader->at == reader->end || !gcm_is_digit(*reader->at))
        return false;
    read_fraction(reader, time);
    return true;
}

/* Minutes that the text's clock is ahead of UTC. */
static bool read_offset(struct reader *reader, int *ahead)
{
    *ahead = 0;
    if (reader->at == reader->end || take_any(reader, "Zz"))
        return true;
    bool minus = take(reader, '-');
    if (!minus && !take(reader, '+'))
        return false;
    unsigned hours, minutes = 0;
    if (!number(reader, 2, 2, &hours) || hours > 23)
        return false;
    if ((take(reader, ':') || reader->at < reader->end) &&
        (!number(reader, 2, 2, &minutes) || minutes > 59))
        return false;
    *ahead = (int)(hours * 60 + minutes) * (minus ? -1 : 1);
    return true;
}

static void shift(struct gcm_time *time, int ahead)
{
    if (!ahead)
        return;
    int64_t days = days_of(time->year, time->month, time->day);
    int64_t clock = ((int64_t)time->hour * 60 + time->minute - ahead) * 60000;
    clock += (int64_t)time->second * 1000 + time->millisecond;
    for (; clock < 0; days--)
        clock += MILLISECONDS_OF_DAY;
    for (; clock >= MILLISECONDS_OF_DAY; days++)
        clock -= MILLISECONDS_OF_DAY;
    set_day(time, days);
    time->millisecond = (unsigned)(clock % 1000);
    time->second = (unsigned)(clock / 1000 % 60);
    time->minute = (unsigned)(clock / 60000 % 60);
    time->hour = (unsigned)(clock / 3600000);
}

/* The form that nearly every export has, and the only one that is read in one go. */
static bool read_exact(struct gcm_slice text, struct gcm_time *time)
{
    static const char form[] = "0000-00-00T00:00:00.000Z";
    if (text.size != sizeof form - 1)
        return false;
    for (size_t i = 0; i < text.size; i++)
        if (form[i] == '0' ? !gcm_is_digit(text.at[i]) : form[i] != text.at[i])
            return false;
    struct reader reader = {text.at, text.at + text.size};
    return read_date(&reader, time) && take(&reader, 'T') && read_clock(&reader, time);
}

struct gcm_time gcm_time_read(struct gcm_slice text)
{
    struct gcm_time time = {0};
    if (read_exact(text, &time)) {
        time.understood = time.exact = true;
        return time;
    }
    time = (struct gcm_time){0};
    struct reader reader = {text.at, text.at + text.size};
    int ahead = 0;
    if (!text.size || !read_date(&reader, &time))
        return time;
    if (take_any(&reader, "Tt ") && (!read_clock(&reader, &time) || !read_offset(&reader, &ahead)))
        return time;
    if (reader.at != reader.end)
        return time;
    shift(&time, ahead);
    time.understood = true;
    return time;
}

static void put_digits(struct gcm_buffer *out, unsigned value, unsigned width)
{
    for (unsigned one = width == 3 ? 100 : 10; one; one /= 10)
        gcm_putc(out, (char)('0' + value / one % 10));
}

/* Every record has two of these, so no printf. */
struct gcm_slice gcm_time_text(struct gcm_arena *arena, const struct gcm_time *time)
{
    struct gcm_buffer out = gcm_buffer(arena, GCM_BUFFER_CAP);
    if (time->year >= 0 && time->year <= 9999) {
        put_digits(&out, (unsigned)time->year / 100, 2);
        put_digits(&out, (unsigned)time->year % 100, 2);
    } else {
        gcm_putf(&out, time->year < 0 ? "-%04lld" : "%04lld",
                 (long long)(time->year < 0 ? -time->year : time->year));
    }
    const unsigned parts[] = {time->month,  time->day,    time->hour,
                              time->minute, time->second, time->millisecond};
    static const char before[] = "--T::.";
    for (unsigned i = 0; i < 6; i++) {
        gcm_putc(&out, before[i]);
        put_digits(&out, parts[i], i == 5 ? 3 : 2);
    }
    gcm_putc(&out, 'Z');
    return gcm_buffer_text(&out);
}
