/* verdict: rounds, places, what breaks a deployment; and permission queries that can never grant.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "verdict/permission_queries.h"
#include "verdict/verdict.h"

static const char *const blog =
    "type User @model { id: ID! @isUnique name: String role: Role born: DateTime posts: [Post!]! "
    "@relation(name: \"Posts\") }\n"
    "type Post @model { id: ID! @isUnique title: String! author: User @relation(name: \"Posts\") "
    "}\n"
    "enum Role { ADMIN USER }\n";

static struct gcm_project *project_of(struct gcm_arena *arena, const char *definition,
                                      const char *types, const char *query)
{
    struct gcm_file files[] = {{GCM_S("graphcool.yml"), gcm_slice_of(definition)},
                               {GCM_S("types.graphql"), gcm_slice_of(types)},
                               {GCM_S("q.graphql"), gcm_slice_of(query)}};
    struct gcm_project *project;
    struct gcm_error error;
    assert_int_equal(gcm_project_of(arena, files, 3, &project, &error), GCM_OK);
    return project;
}

static struct gcm_verdict *verdict_of(struct gcm_arena *arena, const char *types)
{
    return gcm_verdict_of(project_of(arena, "types: ./types.graphql\n", types, ""));
}

static void first_round_hides_the_second(void **state)
{
    (void)state;
    struct gcm_arena arena = {0};
    struct gcm_verdict *verdict =
        verdict_of(&arena, "type lower @model {\n  id: ID! @isUnique\n  x: Nope\n}\n");
    assert_int_equal(verdict->kind, GCM_VERDICT_REFUSED);
    assert_int_equal(verdict->errors.count, 2);
    assert_true(gcm_slice_is(verdict->errors.at[0].field, "x"));
    assert_int_equal(verdict->errors.at[0].place.line, 3);
    assert_int_equal(verdict->errors.at[0].place.column, 3);
    assert_true(verdict->errors.at[0].hint.size > 0);
    gcm_arena_free(&arena);
}

static void second_round_names_all_wrong_names(void **state)
{
    (void)state;
    struct gcm_arena arena = {0};
    struct gcm_verdict *verdict =
        verdict_of(&arena, "type lower @model { id: ID! @isUnique A: Int } enum e { X }");
    assert_int_equal(verdict->errors.count, 3);
    assert_true(
        gcm_slice_is(verdict->errors.at[0].message, "'e' is not a valid name for an enum."));
    assert_true(
        gcm_slice_is(verdict->errors.at[1].message, "'lower' is not a valid name for a model."));
    assert_true(
        gcm_slice_is(verdict->errors.at[2].message, "'A' is not a valid name for a field."));
    gcm_arena_free(&arena);
}

static void database_limits_refuse_without_a_reason(void **state)
{
    (void)state;
    struct gcm_arena arena = {0};
    const char *name57 = "abcdefghijklmnopqrstuvwxyzabcdefghijklmnopqrstuvwxyzabcde";
    struct gcm_verdict *verdict = verdict_of(
        &arena,
        gcm_format(&arena, "type A @model { id: ID! @isUnique %s: Int @isUnique }", name57).at);
    assert_true(verdict->accepted);
    verdict = verdict_of(
        &arena,
        gcm_format(&arena, "type A @model { id: ID! @isUnique %sx: Int @isUnique }", name57).at);
    assert_false(verdict->accepted);
    assert_true(gcm_slice_starts(verdict->errors.at[0].message, "Whoops."));
    verdict = verdict_of(&arena, "type A @model { id: ID! @isUnique createdat: Int }");
    assert_true(gcm_slice_starts(verdict->errors.at[0].message, "Whoops."));
    gcm_arena_free(&arena);
}

static void dead_api_is_accepted_and_not_usable(void **state)
{
    (void)state;
    struct gcm_arena arena = {0};
    struct gcm_verdict *verdict = verdict_of(
        &arena, "type A @model { id: ID! @isUnique bId: Int b: B @relation(name: \"R\") } type B "
                "@model { id: ID! @isUnique as: [A!]! @relation(name: \"R\") }");
    assert_true(verdict->accepted);
    assert_false(verdict->usable);
    assert_true(gcm_slice_has(verdict->dead_cause, "NonUniqueFieldsError"));
    gcm_arena_free(&arena);
}

static void other_formats_and_broken_files_are_told_apart(void **state)
{
    (void)state;
    struct gcm_arena arena = {0};
    struct gcm_project *project =
        project_of(&arena, "service: x\nstage: dev\ndatamodel: types.graphql\n", blog, "");
    assert_int_equal(gcm_verdict_of(project)->kind, GCM_VERDICT_OTHER_FORMAT);
    project = project_of(&arena, "types: ./types.graphql\n  x: [\n", blog, "");
    assert_int_equal(gcm_verdict_of(project)->kind, GCM_VERDICT_UNREADABLE);
    gcm_arena_free(&arena);
}

/* How many findings deny and open for a query of the permission. */
static void expect_findings(const char *operation, const char *query, size_t denies, size_t opens)
{
    struct gcm_arena arena = {0};
    struct gcm_slice definition = gcm_format(
        &arena, "types: ./types.graphql\npermissions:\n- operation: %s\n  query: q.graphql\n",
        operation);
    struct gcm_project *project = project_of(&arena, definition.at, blog, query);
    assert_true(gcm_verdict_of(project)->accepted);
    struct gcm_permission_findings findings =
        gcm_permission_query_check(gcm_permission_schema_of(project), project->permissions.at[0]);
    if (findings.denies.count != denies || findings.opens.count != opens)
        print_message("%s: %s\n", operation, query);
    assert_int_equal(findings.denies.count, denies);
    assert_int_equal(findings.opens.count, opens);
    gcm_arena_free(&arena);
}

static void good_permission_queries_have_no_findings(void **state)
{
    (void)state;
    expect_findings("Post.read",
                    "query ($user_id: ID!, $node_id: ID!) { SomePostExists(filter: {id: $node_id, "
                    "author: {id: $user_id}}) }",
                    0, 0);
    expect_findings("Post.read", "{ SomePostExists(filter: {id: $node_id}) }", 0, 0);
    expect_findings("Post.update",
                    "query ($new_title: String!) { SomePostExists(filter: {title: $new_title}) }",
                    0, 0);
    expect_findings("User.read",
                    "query ($node_role: Role!) { SomeUserExists(filter: {role: $node_role}) }", 0,
                    0);
    expect_findings("Posts.connect",
                    "query ($postsPost_id: ID!, $user_id: ID!) { SomeUserExists(filter: {id: "
                    "$user_id, posts_none: {id: $postsPost_id}}) }",
                    0, 0);
}

static void hopeless_permission_queries_are_found(void **state)
{
    (void)state;
    expect_findings("Post.read", "{ allPosts { id } }", 1, 0);
    expect_findings("Post.read", "{ SomePostExists(filter: {nope: 1}) }", 1, 0);
    expect_findings("Post.read", "query q { SomePostExists(filter: {id: $node_id}) }", 1, 0);
    expect_findings("Post.read", "query ($user_id: ID!) { SomePostExists }", 1, 0);
    expect_findings("Post.read",
                    "query ($node_id: String!) { SomePostExists(filter: {id: $node_id}) }", 1, 0);
    expect_findings("Post.read",
                    "query ($new_title: String!) { SomePostExists(filter: {title: $new_title}) }",
                    1, 0);
    expect_findings("User.read",
                    "query ($node_born: DateTime) { SomeUserExists(filter: {born: $node_born}) }",
                    1, 0);
    expect_findings("Post.read",
                    "query ($user_id: ID!, $node_id: ID!) { SomePostExists(filter: {author: {id: "
                    "$user_id}, id: $node_id}) }",
                    1, 0);
    expect_findings("Post.read", "query ($nope: ID) { SomePostExists(filter: {id: $nope}) }", 0, 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(first_round_hides_the_second),
        cmocka_unit_test(second_round_names_all_wrong_names),
        cmocka_unit_test(database_limits_refuse_without_a_reason),
        cmocka_unit_test(dead_api_is_accepted_and_not_usable),
        cmocka_unit_test(other_formats_and_broken_files_are_told_apart),
        cmocka_unit_test(good_permission_queries_have_no_findings),
        cmocka_unit_test(hopeless_permission_queries_are_found),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
