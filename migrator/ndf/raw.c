/* raw: the strict check of a JSON text. A machine with one bit for each level that is open; its
 * states are the functions below, each of which reads one construct and says where the next starts.
 */
#include "ndf/raw.h"

#include <string.h>

#include "ndf/raw_check.h"

static bool expected(struct gcm_raw_checker *checker, const char *at, const char *what)
{
    *checker->error = (struct gcm_raw_error){(size_t)(at - checker->start), what};
    return false;
}

static void skip_blanks(struct gcm_raw_checker *checker)
{
    checker->at = gcm_raw_blanks(checker->at, checker->end);
}

bool gcm_raw_check_utf8(struct gcm_raw_checker *checker)
{
    const unsigned char *at = (const unsigned char *)checker->at;
    size_t left = (size_t)(checker->end - checker->at);
    unsigned char low = 0x80, high = 0xbf;
    size_t size = *at < 0xe0 ? 2 : *at < 0xf0 ? 3 : 4;
    if (*at == 0xe0)
        low = 0xa0; /* no overlong texts */
    else if (*at == 0xed)
        high = 0x9f; /* no surrogates */
    else if (*at == 0xf0)
        low = 0x90;
    else if (*at == 0xf4)
        high = 0x8f; /* nothing above U+10FFFF */
    bool good = *at >= 0xc2 && *at <= 0xf4 && left >= size && at[1] >= low && at[1] <= high;
    for (size_t i = 2; good && i < size; i++)
        good = (at[i] & 0xc0) == 0x80;
    if (!good)
        return expected(checker, checker->at, "UTF-8");
    checker->at += size;
    return true;
}

/* Four hexadecimal digits; -1 where they are none. */
static long hex4(const char *at, const char *end)
{
    long unit = 0;
    if (end - at < 4)
        return -1;
    for (int i = 0; i < 4; i++) {
        int digit = gcm_raw_hex(at[i]);
        if (digit < 0)
            return -1;
        unit = unit * 16 + digit;
    }
    return unit;
}

/* Behind a backslash. */
bool gcm_raw_check_escape(struct gcm_raw_checker *checker)
{
    static const char hex[] = "four hexadecimal digits";
    static const char known[] = {'"', '\\', '/', 'b', 'f', 'n', 'r', 't', 'u'};
    const char *at = checker->at, *end = checker->end;
    if (at == end || !memchr(known, *at, sizeof known))
        return expected(checker, at, "one of \" \\ / b f n r t u");
    checker->at = at + 1;
    if (*at != 'u')
        return true;
    long unit = hex4(at + 1, end);
    if (unit < 0)
        return expected(checker, at + 1, hex);
    checker->at = at + 5;
    if (unit < 0xd800 || unit > 0xdfff)
        return true;
    if (unit >= 0xdc00)
        return expected(checker, at - 1, "no second half of a surrogate pair without the first");
    long second = end - at >= 11 && at[5] == '\\' && at[6] == 'u' ? hex4(at + 7, end) : -1;
    if (second < 0xdc00 || second > 0xdfff)
        return expected(checker, at + 5, "the second half of a surrogate pair");
    checker->at = at + 11;
    return true;
}

/* At the opening quote. */
static bool check_string(struct gcm_raw_checker *checker)
{
    const char *end = checker->end;
    for (checker->at++; (checker->at = gcm_raw_special(checker->at, end)) < end;) {
        unsigned char byte = (unsigned char)*checker->at;
        if (byte < 0x20)
            return expected(checker, checker->at, "control characters only as escapes");
        if (byte >= 0x80) {
            if (!gcm_raw_check_utf8(checker))
                return false;
            continue;
        }
        checker->at++;
        if (byte == '"')
            return true;
        if (!gcm_raw_check_escape(checker))
            return false;
    }
    return expected(checker, end, "\" at the end of the text");
}

/* At least one digit; the place behind the last, or NULL. */
static inline const char *digits(struct gcm_raw_checker *checker, const char *at)
{
    const char *first = at;
    while (at < checker->end && *at >= '0' && *at <= '9')
        at++;
    if (at > first)
        return at;
    expected(checker, at, "a digit");
    return NULL;
}

static bool check_number(struct gcm_raw_checker *checker)
{
    const char *at = checker->at, *end = checker->end;
    at += *at == '-';
    const char *first = at;
    at = digits(checker, at);
    if (at && *first == '0' && at > first + 1)
        return expected(checker, first + 1, "no digit behind a leading 0");
    if (at && at < end && *at == '.')
        at = digits(checker, at + 1);
    if (at && at < end && (*at | 0x20) == 'e') {
        at++;
        at += at < end && (*at == '+' || *at == '-');
        at = digits(checker, at);
    }
    if (at)
        checker->at = at;
    return at;
}

static bool check_word(struct gcm_raw_checker *checker, struct gcm_slice word)
{
    size_t left = (size_t)(checker->end - checker->at), same = 0;
    while (same < word.size && same < left && checker->at[same] == word.at[same])
        same++;
    if (same < word.size)
        return expected(checker, checker->at, "a value");
    checker->at += word.size;
    return true;
}

/* A value that holds no other. */
bool gcm_raw_check_scalar(struct gcm_raw_checker *checker)
{
    switch (checker->at < checker->end ? *checker->at : 0) {
    case '"':
        return check_string(checker);
    case 't':
        return check_word(checker, GCM_S("true"));
    case 'f':
        return check_word(checker, GCM_S("false"));
    case 'n':
        return check_word(checker, GCM_S("null"));
    case '-':
    case '0':
    case '1':
    case '2':
    case '3':
    case '4':
    case '5':
    case '6':
    case '7':
    case '8':
    case '9':
        return check_number(checker);
    default:
        return expected(checker, checker->at, "a value");
    }
}

/* A name, its colon, and the blanks around it. */
static bool check_name(struct gcm_raw_checker *checker, const char *what)
{
    skip_blanks(checker);
    if (checker->at == checker->end || *checker->at != '"')
        return expected(checker, checker->at, what);
    if (!check_string(checker))
        return false;
    skip_blanks(checker);
    if (checker->at == checker->end || *checker->at != ':')
        return expected(checker, checker->at, "':'");
    checker->at++;
    skip_blanks(checker);
    return true;
}

/* Opens a level; *empty if it is closed at once, otherwise its first value comes next. */
static bool open_level(struct gcm_raw_checker *checker, bool *empty)
{
    bool object = *checker->at == '{';
    if (!gcm_raw_push(checker, object))
        return expected(checker, checker->at, "at most 2,000 levels");
    checker->at++;
    skip_blanks(checker);
    *empty = checker->at < checker->end && *checker->at == (object ? '}' : ']');
    if (*empty)
        return true;
    return !object || check_name(checker, "a name in quotes, or '}'");
}

/* Behind a value: closes the levels that end there; false at an error, and at the end of the text's
 * one value (`*done`). */
static bool check_end(struct gcm_raw_checker *checker, bool *done)
{
    for (;;) {
        if (!checker->depth) {
            *done = true;
            return false;
        }
        skip_blanks(checker);
        bool object = gcm_raw_in_object(checker);
        char byte = checker->at < checker->end ? *checker->at : 0;
        if (byte == ',') {
            checker->at++;
            skip_blanks(checker);
            return !object || check_name(checker, "a name in quotes");
        }
        if (byte != (object ? '}' : ']'))
            return expected(checker, checker->at, object ? "',' or '}'" : "',' or ']'");
        checker->at++;
        checker->depth--;
    }
}

static bool check_value(struct gcm_raw_checker *checker)
{
    bool done = false;
    do {
        char byte = checker->at < checker->end ? *checker->at : 0;
        if (byte == '{' || byte == '[') {
            bool empty = false;
            if (!open_level(checker, &empty))
                return false;
            if (!empty)
                continue;
        } else if (!gcm_raw_check_scalar(checker)) {
            return false;
        }
        if (!check_end(checker, &done))
            return done;
    } while (true);
}

bool gcm_raw_plain(struct gcm_slice text, struct gcm_raw *value, struct gcm_raw_error *error)
{
    const char *start = text.size ? text.at : "";
    struct gcm_raw_checker checker = {
        .start = start, .at = start, .end = start + text.size, .error = error};
    skip_blanks(&checker);
    const char *first = checker.at;
    if (!check_value(&checker))
        return false;
    size_t size = (size_t)(checker.at - first);
    skip_blanks(&checker);
    if (checker.at < checker.end)
        return expected(&checker, checker.at, "nothing more");
    *value = (struct gcm_raw){{first, size}, gcm_raw_kind_of(*first)};
    return true;
}

#ifdef __SSE2__

bool gcm_raw_has_avx2(void)
{
    return __builtin_cpu_supports("avx2") && __builtin_cpu_supports("bmi");
}

bool gcm_raw_wide(struct gcm_slice text, struct gcm_raw_ends *ends)
{
    return gcm_raw_has_avx2() ? gcm_raw_wide_avx2(text, ends) : gcm_raw_wide_sse2(text, ends);
}

#else

bool gcm_raw_wide(struct gcm_slice text, struct gcm_raw_ends *ends)
{
    (void)text;
    (void)ends;
    return false;
}

#endif

bool gcm_raw_read_ends(struct gcm_slice text, struct gcm_raw *value, struct gcm_raw_ends *ends,
                       struct gcm_raw_error *error)
{
    struct gcm_slice trimmed = gcm_slice_trim(text);
    if (trimmed.size && (*trimmed.at == '{' || *trimmed.at == '[') && gcm_raw_wide(trimmed, ends)) {
        *value = (struct gcm_raw){trimmed, gcm_raw_kind_of(*trimmed.at)};
        return true;
    }
    if (ends)
        ends->start = NULL;
    return gcm_raw_plain(text, value, error);
}

bool gcm_raw_read(struct gcm_slice text, struct gcm_raw *value, struct gcm_raw_error *error)
{
    return gcm_raw_read_ends(text, value, NULL, error);
}
