/* graphql: what the parser reads, where it says things are, and how it goes on after errors. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "graphql/parse.h"
#include "graphql/print.h"
#include "graphql/validate.h"

static struct gcm_arena arena;

static int free_arena(void **state)
{
    (void)state;
    gcm_arena_free(&arena);
    return 0;
}

static struct gcm_document *parse_as(struct gcm_slice text, enum gcm_dialect dialect,
                                     struct gcm_errors *errors)
{
    struct gcm_file *file = GCM_NEW(&arena, struct gcm_file);
    *file = (struct gcm_file){GCM_S("t.graphql"), text};
    return gcm_graphql_parse(&arena, file, dialect, errors);
}

static struct gcm_document *parse(const char *text)
{
    struct gcm_errors errors = {0};
    struct gcm_document *document = parse_as(gcm_slice_of(text), GCM_DIALECT_TOLERANT, &errors);
    if (errors.count)
        fail_msg("%.*s", GCM_P(errors.at[0].message));
    return document;
}

/* Errors as "line:column message", one in a line. */
static const char *errors_as(struct gcm_slice text, enum gcm_dialect dialect)
{
    struct gcm_errors errors = {0};
    parse_as(text, dialect, &errors);
    struct gcm_buffer out = gcm_buffer(&arena, GCM_BUFFER_CAP);
    for (size_t i = 0; i < errors.count; i++)
        gcm_putf(&out, "%s%u:%u %.*s", i ? "\n" : "", errors.at[i].place.line,
                 errors.at[i].place.column, GCM_P(errors.at[i].message));
    return gcm_buffer_text(&out).at;
}

static const char *errors_of(const char *text)
{
    return errors_as(gcm_slice_of(text), GCM_DIALECT_TOLERANT);
}

static const char *printed(const char *text)
{
    struct gcm_buffer out = gcm_buffer(&arena, GCM_BUFFER_CAP);
    gcm_print_document(&out, parse(text));
    return gcm_buffer_text(&out).at;
}

#define assert_slice(slice, text) assert_string_equal(gcm_cstring(&arena, (slice)), (text))

static void comments_stay_with_what_they_describe(void **state)
{
    (void)state;
    struct gcm_document *document = parse("# the file\n"
                                          "\n"
                                          "# a person\n"
                                          "#who pays\n"
                                          "type User @model { # really\n"
                                          "  id: ID! @isUnique # the key\n"
                                          "\n"
                                          "  # first and last\n"
                                          "  name: String\n"
                                          "  # nothing more\n"
                                          "} # User\n"
                                          "# the end\n");
    struct gcm_definition *user = document->definitions.at[0];
    assert_int_equal(document->heading.count, 1);
    assert_slice(document->heading.at[0], "the file");
    assert_int_equal(user->remarks.above.count, 3);
    assert_slice(user->remarks.above.at[0], "a person");
    assert_slice(user->remarks.above.at[1], "who pays");
    assert_slice(user->remarks.above.at[2], "really");
    assert_slice(user->remarks.behind, "User");
    assert_slice(user->fields.at[0].remarks->behind, "the key");
    assert_false(user->fields.at[0].remarks->blank_above);
    assert_true(user->fields.at[1].remarks->blank_above);
    assert_slice(user->fields.at[1].remarks->above.at[0], "first and last");
    assert_slice(user->closing.at[0], "nothing more");
    assert_slice(document->closing.at[0], "the end");
}

static void comments_of_arguments_and_enum_values_are_kept(void **state)
{
    (void)state;
    const char *text = "enum Role {\n"
                       "  # may do all\n"
                       "  ADMIN\n"
                       "  USER # may read\n"
                       "}\n"
                       "\n"
                       "type Query {\n"
                       "  posts(\n"
                       "    # at most\n"
                       "    first: Int = 10 # not too many\n"
                       "    after: String\n"
                       "  ): [Post!]!\n"
                       "}\n";
    assert_string_equal(printed(text), text);
}

static void a_comment_inside_of_a_field_moves_above_it(void **state)
{
    (void)state;
    assert_string_equal(printed("type A {\n a: Int\n  # why\n  @x(y: 1,\n # how\n z: 2) # last\n}"),
                        "type A {\n  # why\n  # how\n  a: Int @x(y: 1, z: 2) # last\n}\n");
}

static void an_empty_line_between_comments_is_kept(void **state)
{
    (void)state;
    const char *text = "type A {\n"
                       "  a: Int\n"
                       "\n"
                       "  # section\n"
                       "\n"
                       "  #\n"
                       "  ### row\n"
                       "  b: Int\n"
                       "\n"
                       "  # closing\n"
                       "}\n";
    assert_string_equal(printed(text), text);
}

static void places_count_characters_not_bytes(void **state)
{
    (void)state;
    struct gcm_document *document = parse(
        "\xef\xbb\xbftype A @x(y: \"\xc3\xa9\xf0\x9f\x98\x80\") {\r\n  b: [C!]! @d # \xc3\xa9\r\n"
        "  \"\"\"\r\n \xc3\xa9\r\n \xc3\xa9 \"\"\" c: Int\r\n}");
    struct gcm_definition *a = document->definitions.at[0];
    assert_int_equal(a->place.line, 1);
    assert_int_equal(a->place.column, 6); /* the byte order mark has no column */
    assert_int_equal(a->place.offset, 8);
    struct gcm_field_definition *b = &a->fields.at[0], *c = &a->fields.at[1];
    assert_int_equal(b->place.line, 2);
    assert_int_equal(b->place.column, 3);
    assert_int_equal(b->whole.size, strlen("b: [C!]! @d"));
    assert_int_equal(b->type->place.column, 6);
    assert_int_equal(b->type->place.size, 5);
    assert_int_equal(b->directives.at[0].place.column, 12);
    assert_int_equal(c->place.line, 5);
    assert_int_equal(c->place.column, 8);
}

static void strings_are_decoded(void **state)
{
    (void)state;
    struct gcm_document *document = parse("type A @x(y: \"a\\n\\\"\\u00e9\\uD83D\\uDE00\\uD83D\")");
    const struct gcm_value *value =
        document->definitions.at[0]->directives.at[0].arguments.at[0].value;
    assert_slice(value->text, "a\n\"\xc3\xa9\xf0\x9f\x98\x80\xef\xbf\xbd");
    assert_slice(value->raw, "\"a\\n\\\"\\u00e9\\uD83D\\uDE00\\uD83D\"");
}

static void block_strings_lose_their_indentation(void **state)
{
    (void)state;
    struct gcm_document *document =
        parse("\"\"\"\n\n    Hello,\r\n      World!\n\n    \\\"\"\" end\n  \n"
              "\"\"\"\nscalar A");
    struct gcm_remarks *remarks = &document->definitions.at[0]->remarks;
    assert_slice(remarks->description, "Hello,\n  World!\n\n\"\"\" end");
    assert_true(remarks->described);
    assert_false(remarks->quoted);
}

static void numbers_stay_as_they_were_written(void **state)
{
    (void)state;
    const char *text = "scalar A @x(y: [1.50, -0, 1e400, 12345678901234567890123])\n";
    assert_string_equal(printed(text), text);
    assert_string_equal(errors_of("scalar A @x(y: [01, 1., -, 1A])"),
                        "1:17 \"01\" is no number\n1:21 \"1.\" is no number\n"
                        "1:25 unexpected character \"-\"\n"
                        "1:28 \"1A\" is no number");
}

static void the_old_syntax_is_read(void **state)
{
    (void)state;
    assert_string_equal(printed("type A @model implements B, C { a: Int, b: [Int,] }"),
                        "type A implements B & C @model {\n  a: Int\n  b: [Int]\n}\n");
    assert_string_equal(printed("type A implements B C"), "type A implements B & C\n");
    assert_string_equal(printed("type A {}\nenum B {}"), "type A\n\nenum B\n");
}

static void words_of_the_grammar_are_names_too(void **state)
{
    (void)state;
    const char *text = "type type implements implements {\n"
                       "  type: input\n"
                       "  enum(query: Int): [on]\n"
                       "  extend: String\n"
                       "}\n"
                       "\n"
                       "query query($query: Int) {\n"
                       "  fragment: on(type: $query)\n"
                       "}\n";
    assert_string_equal(printed(text), text);
}

static void after_an_error_the_next_field_is_read(void **state)
{
    (void)state;
    const char *text = "type A {\n"
                       "  a: Int\n"
                       "  b Int\n"
                       "  c-d: Int\n"
                       "  e: [Int\n"
                       "  f: Int @x(y: )\n"
                       "  g: Int\n"
                       "}\n"
                       "type B { b: Int }\n";
    assert_string_equal(errors_of(text), "3:5 expected \":\" and the field's type, found \"Int\"\n"
                                         "4:4 unexpected character \"-\"\n"
                                         "6:3 expected \"]\", found \"f\"\n"
                                         "6:16 expected a value, found \")\"");
    struct gcm_errors errors = {0};
    struct gcm_document *document = parse_as(gcm_slice_of(text), GCM_DIALECT_TOLERANT, &errors);
    assert_int_equal(document->definitions.count, 2);
    assert_int_equal(document->definitions.at[0]->fields.count, 3);
    assert_slice(document->definitions.at[0]->fields.at[2].name, "g");
}

static void a_missing_brace_does_not_swallow_the_next_type(void **state)
{
    (void)state;
    const char *text = "type A {\n  a: Int\n\ntype B {\n  type: Int\n}\n}\nenum C { D }\n";
    assert_string_equal(errors_of(text),
                        "4:1 expected a field or \"}\", found \"type\"\n"
                        "7:1 expected a definition (type, enum, input, …), found \"}\"");
    struct gcm_errors errors = {0};
    assert_int_equal(parse_as(gcm_slice_of(text), GCM_DIALECT_TOLERANT, &errors)->definitions.count,
                     3);
}

static void a_misspelt_keyword_gets_a_hint(void **state)
{
    (void)state;
    struct gcm_errors errors = {0};
    parse_as(GCM_S("typ A {\n a: Int\n}\ntype B { b: Int }"), GCM_DIALECT_TOLERANT, &errors);
    assert_int_equal(errors.count, 1);
    assert_slice(errors.at[0].hint, "did you mean \"type\"?");
}

static void plain_mistakes_are_named_and_read_on(void **state)
{
    (void)state;
    assert_string_equal(errors_of("// note\ntype A { a: Int; b: Int\xc2\xa0@x(y: 'z') }"),
                        "1:1 \"//\" does not begin a comment\n"
                        "2:16 unexpected \";\"\n"
                        "2:24 unexpected invisible character\n"
                        "2:31 a string must not stand between apostrophes");
}

static void broken_text_is_an_error_at_its_place(void **state)
{
    (void)state;
    assert_string_equal(errors_as(GCM_S("type A {\n a\0: Int\n}"), GCM_DIALECT_TOLERANT),
                        "2:3 control character U+0000");
    assert_string_equal(errors_of("# caf\xe9\ntype A { a: Int }"),
                        "1:6 byte 0xe9 is not valid UTF-8");
    assert_string_equal(
        errors_of("type A @x(y: \"b) {\n a: Int\n}"),
        "1:14 this string has no end: expected a closing quotation mark on its line\n"
        "3:1 expected an argument's name or \")\", found \"}\"");
    assert_string_equal(
        errors_of("\"\"\" type A"),
        "1:1 this string has no end: expected three quotation marks\n"
        "1:11 expected a definition (type, enum, input, …), found the end of the file");
    assert_string_equal(errors_of("{ a \"b\" c }"),
                        "1:5 expected a field or \"}\", found a string");
    assert_string_equal(errors_of("scalar A @x(y: \"\\q\")"), "1:17 no such escape: \"\\q\"");
    assert_string_equal(errors_of("type A { \xc3\xa4: Int }"),
                        "1:10 unexpected character \"\xc3\xa4\"");
}

static void errors_are_capped(void **state)
{
    (void)state;
    struct gcm_buffer text = gcm_buffer(&arena, GCM_BUFFER_CAP);
    for (int i = 0; i < 1000; i++)
        gcm_puts(&text, "type A {\n  b Int\n}\n");
    struct gcm_errors errors = {0};
    parse_as(gcm_buffer_text(&text), GCM_DIALECT_TOLERANT, &errors);
    assert_int_equal(errors.count, GCM_GRAPHQL_ERRORS);
    assert_slice(errors.at[errors.count - 1].message,
                 "too many errors: the rest of the file was not read");
}

static struct gcm_slice repeated(const char *before, const char *part, int count)
{
    struct gcm_buffer text = gcm_buffer(&arena, GCM_BUFFER_CAP);
    gcm_puts(&text, before);
    for (int i = 0; i < count; i++)
        gcm_puts(&text, part);
    return gcm_buffer_text(&text);
}

static void depth_is_limited(void **state)
{
    (void)state;
    const char *const cases[][2] = {{"", "{a"},
                                    {"type A { a: ", "["},
                                    {"scalar A @x(y: ", "["},
                                    {"scalar A @x(y: ", "{a:"},
                                    {"{ a(b: ", "[{c:"}};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        const char *said =
            errors_as(repeated(cases[i][0], cases[i][1], 200000), GCM_DIALECT_TOLERANT);
        assert_non_null(strstr(said, "nested more than 200 levels deep"));
    }
    assert_string_equal(errors_as(repeated("scalar A", " @x(y: [[[[1]]]])", 300), 0), "");
}

static void dialects_refuse_what_the_servers_refused(void **state)
{
    (void)state;
    const struct {
        const char *text;
        bool graphcool, prisma; /* refused */
    } cases[] = {
        {"", false, true},
        {"# nothing", false, true},
        {"type A {}", false, true},
        {"type A", true, false},
        {"enum A {}", true, true},
        {"enum A { true }", true, true},
        {"\"d\" type A { a: Int }", true, false},
        {"type A { \"\"\"d\"\"\" a: Int }", true, false},
        {"type A @x(y: \"\"\"z\"\"\") { a: Int }", true, false},
        {"type A implements B & C { a: Int }", true, false},
        {"type A implements B, C { a: Int }", false, false},
        {"type A @model implements B { a: Int }", true, true},
        {"type A { a(): Int }", true, true},
        {"type A { a: Int @x() }", true, true},
        {"type A { a: Int @ x }", true, true},
        {"type A { a: Int @x(y: \"\\/\") }", true, true},
        {"extend type A { a: Int }", false, false},
        {"extend enum A { B }", true, false},
        {"type A {\ra: Int }", true, true},
        {"\xef\xbb\xbftype A {\r\n a: Int,,, }", false, false},
        {"query { a }", false, false},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct gcm_slice text = gcm_slice_of(cases[i].text);
        if (cases[i].graphcool != (*errors_as(text, GCM_DIALECT_GRAPHCOOL) != '\0') ||
            cases[i].prisma != (*errors_as(text, GCM_DIALECT_PRISMA) != '\0'))
            fail_msg("%s", cases[i].text);
    }
}

static void trees_can_be_built(void **state)
{
    (void)state;
    struct gcm_directives directives = {0};
    struct gcm_directive *directive = gcm_directive_add(&arena, &directives, "default");
    gcm_argument_add(&arena, &directive->arguments, "value",
                     gcm_value_make(&arena, GCM_VALUE_STRING, GCM_S("say \"hi\"\n")));
    struct gcm_field_definition field = {.name = GCM_S("a"),
                                         .type = gcm_type_make(&arena, GCM_S("[B!]!")),
                                         .directives = directives};
    struct gcm_buffer out = gcm_buffer(&arena, GCM_BUFFER_CAP);
    gcm_print_field(&out, &field);
    assert_string_equal(gcm_buffer_text(&out).at,
                        "a: [B!]! @default(value: \"say \\\"hi\\\"\\n\")");
    assert_slice(gcm_type_name(field.type), "B");
}

/* The first thing wrong with an operation, or nothing. */
static const char *invalid(const char *operation)
{
    static const char api[] =
        "interface Node { id: ID! }\n"
        "type Post implements Node { id: ID! title: String! author: User tags: [String!] }\n"
        "type User implements Node { id: ID! title: Int name: String posts(first: Int): [Post!] }\n"
        "enum Role { ADMIN USER }\n"
        "input Filter { title: String, roles: [Role!], AND: [Filter!], id: ID! }\n"
        "type Query { node(id: ID!): Node post(filter: Filter, role: Role): Post users: [User!]! "
        "}\n"
        "type Subscription { a: Int b: Int }";
    struct gcm_schema *schema = gcm_schema_of(&arena, parse(api));
    struct gcm_errors errors = {0};
    gcm_validate(&arena, schema, parse(operation), &errors);
    return errors.count ? gcm_cstring(&arena, errors.at[0].message) : "";
}

static void operations_are_checked(void **state)
{
    (void)state;
    const char *const good[] = {
        "{ __schema { types { name fields(includeDeprecated: true) { name } } } __typename }",
        "{ users { posts(first: 3) { id author { name } } } }",
        "query A($id: ID!) { node(id: $id) { id ... on Post { title } ... on User { name } } }",
        "query A($r: Role = USER) { post(role: $r, filter: {id: 1, roles: ADMIN}) { ...F } }\n"
        "fragment F on Post { id }",
        "{ node(id: 1) { ... on Post { a: id } ... on User { a: id } } }",
        "query A($f: [Filter!]) { post(filter: {id: \"1\", AND: $f}) @include(if: true) { id } }",
    };
    for (size_t i = 0; i < sizeof good / sizeof *good; i++)
        assert_string_equal(invalid(good[i]), "");
}

static void wrong_operations_are_refused(void **state)
{
    (void)state;
    const char *const bad[][2] = {
        {"{ nope }", "Cannot query field \"nope\" on type \"Query\"."},
        {"{ users }", "Field \"users\" of type \"[User!]!\" must have a selection of subfields."},
        {"{ users { name { a } } }",
         "Field \"name\" must not have a selection since type \"String\" has no subfields."},
        {"{ users(a: 1) { id } }", "Unknown argument \"a\" on Query.users."},
        {"{ node { id } }",
         "Field \"node\" argument \"id\" of type \"ID!\" is required, but it was not provided."},
        {"{ node(id: 1.5) { id } }", "Expected value of type \"ID!\", found 1.5."},
        {"{ post(role: NOPE) { id } }", "Expected value of type \"Role\", found NOPE."},
        {"{ post(filter: {title: \"a\"}) { id } }",
         "Field \"Filter.id\" of required type \"ID!\" was not provided."},
        {"{ users { posts(first: 2147483648) { id } } }",
         "Expected value of type \"Int\", found 2147483648."},
        {"query A($a: ID) { node(id: $a) { id } }",
         "Variable \"$a\" of type \"ID\" used in position expecting type \"ID!\"."},
        {"query A { node(id: $a) { id } }", "Variable \"$a\" is not defined by operation \"A\"."},
        {"query A($a: ID) { users { id } }", "Variable \"$a\" is never used in operation \"A\"."},
        {"query A($a: Post) { users { id } }",
         "Variable \"$a\" cannot be non-input type \"Post\"."},
        {"{ ...A } fragment A on Query { ...B } fragment B on Query { ...A }",
         "Cannot spread fragment \"A\" within itself."},
        {"{ users { id } } fragment A on User { id }", "Fragment \"A\" is never used."},
        {"{ users { ... on Post { id } } }",
         "Fragment cannot be spread here as objects of type \"User\" can never be of type "
         "\"Post\"."},
        {"{ users { a: id a: name } }",
         "Fields \"a\" conflict because \"id\" and \"name\" return conflicting types. Use "
         "different aliases."},
        {"{ users { posts(first: 1) { id } posts { id } } }",
         "Fields \"posts\" conflict because \"posts\" and \"posts\" are different fields or have "
         "different arguments. Use different aliases."},
        {"{ node(id: 1) { ... on Post { title } ... on User { title } } }",
         "Fields \"title\" conflict because \"title\" and \"title\" return conflicting types. Use "
         "different aliases."},
        {"{ users { id } } query B { users { id } }",
         "This anonymous operation must be the only defined operation."},
        {"subscription A { a b }", "Subscription \"A\" must select only one top level field."},
        {"{ users { id @nope } }", "Unknown directive \"@nope\"."},
        {"type A { a: Int }", "The \"A\" definition is not executable."},
    };
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
        assert_string_equal(invalid(bad[i][0]), bad[i][1]);
}

static void entangled_fragments_take_little_time(void **state)
{
    (void)state;
    struct gcm_buffer text = gcm_buffer(&arena, GCM_BUFFER_CAP);
    gcm_puts(&text, "{ users { ...F0 } }\n");
    for (int i = 0; i < 300; i++)
        gcm_putf(&text,
                 "fragment F%d on User { posts { author { ...F%d } } x: posts { author { ...F%d "
                 "...F%d } } }\n",
                 i, i + 1, i + 1, i + 1);
    gcm_puts(&text, "fragment F300 on User { id }");
    invalid(gcm_buffer_text(&text).at); /* ends */
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_teardown(comments_stay_with_what_they_describe, free_arena),
        cmocka_unit_test_teardown(comments_of_arguments_and_enum_values_are_kept, free_arena),
        cmocka_unit_test_teardown(a_comment_inside_of_a_field_moves_above_it, free_arena),
        cmocka_unit_test_teardown(an_empty_line_between_comments_is_kept, free_arena),
        cmocka_unit_test_teardown(places_count_characters_not_bytes, free_arena),
        cmocka_unit_test_teardown(strings_are_decoded, free_arena),
        cmocka_unit_test_teardown(block_strings_lose_their_indentation, free_arena),
        cmocka_unit_test_teardown(numbers_stay_as_they_were_written, free_arena),
        cmocka_unit_test_teardown(the_old_syntax_is_read, free_arena),
        cmocka_unit_test_teardown(words_of_the_grammar_are_names_too, free_arena),
        cmocka_unit_test_teardown(after_an_error_the_next_field_is_read, free_arena),
        cmocka_unit_test_teardown(a_missing_brace_does_not_swallow_the_next_type, free_arena),
        cmocka_unit_test_teardown(a_misspelt_keyword_gets_a_hint, free_arena),
        cmocka_unit_test_teardown(plain_mistakes_are_named_and_read_on, free_arena),
        cmocka_unit_test_teardown(broken_text_is_an_error_at_its_place, free_arena),
        cmocka_unit_test_teardown(errors_are_capped, free_arena),
        cmocka_unit_test_teardown(depth_is_limited, free_arena),
        cmocka_unit_test_teardown(dialects_refuse_what_the_servers_refused, free_arena),
        cmocka_unit_test_teardown(trees_can_be_built, free_arena),
        cmocka_unit_test_teardown(operations_are_checked, free_arena),
        cmocka_unit_test_teardown(wrong_operations_are_refused, free_arena),
        cmocka_unit_test_teardown(entangled_fragments_take_little_time, free_arena),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
