/* simple_api: what the Framework's server generated, rule by rule. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "api/api.h"
#include "graphql/print.h"

static struct gcm_project *project_of(struct gcm_arena *arena, const char *types,
                                      const char *definition, const char *resolver)
{
    const struct gcm_file files[] = {
        {GCM_S("graphcool.yml"), gcm_slice_of(definition)},
        {GCM_S("types.graphql"), gcm_slice_of(types)},
        {GCM_S("f.graphql"), gcm_slice_of(resolver)},
    };
    struct gcm_project *project = NULL;
    struct gcm_error err = {0};
    assert_int_equal(gcm_project_of(arena, files, resolver ? 3 : 2, &project, &err), GCM_OK);
    return project;
}

static struct gcm_document *api_of(struct gcm_arena *arena, const char *types)
{
    return gcm_api_simple(arena, project_of(arena, types, "types: ./types.graphql\n", NULL));
}

/* The definition as SDL, or "" where there is none. */
static const char *shown(struct gcm_arena *arena, const struct gcm_document *api, const char *name)
{
    const struct gcm_definition *definition = gcm_definition_named(api, gcm_slice_of(name));
    struct gcm_buffer out = gcm_buffer(arena, GCM_BUFFER_CAP);
    if (definition)
        gcm_print_definition(&out, definition);
    return gcm_cstring(arena, gcm_slice_trim(gcm_buffer_text(&out)));
}

#define SDL_USER "type User @model { id: ID! @isUnique name: String! }\n"

static void create_asks_for_required_fields_without_a_default(void **state)
{
    (void)state;
    struct gcm_arena arena = {0};
    const struct gcm_document *api =
        api_of(&arena, "type A @model { id: ID! @isUnique createdAt: DateTime! a: Int! b: Int\n"
                       "  c: Int! @defaultValue(value: 1) d: [Int!]! e: [Int!] }");
    assert_string_equal(shown(&arena, api, "CreateA"), "input CreateA {\n"
                                                       "  a: Int!\n"
                                                       "  b: Int\n"
                                                       "  c: Int\n"
                                                       "  d: [Int!]!\n"
                                                       "  e: [Int!]\n"
                                                       "}");
    assert_string_equal(shown(&arena, api, "UpdateA"), "input UpdateA {\n"
                                                       "  a: Int\n"
                                                       "  b: Int\n"
                                                       "  c: Int\n"
                                                       "  d: [Int!]\n"
                                                       "  e: [Int!]\n"
                                                       "  id: ID!\n"
                                                       "}");
    gcm_arena_free(&arena);
}

static void nested_input_leaves_out_the_way_back_to_one(void **state)
{
    (void)state;
    struct gcm_arena arena = {0};
    const struct gcm_document *api = api_of(
        &arena,
        "type User @model { id: ID! @isUnique posts: [Post!]! @relation(name: \"R\") }\n"
        "type Post @model { id: ID! @isUnique title: String author: User @relation(name: \"R\") }");
    assert_string_equal(shown(&arena, api, "UserpostsPost"), "input UserpostsPost {\n"
                                                             "  title: String\n"
                                                             "}");
    assert_string_equal(shown(&arena, api, "PostauthorUser"), "input PostauthorUser {\n"
                                                              "  postsIds: [ID!]\n"
                                                              "  posts: [UserpostsPost!]\n"
                                                              "}");
    gcm_arena_free(&arena);
}

static void nested_input_is_missing_where_nothing_could_be_written(void **state)
{
    (void)state;
    struct gcm_arena arena = {0};
    const struct gcm_document *api =
        api_of(&arena, "type A @model { id: ID! @isUnique b: B @relation(name: \"R\") }\n"
                       "type B @model { id: ID! @isUnique x: Int a: A @relation(name: \"R\") }");
    assert_string_equal(shown(&arena, api, "CreateB"), "input CreateB {\n  x: Int\n  aId: ID\n}");
    assert_string_equal(shown(&arena, api, "BaA"), "");
    gcm_arena_free(&arena);
}

static void self_relation_has_one_nested_input_named_after_the_second_field(void **state)
{
    (void)state;
    struct gcm_arena arena = {0};
    const struct gcm_document *api = api_of(&arena, "type Lens @model { id: ID! @isUnique x: Int\n"
                                                    "  previous: Lens @relation(name: \"R\")\n"
                                                    "  next: Lens @relation(name: \"R\") }");
    assert_string_equal(shown(&arena, api, "CreateLens"), "input CreateLens {\n"
                                                          "  x: Int\n"
                                                          "  nextId: ID\n"
                                                          "  next: LensnextLens\n"
                                                          "  previousId: ID\n"
                                                          "  previous: LensnextLens\n"
                                                          "}");
    assert_string_equal(shown(&arena, api, "LensnextLens"), "input LensnextLens {\n  x: Int\n}");
    gcm_arena_free(&arena);
}

static void relation_mutations_name_both_sides(void **state)
{
    (void)state;
    struct gcm_arena arena = {0};
    const struct gcm_document *api =
        api_of(&arena, "type User @model { id: ID! @isUnique friends: [User!]! @relation(name: "
                       "\"Friends\") }");
    assert_string_equal(shown(&arena, api, "AddToFriendsPayload"), "type AddToFriendsPayload {\n"
                                                                   "  friends2User: User\n"
                                                                   "  friends1User: User\n"
                                                                   "}");
    assert_string_equal(shown(&arena, api, "SetFriendsPayload"), "");
    gcm_arena_free(&arena);
}

static void filter_has_what_the_type_of_a_field_can_be_asked(void **state)
{
    (void)state;
    struct gcm_arena arena = {0};
    const struct gcm_document *api = api_of(
        &arena, "type A @model { id: ID! @isUnique ok: Boolean kind: Kind meta: Json tags: [Int!]\n"
                "  parent: A @relation(name: \"R\") children: [A!]! @relation(name: \"R\") }\n"
                "enum Kind { ONE }");
    const char *filter = shown(&arena, api, "ASubscriptionFilterNode");
    assert_non_null(filter);
    const struct gcm_slice text = gcm_slice_of(filter);
    assert_true(gcm_slice_has(text, "  id_starts_with: ID\n"));
    assert_true(gcm_slice_ends(text, "  kind: Kind\n"
                                     "  kind_not: Kind\n"
                                     "  kind_in: [Kind!]\n"
                                     "  kind_not_in: [Kind!]\n"
                                     "  ok: Boolean\n"
                                     "  ok_not: Boolean\n"
                                     "  children_every: AFilter\n"
                                     "  children_some: AFilter\n"
                                     "  children_none: AFilter\n"
                                     "  parent: AFilter\n"
                                     "}"));
    assert_false(gcm_slice_has(text, "AND"));
    gcm_arena_free(&arena);
}

static void resolver_brings_its_field_and_its_payload(void **state)
{
    (void)state;
    struct gcm_arena arena = {0};
    struct gcm_project *project =
        project_of(&arena, SDL_USER,
                   "types: ./types.graphql\nfunctions:\n  f:\n    type: resolver\n"
                   "    schema: ./f.graphql\n    handler:\n      webhook: https://example.org/f\n",
                   "type P { token: String! tags: [Int] }\n"
                   "extend type Mutation { f(x: [Json!]!): [P!] }");
    const struct gcm_document *api = gcm_api_simple(&arena, project);
    assert_string_equal(shown(&arena, api, "P"), "type P {\n  token: String!\n  tags: [Int!]\n}");
    assert_true(gcm_slice_ends(gcm_slice_of(shown(&arena, api, "Mutation")),
                               "  createUser(name: String!): User\n  f(x: [Json!]!): [P!]\n}"));
    gcm_arena_free(&arena);
}

static void broken_parts_of_a_project_are_left_out(void **state)
{
    (void)state;
    struct gcm_arena arena = {0};
    const struct gcm_document *api =
        api_of(&arena, "type A @model { id: ID! @isUnique x: Nope b: B @relation(name: \"R\")\n"
                       "  c: B y: Int }\ntype B @model { id: ID! @isUnique }");
    assert_string_equal(shown(&arena, api, "CreateA"), "input CreateA {\n  y: Int\n}");
    gcm_arena_free(&arena);
}

static void model_hides_a_generated_type_of_its_name_and_kind(void **state)
{
    (void)state;
    struct gcm_arena arena = {0};
    const struct gcm_document *api =
        api_of(&arena, SDL_USER "type Mutation @model { id: ID! @isUnique x: Int }");
    assert_string_equal(shown(&arena, api, "Mutation"),
                        "type Mutation implements Node {\n  id: ID!\n  x: Int\n}");
    assert_string_equal(shown(&arena, api, "CreateUser"), "");
    gcm_arena_free(&arena);
}

static void expect_dead(const char *types, const char *cause, const char *culprit)
{
    struct gcm_arena arena = {0};
    const struct gcm_definition *definition = NULL;
    struct gcm_slice got = gcm_api_simple_dead(
        &arena, project_of(&arena, types, "types: ./types.graphql\n", NULL), &definition);
    assert_string_equal(gcm_cstring(&arena, got), cause);
    assert_string_equal(definition ? gcm_cstring(&arena, definition->name) : "", culprit);
    gcm_arena_free(&arena);
}

static void api_dies_of_what_the_library_refused(void **state)
{
    (void)state;
    expect_dead(SDL_USER, "", "");
    expect_dead(SDL_USER "type UserFilter @model { id: ID! @isUnique }",
                "sangria.schema.SchemaValidationException: Schema contains validation errors.\n"
                "  * Type name 'UserFilter' is used for several conflicting GraphQL type kinds: "
                "InputObjectType, ObjectType. Conflict found in a field 'allUserFilters' of "
                "'Query' type.",
                "UserFilter");
    expect_dead(SDL_USER "type Axe @model { id: ID! @isUnique }\n"
                         "type Axis @model { id: ID! @isUnique }",
                "sangria.schema.NonUniqueFieldsError: All fields within 'Query' type should have "
                "unique names! Non-unique fields: '_allAxesMeta', 'allAxes'.",
                "Axis");
    expect_dead("type A @model { id: ID! @isUnique bId: Int b: B @relation(name: \"R\") }\n"
                "type B @model { id: ID! @isUnique a: A @relation(name: \"R\") }",
                "sangria.schema.NonUniqueFieldsError: All fields within 'CreateA' type should "
                "have unique names! Non-unique fields: 'bId'.",
                "A");
}

static void permission_schema_asks_for_existence_only(void **state)
{
    (void)state;
    struct gcm_arena arena = {0};
    const struct gcm_document *schema =
        gcm_api_permissions(&arena, project_of(&arena, SDL_USER, "types: ./types.graphql\n", NULL));
    assert_string_equal(shown(&arena, schema, "Query"),
                        "type Query {\n"
                        "  SomeUserExists(filter: UserFilter, orderBy: UserOrderBy, skip: Int, "
                        "after: String, before: String, first: Int, last: Int): Boolean!\n"
                        "}");
    assert_string_equal(shown(&arena, schema, "User"), "");
    gcm_arena_free(&arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(create_asks_for_required_fields_without_a_default),
        cmocka_unit_test(nested_input_leaves_out_the_way_back_to_one),
        cmocka_unit_test(nested_input_is_missing_where_nothing_could_be_written),
        cmocka_unit_test(self_relation_has_one_nested_input_named_after_the_second_field),
        cmocka_unit_test(relation_mutations_name_both_sides),
        cmocka_unit_test(filter_has_what_the_type_of_a_field_can_be_asked),
        cmocka_unit_test(resolver_brings_its_field_and_its_payload),
        cmocka_unit_test(broken_parts_of_a_project_are_left_out),
        cmocka_unit_test(model_hides_a_generated_type_of_its_name_and_kind),
        cmocka_unit_test(api_dies_of_what_the_library_refused),
        cmocka_unit_test(permission_schema_asks_for_existence_only),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
