/* yaml: trees with places, types of scalars, and what is refused. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "core/embedded.h"
#include "core/yaml_pack.h"

static struct gcm_arena arena;

static struct gcm_yaml *read_text(const char *text)
{
    struct gcm_file *file = GCM_NEW(&arena, struct gcm_file);
    *file = (struct gcm_file){GCM_S("test.yml"), gcm_slice_of(text)};
    struct gcm_yaml *root = NULL;
    struct gcm_error err;
    assert_int_equal(gcm_yaml_read(&arena, file, &root, &err), GCM_OK);
    return root;
}

static struct gcm_error refusal(const char *text)
{
    struct gcm_file *file = GCM_NEW(&arena, struct gcm_file);
    *file = (struct gcm_file){GCM_S("test.yml"), gcm_slice_of(text)};
    struct gcm_yaml *root = NULL;
    struct gcm_error err = {0};
    assert_int_equal(gcm_yaml_read(&arena, file, &root, &err), GCM_BAD_INPUT);
    assert_null(root);
    return err;
}

static void assert_text(struct gcm_slice text, const char *expected)
{
    assert_string_equal(gcm_cstring(&arena, text), expected);
}

static int teardown(void **state)
{
    (void)state;
    gcm_arena_free(&arena);
    return 0;
}

static void mappings_keep_the_order_of_the_file(void **state)
{
    (void)state;
    const struct gcm_yaml *root = read_text("b: 1\na: [x, 'y']\n");
    assert_int_equal(root->kind, GCM_YAML_MAP);
    assert_int_equal(root->count, 2);
    assert_text(root->keys[0]->text, "b");
    const struct gcm_yaml *list = gcm_yaml_get(root, "a");
    assert_int_equal(list->kind, GCM_YAML_LIST);
    assert_text(list->items[1]->text, "y");
    assert_true(list->items[1]->quoted);
    assert_null(gcm_yaml_get(root, "c"));
    assert_null(gcm_yaml_get(list, "a"));
}

static void empty_files_have_no_root(void **state)
{
    (void)state;
    assert_null(read_text(""));
    assert_null(read_text("\xef\xbb\xbf"));
    assert_null(read_text("# only a comment\n"));
}

static void places_count_characters_not_bytes(void **state)
{
    (void)state;
    const struct gcm_yaml *root = read_text("# é\nä: \"ü\"\r\nlist:\n  - a: ö b\n");
    const struct gcm_yaml *value = gcm_yaml_get(root, "ä");
    assert_int_equal(value->place.line, 2);
    assert_int_equal(value->place.column, 4);
    assert_int_equal(value->place.offset, 9);
    assert_int_equal(value->place.size, 4);
    const struct gcm_yaml *item = gcm_yaml_get(root, "list")->items[0];
    assert_int_equal(item->place.line, 4);
    assert_int_equal(item->place.column, 5);
    assert_int_equal(item->place.size, 7);
}

static void byte_order_mark_has_no_column(void **state)
{
    (void)state;
    const struct gcm_yaml *root = read_text("\xef\xbb\xbftypes: a\n");
    const struct gcm_yaml *value = gcm_yaml_get(root, "types");
    assert_int_equal(value->place.column, 8);
    assert_int_equal(value->place.offset, 10);
}

static void plain_scalars_have_the_types_of_js_yaml(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        enum gcm_yaml_type type;
    } cases[] = {
        {"", GCM_YAML_NULL},
        {"~", GCM_YAML_NULL},
        {"NULL", GCM_YAML_NULL},
        {"nULL", GCM_YAML_STRING},
        {"true", GCM_YAML_BOOLEAN},
        {"False", GCM_YAML_BOOLEAN},
        {"yes", GCM_YAML_STRING},
        {"on", GCM_YAML_STRING},
        {"0", GCM_YAML_INT},
        {"-12", GCM_YAML_INT},
        {"1_000", GCM_YAML_INT},
        {"1_", GCM_YAML_STRING},
        {"0x1F", GCM_YAML_INT},
        {"0b101", GCM_YAML_INT},
        {"017", GCM_YAML_INT},
        {"018", GCM_YAML_STRING},
        {"0o17", GCM_YAML_STRING},
        {"1:30", GCM_YAML_INT},
        {"1:75", GCM_YAML_STRING},
        {"1.5", GCM_YAML_FLOAT},
        {"1e3", GCM_YAML_FLOAT},
        {".5", GCM_YAML_FLOAT},
        {"-.5", GCM_YAML_STRING},
        {".inf", GCM_YAML_FLOAT},
        {"-.INF", GCM_YAML_FLOAT},
        {".nan", GCM_YAML_FLOAT},
        {"-.nan", GCM_YAML_STRING},
        {".", GCM_YAML_STRING},
        {"1.2.3", GCM_YAML_STRING},
        {"2017-12-01", GCM_YAML_TIMESTAMP},
        {"2017-1-1", GCM_YAML_STRING},
        {"2017-12-01T10:00:00Z", GCM_YAML_TIMESTAMP},
        {"2017-12-01 1:00:00 +1:30", GCM_YAML_TIMESTAMP},
        {"-", GCM_YAML_STRING},
        {"+", GCM_YAML_STRING},
        {"0x", GCM_YAML_STRING},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        if (gcm_yaml_plain_type(gcm_slice_of(cases[i].text)) != cases[i].type)
            fail_msg("%s has type %d", cases[i].text,
                     (int)gcm_yaml_plain_type(gcm_slice_of(cases[i].text)));
}

static void quoted_scalars_are_texts(void **state)
{
    (void)state;
    const struct gcm_yaml *root =
        read_text("a: 'true'\nb: \"1\"\nc: true\nd: !!str 1\ne: |\n  1\n");
    assert_false(gcm_yaml_is_true(gcm_yaml_get(root, "a")));
    assert_true(gcm_yaml_is_string(gcm_yaml_get(root, "b")));
    assert_true(gcm_yaml_is_true(gcm_yaml_get(root, "c")));
    assert_true(gcm_yaml_is_string(gcm_yaml_get(root, "d")));
    assert_text(gcm_yaml_text(gcm_yaml_get(root, "e")), "1\n");
}

static void aliases_repeat_and_merge(void **state)
{
    (void)state;
    const struct gcm_yaml *root = read_text("a: &a {x: 1, y: 2}\n"
                                            "b: {<<: *a, y: 3, z: *a}\n"
                                            "c: {y: 4, <<: [*a, {w: 5}]}\n");
    const struct gcm_yaml *b = gcm_yaml_get(root, "b");
    assert_int_equal(b->count, 3);
    assert_text(gcm_yaml_text(gcm_yaml_get(b, "x")), "1");
    assert_text(gcm_yaml_text(gcm_yaml_get(b, "y")), "3");
    assert_int_equal(gcm_yaml_get(b, "z")->place.line, 2);
    const struct gcm_yaml *c = gcm_yaml_get(root, "c");
    assert_text(gcm_yaml_text(gcm_yaml_get(c, "y")), "4");
    assert_text(gcm_yaml_text(gcm_yaml_get(c, "w")), "5");
}

static void duplicate_keys_are_refused_with_both_places(void **state)
{
    (void)state;
    struct gcm_error err = refusal("a: 1\nb:\n  c: 1\n  c: 2\n");
    assert_int_equal(err.place.line, 4);
    assert_int_equal(err.place.column, 3);
    assert_true(gcm_slice_has(err.message, "first in line 3"));
}

static void second_documents_are_refused(void **state)
{
    (void)state;
    assert_int_equal(refusal("a: 1\n---\nb: 2\n").place.line, 2);
    assert_non_null(read_text("---\na: 1\n...\n"));
}

static void depth_is_limited_also_through_aliases(void **state)
{
    (void)state;
    struct gcm_buffer text = gcm_buffer(&arena, 1000);
    gcm_puts(&text, "a: &a ");
    for (int i = 0; i < 80; i++)
        gcm_putc(&text, i < 40 ? '[' : ']');
    gcm_puts(&text, "\nb: ");
    for (int i = 0; i < 60; i++)
        gcm_puts(&text, i < 30 ? "[" : i == 30 ? "*a]" : "]");
    assert_true(gcm_slice_has(refusal(gcm_buffer_text(&text).at).message, "nested too deep"));
}

static void nodes_of_aliases_are_counted(void **state)
{
    (void)state;
    assert_true(gcm_slice_has(refusal("a: &a [1,1,1,1,1,1,1,1,1,1]\n"
                                      "b: &b [*a,*a,*a,*a,*a,*a,*a,*a,*a,*a]\n"
                                      "c: &c [*b,*b,*b,*b,*b,*b,*b,*b,*b,*b]\n"
                                      "d: &d [*c,*c,*c,*c,*c,*c,*c,*c,*c,*c]\n"
                                      "e: [*d,*d,*d,*d,*d,*d,*d,*d,*d,*d]\n")
                                  .message,
                              "too many values"));
}

static void values_within_themselves_are_refused(void **state)
{
    (void)state;
    assert_true(gcm_slice_has(refusal("a: &a [*a]\n").message, "stands inside"));
    assert_true(gcm_slice_has(refusal("a: *b\n").message, "nothing above names"));
}

static void lists_cannot_be_keys(void **state)
{
    (void)state;
    assert_true(gcm_slice_has(refusal("? [a]\n: b\n").message, "must be a text"));
}

static void errors_point_at_the_cause(void **state)
{
    (void)state;
    struct gcm_error err = refusal("a:\n\tb: 1\n");
    assert_int_equal(err.place.line, 2);
    assert_true(gcm_slice_has(err.message, "tab"));
    err = refusal("permissions:\n- operation: *\n");
    assert_int_equal(err.place.column, 14);
    assert_true(gcm_slice_has(err.hint, "operation: \"*\""));
    err = refusal("a: \"b\nc: d\n");
    assert_int_equal(err.place.line, 1);
    assert_int_equal(err.place.column, 4);
}

static void assert_same(const struct gcm_yaml *one, const struct gcm_yaml *other)
{
    assert_int_equal(one->kind, other->kind);
    assert_int_equal(one->type, other->type);
    assert_int_equal(one->quoted, other->quoted);
    assert_memory_equal(&one->place, &other->place, sizeof one->place);
    assert_true(gcm_slice_equal(one->text, other->text));
    assert_int_equal(one->count, other->count);
    for (size_t i = 0; i < one->count; i++) {
        if (one->kind == GCM_YAML_MAP)
            assert_same(one->keys[i], other->keys[i]);
        assert_same(one->items[i], other->items[i]);
    }
}

static void the_rules_are_packed_as_they_are_read(void **state)
{
    (void)state;
    const struct gcm_file *file;
    size_t packed = 0;
    for (size_t i = 0; (file = gcm_embedded_at(&arena, i)); i++) {
        const char *pack = gcm_embedded_pack(file);
        struct gcm_yaml *root = NULL;
        struct gcm_error err;
        if (!pack)
            continue;
        assert_int_equal(gcm_yaml_read(&arena, file, &root, &err), GCM_OK);
        assert_same(root, gcm_yaml_unpack(&arena, file, pack));
        packed++;
    }
    assert_true(packed > 10);
}

static void what_is_packed_comes_back(void **state)
{
    (void)state;
    const struct gcm_yaml *root =
        read_text("a: [1, 'two', {b: \"\", c: ~}, []]\nä: |\n  long\n  text\n");
    struct gcm_buffer out = gcm_buffer(&arena, GCM_BUFFER_CAP);
    gcm_yaml_pack(&out, root);
    assert_same(root, gcm_yaml_unpack(&arena, root->place.file, gcm_buffer_text(&out).at));
    out = gcm_buffer(&arena, GCM_BUFFER_CAP);
    gcm_yaml_pack(&out, NULL);
    assert_null(gcm_yaml_unpack(&arena, root->place.file, gcm_buffer_text(&out).at));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_teardown(mappings_keep_the_order_of_the_file, teardown),
        cmocka_unit_test_teardown(empty_files_have_no_root, teardown),
        cmocka_unit_test_teardown(places_count_characters_not_bytes, teardown),
        cmocka_unit_test_teardown(byte_order_mark_has_no_column, teardown),
        cmocka_unit_test_teardown(plain_scalars_have_the_types_of_js_yaml, teardown),
        cmocka_unit_test_teardown(quoted_scalars_are_texts, teardown),
        cmocka_unit_test_teardown(aliases_repeat_and_merge, teardown),
        cmocka_unit_test_teardown(duplicate_keys_are_refused_with_both_places, teardown),
        cmocka_unit_test_teardown(second_documents_are_refused, teardown),
        cmocka_unit_test_teardown(depth_is_limited_also_through_aliases, teardown),
        cmocka_unit_test_teardown(nodes_of_aliases_are_counted, teardown),
        cmocka_unit_test_teardown(values_within_themselves_are_refused, teardown),
        cmocka_unit_test_teardown(lists_cannot_be_keys, teardown),
        cmocka_unit_test_teardown(errors_point_at_the_cause, teardown),
        cmocka_unit_test_teardown(the_rules_are_packed_as_they_are_read, teardown),
        cmocka_unit_test_teardown(what_is_packed_comes_back, teardown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
