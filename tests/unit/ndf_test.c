/* ndf: elements and pages. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "ndf/ndf.h"

static struct gcm_raw raw(const char *text)
{
    struct gcm_raw value;
    struct gcm_raw_error error;
    assert_true(gcm_raw_read(gcm_slice_of(text), &value, &error));
    return value;
}

static void ends(const struct gcm_ndf_end *end, const char *type, const char *id, const char *field)
{
    assert_true(gcm_slice_is(end->type, type));
    assert_true(gcm_slice_is(end->id, id));
    assert_true(gcm_slice_is(end->field, field));
}

static void elements_are_understood(void **state)
{
    (void)state;
    struct gcm_arena arena = {0};
    struct gcm_error err = {0};
    struct gcm_ndf_element element;
    struct gcm_raw node = raw("{\"title\":\"id\",\"id\":\"a\\/b\",\"_typeName\":\"Post\"}");
    assert_int_equal(gcm_ndf_element(&arena, GCM_NDF_NODES, node, &element, &err), GCM_OK);
    assert_true(gcm_slice_is(element.type, "Post"));
    assert_true(gcm_slice_is(element.id, "a/b"));
    assert_ptr_equal(element.raw.text.at, node.text.at);

    struct gcm_raw list = raw("{\"_typeName\":\"Post\",\"id\":\"\",\"tags\":[]}");
    assert_int_equal(gcm_ndf_element(&arena, GCM_NDF_LISTS, list, &element, &err), GCM_OK);
    assert_int_equal(element.kind, GCM_NDF_LISTS);
    assert_int_equal(element.id.size, 0); /* the source can hold such an id */

    struct gcm_raw relation = raw("[{\"_typeName\":\"A\",\"id\":\"1\",\"fieldName\":\"b\"},"
                                  "{\"_typeName\":\"B\",\"id\":\"2\",\"fieldName\":null}]");
    assert_int_equal(gcm_ndf_element(&arena, GCM_NDF_RELATIONS, relation, &element, &err), GCM_OK);
    ends(&element.ends[0], "A", "1", "b");
    ends(&element.ends[1], "B", "2", "");
    gcm_arena_free(&arena);
}

static void what_is_no_element_is_refused(void **state)
{
    (void)state;
    static const struct {
        enum gcm_ndf_kind kind;
        const char *text, *message;
    } cases[] = {
        {GCM_NDF_NODES, "[]", "a node that is no object"},
        {GCM_NDF_NODES, "{\"_typeName\":\"A\"}", "a node without \"id\""},
        {GCM_NDF_NODES, "{\"id\":\"1\"}", "a node without \"_typeName\""},
        {GCM_NDF_NODES, "{\"_typeName\":\"A\",\"id\":5}", "a node whose \"id\" is no text"},
        {GCM_NDF_LISTS, "{\"_typeName\":null,\"id\":\"\"}",
         "a list whose \"_typeName\" is no text"},
        {GCM_NDF_RELATIONS, "{}", "a relation that is no array of two objects"},
        {GCM_NDF_RELATIONS, "[]", "a relation that is no array of two objects"},
        {GCM_NDF_RELATIONS, "[{\"_typeName\":\"A\",\"id\":\"1\"}]",
         "a relation that is no array of two objects"},
        {GCM_NDF_RELATIONS,
         "[{\"_typeName\":\"A\",\"id\":\"1\"},{\"_typeName\":\"A\",\"id\":\"1\"},{}]",
         "a relation that is no array of two objects"},
        {GCM_NDF_RELATIONS, "[1,2]", "a relation that is no array of two objects"},
        {GCM_NDF_RELATIONS, "[{\"_typeName\":\"A\",\"id\":\"1\",\"fieldName\":[]},{}]",
         "a relation whose \"fieldName\" is no text"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct gcm_arena arena = {0};
        struct gcm_error err = {0};
        struct gcm_ndf_element element;
        assert_int_equal(gcm_ndf_element(&arena, cases[i].kind, raw(cases[i].text), &element, &err),
                         GCM_BAD_INPUT);
        assert_string_equal(gcm_cstring(&arena, err.message), cases[i].message);
        gcm_arena_free(&arena);
    }
}

static size_t page_count(struct gcm_raw elements)
{
    size_t count = 0;
    struct gcm_raw element;
    for (struct gcm_raw_walk walk = gcm_raw_walk(elements); gcm_raw_next(&walk, NULL, &element);)
        count++;
    return count;
}

static void pages_of_all_three_shapes_are_read(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        enum gcm_ndf_kind before, kind;
        size_t count;
    } cases[] = {
        {"{\"valueType\":\"lists\",\"values\":[{},{}]}", GCM_NDF_NODES, GCM_NDF_LISTS, 2},
        {"{\"values\":[{}]}", GCM_NDF_RELATIONS, GCM_NDF_RELATIONS, 1},
        {"{\"valueType\":\"nodes\",\"values\":{\"size\":9,\"jsonElements\":[{},{},{}]}}",
         GCM_NDF_LISTS, GCM_NDF_NODES, 3},
        {"{\"out\":{\"jsonElements\":[],\"size\":0},\"cursor\":{},\"isFull\":false}",
         GCM_NDF_RELATIONS, GCM_NDF_RELATIONS, 0},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct gcm_arena arena = {0};
        struct gcm_error err = {0};
        struct gcm_file page = {GCM_S("page"), gcm_slice_of(cases[i].text)};
        enum gcm_ndf_kind kind = cases[i].before;
        struct gcm_raw elements;
        assert_int_equal(gcm_ndf_page(&arena, &page, &kind, &elements, &err), GCM_OK);
        assert_int_equal(kind, cases[i].kind);
        assert_int_equal(page_count(elements), cases[i].count);
        gcm_arena_free(&arena);
    }
}

static void a_page_that_is_none_is_refused_with_line_and_column(void **state)
{
    (void)state;
    static const struct {
        const char *text, *message;
        unsigned line, column;
    } cases[] = {
        {"{\"valueType\": \"nodes\",\n \"values\": [\xc3\xa9]}",
         "this is no JSON: a value was expected", 2, 13},
        {"{\"valueType\":\"nodes\",\"values\":[\n{}", "this is no JSON: ',' or ']' was expected", 2,
         3},
        {"{\"code\":3008,\"error\":\"Insufficient permissions\"}",
         "there are neither \"values\" nor \"out.jsonElements\" in this text", 1, 1},
        {"[]", "there are neither \"values\" nor \"out.jsonElements\" in this text", 1, 1},
        {"{\"values\":5}", "the elements of a page are no array", 1, 11},
        {"{\"values\":{}}", "there are neither \"values\" nor \"out.jsonElements\" in this text", 1,
         1},
        {"{\"valueType\":\"node\",\"values\":[]}",
         "\"valueType\" is none of \"nodes\", \"lists\", \"relations\"", 1, 14},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct gcm_arena arena = {0};
        struct gcm_error err = {0};
        struct gcm_file page = {GCM_S("nodes/000001.json"), gcm_slice_of(cases[i].text)};
        enum gcm_ndf_kind kind = GCM_NDF_NODES;
        struct gcm_raw elements;
        assert_int_equal(gcm_ndf_page(&arena, &page, &kind, &elements, &err), GCM_BAD_INPUT);
        assert_string_equal(gcm_cstring(&arena, err.message), cases[i].message);
        assert_ptr_equal(err.place.file, &page);
        assert_int_equal(err.place.line, cases[i].line);
        assert_int_equal(err.place.column, cases[i].column);
        gcm_arena_free(&arena);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(elements_are_understood),
        cmocka_unit_test(what_is_no_element_is_refused),
        cmocka_unit_test(pages_of_all_three_shapes_are_read),
        cmocka_unit_test(a_page_that_is_none_is_refused_with_line_and_column),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
