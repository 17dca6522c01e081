/* Operations in sources: where they are found, which fragments they mean, and what is put back. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "api/api.h"
#include "graphql/parse.h"
#include "operations/print.h"
#include "operations/rewrite.h"

static struct gcm_clients *clients_of(struct gcm_arena *arena, const struct gcm_file *files,
                                      size_t count)
{
    struct gcm_clients *clients = GCM_NEW(arena, struct gcm_clients);
    for (size_t i = 0; i < count; i++) {
        struct gcm_file *file = GCM_NEW(arena, struct gcm_file);
        *file = files[i];
        gcm_clients_add(arena, clients, file->path, file);
    }
    return clients;
}

static const struct gcm_client_text *only_text(struct gcm_arena *arena, const char *path,
                                               const char *text)
{
    const struct gcm_file file = {gcm_slice_of(path), gcm_slice_of(text)};
    const struct gcm_clients *clients = clients_of(arena, &file, 1);
    assert_int_equal(clients->files.count, 1);
    assert_int_equal(clients->files.at[0]->texts.count, 1);
    return clients->files.at[0]->texts.at[0];
}

static size_t count_texts(struct gcm_arena *arena, const char *path, const char *text)
{
    const struct gcm_file file = {gcm_slice_of(path), gcm_slice_of(text)};
    const struct gcm_clients *clients = clients_of(arena, &file, 1);
    return clients->files.count ? clients->files.at[0]->texts.count : 0;
}

static void literals_are_found(void **state)
{
    struct gcm_arena *arena = *state;
    assert_int_equal(count_texts(arena, "a.js", "gql`{ a }`; graphql`{ a }`; x.gql`{ a }`"), 3);
    assert_int_equal(count_texts(arena, "a.js", "gql(`{ a }`); gql(/* GraphQL */ `{ a }`)"), 2);
    assert_int_equal(count_texts(arena, "a.js", "f(/* GraphQL */ `{ a }`); f(/*graphql*/ `{ a }`)"),
                     2);
    assert_int_equal(
        count_texts(arena, "a.tsx", "const a = gql`{ a }` as any; <A<B> c={gql`{ a }`}/>"), 2);
    assert_int_equal(count_texts(arena, "a.ts", "const a = <any>gql`{ a }`;"), 1);
    assert_int_equal(count_texts(arena, "a.vue",
                                 "<template>`gql`</template><script>gql`{ a }`</script>"
                                 "<script setup lang=\"ts\">gql`{ a }` as A</script>"),
                     2);
    assert_int_equal(count_texts(arena, "a.gql", "{ a }"), 1);
}

static void what_is_no_graphql_is_left_alone(void **state)
{
    struct gcm_arena *arena = *state;
    assert_int_equal(
        count_texts(arena, "a.js", "css`{ a }`; `{ a }`; f('gql`{ a }`') // gql`{ a }`"), 0);
    assert_int_equal(count_texts(arena, "a.js", "log(`query took ${n} ms {`); `queryx { a }`"), 0);
    assert_int_equal(
        count_texts(arena, "a.js", "request(`query { a }`); s = `mutation ($a: ID) { b }`"), 2);
    assert_false(gcm_client_name(GCM_S("a.json")));
    assert_true(gcm_client_name(GCM_S("a.graphql")));
}

static void places_are_those_of_the_source(void **state)
{
    struct gcm_arena *arena = *state;
    const struct gcm_client_text *text = only_text(
        arena, "a.js", "// \xc3\xa4\r\nvar \xc3\xa4 = gql`query A { b }\r\n query B { c }`;");
    struct gcm_place a = gcm_client_place(text, text->document->definitions.at[0]->place);
    struct gcm_place b = gcm_client_place(text, text->document->definitions.at[1]->place);
    assert_int_equal(a.line, 2);
    assert_int_equal(a.column, 19);
    assert_int_equal(text->in->file->text.at[a.offset], 'A');
    assert_int_equal(b.line, 3);
    assert_int_equal(b.column, 8);
    assert_int_equal(text->in->file->text.at[b.offset], 'B');
}

static void holes_between_definitions_are_fine_others_are_not(void **state)
{
    struct gcm_arena *arena = *state;
    const struct gcm_client_text *text = only_text(arena, "a.js", "gql`{ a ...F } # {\n${A.b}`");
    assert_int_equal(text->unread.size, 0);
    assert_int_equal(text->errors.count, 0);
    assert_int_equal(text->holes.count, 1);
    assert_true(gcm_slice_is(text->holes.at[0].expression, "A.b"));
    text = only_text(arena, "a.js", "gql`{ a(b: \"}\") { ${c} } }`");
    assert_true(gcm_slice_is(text->unread, "${c} stands inside of an operation or fragment"));
    text = only_text(arena, "a.js", "gql`{ a(b: \"x-${c.d}\") { e } }`");
    assert_int_equal(text->unread.size, 0);
    text = only_text(arena, "a.js", "gql`{ a(b: \"${c[\"d\"]}\") { e } }`");
    assert_true(text->unread.size > 0);
    text = only_text(arena, "a.js", "gql`query ${name} { a }`");
    assert_true(gcm_slice_is(text->unread, "${name} stands inside of an operation or fragment"));
    text = only_text(arena, "a.js", "gql`{ a(b: \"\\n\") }`");
    assert_true(gcm_slice_has(text->unread, "escape sequence"));
}

/* ---- fragments ------------------------------------------------------------------------------ */

static const struct gcm_client_operation *only_operation(struct gcm_arena *arena,
                                                         const struct gcm_file *files, size_t count)
{
    const struct gcm_operations *operations =
        gcm_operations_find(arena, clients_of(arena, files, count));
    assert_int_equal(operations->all.count, 1);
    return operations->all.at[0];
}

#define F(path, text)                                                                              \
    {                                                                                              \
        GCM_S_INIT(path), GCM_S_INIT(text)                                                         \
    }

static void fragment_that_an_import_names_is_meant(void **state)
{
    struct gcm_arena *arena = *state;
    static const struct gcm_file files[] = {
        F("a/q.js", "import { X as Y } from '../b';\nconst q = gql`{ a { ...F } } ${Y}`;"),
        F("b/index.ts", "export const X = gql`fragment F on B { id }`;"),
        F("c.js", "export const X = gql`fragment F on C { id }`;")};
    const struct gcm_client_operation *operation = only_operation(arena, files, 3);
    assert_int_equal(operation->unchecked.size, 0);
    assert_int_equal(operation->fragments.count, 1);
    assert_true(gcm_slice_is(operation->fragments.at[0].definition->on, "B"));
}

static void import_comment_names_a_file_and_the_next_one(void **state)
{
    struct gcm_arena *arena = *state;
    static const struct gcm_file files[] = {
        F("a/q.graphql", "#import \"./f.graphql\"\n{ a { ...F } }"),
        F("a/f.graphql", "#import '../g.graphql'\nfragment F on A { ...G }"),
        F("b/f.graphql", "fragment F on B { id }"), F("g.graphql", "fragment G on A { id }"),
        F("h.graphql", "fragment G on H { id }")};
    const struct gcm_client_operation *operation = only_operation(arena, files, 5);
    assert_int_equal(operation->unchecked.size, 0);
    assert_int_equal(operation->fragments.count, 2);
    assert_true(gcm_slice_is(operation->fragments.at[0].definition->on, "A"));
    assert_true(gcm_slice_is(operation->fragments.at[1].definition->on, "A"));
}

static void fragment_that_may_be_one_of_two_is_not_guessed(void **state)
{
    struct gcm_arena *arena = *state;
    static const struct gcm_file files[] = {F("q.js", "gql`{ a { ...F } }`"),
                                            F("b.js", "gql`fragment F on B { id }`"),
                                            F("c.js", "gql`fragment F on C { id }`")};
    const struct gcm_client_operation *operation = only_operation(arena, files, 3);
    assert_true(gcm_slice_is(operation->unchecked,
                             "2 fragments are named F; nothing says which one is meant"));
}

static void fragment_of_the_same_text_is_nearest(void **state)
{
    struct gcm_arena *arena = *state;
    static const struct gcm_file files[] = {F("q.js", "const f = gql`fragment F on C { id }`;\n"
                                                      "gql`{ a { ...F } } fragment F on B { id }`"),
                                            F("c.js", "gql`fragment F on C { id }`")};
    const struct gcm_client_operation *operation = only_operation(arena, files, 2);
    assert_int_equal(operation->unchecked.size, 0);
    assert_true(gcm_slice_is(operation->fragments.at[0].definition->on, "B"));
}

/* ---- conversions ---------------------------------------------------------------------------- */

static const struct gcm_file project_files[] = {
    F("graphcool.yml", "types: types.graphql\n"),
    F("types.graphql",
      "type Post @model { id: ID! @isUnique title: String! author: User @relation(name: \"PU\") }\n"
      "type User @model { id: ID! @isUnique posts: [Post!]! @relation(name: \"PU\") }\n")};

static struct gcm_plan *plan_of(struct gcm_arena *arena)
{
    struct gcm_project *project = NULL;
    struct gcm_rules *rules = NULL;
    struct gcm_error err = {0};
    struct gcm_errors errors = {0};
    assert_int_equal(gcm_project_of(arena, project_files, 2, &project, &err), GCM_OK);
    assert_int_equal(gcm_rules_load(arena, NULL, &rules, &errors), GCM_OK);
    return gcm_plan_make(project, rules, &(struct gcm_plan_options){0});
}

static struct gcm_slice rewritten(struct gcm_arena *arena, const char *path, const char *text)
{
    const struct gcm_targets *targets = gcm_targets_of(arena, plan_of(arena));
    const struct gcm_project *project = targets->plan->project;
    const struct gcm_schema *native =
        gcm_schema_of(arena, gcm_api_native(arena, targets->datamodel, project));
    const struct gcm_file file = {gcm_slice_of(path), gcm_slice_of(text)};
    const struct gcm_clients *clients = clients_of(arena, &file, 1);
    struct gcm_operations *operations = gcm_operations_find(arena, clients);
    gcm_operations_check(arena, operations, gcm_schema_of(arena, gcm_api_simple(arena, project)),
                         native);
    const struct gcm_conversions *conversions =
        gcm_operations_convert(arena, operations, targets, native);
    return gcm_client_rewritten(arena, clients->files.at[0], conversions);
}

static void assert_rewritten(struct gcm_arena *arena, const char *path, const char *before,
                             const char *after)
{
    assert_string_equal(gcm_cstring(arena, rewritten(arena, path, before)), after);
}

static void only_the_operation_is_replaced(void **state)
{
    struct gcm_arena *arena = *state;
    assert_rewritten(
        arena, "a.js",
        "x = 1;  // \xc3\xa4\r\nf(gql`\r\n\t{ allPosts(first: 1) {\r\n id } } # c\r\n`)\t;",
        "x = 1;  // \xc3\xa4\r\nf(gql`\r\n\t{\r\n\t  allPosts: posts(first: 1) {\r\n"
        "\t    id\r\n\t  }\r\n\t} # c\r\n`)\t;");
}

static void hole_in_a_string_stays(void **state)
{
    assert_rewritten(*state, "a.js", "gql`{ Post(id: \"${x.id}\") { id } }`",
                     "gql`{\n  Post: post(where: {id: \"${x.id}\"}) {\n    id\n  }\n}`");
}

static void what_is_refused_stays(void **state)
{
    struct gcm_arena *arena = *state;
    assert_rewritten(arena, "a.graphql", "{ nothing }\n\n{ allPosts { id } }\n",
                     "{ nothing }\n\n{ allPosts { id } }\n");
    assert_rewritten(arena, "a.js", "gql`query A { Post { id } }`", "gql`query A { Post { id } }`");
}

static void ids_become_connections(void **state)
{
    struct gcm_arena *arena = *state;
    assert_rewritten(arena, "a.graphql",
                     "mutation M($p: [ID!]!, $u: ID!) {\n"
                     "  updateUser(id: $u, postsIds: $p) { id }\n"
                     "  updatePost(id: \"a\", authorId: null) { id }\n"
                     "}\n",
                     "mutation M($p: [PostWhereUniqueInput!]!, $u: ID!) {\n"
                     "  updateUser(where: {id: $u}, data: {posts: {set: $p}}) {\n"
                     "    id\n"
                     "  }\n"
                     "  updatePost(where: {id: \"a\"}, data: {author: {disconnect: true}}) {\n"
                     "    id\n"
                     "  }\n"
                     "}\n");
}

static void variable_that_two_types_want_is_refused(void **state)
{
    struct gcm_arena *arena = *state;
    const char *text = "mutation M($p: [ID!]) { updateUser(id: \"u\", postsIds: $p) {\n"
                       "  posts(filter: { id_in: $p }) { id } } }\n";
    assert_rewritten(arena, "a.graphql", text, text);
}

static int set_up(void **state)
{
    static struct gcm_arena arena;
    *state = &arena;
    return 0;
}

static int tear_down(void **state)
{
    gcm_arena_free(*state);
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(literals_are_found),
        cmocka_unit_test(what_is_no_graphql_is_left_alone),
        cmocka_unit_test(places_are_those_of_the_source),
        cmocka_unit_test(holes_between_definitions_are_fine_others_are_not),
        cmocka_unit_test(fragment_that_an_import_names_is_meant),
        cmocka_unit_test(import_comment_names_a_file_and_the_next_one),
        cmocka_unit_test(fragment_that_may_be_one_of_two_is_not_guessed),
        cmocka_unit_test(fragment_of_the_same_text_is_nearest),
        cmocka_unit_test(only_the_operation_is_replaced),
        cmocka_unit_test(hole_in_a_string_stays),
        cmocka_unit_test(what_is_refused_stays),
        cmocka_unit_test(ids_become_connections),
        cmocka_unit_test(variable_that_two_types_want_is_refused),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
