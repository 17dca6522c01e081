/* The types of plain scalars, as js-yaml 3.x resolves them in safeLoad. */
#include "core/yaml.h"

static const char *const null_words[] = {"~", "null", "Null", "NULL", NULL};
static const char *const boolean_words[] = {"true",  "True",  "TRUE", "false",
                                            "False", "FALSE", NULL};
static const char *const special_floats[] = {".inf", ".Inf", ".INF", ".nan", ".NaN", ".NAN", NULL};

/* A scalar while it is matched from left to right. */
struct scan {
    struct gcm_slice text;
    size_t at;
};

static char peek(const struct scan *s)
{
    return s->at < s->text.size ? s->text.at[s->at] : '\0';
}

static bool at_end(const struct scan *s)
{
    return s->at == s->text.size;
}

static bool take(struct scan *s, char c)
{
    if (at_end(s) || peek(s) != c)
        return false;
    s->at++;
    return true;
}

static void take_sign(struct scan *s)
{
    if (peek(s) == '-' || peek(s) == '+')
        s->at++;
}

/* Digits and, where allowed, underscores; how many characters. */
static size_t take_digits(struct scan *s, bool underscores)
{
    size_t from = s->at;
    while (!at_end(s) && (gcm_is_digit(peek(s)) || (underscores && peek(s) == '_')))
        s->at++;
    return s->at - from;
}

static bool is_digit_of(char c, int base)
{
    if (base == 16 && ((c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F')))
        return true;
    return gcm_is_digit(c) && c - '0' < base;
}

/* The rest: at least one digit of the base, underscores anywhere but at the end. */
static bool rest_is_in_base(struct scan *s, int base)
{
    bool digits = false;
    for (; !at_end(s); s->at++) {
        if (is_digit_of(peek(s), base))
            digits = true;
        else if (peek(s) != '_')
            return false;
    }
    return digits && s->text.at[s->text.size - 1] != '_';
}

/* `:59`, once or more. */
static bool take_sixties(struct scan *s)
{
    bool any = false;
    while (take(s, ':')) {
        size_t digits = take_digits(s, false);
        if (digits == 0 || digits > 2 || (digits == 2 && s->text.at[s->at - 2] > '5'))
            return false;
        any = true;
    }
    return any;
}

static bool is_int(struct gcm_slice text)
{
    struct scan s = {text, 0};
    take_sign(&s);
    if (take(&s, '0')) {
        if (at_end(&s))
            return true;
        int base = take(&s, 'b') ? 2 : take(&s, 'x') ? 16 : 8;
        return rest_is_in_base(&s, base);
    }
    if (!gcm_is_digit(peek(&s)))
        return false;
    take_digits(&s, true);
    if (s.text.at[s.at - 1] == '_')
        return false;
    return at_end(&s) || (take_sixties(&s) && at_end(&s));
}

static void take_exponent(struct scan *s)
{
    struct scan e = *s;
    if (!take(&e, 'e') && !take(&e, 'E'))
        return;
    take_sign(&e);
    if (take_digits(&e, false))
        *s = e;
}

/* 2.5e4, 2.5, 2e4: no zero in front but a lone one. */
static bool is_decimal(struct scan s)
{
    take_sign(&s);
    if (!take(&s, '0')) {
        if (!gcm_is_digit(peek(&s)))
            return false;
        take_digits(&s, true);
    }
    if (take(&s, '.'))
        take_digits(&s, true);
    take_exponent(&s);
    return at_end(&s);
}

static bool is_fraction(struct scan s)
{
    if (!take(&s, '.') || !take_digits(&s, true))
        return false;
    take_exponent(&s);
    return at_end(&s);
}

static bool is_base_60_float(struct scan s)
{
    take_sign(&s);
    if (!gcm_is_digit(peek(&s)))
        return false;
    take_digits(&s, true);
    if (!take_sixties(&s) || !take(&s, '.'))
        return false;
    take_digits(&s, true);
    return at_end(&s);
}

static bool is_float(struct gcm_slice text)
{
    struct scan s = {text, 0};
    if (text.at[text.size - 1] == '_')
        return false;
    struct gcm_slice unsigned_text = text;
    if (text.at[0] == '-' || text.at[0] == '+')
        unsigned_text = gcm_slice_sub(text, 1, text.size);
    if (gcm_slice_in(unsigned_text, special_floats))
        return unsigned_text.size == text.size || (text.at[2] != 'n' && text.at[2] != 'N');
    return is_decimal(s) || is_fraction(s) || is_base_60_float(s);
}

static bool take_number(struct scan *s, size_t least, size_t most)
{
    size_t digits = take_digits(s, false);
    return digits >= least && digits <= most;
}

static bool take_blanks(struct scan *s)
{
    size_t from = s->at;
    while (peek(s) == ' ' || peek(s) == '\t')
        s->at++;
    return s->at > from;
}

static bool is_time_zone(struct scan *s)
{
    take_blanks(s);
    if (take(s, 'Z'))
        return at_end(s);
    if (!take(s, '-') && !take(s, '+'))
        return false;
    return take_number(s, 1, 2) && (at_end(s) || (take(s, ':') && take_number(s, 2, 2))) &&
           at_end(s);
}

static bool is_timestamp(struct gcm_slice text)
{
    struct scan s = {text, 0};
    if (!take_number(&s, 4, 4) || !take(&s, '-') || !take_number(&s, 1, 2) || !take(&s, '-') ||
        !take_number(&s, 1, 2))
        return false;
    if (at_end(&s))
        return text.size == 10; /* a date alone has two digits each */
    if (!take(&s, 'T') && !take(&s, 't') && !take_blanks(&s))
        return false;
    if (!take_number(&s, 1, 2) || !take(&s, ':') || !take_number(&s, 2, 2) || !take(&s, ':') ||
        !take_number(&s, 2, 2))
        return false;
    if (take(&s, '.'))
        take_digits(&s, false);
    return at_end(&s) || is_time_zone(&s);
}

enum gcm_yaml_type gcm_yaml_plain_type(struct gcm_slice text)
{
    if (!text.size || gcm_slice_in(text, null_words))
        return GCM_YAML_NULL;
    if (gcm_slice_in(text, boolean_words))
        return GCM_YAML_BOOLEAN;
    if (is_int(text))
        return GCM_YAML_INT;
    if (is_float(text))
        return GCM_YAML_FLOAT;
    return is_timestamp(text) ? GCM_YAML_TIMESTAMP : GCM_YAML_STRING;
}
