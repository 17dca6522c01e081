/* raw_number: JSON numbers by their digits, without any arithmetic that could round. */
#include "ndf/raw.h"

/* ± 0.DIGITS × 10^(point + exponent). DIGITS neither starts nor ends with 0; of zero there are
 * none. */
struct number {
    bool negative, exponent_negative;
    struct gcm_slice digits;   /* a '.' may stand among them */
    size_t count;              /* of digits, without the '.' */
    int64_t point;             /* as far as the digits themselves say */
    struct gcm_slice exponent; /* its digits, without leading zeros */
};

/* More than any number of digits in memory, and small enough to be added to such a number. */
static const int64_t FAR = INT64_C(1) << 61;

static struct number take_apart(struct gcm_slice text)
{
    struct number number = {0};
    const char *at = text.at, *end = at + text.size, *first = NULL, *last = NULL;
    bool fraction = false;
    if (at < end && *at == '-') {
        number.negative = true;
        at++;
    }
    for (size_t digits = 0; at < end && (*at == '.' || gcm_is_digit(*at)); at++) {
        if (*at == '.') {
            fraction = true;
            continue;
        }
        if (!first && *at == '0') {
            number.point -= fraction; /* 0.00D */
            continue;
        }
        if (!first)
            first = at;
        digits++;
        number.point += !fraction;
        if (*at != '0') {
            last = at + 1;
            number.count = digits;
        }
    }
    if (first)
        number.digits = (struct gcm_slice){first, (size_t)(last - first)};
    if (at < end && (*at == 'e' || *at == 'E')) {
        at++;
        number.exponent_negative = at < end && *at == '-';
        at += at < end && (*at == '-' || *at == '+');
        while (at < end && *at == '0')
            at++;
        number.exponent = (struct gcm_slice){at, (size_t)(end - at)};
    }
    return number;
}

/* The digit of a place, counted from the last as 0; 0 where it has none. */
static int digit_at(struct gcm_slice digits, size_t place)
{
    return place < digits.size ? digits.at[digits.size - 1 - place] - '0' : 0;
}

/* Exponent of a less that of b, or ± FAR where it is more: each digit outweighs all that follow. */
static int64_t exponent_difference(const struct number *a, const struct number *b)
{
    int64_t difference = 0;
    int64_t sign_a = a->exponent_negative ? -1 : 1, sign_b = b->exponent_negative ? -1 : 1;
    size_t place = a->exponent.size > b->exponent.size ? a->exponent.size : b->exponent.size;
    while (place-- > 0) {
        difference = difference * 10 + sign_a * digit_at(a->exponent, place) -
                     sign_b * digit_at(b->exponent, place);
        if (difference > FAR / 16)
            return FAR;
        if (difference < -FAR / 16)
            return -FAR;
    }
    return difference;
}

/* Digits of numbers with the same point; where one ends it has zeros. */
static int compare_digits(struct gcm_slice a, struct gcm_slice b)
{
    size_t i = 0, j = 0;
    for (;; i++, j++) {
        i += i < a.size && a.at[i] == '.';
        j += j < b.size && b.at[j] == '.';
        if (i >= a.size || j >= b.size)
            return (i < a.size) - (j < b.size);
        if (a.at[i] != b.at[j])
            return (unsigned char)a.at[i] < (unsigned char)b.at[j] ? -1 : 1;
    }
}

int gcm_number_compare(struct gcm_slice a, struct gcm_slice b)
{
    struct number one = take_apart(a), other = take_apart(b);
    int sign_one = one.count ? (one.negative ? -1 : 1) : 0;
    int sign_other = other.count ? (other.negative ? -1 : 1) : 0;
    if (sign_one != sign_other)
        return sign_one < sign_other ? -1 : 1;
    if (!sign_one)
        return 0;
    int64_t higher = exponent_difference(&one, &other) + one.point - other.point;
    if (higher)
        return higher > 0 ? sign_one : -sign_one;
    return sign_one * compare_digits(one.digits, other.digits);
}

bool gcm_number_integer(struct gcm_slice text, int64_t *value)
{
    static const struct number zero = {0};
    struct number number = take_apart(text);
    *value = 0;
    if (!number.count)
        return true;
    int64_t size = exponent_difference(&number, &zero) + number.point;
    if (size < (int64_t)number.count || size > 19)
        return false;
    uint64_t whole = 0;
    for (size_t i = 0; i < number.digits.size; i++)
        if (number.digits.at[i] != '.')
            whole = whole * 10 + (uint64_t)(number.digits.at[i] - '0');
    for (int64_t i = (int64_t)number.count; i < size; i++)
        whole *= 10; /* 19 digits fit */
    uint64_t most = (uint64_t)INT64_MAX + number.negative;
    if (whole > most)
        return false;
    *value = number.negative ? (int64_t)(0 - whole) : (int64_t)whole;
    return true;
}
