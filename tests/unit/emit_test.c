/* emit: templates, checksums and the manifest. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "core/embedded.h"
#include "emit/manifest.h"
#include "emit/template.h"

static void blanks_are_filled_and_empty_lines_of_theirs_left_out(void **state)
{
    (void)state;
    struct gcm_arena arena = {0};
    const struct gcm_blank blanks[] = {{"a", GCM_S("1")}, {"none", GCM_S("")}};
    struct gcm_slice text = gcm_template_fill(
        &arena, GCM_S("{{a}}-{{a}}\n{{none}}\nx{{none}}\n{{b}} {{ ${env:X} {{a\n"), blanks, 2);
    assert_string_equal(text.at, "1-1\nx\n{{b}} {{ ${env:X} {{a\n");
    gcm_arena_free(&arena);
}

static void every_template_is_in_the_binary(void **state)
{
    (void)state;
    struct gcm_arena arena = {0};
    static const char *const names[] = {
        "prisma.yml",      "docker-compose.mysql.yml",       "docker-compose.postgres.yml",
        "env.example",     "docker-compose.mongo.yml",       "migration.md",
        "start.md",        "docker-compose.application.yml", "app/package.json",
        "app/src/index.js"};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        assert_true(gcm_template(&arena, names[i], NULL, 0).size > 0);
    gcm_arena_free(&arena);
}

static void checksum_is_fnv1a(void **state)
{
    (void)state;
    struct gcm_arena arena = {0};
    assert_string_equal(gcm_checksum(&arena, GCM_S("")).at, "fnv1a64:cbf29ce484222325");
    assert_string_equal(gcm_checksum(&arena, GCM_S("foobar")).at, "fnv1a64:85944171f73967e8");
    gcm_arena_free(&arena);
}

static void manifest_knows_what_was_written_and_what_stood_there_before(void **state)
{
    (void)state;
    struct gcm_arena arena = {0};
    struct gcm_manifest manifest = {0};
    struct gcm_error err = {0};
    struct gcm_file file = {
        GCM_S("m.json"),
        GCM_S("{\"tool\": {\"name\": \"graphcool-migrate\"}, \"written\": [{\"path\": \"a\", "
              "\"checksum\": \"one\", \"before\": \"two\"}, {\"path\": \"b\", \"checksum\": "
              "\"three\"}, 7]}")};
    assert_int_equal(gcm_manifest_read(&arena, &file, &manifest, &err), GCM_OK);
    assert_true(gcm_manifest_knows(&manifest, GCM_S("a"), GCM_S("one")));
    assert_true(gcm_manifest_knows(&manifest, GCM_S("a"), GCM_S("two")));
    assert_false(gcm_manifest_knows(&manifest, GCM_S("a"), GCM_S("three")));
    assert_false(gcm_manifest_knows(&manifest, GCM_S("b"), GCM_S("")));
    assert_false(gcm_manifest_knows(&manifest, GCM_S("c"), GCM_S("one")));
    gcm_arena_free(&arena);
}

static void manifest_of_somebody_else_is_refused(void **state)
{
    (void)state;
    struct gcm_arena arena = {0};
    static const char *const texts[] = {"", "[", "{}", "{\"tool\": {\"name\": \"other\"}}",
                                        "{\"tool\": {\"name\": \"graphcool-migrate\"}}"};
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        struct gcm_manifest manifest = {0};
        struct gcm_error err = {0};
        struct gcm_file file = {GCM_S("m.json"), gcm_slice_of(texts[i])};
        assert_int_equal(gcm_manifest_read(&arena, &file, &manifest, &err), GCM_BAD_INPUT);
    }
    gcm_arena_free(&arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(blanks_are_filled_and_empty_lines_of_theirs_left_out),
        cmocka_unit_test(every_template_is_in_the_binary),
        cmocka_unit_test(checksum_is_fnv1a),
        cmocka_unit_test(manifest_knows_what_was_written_and_what_stood_there_before),
        cmocka_unit_test(manifest_of_somebody_else_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
