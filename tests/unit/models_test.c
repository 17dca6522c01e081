/* models: what the types of a project mean. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "source/defaults.h"
#include "source/project.h"

static struct gcm_project *project_of(struct gcm_arena *arena, const char *types)
{
    struct gcm_file files[] = {{GCM_S("graphcool.yml"), GCM_S("types: ./types.graphql\n")},
                               {GCM_S("types.graphql"), gcm_slice_of(types)}};
    struct gcm_project *project;
    struct gcm_error error;
    assert_int_equal(gcm_project_of(arena, files, 2, &project, &error), GCM_OK);
    return project;
}

static struct gcm_field *field_of(struct gcm_project *project, const char *model, const char *field)
{
    struct gcm_model *found = gcm_map_get(&project->model_names, gcm_slice_of(model));
    assert_non_null(found);
    struct gcm_field *at = gcm_map_get(&found->by_name, gcm_slice_of(field));
    assert_non_null(at);
    return at;
}

static void relation_has_its_sides_in_document_order(void **state)
{
    (void)state;
    struct gcm_arena arena = {0};
    struct gcm_project *project = project_of(
        &arena, "type Post @model { id: ID! @isUnique author: User @relation(name: \"P\") "
                "} type User @model { id: ID! @isUnique posts: [Post!]! @relation(name: "
                "\"P\") friends: [User!]! @relation(name: \"F\") }");
    struct gcm_field *author = field_of(project, "Post", "author");
    struct gcm_field *posts = field_of(project, "User", "posts");
    struct gcm_field *friends = field_of(project, "User", "friends");
    assert_ptr_equal(author->relation->a, author);
    assert_ptr_equal(author->relation->b, posts);
    assert_ptr_equal(author->back, posts);
    assert_ptr_equal(posts->back, author);
    assert_true(posts->list);
    assert_false(posts->required);
    assert_ptr_equal(friends->back, friends);
    assert_false(author->relation->broken);
    gcm_arena_free(&arena);
}

static void relation_without_name_is_paired_where_it_is_plain(void **state)
{
    (void)state;
    struct gcm_arena arena = {0};
    struct gcm_project *project = project_of(
        &arena, "type A @model { id: ID! @isUnique bs: [B] x: C y: C } type B @model { id: ID! "
                "@isUnique a: A } type C @model { id: ID! @isUnique a: A }");
    assert_ptr_equal(field_of(project, "A", "bs")->back, field_of(project, "B", "a"));
    assert_true(gcm_slice_is(field_of(project, "A", "bs")->relation->name, "AToB"));
    assert_null(field_of(project, "A", "x")->relation);
    assert_null(field_of(project, "C", "a")->relation);
    gcm_arena_free(&arena);
}

static void relation_on_three_fields_is_broken(void **state)
{
    (void)state;
    struct gcm_arena arena = {0};
    struct gcm_project *project =
        project_of(&arena, "type A @model { id: ID! @isUnique b: B @relation(name: \"R\") c: B "
                           "@relation(name: \"R\") } type B @model { id: ID! @isUnique a: A "
                           "@relation(name: \"R\") }");
    assert_true(field_of(project, "A", "b")->relation->broken);
    assert_null(field_of(project, "A", "b")->back);
    gcm_arena_free(&arena);
}

static void unknown_types_and_missing_directives_are_kept(void **state)
{
    (void)state;
    struct gcm_arena arena = {0};
    struct gcm_project *project =
        project_of(&arena, "type A { id: Int d: Date e: E refs: [ID!]! } enum E { X Y X }");
    assert_int_equal(field_of(project, "A", "d")->kind, GCM_FIELD_UNKNOWN);
    assert_int_equal(field_of(project, "A", "e")->kind, GCM_FIELD_ENUM);
    assert_int_equal(field_of(project, "A", "id")->scalar, GCM_SCALAR_ID);
    assert_int_equal(field_of(project, "A", "refs")->scalar, GCM_SCALAR_ID);
    assert_false(project->models.at[0]->has_directive);
    assert_int_equal(project->enums.at[0]->values.count, 2);
    gcm_arena_free(&arena);
}

/* Expected: the stored text, or NULL for no default. */
static void expect_default(const char *type, const char *literal, const char *expected)
{
    struct gcm_arena arena = {0};
    struct gcm_slice types = gcm_format(
        &arena, "type A @model { id: ID! @isUnique x: %s @defaultValue(value: %s) } enum E { X Y }",
        type, literal);
    struct gcm_field *field = field_of(project_of(&arena, types.at), "A", "x");
    assert_int_equal(field->defaulted, expected != NULL);
    if (expected)
        assert_string_equal(gcm_copy(&arena, field->default_text).at, expected);
    gcm_arena_free(&arena);
}

static void defaults_are_read_as_the_server_read_them(void **state)
{
    (void)state;
    expect_default("String", "5", "5");
    expect_default("String", "1e3", "1E+3");
    expect_default("String", "0.05", "0.05");
    expect_default("String", "-0", "0");
    expect_default("String", "\"null\"", NULL);
    expect_default("String", "null", NULL);
    expect_default("Int", "\"3\"", "3");
    expect_default("Int", "\"5 apples\"", "5");
    expect_default("Int", "99999999999", "1215752191");
    expect_default("Int", "3.5", NULL);
    expect_default("Float", "3", "3");
    expect_default("Boolean", "\"false\"", "false");
    expect_default("E", "\"X,Y\"", "X");
    expect_default("DateTime", "\"2018\"", "2018");
    expect_default("DateTime", "\"now\"", NULL);
    expect_default("Json", "\"{}\"", "{}");
    expect_default("[Int!]", "\"[1, 2]\"", "[1, 2]");
    expect_default("[Int!]", "[1]", NULL);
    expect_default("[E!]", "\"[X]\"", "[X]");
}

static void date_times_are_those_of_joda(void **state)
{
    (void)state;
    const char *const yes[] = {"2018",          "2017-05-06", "2018-01-01T10:20:30+02:00",
                               "2018-W05-3",    "2018-200",   "2018-01-01T00:00:00.000Z",
                               "2016-02-29T10", "T10:30",     "2018-01-01T10:20,5"};
    const char *const no[] = {
        "", "now", "3.0", "99999999999", "2018-13", "2018-02-29", "2018-01-01 10:20"};
    for (size_t i = 0; i < sizeof yes / sizeof *yes; i++)
        assert_true(gcm_is_date_time(gcm_slice_of(yes[i])));
    for (size_t i = 0; i < sizeof no / sizeof *no; i++)
        assert_false(gcm_is_date_time(gcm_slice_of(no[i])));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(relation_has_its_sides_in_document_order),
        cmocka_unit_test(relation_without_name_is_paired_where_it_is_plain),
        cmocka_unit_test(relation_on_three_fields_is_broken),
        cmocka_unit_test(unknown_types_and_missing_directives_are_kept),
        cmocka_unit_test(defaults_are_read_as_the_server_read_them),
        cmocka_unit_test(date_times_are_those_of_joda),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
