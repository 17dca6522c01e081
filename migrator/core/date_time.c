/* ISO 8601 as Joda's dateTimeParser takes it:
 *   date-opt-time = date ['T' [time] [offset]]  |  'T' time [offset]
 *   date   = yyyy ['-' MM ['-' dd]] | yyyy '-' DDD | xxxx '-W' ww ['-' e]
 *   time   = HH [':' mm [':' ss]] [('.' | ',') digit+]
 *   offset = 'Z' | ('+' | '-') HH [[':'] mm [[':'] ss]]
 * T and Z may be written small. */
#include "core/date_time.h"

struct reader {
    struct gcm_slice text;
    size_t at;
};

static char peek(const struct reader *reader)
{
    return reader->at < reader->text.size ? reader->text.at[reader->at] : '\0';
}

static bool take(struct reader *reader, char c)
{
    bool found = peek(reader) == c && reader->at < reader->text.size;
    reader->at += found;
    return found;
}

static bool take_letter(struct reader *reader, char capital)
{
    return take(reader, capital) || take(reader, (char)(capital - 'A' + 'a'));
}

/* A number of `fewest` to `most` digits, or -1. */
static int number(struct reader *reader, size_t fewest, size_t most)
{
    int value = 0;
    size_t count = 0;
    for (; count < most && gcm_is_digit(peek(reader)); count++, reader->at++)
        value = value * 10 + (peek(reader) - '0');
    return count < fewest ? -1 : value;
}

static bool in(int value, int from, int to)
{
    return value >= from && value <= to;
}

static int days_of(int year, int month)
{
    static const int days[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    bool leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
    return month == 2 && leap ? 29 : days[month - 1];
}

static bool day_of_month(struct reader *reader, int year)
{
    int month = number(reader, 1, 2);
    if (!in(month, 1, 12))
        return false;
    if (!take(reader, '-'))
        return true;
    return in(number(reader, 1, 2), 1, days_of(year, month));
}

static bool date(struct reader *reader)
{
    if (!take(reader, '-'))
        take(reader, '+');
    int year = number(reader, 1, 9);
    if (year < 0)
        return false;
    if (!take(reader, '-'))
        return true;
    if (take(reader, 'W')) {
        if (!in(number(reader, 1, 2), 1, 53))
            return false;
        return !take(reader, '-') || in(number(reader, 1, 1), 1, 7);
    }
    struct reader ordinal = *reader;
    int day = number(&ordinal, 3, 3);
    if (day >= 0 && !gcm_is_digit(peek(&ordinal))) {
        *reader = ordinal;
        return in(day, 1, 366);
    }
    return day_of_month(reader, year);
}

static bool time_of_day(struct reader *reader)
{
    if (!in(number(reader, 1, 2), 0, 23))
        return false;
    for (int part = 0; part < 2 && take(reader, ':'); part++)
        if (!in(number(reader, 1, 2), 0, 59))
            return false;
    if (!take(reader, '.') && !take(reader, ','))
        return true;
    size_t start = reader->at;
    while (gcm_is_digit(peek(reader)))
        reader->at++;
    return reader->at > start;
}

static bool offset(struct reader *reader)
{
    if (take_letter(reader, 'Z'))
        return true;
    if (!take(reader, '+') && !take(reader, '-'))
        return true;
    if (!in(number(reader, 2, 2), 0, 23))
        return false;
    for (int part = 0; part < 2 && (take(reader, ':') || gcm_is_digit(peek(reader))); part++)
        if (!in(number(reader, 2, 2), 0, 59))
            return false;
    return true;
}

bool gcm_is_date_time(struct gcm_slice text)
{
    struct reader reader = {text, 0};
    bool timed = take_letter(&reader, 'T');
    if (timed && !time_of_day(&reader))
        return false;
    if (!timed && !date(&reader))
        return false;
    if (!timed && take_letter(&reader, 'T')) {
        timed = true;
        if (gcm_is_digit(peek(&reader)) && !time_of_day(&reader))
            return false;
    }
    return (!timed || offset(&reader)) && reader.at == text.size;
}
