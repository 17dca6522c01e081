/* The API of an application made with --api native: what is in it, and what is not. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "api/api.h"
#include "graphql/parse.h"
#include "graphql/print.h"

#define F(path, text)                                                                              \
    {                                                                                              \
        GCM_S_INIT(path), GCM_S_INIT(text)                                                         \
    }

static const struct gcm_file files[] = {
    F("graphcool.yml", "types: types.graphql\n"
                       "functions:\n"
                       "  top:\n    type: resolver\n    schema: top.graphql\n"
                       "    handler: {code: top.js}\n"
                       "  post:\n    type: resolver\n    schema: post.graphql\n"
                       "    handler: {code: top.js}\n"),
    F("types.graphql",
      "type Post @model { id: ID! @isUnique title: String author: User @relation(name: \"PU\") }\n"
      "type User @model { id: ID! @isUnique posts: [Post!]! @relation(name: \"PU\") }\n"),
    F("top.graphql", "type Top { at: DateTime title: String! }\n"
                     "extend type Query { top(since: DateTime): [Top!]! }\n"),
    F("post.graphql", "type Posted { id: ID! }\n"
                      "extend type Query { post(id: ID!): Posted }\n"),
    F("top.js", "module.exports = () => ({ data: {} })\n")};

static const char datamodel[] =
    "type Post { id: ID! @id title: String author: User @relation(name: \"PU\", link: TABLE) }\n"
    "type User { id: ID! @id posts: [Post!]! @relation(name: \"PU\") }\n";

static struct gcm_document *native(struct gcm_arena *arena)
{
    struct gcm_project *project = NULL;
    struct gcm_error err = {0};
    struct gcm_errors errors = {0};
    struct gcm_file *file = GCM_NEW(arena, struct gcm_file);
    *file = (struct gcm_file){GCM_S("datamodel.prisma"), gcm_slice_of(datamodel)};
    assert_int_equal(gcm_project_of(arena, files, 5, &project, &err), GCM_OK);
    const struct gcm_document *document =
        gcm_graphql_parse(arena, file, GCM_DIALECT_PRISMA, &errors);
    return gcm_api_native(arena, gcm_datamodel_of(arena, document), project);
}

static struct gcm_slice printed(struct gcm_arena *arena, const struct gcm_document *api,
                                const char *type, const char *name)
{
    struct gcm_buffer out = gcm_buffer(arena, GCM_BUFFER_CAP);
    const struct gcm_definition *definition = gcm_definition_named(api, gcm_slice_of(type));
    assert_non_null(definition);
    const struct gcm_field_definition *field = gcm_field_named(definition, gcm_slice_of(name));
    if (field)
        gcm_print_field(&out, field);
    return gcm_buffer_text(&out);
}

static void functions_are_as_they_were(void **state)
{
    struct gcm_arena arena = {0};
    (void)state;
    const struct gcm_document *api = native(&arena);
    assert_string_equal(printed(&arena, api, "Query", "top").at, "top(since: DateTime): [Top!]!");
    assert_string_equal(printed(&arena, api, "Top", "at").at, "at: DateTime");
    assert_non_null(gcm_definition_named(api, GCM_S("DateTime")));
    gcm_arena_free(&arena);
}

static void function_with_a_name_of_prisma_is_left_out(void **state)
{
    struct gcm_arena arena = {0};
    (void)state;
    const struct gcm_document *api = native(&arena);
    assert_string_equal(printed(&arena, api, "Query", "post").at,
                        "post(where: PostWhereUniqueInput!): Post");
    assert_null(gcm_definition_named(api, GCM_S("Posted")));
    gcm_arena_free(&arena);
}

static void user_without_where_is_the_caller(void **state)
{
    struct gcm_arena arena = {0};
    (void)state;
    const struct gcm_document *api = native(&arena);
    assert_string_equal(printed(&arena, api, "Query", "user").at,
                        "user(where: UserWhereUniqueInput): User");
    gcm_arena_free(&arena);
}

static void many_nodes_at_once_are_for_nobody(void **state)
{
    struct gcm_arena arena = {0};
    (void)state;
    const struct gcm_document *api = native(&arena);
    struct gcm_buffer out = gcm_buffer(&arena, GCM_BUFFER_CAP);
    gcm_print_document(&out, api);
    struct gcm_slice text = gcm_buffer_text(&out);
    static const char *const gone[] = {"updateMany",        "deleteMany",      "BatchPayload",
                                       "PostUpdateManyMut", "PostScalarWhere", "scalar Long"};
    for (size_t i = 0; i < sizeof gone / sizeof *gone; i++)
        assert_false(gcm_slice_has(text, gone[i]));
    assert_true(gcm_slice_has(text, "PostUpsertWithWhereUniqueWithoutAuthorInput"));
    assert_int_equal(printed(&arena, api, "Mutation", "updateManyPosts").size, 0);
    gcm_arena_free(&arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(functions_are_as_they_were),
        cmocka_unit_test(function_with_a_name_of_prisma_is_left_out),
        cmocka_unit_test(user_without_where_is_the_caller),
        cmocka_unit_test(many_nodes_at_once_are_for_nobody),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
