/* variables of graphcool.yml: env, self, opt, literals, lists. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include "core/file.h"
#include "source/reader.h"

static struct gcm_arena arena;

static int teardown(void **state)
{
    (void)state;
    gcm_arena_free(&arena);
    return 0;
}

struct read_custom {
    struct gcm_project *project;
    const struct gcm_yaml *custom;
};

/* Replaces the variables of a text that stands below `custom:`. */
static struct read_custom replace(const char *custom, const struct gcm_project_options *options)
{
    struct gcm_file *file = GCM_NEW(&arena, struct gcm_file);
    *file = (struct gcm_file){GCM_S("graphcool.yml"),
                              gcm_format(&arena, "types: a.graphql\ncustom:\n%s", custom)};
    struct gcm_reader reader = {.arena = &arena, .options = options, .definition = file};
    reader.project = GCM_NEW(&arena, struct gcm_project);
    reader.project->arena = &arena;
    struct gcm_yaml *root = NULL;
    struct gcm_error err;
    assert_int_equal(gcm_yaml_read(&arena, file, &root, &err), GCM_OK);
    return (struct read_custom){reader.project,
                                gcm_yaml_get(gcm_replace_variables(&reader, root), "custom")};
}

static const char *text_of(const struct read_custom *read, const char *key)
{
    return gcm_cstring(&arena, gcm_yaml_text(gcm_yaml_get(read->custom, key)));
}

static void environment_stays_a_reference(void **state)
{
    (void)state;
    setenv("GCM_TEST_SECRET", "not-to-be-read", 1);
    struct read_custom read = replace("  a: ${env:GCM_TEST_SECRET}\n  b: ${env:GCM_TEST_UNSET}\n"
                                      "  c: ${env:GCM_TEST_SECRET, 'text'}\n",
                                      NULL);
    assert_string_equal(text_of(&read, "a"), "${env:GCM_TEST_SECRET}");
    assert_string_equal(text_of(&read, "b"), "${env:GCM_TEST_UNSET}");
    assert_string_equal(text_of(&read, "c"), "${env:GCM_TEST_SECRET, 'text'}");
    assert_int_equal(read.project->variables.count, 3);
    assert_true(read.project->variables.at[0].resolved);
    assert_false(read.project->variables.at[1].resolved);
    assert_int_equal(read.project->variables.at[1].place.line, 4);
    assert_int_equal(read.project->variables.at[1].place.column, 6);
    assert_int_equal(read.project->problems.count, 1);
}

static void environment_is_not_looked_at_when_ignored(void **state)
{
    (void)state;
    setenv("GCM_TEST_SECRET", "not-to-be-read", 1);
    const struct gcm_project_options options = {.ignore_environment = true};
    struct read_custom read = replace("  a: ${env:GCM_TEST_SECRET}\n", &options);
    assert_false(read.project->variables.at[0].resolved);
    assert_int_equal(read.project->problems.count, 0);
}

static void self_gives_values_of_any_kind(void **state)
{
    (void)state;
    struct read_custom read = replace("  a: ${self:custom.map}\n  map: {x: 1}\n  n: 5\n"
                                      "  b: x${self:custom.n}y\n  c: ${self:custom.map.x}\n"
                                      "  d: ${self:types}\n  e: ${self:custom.list.1}\n"
                                      "  list: [p, q]\n",
                                      NULL);
    assert_int_equal(gcm_yaml_get(read.custom, "a")->kind, GCM_YAML_MAP);
    assert_string_equal(text_of(&read, "b"), "x5y");
    assert_int_equal(gcm_yaml_get(read.custom, "c")->type, GCM_YAML_INT);
    assert_string_equal(text_of(&read, "d"), "a.graphql");
    assert_string_equal(text_of(&read, "e"), "q");
    assert_int_equal(read.project->problems.count, 0);
}

static void variables_nest(void **state)
{
    (void)state;
    const char *const flags[] = {"target=dev", NULL};
    const struct gcm_project_options options = {.flags = flags};
    struct read_custom read = replace("  a: ${self:custom.${opt:target}.url}/${opt:target}\n"
                                      "  dev: {url: '${self:custom.host}/x'}\n  host: h\n",
                                      &options);
    assert_string_equal(text_of(&read, "a"), "h/x/dev");
}

static void first_value_of_a_list_wins(void **state)
{
    (void)state;
    struct read_custom read = replace("  a: ${opt:none, self:custom.none, 'third'}\n"
                                      "  b: ${opt:none, self:custom.none}\n",
                                      NULL);
    assert_string_equal(text_of(&read, "a"), "third");
    assert_string_equal(text_of(&read, "b"), "${opt:none, self:custom.none}");
    assert_int_equal(read.project->problems.count, 1);
}

static void circles_end(void **state)
{
    (void)state;
    struct read_custom read = replace("  a: ${self:custom.b}\n  b: ${self:custom.c}\n"
                                      "  c: ${self:custom.a}\n  d: ${self:}\n  e: ok\n"
                                      "  f: ${self:custom.e}\n",
                                      NULL);
    assert_string_equal(text_of(&read, "a"), "${self:custom.b}");
    assert_string_equal(text_of(&read, "f"), "ok");
    assert_int_equal(read.project->problems.count, 4);
}

static void values_written_as_names_are_not_shown(void **state)
{
    (void)state;
    struct read_custom read = replace("  a: ${env:https://example.org/key}\n", NULL);
    assert_true(gcm_slice_is(read.project->variables.at[0].text, "env:***"));
    assert_false(gcm_slice_has(read.project->problems.at[0].message, "example"));
}

static void paths_are_filled_from_the_environment(void **state)
{
    (void)state;
    setenv("GCM_TEST_NAME", "hello", 1);
    struct gcm_reader reader = {.arena = &arena};
    assert_true(
        gcm_slice_is(gcm_fill_path(&reader, GCM_S("src/${env:GCM_TEST_NAME}.js")), "src/hello.js"));
    assert_true(gcm_slice_is(gcm_fill_path(&reader, GCM_S("src/${env:GCM_TEST_UNSET}.js")),
                             "src/${env:GCM_TEST_UNSET}.js"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_teardown(environment_stays_a_reference, teardown),
        cmocka_unit_test_teardown(environment_is_not_looked_at_when_ignored, teardown),
        cmocka_unit_test_teardown(self_gives_values_of_any_kind, teardown),
        cmocka_unit_test_teardown(variables_nest, teardown),
        cmocka_unit_test_teardown(first_value_of_a_list_wins, teardown),
        cmocka_unit_test_teardown(circles_end, teardown),
        cmocka_unit_test_teardown(values_written_as_names_are_not_shown, teardown),
        cmocka_unit_test_teardown(paths_are_filled_from_the_environment, teardown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
