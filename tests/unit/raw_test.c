/* raw: strict JSON over bytes. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "ndf/raw_check.h"

/* ndf_raw texts with NULs or bad UTF-8 need their size: a literal's. */
#define READS(text) assert_true(reads(GCM_S(text)))
#define REFUSES(text, offset, what) refuses(GCM_S(text), offset, what)

static bool reads(struct gcm_slice text)
{
    struct gcm_raw value;
    struct gcm_raw_error error;
    return gcm_raw_read(text, &value, &error);
}

static void refuses(struct gcm_slice text, size_t offset, const char *what)
{
    struct gcm_raw value;
    struct gcm_raw_error error = {SIZE_MAX, ""};
    if (gcm_raw_read(text, &value, &error))
        fail_msg("%.*s was taken", GCM_P(text));
    if (error.offset != offset || strcmp(error.expected, what) != 0)
        fail_msg("%.*s: %zu %s, not %zu %s", GCM_P(text), error.offset, error.expected, offset,
                 what);
}

static struct gcm_raw raw(const char *text)
{
    struct gcm_raw value;
    struct gcm_raw_error error;
    assert_true(gcm_raw_read(gcm_slice_of(text), &value, &error));
    return value;
}

static void every_kind_of_value_is_read_without_the_blanks_around_it(void **state)
{
    (void)state;
    static const struct {
        const char *text, *value;
        enum gcm_raw_kind kind;
    } cases[] = {
        {" null\n", "null", GCM_RAW_NULL},
        {"false", "false", GCM_RAW_FALSE},
        {"\ttrue", "true", GCM_RAW_TRUE},
        {"0", "0", GCM_RAW_NUMBER},
        {" -0.50e+007 ", "-0.50e+007", GCM_RAW_NUMBER},
        {"12E-3", "12E-3", GCM_RAW_NUMBER},
        {"\r\"a\\u00e9\"", "\"a\\u00e9\"", GCM_RAW_STRING},
        {"[ ]", "[ ]", GCM_RAW_ARRAY},
        {"[1 , [2]]", "[1 , [2]]", GCM_RAW_ARRAY},
        {"{ }", "{ }", GCM_RAW_OBJECT},
        {" {\"a\" : {} , \"b\":\n1}", "{\"a\" : {} , \"b\":\n1}", GCM_RAW_OBJECT},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct gcm_raw value = raw(cases[i].text);
        assert_int_equal(value.kind, cases[i].kind);
        assert_true(gcm_slice_is(value.text, cases[i].value));
    }
}

static void what_is_no_json_is_refused_with_its_place(void **state)
{
    (void)state;
    REFUSES("", 0, "a value");
    REFUSES("  ", 2, "a value");
    REFUSES("nul", 0, "a value");
    REFUSES("nulL", 0, "a value");
    REFUSES("NaN", 0, "a value");
    REFUSES("'a'", 0, "a value");
    REFUSES("// a\n1", 0, "a value");
    REFUSES("1 2", 2, "nothing more");
    REFUSES("{}x", 2, "nothing more");
    REFUSES("truefalse", 4, "nothing more");
    REFUSES("[1]\0", 3, "nothing more");
    REFUSES("[1,]", 3, "a value");
    REFUSES("[,1]", 1, "a value");
    REFUSES("[1,,2]", 3, "a value");
    REFUSES("[1 2]", 3, "',' or ']'");
    REFUSES("[1}", 2, "',' or ']'");
    REFUSES("[", 1, "a value");
    REFUSES("[1", 2, "',' or ']'");
    REFUSES("{", 1, "a name in quotes, or '}'");
    REFUSES("{a:1}", 1, "a name in quotes, or '}'");
    REFUSES("{\"a\"}", 4, "':'");
    REFUSES("{\"a\" 1}", 5, "':'");
    REFUSES("{\"a\":}", 5, "a value");
    REFUSES("{\"a\":1,}", 7, "a name in quotes");
    REFUSES("{\"a\":1 \"b\":2}", 7, "',' or '}'");
    REFUSES("{\"a\":1]", 6, "',' or '}'");
    REFUSES("]", 0, "a value");
    REFUSES("\xef\xbb\xbf{}", 0, "a value"); /* a byte order mark */
    REFUSES("\f1", 0, "a value");
}

static void numbers_are_read_strictly(void **state)
{
    (void)state;
    READS("-0");
    READS("0e0");
    READS("10.01E5");
    REFUSES("01", 1, "no digit behind a leading 0");
    REFUSES("-01", 2, "no digit behind a leading 0");
    REFUSES("-", 1, "a digit");
    REFUSES("1.", 2, "a digit");
    REFUSES("1.e5", 2, "a digit");
    REFUSES("1e", 2, "a digit");
    REFUSES("1e+", 3, "a digit");
    REFUSES("+1", 0, "a value");
    REFUSES(".5", 0, "a value");
    REFUSES("0x10", 1, "nothing more");
    REFUSES("1_000", 1, "nothing more");
    REFUSES("-Infinity", 1, "a digit");
    REFUSES("[-]", 2, "a digit");
}

static void strings_are_read_strictly(void **state)
{
    (void)state;
    static const char control[] = "control characters only as escapes";
    READS("\"\x7f\xc2\x80 \xe2\x80\xa8\"");
    READS("\"\\\"\\\\\\/\\b\\f\\n\\r\\t\\u0000\\uD83D\\ude00\"");
    REFUSES("\"a", 2, "\" at the end of the text");
    REFUSES("\"a\\\"", 4, "\" at the end of the text");
    REFUSES("\"\n\"", 1, control);
    REFUSES("\"a\0\"", 2, control);
    REFUSES("\"a\x1f\"", 2, control);
    REFUSES("\"\\a\"", 2, "one of \" \\ / b f n r t u");
    REFUSES("\"\\\0\"", 2, "one of \" \\ / b f n r t u");
    REFUSES("\"\\", 2, "one of \" \\ / b f n r t u");
    REFUSES("\"\\u12g4\"", 3, "four hexadecimal digits");
    REFUSES("\"\\u12", 3, "four hexadecimal digits");
}

static void half_surrogate_pairs_are_refused(void **state)
{
    (void)state;
    static const char second[] = "the second half of a surrogate pair";
    REFUSES("\"\\ud800\"", 7, second);
    REFUSES("\"\\ud800x\"", 7, second);
    REFUSES("\"\\ud800\\n\"", 7, second);
    REFUSES("\"\\ud800\\ud800\"", 7, second);
    REFUSES("\"\\udbff\\u0041\"", 7, second);
    REFUSES("\"\\udc00\"", 1, "no second half of a surrogate pair without the first");
    READS("\"\\ud800\\udc00\\udbff\\udfff\"");
}

static void bytes_that_are_no_utf8_are_refused(void **state)
{
    (void)state;
    READS("\"\xc3\xa9\xe0\xa0\x80\xed\x9f\xbf\xee\x80\x80\xf0\x90\x80\x80\xf4\x8f\xbf\xbf\"");
    READS("\"\xef\xbf\xbe\xef\xbf\xbf\""); /* U+FFFE, U+FFFF */
    REFUSES("\"a\x80\"", 2, "UTF-8");
    REFUSES("\"\xc3\"", 1, "UTF-8");
    REFUSES("\"\xc0\xaf\"", 1, "UTF-8"); /* overlong */
    REFUSES("\"\xc1\xbf\"", 1, "UTF-8");
    REFUSES("\"\xe0\x9f\xbf\"", 1, "UTF-8");
    REFUSES("\"\xf0\x8f\xbf\xbf\"", 1, "UTF-8");
    REFUSES("\"\xed\xa0\x80\"", 1, "UTF-8");     /* a surrogate */
    REFUSES("\"\xf4\x90\x80\x80\"", 1, "UTF-8"); /* above U+10FFFF */
    REFUSES("\"\xf5\x80\x80\x80\"", 1, "UTF-8");
    REFUSES("\"\xff\"", 1, "UTF-8");
    REFUSES("\"\xe2\x82", 1, "UTF-8");
    REFUSES("\"\xe2\x82\"", 1, "UTF-8");
    REFUSES("\"\xf0\x9f\x98\"", 1, "UTF-8");
}

/* UTF-8 has no room for doubt: for every first and second byte, and the ends of the rest, the
 * verdict is that of RFC 3629's table. */
static void utf8_is_that_of_the_rfc(void **state)
{
    (void)state;
    static const unsigned char third[] = {0x7f, 0x80, 0xbf, 0xc0};
    for (unsigned a = 0x80; a < 0x100; a++)
        for (unsigned b = 0x20; b < 0x100; b++)
            for (unsigned size = 2; size <= 4; size++)
                for (size_t c = 0; c < sizeof third; c++) {
                    if (b == '"' || b == '\\')
                        continue;
                    char text[] = {'"',
                                   (char)a,
                                   (char)b,
                                   (char)(size > 2 ? third[c] : '"'),
                                   (char)(size > 3 ? third[c] : '"'),
                                   '"'};
                    bool tail = third[c] == 0x80 || third[c] == 0xbf;
                    bool good = false;
                    if (a >= 0xc2 && a <= 0xdf)
                        good = (size == 2 || third[c] == 0x7f) && b >= 0x80 && b <= 0xbf;
                    else if (a >= 0xe0 && a <= 0xef)
                        good = size == 3 && tail && b >= (a == 0xe0 ? 0xa0 : 0x80) &&
                               b <= (a == 0xed ? 0x9f : 0xbf);
                    else if (a >= 0xf0 && a <= 0xf4)
                        good = size == 4 && tail && b >= (a == 0xf0 ? 0x90 : 0x80) &&
                               b <= (a == 0xf4 ? 0x8f : 0xbf);
                    assert_int_equal(reads((struct gcm_slice){text, size + 2}), good);
                }
}

static struct gcm_slice nested(struct gcm_arena *arena, size_t levels, bool objects)
{
    struct gcm_buffer out = gcm_buffer(arena, GCM_BUFFER_CAP);
    for (size_t i = 0; i < levels; i++)
        gcm_puts(&out, objects && i % 3 ? "{\"a\":" : "[");
    gcm_puts(&out, "1");
    for (size_t i = levels; i-- > 0;)
        gcm_puts(&out, objects && i % 3 ? "}" : "]");
    return gcm_buffer_text(&out);
}

static void depth_is_capped(void **state)
{
    (void)state;
    struct gcm_arena arena = {0};
    assert_true(reads(nested(&arena, GCM_RAW_DEPTH, false)));
    assert_true(reads(nested(&arena, GCM_RAW_DEPTH, true)));
    refuses(nested(&arena, GCM_RAW_DEPTH + 1, false), GCM_RAW_DEPTH, "at most 2,000 levels");
    refuses(nested(&arena, 100000, false), GCM_RAW_DEPTH, "at most 2,000 levels");
    struct gcm_raw deep;
    struct gcm_raw_error error;
    assert_true(gcm_raw_read(nested(&arena, GCM_RAW_DEPTH, true), &deep, &error));
    struct gcm_raw same = {gcm_copy(&arena, deep.text), deep.kind};
    *(char *)(uintptr_t)memchr(same.text.at, '1', same.text.size) = '2';
    assert_false(gcm_raw_equal(&arena, deep, same));
    gcm_arena_free(&arena);
}

/* Brackets, names and texts at every place of a block of 64 bytes, in all three checkers. */
static void all_checkers_agree_wherever_a_text_lies(void **state)
{
    (void)state;
    static const char *const good[] = {
        "{\"a\":[1,-2.5e3,true,false,null,{},[],\"\"],\"b\\\"\":{\"\":\"\\\\\"}}",
        "[[[[[{\"a\":{\"b\":[[]]}}]]]],\"\\ud83d\\ude00\xf0\x9f\x98\x80\",0]"};
    static const char *const bad[] = {"{\"a\":1,}",
                                      "{\"a\",1}",
                                      "{\"a\":1:2}",
                                      "{1:2}",
                                      "{\"a\"}",
                                      "{\"a\":}",
                                      "[1 ,]",
                                      "[,]",
                                      "[1,,2]",
                                      "[\"a\"\"b\"]",
                                      "[\"a\":1]",
                                      "[1]]",
                                      "[1}",
                                      "{\"a\":1]",
                                      "[12x]",
                                      "[01]",
                                      "[tru]",
                                      "[truee]",
                                      "[\"\\x\"]",
                                      "[\"\\ud800\"]",
                                      "[\"\xc3\"]",
                                      "[\"\t\"]",
                                      "[\"a]",
                                      "[1]\\",
                                      "[\\\"a\"]",
                                      "[1][2]",

                                      "[]1",
                                      "[1\"a\"]",
                                      "[\"a\"1]",
                                      "[{}{}]",
                                      "[{}\"a\"]",
                                      "[\"a\"{}]",
                                      "[1{}]",
                                      "[{}1]",
                                      "[-]",
                                      "{\"a\":\"b\",\"c\"}",
                                      "{\"a\":[1,\"b\":2]}",
                                      "{\"a\":{\"b\":1},2}",
                                      "{{}}",
                                      "{[]}",
                                      "{\"a\":1,[]}"};
    char text[400];
    for (size_t before = 0; before < 140; before++)
        for (size_t i = 0; i < sizeof good / sizeof *good + sizeof bad / sizeof *bad; i++) {
            bool valid = i < sizeof good / sizeof *good;
            const char *value = valid ? good[i] : bad[i - sizeof good / sizeof *good];
            int size = snprintf(text, sizeof text, "[\"%.*s\",%s,\"b\"]", (int)before,
                                "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
                                "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
                                "aaaaaaaaaa",
                                value);
            struct gcm_slice all = {text, (size_t)size};
            struct gcm_raw ignored;
            struct gcm_raw_error error;
            if (gcm_raw_plain(all, &ignored, &error) != valid)
                fail_msg("plain: %s", text);
#ifdef __SSE2__
            if (gcm_raw_wide_sse2(all, NULL) != valid)
                fail_msg("sse2: %s", text);
            if (gcm_raw_has_avx2() && gcm_raw_wide_avx2(all, NULL) != valid)
                fail_msg("avx2: %s", text);
#endif
        }
}

static void every_prefix_of_a_text_is_refused(void **state)
{
    (void)state;
    static const char text[] =
        "{\"a\\n\xc3\xa9\\ud83d\\ude00\": [1, -2.50e+3, true, false, null, {}, []], \"\": \"\"}";
    char copy[sizeof text];
    for (size_t size = 0; size < sizeof text - 1; size++) {
        memcpy(copy, text, size);
        memset(copy + size, '0', sizeof copy - size); /* nothing behind its end is looked at */
        struct gcm_raw value;
        struct gcm_raw_error error = {SIZE_MAX, NULL};
        assert_false(gcm_raw_read((struct gcm_slice){copy, size}, &value, &error));
        assert_true(error.offset <= size);
        assert_non_null(error.expected);
    }
    READS("[]");
    assert_true(reads((struct gcm_slice){text, sizeof text - 1}));
}

static void a_walk_gives_every_element_and_member(void **state)
{
    (void)state;
    struct gcm_slice key;
    struct gcm_raw value;
    struct gcm_raw_walk walk = gcm_raw_walk(raw("[ 1 ,\"]\\\"\\\\\" , {\"a]\":[2]} ,[ ],null ]"));
    static const char *const elements[] = {"1", "\"]\\\"\\\\\"", "{\"a]\":[2]}", "[ ]", "null"};
    for (size_t i = 0; i < 5; i++) {
        assert_true(gcm_raw_next(&walk, &key, &value));
        assert_true(gcm_slice_is(value.text, elements[i]));
        assert_int_equal(key.size, 0);
    }
    assert_false(gcm_raw_next(&walk, &key, &value));
    assert_false(gcm_raw_next(&walk, NULL, &value));

    walk = gcm_raw_walk(raw("{\"a\" : 1.5 , \"b\\\"\":{},\"\":\"x\"}"));
    static const char *const members[][2] = {{"a", "1.5"}, {"b\\\"", "{}"}, {"", "\"x\""}};
    for (size_t i = 0; i < 3; i++) {
        assert_true(gcm_raw_next(&walk, &key, &value));
        assert_true(gcm_slice_is(key, members[i][0]));
        assert_true(gcm_slice_is(value.text, members[i][1]));
    }
    assert_false(gcm_raw_next(&walk, &key, &value));

    static const char *const others[] = {"[]", "{ }", "1", "\"[1]\"", "null"};
    for (size_t i = 0; i < 5; i++) {
        walk = gcm_raw_walk(raw(others[i]));
        assert_false(gcm_raw_next(&walk, &key, &value));
    }
}

static void the_last_member_of_a_name_counts(void **state)
{
    (void)state;
    struct gcm_raw object = raw("{\"id\":1,\"i\\u0064\":2,\"ID\":3,\"idx\":4}"), value;
    assert_true(gcm_raw_member(object, "id", &value));
    assert_true(gcm_slice_is(value.text, "2"));
    assert_false(gcm_raw_member(object, "i", &value));
    assert_false(gcm_raw_member(raw("[\"id\",1]"), "id", &value));
}

static void strings_are_decoded(void **state)
{
    (void)state;
    struct gcm_arena arena = {0};
    struct gcm_raw plain = raw("\"caf\xc3\xa9\"");
    assert_ptr_equal(gcm_raw_string(&arena, plain).at, plain.text.at + 1);
    assert_true(gcm_slice_is(gcm_raw_string(&arena, plain), "caf\xc3\xa9"));
    assert_int_equal(gcm_raw_string(&arena, raw("\"\"")).size, 0);
    struct gcm_slice decoded = gcm_raw_string(
        &arena, raw("\"\\\"\\\\\\/\\b\\f\\n\\r\\t\\u0000\\u00E9\\u20ac\\ud83d\\uDe00x\""));
    assert_true(
        gcm_slice_equal(decoded, GCM_S("\"\\/\b\f\n\r\t\0\xc3\xa9\xe2\x82\xac\xf0\x9f\x98\x80x")));
    gcm_arena_free(&arena);
}

static void strings_are_written_with_no_escape_too_many(void **state)
{
    (void)state;
    struct gcm_arena arena = {0};
    struct gcm_slice text = GCM_S("a\"b\\c/\n\r\t\b\0\x1f\x7f\xc3\xa9\xf0\x9f\x98\x80"), written;
    struct gcm_buffer out = gcm_buffer(&arena, GCM_BUFFER_CAP);
    gcm_put_raw_string(&out, text);
    written = gcm_buffer_text(&out);
    assert_true(gcm_slice_is(
        written, "\"a\\\"b\\\\c/\\n\\r\\t\\u0008\\u0000\\u001f\x7f\xc3\xa9\xf0\x9f\x98\x80\""));
    struct gcm_raw again;
    struct gcm_raw_error error;
    assert_true(gcm_raw_read(written, &again, &error));
    assert_true(gcm_slice_equal(gcm_raw_string(&arena, again), text));
    gcm_arena_free(&arena);
}

static void characters_are_counted_as_both_servers_count_them(void **state)
{
    (void)state;
    assert_int_equal(gcm_utf16_length(GCM_S("")), 0);
    assert_int_equal(gcm_utf16_length(GCM_S("a\xc3\xa9\xe2\x82\xac")), 3);
    assert_int_equal(gcm_utf16_length(GCM_S("\xf0\x9f\x98\x80")), 2);
}

static void same(const char *a, const char *b, bool wanted)
{
    struct gcm_arena scratch = {0};
    if (gcm_raw_equal(&scratch, raw(a), raw(b)) != wanted ||
        gcm_raw_equal(&scratch, raw(b), raw(a)) != wanted)
        fail_msg("%s and %s", a, b);
    gcm_arena_free(&scratch);
}

static void values_are_compared_whatever_their_text(void **state)
{
    (void)state;
    same("1.50", "15e-1", true);
    same("0", "-0.0e9", true);
    same("1", "\"1\"", false);
    same("true", "false", false);
    same("null", "null", true);
    same("\"\\u00e9/\"", "\"\xc3\xa9\\/\"", true);
    same("\"a\"", "\"ab\"", false);
    same("\"\\u0000\"", "\"\"", false);
    same("\"\"", "\"\"", true);
    same("[1, 2]", "[1,2.0]", true);
    same("[1,2]", "[2,1]", false);
    same("[1]", "[1,1]", false);
    same("[]", "{}", false);
    same("{\"a\":1,\"b\":[2]}", "{\"b\" : [2.0], \"\\u0061\":1}", true);
    same("{\"a\":1}", "{\"a\":2}", false);
    same("{\"a\":1}", "{\"b\":1}", false);
    same("{\"a\":1}", "{\"a\":1,\"b\":null}", false);
    same("{\"a\":1,\"a\":2}", "{\"a\":2}", true);
    same("{\"a\":2,\"a\":1}", "{\"a\":2}", false);
    same("{\"a\":1,\"a\":2}", "{\"a\":2,\"\\u0061\":1}", false);
}

static void compares(const char *a, const char *b, int wanted)
{
    if (gcm_number_compare(gcm_slice_of(a), gcm_slice_of(b)) != wanted ||
        gcm_number_compare(gcm_slice_of(b), gcm_slice_of(a)) != -wanted)
        fail_msg("%s and %s", a, b);
}

static void numbers_are_compared_by_all_their_digits(void **state)
{
    (void)state;
    compares("0", "-0", 0);
    compares("0e999999999999999999999999", "0.000", 0);
    compares("1", "1.000", 0);
    compares("100", "1e2", 0);
    compares("1000e-1", "0.01E4", 0);
    compares("-5", "3", -1);
    compares("-5", "-3", -1);
    compares("5", "3", 1);
    compares("10", "9", 1);
    compares("0.1", "0.09", 1);
    compares("0.10", "0.1", 0);
    compares("1.05", "1.5", -1);
    compares("105", "10.5e1", 0);
    compares("9007199254740993", "9007199254740992", 1);
    compares("123456789012345678901234567890.5", "123456789012345678901234567890.4", 1);
    compares("0.30000000000000004", "0.3", 1);
    compares("1e400", "1e401", -1);
    compares("-1e400", "-1e401", 1);
    compares("1e99999999999999999999", "1e99999999999999999998", 1);
    compares("10e99999999999999999998", "1e99999999999999999999", 0);
    compares("1e-99999999999999999999", "0", 1);
    compares("1e-99999999999999999999", "0.1e-99999999999999999998", 0);
    compares("1e1000000000000000000", "10e999999999999999999", 0);
    compares("1e1000000000000000000", "0.1e1000000000000000001", 0);
    compares("1e-1000000000000000000", "1e1000000000000000000", -1);
    compares("1e9223372036854775807", "1e9223372036854775808", -1);
    compares("1e00000000000000000000000000000000000002", "100", 0);
}

static void integer(const char *text, bool wanted, int64_t value)
{
    int64_t got = 7;
    if (gcm_number_integer(gcm_slice_of(text), &got) != wanted || (wanted && got != value))
        fail_msg("%s is %lld", text, (long long)got);
}

static void integers_are_found_whatever_their_text(void **state)
{
    (void)state;
    integer("0", true, 0);
    integer("-0.0e5", true, 0);
    integer("1.0", true, 1);
    integer("1e3", true, 1000);
    integer("1.25e2", true, 125);
    integer("-120e-1", true, -12);
    integer("1.5", false, 0);
    integer("1e-1", false, 0);
    integer("125e-1", false, 0);
    integer("9223372036854775807", true, INT64_MAX);
    integer("9223372036854775808", false, 0);
    integer("-9223372036854775808", true, INT64_MIN);
    integer("-9223372036854775809", false, 0);
    integer("1e18", true, INT64_C(1000000000000000000));
    integer("1e19", false, 0);
    integer("9e18", true, INT64_C(9000000000000000000));
    integer("99999999999999999999", false, 0);
    integer("1e99999999999999999999999", false, 0);
    integer("1e-99999999999999999999999", false, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_kind_of_value_is_read_without_the_blanks_around_it),
        cmocka_unit_test(what_is_no_json_is_refused_with_its_place),
        cmocka_unit_test(numbers_are_read_strictly),
        cmocka_unit_test(strings_are_read_strictly),
        cmocka_unit_test(half_surrogate_pairs_are_refused),
        cmocka_unit_test(bytes_that_are_no_utf8_are_refused),
        cmocka_unit_test(utf8_is_that_of_the_rfc),
        cmocka_unit_test(depth_is_capped),
        cmocka_unit_test(all_checkers_agree_wherever_a_text_lies),
        cmocka_unit_test(every_prefix_of_a_text_is_refused),
        cmocka_unit_test(a_walk_gives_every_element_and_member),
        cmocka_unit_test(the_last_member_of_a_name_counts),
        cmocka_unit_test(strings_are_decoded),
        cmocka_unit_test(strings_are_written_with_no_escape_too_many),
        cmocka_unit_test(characters_are_counted_as_both_servers_count_them),
        cmocka_unit_test(values_are_compared_whatever_their_text),
        cmocka_unit_test(numbers_are_compared_by_all_their_digits),
        cmocka_unit_test(integers_are_found_whatever_their_text),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
