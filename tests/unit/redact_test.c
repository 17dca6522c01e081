/* redact: what of a source line may be shown. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "core/json.h"
#include "core/redact.h"

static const char project[] =
    "types: ./types.graphql # token 123456\n"                                         /* 1 */
    "custom:\n"                                                                       /* 2 */
    "  keys:\n"                                                                       /* 3 */
    "  - hunter2\n"                                                                   /* 4 */
    "permissions:\n"                                                                  /* 5 */
    "- operation: Post.read\n"                                                        /* 6 */
    "  authenticated: true\n"                                                         /* 7 */
    "- {operation: Post.update, query: ./p.graphql:Own, fields: [a]}\n"               /* 8 */
    "functions:\n"                                                                    /* 9 */
    "  mail:\n"                                                                       /* 10 */
    "    type: subscription\n"                                                        /* 11 */
    "    handler:\n"                                                                  /* 12 */
    "      webhook:\n"                                                                /* 13 */
    "        url: https://hooks.example/T0/${env:HOOK}?k=hunter2\n"                   /* 14 */
    "        headers: {Authorization: 'Bearer hunter2', type: hunter2}\n"             /* 15 */
    "  sign:\n"                                                                       /* 16 */
    "    handler:\n"                                                                  /* 17 */
    "      code:\n"                                                                   /* 18 */
    "        src: ./sign.js\n"                                                        /* 19 */
    "        environment:\n"                                                          /* 20 */
    "          type: hunter2\n"                                                       /* 21 */
    "          KEY: |\n"                                                              /* 22 */
    "            -----BEGIN hunter2-----\n"                                           /* 23 */
    "            type: hunter2\n"                                                     /* 24 */
    "          WITH_FALLBACK: ${env:X, 'hunter2'}\n"                                  /* 25 */
    "  hook: {handler: {webhook: 'https://x.example/hunter2'}, type: subscription}\n" /* 26 */
    "rootTokens:\n"                                                                   /* 27 */
    "- admin\n"                                                                       /* 28 */
    "custom: [hunter2, type: hunter2]\n";                                             /* 29 */

static struct gcm_place line_of(struct gcm_arena *arena, const char *path, unsigned line)
{
    struct gcm_file *file = GCM_NEW(arena, struct gcm_file);
    *file = (struct gcm_file){gcm_slice_of(path), gcm_slice_of(project)};
    size_t offset = 0;
    for (unsigned at = 1; at < line; offset++)
        at += project[offset] == '\n';
    return gcm_place_in(file, offset, 1);
}

static void expect(unsigned line, const char *shown)
{
    struct gcm_arena arena = {0};
    struct gcm_slice text = gcm_redact(&arena, line_of(&arena, "graphcool.yml", line)).text;
    assert_string_equal(gcm_cstring(&arena, text), shown);
    gcm_arena_free(&arena);
}

static void values_of_harmless_keys_are_shown(void **state)
{
    (void)state;
    expect(6, "- operation: Post.read");
    expect(7, "  authenticated: true");
    expect(8, "- {operation: Post.update, query: ./p.graphql:Own, fields: [a]}");
    expect(11, "    type: subscription");
    expect(19, "        src: ./sign.js");
    expect(28, "- admin");
}

static void secrets_are_masked_and_references_stay(void **state)
{
    (void)state;
    expect(1, "types: ./types.graphql #***");
    expect(4, "  - ***");
    expect(14, "        url: ***${env:HOOK}***");
    expect(15, "        headers: {Authorization: ***, type: ***}");
    expect(21, "          type: ***");
    expect(25, "          WITH_FALLBACK: ***");
    expect(26, "  hook: {handler: {webhook: ***}, type: subscription}");
}

static void no_line_of_a_project_shows_a_planted_secret(void **state)
{
    (void)state;
    struct gcm_arena arena = {0};
    for (unsigned line = 1; line <= 29; line++) {
        struct gcm_slice shown =
            gcm_redact(&arena, line_of(&arena, "server/graphcool.yml", line)).text;
        assert_false(gcm_slice_has(shown, "hunter2"));
        assert_false(gcm_slice_has(shown, "123456"));
    }
    gcm_arena_free(&arena);
}

static void program_code_is_never_shown(void **state)
{
    (void)state;
    struct gcm_arena arena = {0};
    assert_int_equal(gcm_redact(&arena, line_of(&arena, "src/sign.js", 1)).text.size, 0);
    gcm_arena_free(&arena);
}

static void caret_stays_under_what_it_marks(void **state)
{
    (void)state;
    struct gcm_arena arena = {0};
    struct gcm_place place = line_of(&arena, "graphcool.yml", 26);
    place.offset += 58; /* type: subscription, behind a mask */
    place.size = 4;
    struct gcm_shown_line shown = gcm_redact(&arena, place);
    assert_string_equal(gcm_cstring(&arena, gcm_slice_sub(shown.text, shown.at, shown.size)),
                        "type");
    place.offset -= 20; /* inside the URL */
    shown = gcm_redact(&arena, place);
    assert_string_equal(gcm_cstring(&arena, gcm_slice_sub(shown.text, shown.at, 3)), "***");
    gcm_arena_free(&arena);
}

static void json_is_valid_whatever_the_bytes_are(void **state)
{
    (void)state;
    struct gcm_arena arena = {0};
    struct gcm_buffer out = gcm_buffer(&arena, GCM_BUFFER_CAP);
    struct gcm_json json = gcm_json(&out);
    gcm_json_open(&json, '{');
    gcm_json_member(&json, "bad", GCM_S("a\xff\xc3\xed\xa0\x80\xc3\xa9\x01\"\\"));
    gcm_json_member_or_null(&json, "none", GCM_S(""));
    gcm_json_key(&json, "list");
    gcm_json_open(&json, '[');
    gcm_json_number(&json, 1);
    gcm_json_bool(&json, true);
    gcm_json_close(&json, ']');
    gcm_json_key(&json, "empty");
    gcm_json_open(&json, '[');
    gcm_json_close(&json, ']');
    gcm_json_close(&json, '}');
    assert_string_equal(gcm_buffer_text(&out).at,
                        "{\n  \"bad\": \"a\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd"
                        "\xef\xbf\xbd\xc3\xa9\\u0001\\\"\\\\\",\n  \"none\": null,\n"
                        "  \"list\": [\n    1,\n    true\n  ],\n  \"empty\": []\n}\n");
    gcm_arena_free(&arena);
}

static void json_puts_a_block_on_one_line_where_it_is_told_to(void **state)
{
    (void)state;
    struct gcm_arena arena = {0};
    struct gcm_buffer out = gcm_buffer(&arena, GCM_BUFFER_CAP);
    struct gcm_json json = gcm_json(&out);
    gcm_json_open(&json, '{');
    gcm_json_key(&json, "flat");
    gcm_json_open_flat(&json, '{');
    gcm_json_member_bool(&json, "a", true);
    gcm_json_key(&json, "inner");
    gcm_json_open_flat(&json, '[');
    gcm_json_number(&json, 1);
    gcm_json_close(&json, ']');
    gcm_json_key(&json, "none");
    gcm_json_open(&json, '{');
    gcm_json_close(&json, '}');
    gcm_json_close(&json, '}');
    gcm_json_key(&json, "behind");
    gcm_json_open(&json, '[');
    gcm_json_number(&json, 2);
    gcm_json_close(&json, ']');
    gcm_json_close(&json, '}');
    assert_string_equal(gcm_buffer_text(&out).at,
                        "{\n  \"flat\": { \"a\": true, \"inner\": [ 1 ], \"none\": {} },\n"
                        "  \"behind\": [\n    2\n  ]\n}\n");
    gcm_arena_free(&arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(values_of_harmless_keys_are_shown),
        cmocka_unit_test(secrets_are_masked_and_references_stay),
        cmocka_unit_test(no_line_of_a_project_shows_a_planted_secret),
        cmocka_unit_test(program_code_is_never_shown),
        cmocka_unit_test(caret_stays_under_what_it_marks),
        cmocka_unit_test(json_is_valid_whatever_the_bytes_are),
        cmocka_unit_test(json_puts_a_block_on_one_line_where_it_is_told_to),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
