/* raw: the strict check of a JSON text. A machine with one bit for each level that is open; its
 * states are the functions below, each of which reads one construct and says where the next starts.
 */
#include "ndf/raw.h"

#include <string.h>

#include "ndf/raw_text.h"

struct checker {
    const char *start, *at, *end;
    struct gcm_raw_error *error;
    uint64_t objects[(GCM_RAW_DEPTH + 64) / 64]; /* bit of a level: an object, not an array */
    unsigned depth;
};

static bool expected(struct checker *checker, const char *at, const char *what)
{
    *checker->error = (struct gcm_raw_error){(size_t)(at - checker->start), what};
    return false;
}

static void skip_blanks(struct checker *checker)
{
    checker->at = gcm_raw_blanks(checker->at, checker->end);
}

/* How many bytes the UTF-8 character at `at` (not ASCII) has; 0 where it is none (RFC 3629). */
static unsigned utf8_size(const unsigned char *at, const unsigned char *end)
{
    unsigned char low = 0x80, high = 0xbf;
    unsigned size = *at < 0xe0 ? 2 : *at < 0xf0 ? 3 : 4;
    if (*at < 0xc2 || *at > 0xf4 || (size_t)(end - at) < size)
        return 0;
    if (*at == 0xe0)
        low = 0xa0; /* no overlong texts */
    else if (*at == 0xed)
        high = 0x9f; /* no surrogates */
    else if (*at == 0xf0)
        low = 0x90;
    else if (*at == 0xf4)
        high = 0x8f; /* nothing above U+10FFFF */
    if (at[1] < low || at[1] > high)
        return 0;
    for (unsigned i = 2; i < size; i++)
        if ((at[i] & 0xc0) != 0x80)
            return 0;
    return size;
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
static bool check_escape(struct checker *checker)
{
    static const char hex[] = "four hexadecimal digits";
    const char *at = checker->at, *end = checker->end;
    if (at == end || !memchr("\"\\/bfnrtu", *at, 9))
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
static bool check_string(struct checker *checker)
{
    const char *end = checker->end;
    for (checker->at++; checker->at < end;) {
        unsigned char byte = (unsigned char)*checker->at;
        if (byte == '"') {
            checker->at++;
            return true;
        }
        if (byte == '\\') {
            checker->at++;
            if (!check_escape(checker))
                return false;
        } else if (byte < 0x20) {
            return expected(checker, checker->at, "control characters only as escapes");
        } else if (byte < 0x80) {
            checker->at++;
        } else {
            unsigned size =
                utf8_size((const unsigned char *)checker->at, (const unsigned char *)end);
            if (!size)
                return expected(checker, checker->at, "UTF-8");
            checker->at += size;
        }
    }
    return expected(checker, end, "\" at the end of the text");
}

static bool check_digits(struct checker *checker)
{
    const char *at = checker->at;
    while (at < checker->end && gcm_is_digit(*at))
        at++;
    if (at == checker->at)
        return expected(checker, at, "a digit");
    checker->at = at;
    return true;
}

static bool check_number(struct checker *checker)
{
    const char *end = checker->end;
    if (*checker->at == '-')
        checker->at++;
    if (checker->at < end && *checker->at == '0') {
        checker->at++;
        if (checker->at < end && gcm_is_digit(*checker->at))
            return expected(checker, checker->at, "no digit behind a leading 0");
    } else if (!check_digits(checker)) {
        return false;
    }
    if (checker->at < end && *checker->at == '.') {
        checker->at++;
        if (!check_digits(checker))
            return false;
    }
    if (checker->at < end && (*checker->at == 'e' || *checker->at == 'E')) {
        checker->at++;
        if (checker->at < end && (*checker->at == '+' || *checker->at == '-'))
            checker->at++;
        return check_digits(checker);
    }
    return true;
}

static bool check_word(struct checker *checker, struct gcm_slice word)
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
static bool check_plain(struct checker *checker)
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

static bool in_object(const struct checker *checker)
{
    unsigned level = checker->depth - 1;
    return checker->objects[level / 64] >> (level % 64) & 1;
}

/* A name, its colon, and the blanks around it. */
static bool check_name(struct checker *checker, const char *what)
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
static bool open_level(struct checker *checker, bool *empty)
{
    bool object = *checker->at == '{';
    if (checker->depth == GCM_RAW_DEPTH)
        return expected(checker, checker->at, "at most 2,000 levels");
    uint64_t bit = (uint64_t)1 << (checker->depth % 64);
    if (object)
        checker->objects[checker->depth / 64] |= bit;
    else
        checker->objects[checker->depth / 64] &= ~bit;
    checker->depth++;
    checker->at++;
    skip_blanks(checker);
    *empty = checker->at < checker->end && *checker->at == (object ? '}' : ']');
    if (*empty)
        return true;
    return !object || check_name(checker, "a name in quotes, or '}'");
}

/* Behind a value: closes the levels that end there; false at an error, and at the end of the text's
 * one value (`*done`). */
static bool check_end(struct checker *checker, bool *done)
{
    for (;;) {
        if (!checker->depth) {
            *done = true;
            return false;
        }
        skip_blanks(checker);
        bool object = in_object(checker);
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

static bool check_value(struct checker *checker)
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
        } else if (!check_plain(checker)) {
            return false;
        }
        if (!check_end(checker, &done))
            return done;
    } while (true);
}

bool gcm_raw_read(struct gcm_slice text, struct gcm_raw *value, struct gcm_raw_error *error)
{
    const char *start = text.size ? text.at : "";
    struct checker checker = {
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
