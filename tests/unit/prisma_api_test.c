/* The API of a Prisma service: what the truth files do not hold, or what is worth reading here. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "api/api.h"
#include "graphql/parse.h"
#include "graphql/print.h"

static struct gcm_document *api_of(struct gcm_arena *arena, struct gcm_slice text)
{
    struct gcm_file *file = GCM_NEW(arena, struct gcm_file);
    struct gcm_errors errors = {0};
    *file = (struct gcm_file){GCM_S("datamodel.prisma"), text};
    struct gcm_document *document = gcm_graphql_parse(arena, file, GCM_DIALECT_PRISMA, &errors);
    assert_int_equal(errors.count, 0);
    return gcm_api_prisma(arena, gcm_datamodel_of(arena, document));
}

static void assert_definition(struct gcm_arena *arena, const struct gcm_document *api,
                              const char *name, const char *text)
{
    struct gcm_definition *definition = gcm_definition_named(api, gcm_slice_of(name));
    struct gcm_buffer out = gcm_buffer(arena, GCM_BUFFER_CAP);
    assert_non_null(definition);
    gcm_print_definition(&out, definition);
    struct gcm_slice printed = gcm_slice_trim(gcm_buffer_text(&out));
    assert_string_equal(gcm_cstring(arena, printed), text);
}

static void assert_none(const struct gcm_document *api, const char *name)
{
    assert_null(gcm_definition_named(api, gcm_slice_of(name)));
}

static void nested_input_leaves_out_the_way_back(void **state)
{
    (void)state;
    struct gcm_arena arena = {0};
    struct gcm_document *api =
        api_of(&arena, GCM_S("type Post { id: ID! @id author: User! @relation(name: \"Wrote\") }\n"
                             "type User { id: ID! @id name: String! posts: [Post!]! "
                             "@relation(name: \"Wrote\") }\n"));
    assert_definition(&arena, api, "PostCreateInput",
                      "input PostCreateInput {\n"
                      "  id: ID\n"
                      "  author: UserCreateOneWithoutPostsInput!\n"
                      "}");
    assert_definition(&arena, api, "UserCreateWithoutPostsInput",
                      "input UserCreateWithoutPostsInput {\n"
                      "  id: ID\n"
                      "  name: String!\n"
                      "}");
    assert_definition(&arena, api, "UserUpdateOneRequiredWithoutPostsInput",
                      "input UserUpdateOneRequiredWithoutPostsInput {\n"
                      "  create: UserCreateWithoutPostsInput\n"
                      "  connect: UserWhereUniqueInput\n"
                      "  update: UserUpdateWithoutPostsDataInput\n"
                      "  upsert: UserUpsertWithoutPostsInput\n"
                      "}");
    assert_none(api, "UserUpdateDataInput");
    gcm_arena_free(&arena);
}

static void one_sided_relation_takes_the_whole_input(void **state)
{
    (void)state;
    struct gcm_arena arena = {0};
    struct gcm_document *api = api_of(&arena, GCM_S("type Dog { id: ID! @id bites: Cat }\n"
                                                    "type Cat { id: ID! @id name: String }\n"));
    assert_definition(&arena, api, "DogCreateInput",
                      "input DogCreateInput {\n"
                      "  id: ID\n"
                      "  bites: CatCreateOneInput\n"
                      "}");
    assert_definition(&arena, api, "CatUpsertNestedInput",
                      "input CatUpsertNestedInput {\n"
                      "  update: CatUpdateDataInput!\n"
                      "  create: CatCreateInput!\n"
                      "}");
    gcm_arena_free(&arena);
}

static void what_would_be_empty_is_left_out(void **state)
{
    (void)state;
    struct gcm_arena arena = {0};
    struct gcm_document *api =
        api_of(&arena, GCM_S("type Tick { id: Int! @id at: DateTime! @createdAt }\n"));
    assert_definition(&arena, api, "Mutation",
                      "type Mutation {\n"
                      "  createTick: Tick!\n"
                      "  deleteTick(where: TickWhereUniqueInput!): Tick\n"
                      "  deleteManyTicks(where: TickWhereInput): BatchPayload!\n"
                      "}");
    assert_definition(&arena, api, "Tick",
                      "type Tick {\n"
                      "  id: Int!\n"
                      "  at: DateTime!\n"
                      "}");
    gcm_arena_free(&arena);
}

static void join_table_has_no_root_fields(void **state)
{
    (void)state;
    struct gcm_arena arena = {0};
    struct gcm_document *api =
        api_of(&arena, GCM_S("type A { id: ID! @id bs: [B!]! @relation(name: \"R\") }\n"
                             "type B { id: ID! @id as: [A!]! @relation(name: \"R\") }\n"
                             "type R @relationTable { a: A b: B }\n"));
    assert_definition(&arena, api, "Subscription",
                      "type Subscription {\n"
                      "  a(where: ASubscriptionWhereInput): ASubscriptionPayload\n"
                      "  b(where: BSubscriptionWhereInput): BSubscriptionPayload\n"
                      "}");
    assert_none(api, "R");
    gcm_arena_free(&arena);
}

static void old_dialect_keeps_its_reserved_fields(void **state)
{
    (void)state;
    struct gcm_arena arena = {0};
    struct gcm_document *api =
        api_of(&arena, GCM_S("type User { id: ID! @unique createdAt: DateTime! name: String! }\n"
                             "type Log { text: String! }\n"));
    assert_definition(&arena, api, "UserCreateInput",
                      "input UserCreateInput {\n"
                      "  id: ID\n"
                      "  name: String!\n"
                      "}");
    assert_definition(&arena, api, "UserUpdateInput",
                      "input UserUpdateInput {\n"
                      "  name: String\n"
                      "}");
    /* Hidden, but one can order by them. */
    assert_definition(&arena, api, "LogOrderByInput",
                      "enum LogOrderByInput {\n"
                      "  text_ASC\n"
                      "  text_DESC\n"
                      "  id_ASC\n"
                      "  id_DESC\n"
                      "  createdAt_ASC\n"
                      "  createdAt_DESC\n"
                      "  updatedAt_ASC\n"
                      "  updatedAt_DESC\n"
                      "}");
    /* Without a unique field no single node can be named. */
    assert_definition(&arena, api, "Mutation",
                      "type Mutation {\n"
                      "  createUser(data: UserCreateInput!): User!\n"
                      "  createLog(data: LogCreateInput!): Log!\n"
                      "  updateUser(data: UserUpdateInput!, where: UserWhereUniqueInput!): User\n"
                      "  deleteUser(where: UserWhereUniqueInput!): User\n"
                      "  upsertUser(where: UserWhereUniqueInput!, create: UserCreateInput!, "
                      "update: UserUpdateInput!): User!\n"
                      "  updateManyUsers(data: UserUpdateManyMutationInput!, where: "
                      "UserWhereInput): BatchPayload!\n"
                      "  updateManyLogs(data: LogUpdateManyMutationInput!, where: "
                      "LogWhereInput): BatchPayload!\n"
                      "  deleteManyUsers(where: UserWhereInput): BatchPayload!\n"
                      "  deleteManyLogs(where: LogWhereInput): BatchPayload!\n"
                      "}");
    gcm_arena_free(&arena);
}

static void api_without_models_is_node_alone(void **state)
{
    (void)state;
    struct gcm_arena arena = {0};
    struct gcm_document *api = api_of(&arena, GCM_S("enum Mood { GOOD }\n"));
    assert_int_equal(api->definitions.count, 2);
    assert_definition(&arena, api, "Query", "type Query {\n  node(id: ID!): Node\n}");
    gcm_arena_free(&arena);
}

static void long_chains_of_relations_end(void **state)
{
    (void)state;
    struct gcm_arena arena = {0};
    struct gcm_buffer text = gcm_buffer(&arena, GCM_BUFFER_CAP);
    for (int i = 0; i < 3000; i++)
        gcm_putf(&text, "type T%d { id: ID! @id next: T%d @relation(name: \"R%d\") }\n", i,
                 (i + 1) % 3000, i);
    struct gcm_document *api = api_of(&arena, gcm_buffer_text(&text));
    assert_non_null(gcm_definition_named(api, GCM_S("T2999UpsertNestedInput")));
    gcm_arena_free(&arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(nested_input_leaves_out_the_way_back),
        cmocka_unit_test(one_sided_relation_takes_the_whole_input),
        cmocka_unit_test(what_would_be_empty_is_left_out),
        cmocka_unit_test(join_table_has_no_root_fields),
        cmocka_unit_test(old_dialect_keeps_its_reserved_fields),
        cmocka_unit_test(api_without_models_is_node_alone),
        cmocka_unit_test(long_chains_of_relations_end),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
