/* definition: a project of files in memory, its permissions and functions. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "source/project.h"

static struct gcm_arena arena;

static int teardown(void **state)
{
    (void)state;
    gcm_arena_free(&arena);
    return 0;
}

static struct gcm_project *read_files(const struct gcm_file *files, size_t count)
{
    struct gcm_project *project = NULL;
    struct gcm_error err;
    assert_int_equal(gcm_project_of(&arena, files, count, &project, &err), GCM_OK);
    return project;
}

#define READ(...)                                                                                  \
    read_files((const struct gcm_file[]){__VA_ARGS__},                                             \
               sizeof((const struct gcm_file[]){__VA_ARGS__}) / sizeof(struct gcm_file))
#define FILE_OF(path, text)                                                                        \
    {                                                                                              \
        GCM_S_INIT(path), GCM_S_INIT(text)                                                         \
    }

#define TYPES                                                                                      \
    FILE_OF("types.graphql", "type Post @model {\n  id: ID! @isUnique\n"                           \
                             "  author: User @relation(name: \"Posts\")\n}\n"                      \
                             "type User @model {\n  id: ID! @isUnique\n"                           \
                             "  posts: [Post!]! @relation(name: \"Posts\")\n}\n")

static void permissions_are_bound_to_models_and_relations(void **state)
{
    (void)state;
    const struct gcm_project *project =
        READ(FILE_OF("graphcool.yml", "types: ./types.graphql\npermissions:\n"
                                      "- operation: Post.read\n  fields: [id]\n"
                                      "- operation: Posts.connect\n  authenticated: true\n"
                                      "- operation: Post.delete\n  query: ./p.graphql:Own\n"),
             TYPES, FILE_OF("p.graphql", "query Any { a }\nquery Own { b }\n"));
    assert_int_equal(project->permissions.count, 3);
    const struct gcm_permission *read = project->permissions.at[0];
    const struct gcm_permission *connect = project->permissions.at[1];
    const struct gcm_permission *delete = project->permissions.at[2];
    assert_true(gcm_slice_is(read->model->name, "Post"));
    assert_true(read->has_fields && read->fields.count == 1 && !read->authenticated);
    assert_null(connect->model);
    assert_true(gcm_slice_is(connect->relation->name, "Posts") && connect->authenticated);
    assert_true(gcm_slice_is(delete->query_operation->name, "Own"));
    assert_false(project->open_to_all);
    assert_int_equal(project->problems.count, 0);
    assert_int_equal(project->cli_errors.count, 0);
}

static void star_opens_everything(void **state)
{
    (void)state;
    const struct gcm_project *project = READ(
        FILE_OF("graphcool.yml", "types: types.graphql\npermissions: [{operation: '*'}]\n"), TYPES);
    assert_true(project->open_to_all);
}

static void misspelt_rules_never_open_more(void **state)
{
    (void)state;
    const struct gcm_project *project =
        READ(FILE_OF("graphcool.yml", "types: types.graphql\npermissions:\n"
                                      "- operation: Post.read\n  query: ./gone.graphql\n"
                                      "- operation: Post.read\n  query: [a]\n"
                                      "- operation: Post.read\n  authenticated: 'true'\n"
                                      "- operation: Post.read\n  fields: id\n"),
             TYPES);
    assert_non_null(project->permissions.at[0]->query);
    assert_non_null(project->permissions.at[1]->query);
    assert_null(project->permissions.at[1]->query_operation);
    assert_true(project->permissions.at[2]->authenticated);
    assert_true(project->permissions.at[3]->has_fields);
}

static void resolvers_know_what_they_add(void **state)
{
    (void)state;
    const struct gcm_project *project = READ(
        FILE_OF("graphcool.yml", "types: types.graphql\nfunctions:\n  hello:\n    type: resolver\n"
                                 "    schema: ./hello.graphql\n    handler:\n      code:\n"
                                 "        src: ./hello.js\n        environment: {KEY: value}\n"),
        TYPES, FILE_OF("hello.js", "module.exports = () => 1\n"),
        FILE_OF("hello.graphql", "type P { a: Int }\nextend type Mutation { hello(x: Int): P }\n"));
    const struct gcm_function *function = project->functions.at[0];
    assert_int_equal(function->type, GCM_FUNCTION_RESOLVER);
    assert_int_equal(function->extends, GCM_OPERATION_MUTATION);
    assert_true(gcm_slice_is(function->extension->name, "hello"));
    assert_true(gcm_slice_is(function->payload->name, "P"));
    assert_true(gcm_slice_is(function->code->path, "./hello.js"));
    assert_true(gcm_slice_is(function->environment.at[0].name, "KEY"));
    assert_int_equal(project->problems.count, 0);
}

static void hooks_subscriptions_and_webhooks_are_read(void **state)
{
    (void)state;
    const struct gcm_project *project =
        READ(FILE_OF("graphcool.yml",
                     "types: types.graphql\nfunctions:\n"
                     "  before: {type: operationBefore, operation: Post.create, handler: {webhook: "
                     "'https://x'}}\n"
                     "  after: {type: {operationAfter: User.update}, handler: {webhook: {url: u, "
                     "headers: {A: b}}}}\n"
                     "  watch: {type: subscription, query: ./w.graphql, handler: {webhook: u}}\n"),
             TYPES, FILE_OF("w.graphql", "subscription { User { node { id } } }\n"));
    const struct gcm_function *before = project->functions.at[0];
    const struct gcm_function *after = project->functions.at[1];
    assert_true(gcm_slice_is(before->model->name, "Post") && before->webhook);
    assert_true(gcm_slice_is(before->action, "create"));
    assert_int_equal(after->type, GCM_FUNCTION_OPERATION_AFTER);
    assert_true(gcm_slice_is(after->model->name, "User"));
    assert_int_equal(after->headers.count, 1);
    assert_true(gcm_slice_is(project->functions.at[2]->model->name, "User"));
}

static void types_may_be_in_many_files(void **state)
{
    (void)state;
    const struct gcm_project *project = READ(
        FILE_OF("graphcool.yml", "types: [./a.graphql, b.graphql]\n"),
        FILE_OF("a.graphql", "type A @model { id: ID! @isUnique b: B @relation(name: \"AB\") }"),
        FILE_OF("b.graphql", "type B @model { id: ID! @isUnique a: A @relation(name: \"AB\") }"));
    assert_int_equal(project->models.count, 2);
    assert_int_equal(project->relations.count, 1);
}

static void formats_are_told_apart(void **state)
{
    (void)state;
    assert_int_equal(READ(FILE_OF("graphcool.yml", "types: t.graphql\nservice: s\n"))->format,
                     GCM_FORMAT_FRAMEWORK);
    assert_int_equal(READ(FILE_OF("graphcool.yml", "service: s\ndatamodel: d.graphql\n"))->format,
                     GCM_FORMAT_PREVIEW);
    const struct gcm_project *unknown = READ(FILE_OF("graphcool.yml", "permissions: []\n"));
    assert_true(unknown->guessed_format);
    const struct gcm_project *console =
        READ(FILE_OF("project.graphcool", "# project: cj1\n# version: 3\n\n"
                                          "type Post implements Node {\n  id: ID! @isUnique\n}\n"));
    assert_int_equal(console->format, GCM_FORMAT_CONSOLE);
    assert_int_equal(console->models.count, 1);
    assert_true(gcm_slice_is(console->targets.at[0].service_id, "cj1"));
}

static void types_are_known_although_the_definition_is_broken(void **state)
{
    (void)state;
    const struct gcm_project *project = READ(FILE_OF("graphcool.yml", "types: [\n"), TYPES);
    assert_null(project->yaml);
    assert_int_equal(project->models.count, 2);
    assert_int_equal(project->problems.count, 1);
    assert_int_equal(project->cli_errors.count, 1);
}

static void targets_are_names_only(void **state)
{
    (void)state;
    const struct gcm_project *project =
        READ(FILE_OF("graphcool.yml", "types: types.graphql\n"), TYPES,
             FILE_OF(".graphcoolrc", "platformToken: not-to-be-read\n"
                                     "targets: {dev: local/cj1, default: dev}\n"
                                     "environments: {prod: cj2}\n"));
    assert_int_equal(project->targets.count, 3);
    assert_true(gcm_slice_is(project->targets.at[0].cluster, "local"));
    assert_true(gcm_slice_is(project->targets.at[0].service_id, "cj1"));
    assert_true(gcm_slice_is(project->targets.at[2].cluster, "shared-eu-west-1"));
}

static void cli_stops_at_its_first_complaint(void **state)
{
    (void)state;
    const struct gcm_project *project =
        READ(FILE_OF("graphcool.yml", "types: gone.graphql\nmodules: {}\npermissions: 1\n"));
    assert_int_equal(project->cli_errors.count, 1);
    assert_true(gcm_slice_is(project->cli_errors.at[0].message,
                             "data should NOT have additional properties"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_teardown(permissions_are_bound_to_models_and_relations, teardown),
        cmocka_unit_test_teardown(star_opens_everything, teardown),
        cmocka_unit_test_teardown(misspelt_rules_never_open_more, teardown),
        cmocka_unit_test_teardown(resolvers_know_what_they_add, teardown),
        cmocka_unit_test_teardown(hooks_subscriptions_and_webhooks_are_read, teardown),
        cmocka_unit_test_teardown(types_may_be_in_many_files, teardown),
        cmocka_unit_test_teardown(formats_are_told_apart, teardown),
        cmocka_unit_test_teardown(types_are_known_although_the_definition_is_broken, teardown),
        cmocka_unit_test_teardown(targets_are_names_only, teardown),
        cmocka_unit_test_teardown(cli_stops_at_its_first_complaint, teardown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
