/* records: what becomes of each kind of value and row on its way (the tables of truth/ndf). */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "staged.h"
#include "transfer/records/collation.h"
#include "transfer/records/pglz.h"
#include "transfer/records/time.h"

#include <stdio.h>
#include <string.h>

static struct gcm_arena arena;

static int end(void **state)
{
    (void)state;
    gcm_arena_free(&arena);
    return 0;
}

/* ---- a project, a stage ---- */

struct wish {
    const char *types, *rules;
    enum gcm_database database;
    enum gcm_server server;
};

static const struct gcm_plan *plan_of(struct wish wish)
{
    struct gcm_error err = {0};
    struct gcm_errors errors = {0};
    struct gcm_project *project = NULL;
    struct gcm_rules *rules = NULL;
    const struct gcm_file files[] = {{GCM_S("graphcool.yml"), GCM_S("types: ./types.graphql\n")},
                                     {GCM_S("types.graphql"), gcm_slice_of(wish.types)}};
    const struct gcm_file user = {GCM_S("mine.yml"), gcm_slice_of(wish.rules)};
    assert_int_equal(gcm_project_of(&arena, files, 2, &project, &err), GCM_OK);
    assert_int_equal(gcm_rules_load(&arena, wish.rules ? &user : NULL, &rules, &errors), GCM_OK);
    const struct gcm_plan_options options = {.database = wish.database, .target = wish.server};
    return gcm_plan_make(project, rules, &options);
}

/* A model with one field more than its id. */
static const char *model(const char *field)
{
    return gcm_format(&arena,
                      "type M @model { id: ID! @isUnique  %s }\nenum E { A B LightBlue }\n"
                      "type O @model { id: ID! @isUnique  e: E  n: Int }",
                      field)
        .at;
}

static struct gcm_slice value_of(struct gcm_slice text, const char *key)
{
    char pattern[64];
    snprintf(pattern, sizeof pattern, ",\"%s\":", key);
    const char *at = strstr(gcm_cstring(&arena, text), pattern);
    if (!at)
        return GCM_S("-");
    at += strlen(pattern);
    return gcm_format(&arena, "%.*s", (int)(strlen(at) - 1), at);
}

/* The value of the field `f` as it is going to be sent ("-": none), and the faults behind it. */
static const char *sent(enum gcm_database database, const char *field, const char *json)
{
    struct staged staged;
    staged_open(&staged, &arena,
                plan_of((struct wish){.types = model(field), .database = database}));
    bool list = strchr(field, '[') != NULL;
    staged_put(&staged, GCM_NDF_NODES,
               gcm_format(&arena, "{\"_typeName\":\"M\",\"id\":\"i\"%s%s}",
                          list ? "" : ",\"f\":", list ? "" : json));
    if (list)
        staged_put(&staged, GCM_NDF_LISTS,
                   gcm_format(&arena, "{\"_typeName\":\"M\",\"id\":\"i\",\"f\":%s}", json));
    staged_seal(&staged);
    struct gcm_records *records = NULL;
    struct gcm_record record;
    struct gcm_error err = {0};
    struct gcm_buffer out = gcm_buffer(&arena, GCM_BUFFER_CAP);
    enum gcm_ndf_kind kind = list ? GCM_NDF_LISTS : GCM_NDF_NODES;
    assert_int_equal(gcm_records_open(&staged.maker, kind, GCM_S(""), 1, INT64_MAX, &records, &err),
                     GCM_OK);
    assert_int_equal(gcm_records_next(records, &arena, &record, &err), GCM_OK);
    gcm_put(&out, record.count ? value_of(record.text[0], "f") : GCM_S("kept back"));
    gcm_each (const struct gcm_fault, fault, record.faults)
        gcm_putf(&out, " %s", fault->name);
    gcm_records_close(records);
    staged_close(&staged);
    return gcm_buffer_text(&out).at;
}

#define MYSQL(field, json, expected)                                                               \
    assert_string_equal(sent(GCM_DATABASE_MYSQL, field, json), expected)
#define POSTGRES(field, json, expected)                                                            \
    assert_string_equal(sent(GCM_DATABASE_POSTGRES, field, json), expected)
#define BOTH(field, json, expected)                                                                \
    do {                                                                                           \
        MYSQL(field, json, expected);                                                              \
        POSTGRES(field, json, expected);                                                           \
    } while (0)

/* ---- values ---- */

static void texts_keep_their_bytes(void **state)
{
    (void)state;
    BOTH("f: String", "\"a\\u00e9\\n\\\"-@-\\ud83d\\ude00 \xc3\xa9\"",
         "\"a\\u00e9\\n\\\"-@-\\ud83d\\ude00 \xc3\xa9\"");
    BOTH("f: Password", "\"$2a$10$abc\"", "\"$2a$10$abc\"");
    BOTH("f: String", "5", "5 wrong-kind");
    BOTH("f: String", "null", "-");
    MYSQL("f: String", "\"a\\u0000\\\\u0000b\"", "\"a\\u0000\\\\u0000b\"");
    POSTGRES("f: String", "\"a\\\\u0000b\"", "\"a\\\\u0000b\"");
    POSTGRES("f: String", "\"a\\u0000b\"", "\"a\\u0000b\" nul");
    POSTGRES("f: [String!]", "[\"a\\u0000b\"]", "[\"a\\u0000b\"] nul");
}

static void ids_must_fit_their_columns(void **state)
{
    (void)state;
    BOTH("f: GraphQLID", "\"abcdefghijklmnopqrstuvwxy\"", "\"abcdefghijklmnopqrstuvwxy\"");
    BOTH("f: GraphQLID", "\"abcdefghijklmnopqrstuvwx\xc3\xa9\"",
         "\"abcdefghijklmnopqrstuvwx\xc3\xa9\"");
    BOTH("f: GraphQLID", "\"abcdefghijklmnopqrstuvwxyz\"",
         "\"abcdefghijklmnopqrstuvwxyz\" id-long");
    MYSQL("f: GraphQLID", "\"\xf0\x9f\x98\x80\"", "\"\xf0\x9f\x98\x80\" id-wide");
    POSTGRES("f: GraphQLID", "\"\xf0\x9f\x98\x80\"", "\"\xf0\x9f\x98\x80\"");
    MYSQL("f: GraphQLID", "\"a \"", "kept back id-blank");
    POSTGRES("f: GraphQLID", "\"a \"", "\"a \"");
}

static void ints_that_would_wrap_are_kept_back(void **state)
{
    (void)state;
    BOTH("f: Int", "2147483647", "2147483647");
    BOTH("f: Int", "-2147483648", "-2147483648");
    BOTH("f: Int", "1e3", "1e3");
    BOTH("f: Int", "2.0", "2.0");
    BOTH("f: Int", "2147483648", "kept back int-range");
    BOTH("f: Int", "-2147483649", "kept back int-range");
    BOTH("f: Int", "1e400", "kept back int-range");
    BOTH("f: Int", "9007199254740993", "kept back int-range");
    BOTH("f: Int", "1.5", "kept back int-fraction");
    BOTH("f: Int", "\"5\"", "5 number-text");
    BOTH("f: Int", "\"\"", "\"\" wrong-kind");
    BOTH("f: [Int!]", "[1,2147483648]", "kept back int-range");
}

static void floats_keep_their_digits(void **state)
{
    (void)state;
    BOTH("f: Float", "1.0E+30", "1.0E+30");
    BOTH("f: Float", "1e+30", "1e+30");
    BOTH("f: Float", "-0.0", "-0.0");
    BOTH("f: Float", "0.1", "0.1");
    BOTH("f: Float", "\"1.5\"", "1.5 number-text");
    MYSQL("f: Float", "0.30000000000000004", "0.30000000000000004");
    POSTGRES("f: Float", "0.30000000000000004", "0.30000000000000004 float-digits");
    POSTGRES("f: Float", "123456789.12345678", "123456789.12345678 float-digits");
    POSTGRES("f: Float", "123456789.123457", "123456789.123457");
    BOTH("f: Float", "1e400", "1e400 float-range");
    BOTH("f: [Float!]", "[1e35]", "[1e35] float-range");
    BOTH("f: [Float!]", "[-1e40]", "[-1e40] float-range");
    BOTH("f: [Float!]", "[9.9e34]", "[9.9e34]");
    BOTH("f: [Float!]", "[1e-31]", "[1e-31] float-small");
    BOTH("f: [Float!]", "[1e-30]", "[1e-30]");
    MYSQL("f: Float", "0.1234567890123456789", "0.1234567890123456789 float-precision");
}

static void booleans_may_come_as_numbers(void **state)
{
    (void)state;
    BOTH("f: Boolean", "true", "true");
    BOTH("f: Boolean", "1", "true");
    BOTH("f: Boolean", "0", "false");
    BOTH("f: Boolean", "2", "2 wrong-kind");
    BOTH("f: Boolean", "\"true\"", "\"true\" wrong-kind");
}

static void points_in_time_get_one_form(void **state)
{
    (void)state;
    BOTH("f: DateTime", "\"2017-12-13T19:07:10.000Z\"", "\"2017-12-13T19:07:10.000Z\"");
    BOTH("f: DateTime", "\"2017-12-13T19:07:10Z\"", "\"2017-12-13T19:07:10.000Z\"");
    BOTH("f: DateTime", "\"2017-12-13 19:07:10.5\"", "\"2017-12-13T19:07:10.500Z\"");
    BOTH("f: DateTime", "\"2017-12-13\"", "\"2017-12-13T00:00:00.000Z\"");
    BOTH("f: DateTime", "\"2017-12-31T23:30:00.000-01:00\"", "\"2018-01-01T00:30:00.000Z\"");
    BOTH("f: DateTime", "\"2016-03-01T00:30:00+0100\"", "\"2016-02-29T23:30:00.000Z\"");
    BOTH("f: DateTime", "\"2017-12-13T19:07:10.123456Z\"",
         "\"2017-12-13T19:07:10.123Z\" date-digits");
    BOTH("f: DateTime", "\"2017-12-13T19:07:10.123000Z\"", "\"2017-12-13T19:07:10.123Z\"");
    BOTH("f: DateTime", "\"2017-02-29\"", "\"2017-02-29\" date-unreadable");
    BOTH("f: DateTime", "\"soon\"", "\"soon\" date-unreadable");
    BOTH("f: DateTime", "5", "5 wrong-kind");
    BOTH("f: DateTime", "\"1582-10-15T00:00:00.000Z\"", "\"1582-10-15T00:00:00.000Z\"");
    BOTH("f: DateTime", "\"1582-10-14T00:00:00.000Z\"",
         "\"1582-10-14T00:00:00.000Z\" date-calendar");
    MYSQL("f: [DateTime!]", "[\"0000-01-01T00:00:00.000Z\"]", "kept back date-year");
    POSTGRES("f: [DateTime!]", "[\"-0001-01-01T00:00:00.000Z\"]",
             "[\"-0001-01-01T00:00:00.000Z\"]");
    MYSQL("f: [DateTime!]", "[\"10000-01-01T00:00:00.000Z\"]",
          "[\"10000-01-01T00:00:00.000Z\"] date-far");
    POSTGRES("f: [DateTime!]", "[\"10000-01-01T00:00:00.000Z\"]",
             "[\"10000-01-01T00:00:00.000Z\"]");
}

static void json_goes_as_json(void **state)
{
    (void)state;
    BOTH("f: Json", "{\"a\":[1.50,{\"b\":\"\\u0000\"}],\"a\":2}",
         "{\"a\":[1.50,{\"b\":\"\\u0000\"}],\"a\":2}");
    BOTH("f: Json", "5", "5");
    BOTH("f: Json", "\"text\"", "\"text\"");
    BOTH("f: Json", "\"{\\\"a\\\":1}\"", "\"{\\\"a\\\":1}\" json-text");
    BOTH("f: Json", "\"[1]\"", "\"[1]\" json-text");
    BOTH("f: Json", "\"[no\"", "\"[no\"");
    BOTH("f: Json", "null", "null");
    BOTH("f: Json", "{\"n\":9007199254740993}", "{\"n\":9007199254740993}");
    BOTH("f: Json", "{\"n\":0.0001234,\"t\":true,\"f\":false,\"e\":1e5}",
         "{\"n\":0.0001234,\"t\":true,\"f\":false,\"e\":1e5}");
    BOTH("f: [Json!]", "[{},[1],null]", "[{},[1],null]");
}

static void enums_keep_their_members(void **state)
{
    (void)state;
    BOTH("f: E", "\"LightBlue\"", "\"LightBlue\"");
    BOTH("f: E", "\"C\"", "\"C\" enum-member");
    BOTH("f: E", "\"a\"", "\"a\" enum-member");
    BOTH("f: [E!]", "[\"A\",\"\\\"B\\\"\"]", "[\"A\",\"B\"]");
    BOTH("f: [E!]", "[\"C\"]", "[\"C\"] enum-member");
}

static void lists_keep_order_and_repeats(void **state)
{
    (void)state;
    BOTH("f: [String!]", "[ \"b\" , \"a,\\\"\",\"b\" ]", "[\"b\",\"a,\\\"\",\"b\"]");
    BOTH("f: [Boolean!]", "[true,false]", "[true,false]");
    BOTH("f: [String!]", "[]", "kept back"); /* nothing to send */
    BOTH("f: [String!]", "[\"a\",null]", "[\"a\",null] list-null");
}

/* A text that no compression makes smaller. */
static struct gcm_slice random_text(size_t size)
{
    struct gcm_buffer text = gcm_buffer(&arena, GCM_BUFFER_CAP);
    uint32_t seed = 1;
    for (size_t i = 0; i < size; i++) {
        seed = seed * 1664525u + 1013904223u;
        gcm_putc(&text,
                 "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_"[seed >> 26]);
    }
    return gcm_buffer_text(&text);
}

static struct gcm_slice same_text(size_t size)
{
    char *text = gcm_arena_text(&arena, size);
    memset(text, 'z', size);
    return (struct gcm_slice){text, size};
}

static void an_index_of_postgres_holds_a_third_of_a_page(void **state)
{
    (void)state;
    assert_true(gcm_index_row(random_text(2692)) <= GCM_INDEX_ROW);
    assert_true(gcm_index_row(random_text(2693)) > GCM_INDEX_ROW);
    assert_true(gcm_index_row(random_text(5000)) > GCM_INDEX_ROW);
    /* Seen on the real server. */
    assert_true(gcm_index_row(same_text(200000)) <= GCM_INDEX_ROW);
    assert_true(gcm_index_row(same_text(300000)) > GCM_INDEX_ROW);
    assert_true(gcm_index_row(same_text(400000)) > GCM_INDEX_ROW);
    struct gcm_slice text = random_text(3000);
    const char *json = gcm_format(&arena, "\"%.*s\"", GCM_P(text)).at;
    assert_string_equal(sent(GCM_DATABASE_MYSQL, "f: String @isUnique", json), json);
    assert_non_null(
        strstr(sent(GCM_DATABASE_POSTGRES, "f: String @isUnique", json), "unique-long"));
    assert_string_equal(sent(GCM_DATABASE_POSTGRES, "f: String", json), json);
}

static void required_values_are_filled_from_the_default(void **state)
{
    (void)state;
    BOTH("f: Int! @defaultValue(value: 7)", "null", "7 filled");
    BOTH("f: Int", "null", "-");
    BOTH("f: Int!", "null", "- missing");
    BOTH("f: E! @defaultValue(value: B)", "null", "\"B\" filled");
    BOTH("f: String! @defaultValue(value: \"x\\\"y\")", "null", "\"x\\\"y\" filled");
    BOTH("f: Boolean! @defaultValue(value: true)", "null", "true filled");
    BOTH("f: DateTime! @defaultValue(value: \"2018\")", "null",
         "\"2018-01-01T00:00:00.000Z\" filled");
}

/* ---- nodes ---- */

static struct gcm_slice element(struct wish wish, enum gcm_ndf_kind kind, const char *json)
{
    struct staged staged;
    staged_open(&staged, &arena, plan_of(wish));
    staged_put(&staged, kind, gcm_slice_of(json));
    if (kind == GCM_NDF_LISTS)
        staged_put(&staged, GCM_NDF_NODES, GCM_S("{\"_typeName\":\"M\",\"id\":\"i\"}"));
    staged_seal(&staged);
    staged_make(&staged);
    struct gcm_slice text = GCM_S("nothing");
    gcm_each (const struct gcm_slice, made, staged.texts)
        text = *made;
    staged_close(&staged);
    return text;
}

static void assert_element(struct wish wish, enum gcm_ndf_kind kind, const char *json,
                           const char *expected)
{
    struct gcm_slice text = element(wish, kind, json);
    assert_string_equal(gcm_cstring(&arena, text), expected);
}

static void hidden_fields_are_kept_where_the_target_has_them(void **state)
{
    (void)state;
    static const char node[] = "{\"_typeName\":\"M\",\"id\":\"i\",\"createdAt\":\"2017-01-01T00:00:"
                               "00.000Z\",\"updatedAt\":\"2017-01-02T00:00:00.000Z\"}";
    static const char types[] = "type M @model { id: ID! @isUnique }";
    assert_element((struct wish){.types = types}, GCM_NDF_NODES, node, node);
    assert_element((struct wish){.types = types, .rules = "strategies: {system_fields: omit}"},
                   GCM_NDF_NODES, node, "{\"_typeName\":\"M\",\"id\":\"i\"}");
    assert_element((struct wish){.types = types, .server = GCM_SERVER_PRISMA_1_30}, GCM_NDF_NODES,
                   node, node);
}

static void what_the_plan_renames_is_renamed(void **state)
{
    (void)state;
    static const char types[] = "type Query @model { id: ID! @isUnique  AND: Int  e: color  "
                                "gone: Int }\nenum color { red GREEN }";
    assert_element((struct wish){.types = types, .rules = "leave_out: [Query.gone]"}, GCM_NDF_NODES,
                   "{\"id\":\"i\",\"e\":\"red\",\"AND\":5,\"gone\":1,\"_typeName\":\"Query\"}",
                   "{\"_typeName\":\"QueryType\",\"id\":\"i\",\"ANDField\":5,\"e\":\"Red\"}");
}

static void a_name_that_was_left_out_may_belong_to_another(void **state)
{
    (void)state;
    static const char types[] = "type A @model { id: ID! @isUnique  a: Int  b: Int }\n"
                                "type B @model { id: ID! @isUnique  n: Int }";
    static const char rules[] = "leave_out: [A.a, B]\nrename: {A.b: a, A: B}";
    const struct wish wish = {.types = types, .rules = rules};
    assert_element(wish, GCM_NDF_NODES, "{\"_typeName\":\"A\",\"id\":\"i\",\"a\":1,\"b\":2}",
                   "{\"_typeName\":\"B\",\"id\":\"i\",\"a\":2}");
    assert_element(wish, GCM_NDF_NODES, "{\"_typeName\":\"B\",\"id\":\"i\",\"n\":1}", "nothing");
}

static void a_default_of_json_is_written_as_json(void **state)
{
    (void)state;
    assert_element(
        (struct wish){.types = model("f: Json! @defaultValue(value: \"{\\\"a\\\": 1}\")")},
        GCM_NDF_NODES, "{\"_typeName\":\"M\",\"id\":\"i\"}",
        "{\"_typeName\":\"M\",\"id\":\"i\",\"f\":{\"a\": 1}}");
}

static void of_a_repeated_key_the_last_counts(void **state)
{
    (void)state;
    assert_element((struct wish){.types = "type M @model { id: ID! @isUnique  n: Int }"},
                   GCM_NDF_NODES, "{\"_typeName\":\"M\",\"id\":\"i\",\"n\":1,\"\\u006e\":2}",
                   "{\"_typeName\":\"M\",\"id\":\"i\",\"n\":2}");
}

static void the_same_record_gives_the_same_bytes(void **state)
{
    (void)state;
    static const char types[] = "type M @model { id: ID! @isUnique  n: Int  s: String }";
    struct gcm_slice one = element((struct wish){.types = types}, GCM_NDF_NODES,
                                   "{\"_typeName\":\"M\",\"id\":\"i\",\"n\":1,\"s\":\"a\"}");
    struct gcm_slice other = element((struct wish){.types = types}, GCM_NDF_NODES,
                                     "{\"s\":\"a\",\"n\":1,\"id\":\"i\",\"_typeName\":\"M\"}");
    assert_true(gcm_slice_equal(one, other));
}

static void passwords_are_never_shown(void **state)
{
    (void)state;
    struct staged staged;
    staged_open(
        &staged, &arena,
        plan_of((struct wish){.types = model("f: Password"), .database = GCM_DATABASE_POSTGRES}));
    staged_put(&staged, GCM_NDF_NODES,
               GCM_S("{\"_typeName\":\"M\",\"id\":\"i\",\"f\":\"sec\\u0000ret\"}"));
    staged_seal(&staged);
    staged_check(&staged);
    assert_int_equal(staged.messages.count, 1);
    assert_false(staged_has(&staged.messages, GCM_S("sec"), &arena));
    staged_close(&staged);
}

/* ---- relations ---- */

/* The elements of `rows`, "b-a" separated by blanks, of a relation between fields of M. */
static const char *rows_sent(struct wish wish, const char *field_b, const char *field_a,
                             const char *rows)
{
    struct staged staged;
    staged_open(&staged, &arena, plan_of(wish));
    for (const char *id = "abcdefghXYZ"; *id; id++)
        staged_put(&staged, GCM_NDF_NODES,
                   gcm_format(&arena, "{\"_typeName\":\"M\",\"id\":\"%c\"}", *id));
    for (; *rows; rows += rows[3] ? 4 : 3)
        staged_put(&staged, GCM_NDF_RELATIONS,
                   gcm_format(&arena,
                              "[{\"_typeName\":\"M\",\"id\":\"%c\",\"fieldName\":\"%s\"},"
                              "{\"_typeName\":\"M\",\"id\":\"%c\",\"fieldName\":\"%s\"}]",
                              rows[0], field_b, rows[2], field_a));
    staged_seal(&staged);
    staged_make(&staged);
    struct gcm_buffer out = gcm_buffer(&arena, GCM_BUFFER_CAP);
    gcm_each (const struct gcm_slice, text, staged.texts) {
        if (text->at[0] != '[')
            continue;
        const char *one = strstr(text->at, "\"id\":\"") + 6, *other = strstr(one, "\"id\":\"") + 6;
        const char *field = strstr(text->at, "fieldName\":\"") + 12;
        gcm_putf(&out, "%s%c.%.*s=%c", out.size ? " " : "", *one, (int)strcspn(field, "\""), field,
                 *other);
    }
    staged_close(&staged);
    return out.size ? gcm_buffer_text(&out).at : "";
}

static void to_many_self_relations_have_their_owner_first(void **state)
{
    (void)state;
    const struct wish wish = {
        .types = "type M @model { id: ID! @isUnique  friends: [M!]! @relation(name: \"F\") }"};
    /* b-a: the second is the owner; pairs in both directions stay two, itself stays. */
    assert_string_equal(rows_sent(wish, "friends", "friends", "a-b b-a c-d e-e"),
                        "b.friends=a a.friends=b d.friends=c e.friends=e");
}

static const struct wish one_field = {
    .types = "type M @model { id: ID! @isUnique  partner: M @relation(name: \"P\") }",
    .rules = "strategies: {self_relation: one_field}"};
static const struct wish two_fields = {
    .types = "type M @model { id: ID! @isUnique  partner: M @relation(name: \"P\") }"};

static void to_one_self_relations_answer_from_both_ends(void **state)
{
    (void)state;
    assert_string_equal(rows_sent(one_field, "partner", "partner", "a-b"),
                        "b.partner=a a.partner=b");
    /* Both rows of a pair say the same; itself is answered as null. */
    assert_string_equal(rows_sent(one_field, "partner", "partner", "a-b b-a c-c"),
                        "b.partner=a a.partner=b");
    /* b has a and c: it answers a; c answers b. */
    assert_string_equal(rows_sent(one_field, "partner", "partner", "c-b b-a"),
                        "c.partner=b a.partner=b b.partner=a");
    /* Without case: X is behind c. */
    assert_string_equal(rows_sent(one_field, "partner", "partner", "X-b b-c"),
                        "X.partner=b c.partner=b b.partner=c");
    /* c-d is answered from neither end. */
    assert_string_equal(rows_sent(one_field, "partner", "partner", "a-c b-d c-d"),
                        "c.partner=a a.partner=c d.partner=b b.partner=d");
}

static void two_fields_have_one_row_for_each_pair(void **state)
{
    (void)state;
    assert_string_equal(rows_sent(two_fields, "partner", "partner", "a-b"), "b.partner=a");
    assert_string_equal(rows_sent(two_fields, "partner", "partner", "a-b b-a c-c"), "b.partner=a");
    /* partner ?? partnerOf: b answers a, though the row to c is b's own. */
    assert_string_equal(rows_sent(two_fields, "partner", "partner", "c-b b-a"),
                        "c.partner=b a.partner=b");
}

static const char tree[] = "type M @model { id: ID! @isUnique  parent: M @relation(name: \"T\")  "
                           "children: [M!]! @relation(name: \"T\") }";

static void a_table_keeps_every_row(void **state)
{
    (void)state;
    const struct wish wish = {.types = tree};
    assert_string_equal(rows_sent(wish, "children", "parent", "b-a c-a d-b"),
                        "b.children=a c.children=a d.children=b");
    assert_string_equal(rows_sent(wish, "parent", "children", "a-b"), "b.children=a");
}

static void a_row_is_sent_once_though_links_are_swapped(void **state)
{
    (void)state;
    struct staged staged;
    staged_open(&staged, &arena, plan_of((struct wish){.types = tree}));
    staged_put(&staged, GCM_NDF_NODES, GCM_S("{\"_typeName\":\"M\",\"id\":\"a\"}"));
    staged_put(&staged, GCM_NDF_NODES, GCM_S("{\"_typeName\":\"M\",\"id\":\"b\"}"));
    for (int swapped = 0; swapped < 3; swapped++) {
        static const char *const rows[] = {
            "[{\"_typeName\":\"M\",\"id\":\"b\",\"fieldName\":\"children\"},"
            "{\"_typeName\":\"M\",\"id\":\"a\",\"fieldName\":\"parent\"}]",
            "[{\"_typeName\":\"M\",\"id\":\"a\",\"fieldName\":\"parent\"},"
            "{\"_typeName\":\"M\",\"id\":\"b\",\"fieldName\":\"children\"}]",
            "[{\"_typeName\":\"M\",\"id\":\"b\",\"fieldName\":\"children\"},"
            "{\"_typeName\":\"M\",\"id\":\"a\"}]"};
        staged_put(&staged, GCM_NDF_RELATIONS, gcm_slice_of(rows[swapped]));
    }
    staged_seal(&staged);
    staged_make(&staged);
    assert_int_equal(staged.texts.count, 2 + 1);
    staged_check(&staged);
    assert_int_equal(staged.messages.count, 2);
    assert_true(staged_has(&staged.messages, GCM_S("GCM-REC-082"), &arena));
    staged_close(&staged);
}

static void a_column_holds_the_answered_row(void **state)
{
    (void)state;
    const struct wish wish = {
        .types = "type M @model { id: ID! @isUnique  one: O @relation(name: \"R\") }\n"
                 "type O @model { id: ID! @isUnique  many: [M!]! @relation(name: \"R\") }",
        .rules = "strategies: {relation_link: inline}"};
    struct staged staged;
    staged_open(&staged, &arena, plan_of(wish));
    assert_int_equal(staged.shape->relations.count, 1);
    assert_int_equal(staged.shape->relations.at[0]->link, GCM_LINK_INLINE);
    assert_true(staged.shape->relations.at[0]->inline_at_a);
    staged_put(&staged, GCM_NDF_NODES, GCM_S("{\"_typeName\":\"M\",\"id\":\"m\"}"));
    for (const char *id = "zYx"; *id; id++) {
        staged_put(&staged, GCM_NDF_NODES,
                   gcm_format(&arena, "{\"_typeName\":\"O\",\"id\":\"%c\"}", *id));
        staged_put(&staged, GCM_NDF_RELATIONS,
                   gcm_format(&arena,
                              "[{\"_typeName\":\"O\",\"id\":\"%c\",\"fieldName\":\"many\"},"
                              "{\"_typeName\":\"M\",\"id\":\"m\",\"fieldName\":\"one\"}]",
                              *id));
    }
    staged_seal(&staged);
    staged_make(&staged);
    assert_int_equal(staged.texts.count, 4 + 1);
    assert_true(gcm_slice_has(staged.texts.at[4], "\"id\":\"x\",\"fieldName\":\"many\""));
    staged_close(&staged);
}

static void a_row_without_an_end_is_kept_back(void **state)
{
    (void)state;
    struct staged staged;
    staged_open(&staged, &arena, plan_of((struct wish){.types = tree}));
    staged_put(&staged, GCM_NDF_NODES, GCM_S("{\"_typeName\":\"M\",\"id\":\"a\"}"));
    staged_put(&staged, GCM_NDF_RELATIONS,
               GCM_S("[{\"_typeName\":\"M\",\"id\":\"b\",\"fieldName\":\"children\"},"
                     "{\"_typeName\":\"M\",\"id\":\"a\",\"fieldName\":\"parent\"}]"));
    staged_seal(&staged);
    staged_make(&staged);
    assert_int_equal(staged.texts.count, 1);
    assert_int_equal(staged.withheld, 1);
    staged_repair(&staged, GCM_S("GCM-REC-081"));
    staged_make(&staged);
    assert_int_equal(staged.withheld, 0);
    staged_close(&staged);
}

static void many_rows_of_a_to_one_field_take_linear_time(void **state)
{
    (void)state;
    enum { ROWS = 4000 };
    struct gcm_error err = {0};
    struct staged staged;
    staged_open(&staged, &arena, plan_of((struct wish){.types = tree}));
    assert_int_equal(gcm_stage_begin(staged.stage, &err), GCM_OK);
    staged_put(&staged, GCM_NDF_NODES, GCM_S("{\"_typeName\":\"M\",\"id\":\"hub\"}"));
    for (int i = 0; i < ROWS; i++) {
        staged_put(&staged, GCM_NDF_NODES,
                   gcm_format(&arena, "{\"_typeName\":\"M\",\"id\":\"n%05d\"}", i));
        staged_put(&staged, GCM_NDF_RELATIONS,
                   gcm_format(&arena,
                              "[{\"_typeName\":\"M\",\"id\":\"n%05d\",\"fieldName\":\"children\"},"
                              "{\"_typeName\":\"M\",\"id\":\"hub\",\"fieldName\":\"parent\"}]",
                              i));
    }
    assert_int_equal(gcm_stage_commit(staged.stage, &err), GCM_OK);
    staged_seal(&staged);
    staged_check(&staged);
    assert_int_equal(staged.messages.count, 1);
    assert_true(staged_has(&staged.messages, GCM_S("n00000 is the one"), &arena));
    staged_close(&staged);
}

/* ---- the whole ---- */

static size_t found(struct wish wish, const char *nodes, const char *rule)
{
    struct staged staged;
    struct gcm_raw all, node;
    struct gcm_raw_error wrong;
    staged_open(&staged, &arena, plan_of(wish));
    assert_true(gcm_raw_read(gcm_slice_of(nodes), &all, &wrong));
    struct gcm_raw_walk walk = gcm_raw_walk(all);
    while (gcm_raw_next(&walk, NULL, &node))
        staged_put(&staged, GCM_NDF_NODES, node.text);
    staged_seal(&staged);
    staged_check(&staged);
    size_t count = 0;
    gcm_each (const struct gcm_slice, message, staged.messages)
        count += gcm_slice_starts(*message, rule);
    staged_close(&staged);
    return count;
}

static void unique_values_meet_as_the_database_compares(void **state)
{
    (void)state;
    static const char *const same[] = {"Caf\xc3\xa9", "cafe", "CAFE ", "cafe\xcc\x81",
                                       "caf\xc2\xad\x65"};
    for (size_t i = 0; i < sizeof same / sizeof *same; i++) {
        const char *nodes = gcm_format(&arena,
                                       "[{\"_typeName\":\"M\",\"id\":\"a\",\"f\":\"caf\xc3\x89\"},"
                                       "{\"_typeName\":\"M\",\"id\":\"b\",\"f\":\"%s\"},"
                                       "{\"_typeName\":\"M\",\"id\":\"c\",\"f\":\"coffee\"}]",
                                       same[i])
                                .at;
        struct wish wish = {.types = model("f: String @isUnique")};
        assert_int_equal(found(wish, nodes, "GCM-REC-033"), 1);
        wish.database = GCM_DATABASE_POSTGRES;
        assert_int_equal(found(wish, nodes, "GCM-REC-033"), 0);
    }
    const struct wish dates = {.types = model("f: DateTime @isUnique")};
    assert_int_equal(found(dates,
                           "[{\"_typeName\":\"M\",\"id\":\"a\",\"f\":\"1582-10-10\"},"
                           "{\"_typeName\":\"M\",\"id\":\"b\",\"f\":\"1582-10-20\"}]",
                           "GCM-REC-033"),
                     1);
    const struct wish ints = {.types = model("f: Int @isUnique")};
    assert_int_equal(found(ints,
                           "[{\"_typeName\":\"M\",\"id\":\"a\",\"f\":1},"
                           "{\"_typeName\":\"M\",\"id\":\"b\",\"f\":1.0},"
                           "{\"_typeName\":\"M\",\"id\":\"c\",\"f\":null},"
                           "{\"_typeName\":\"M\",\"id\":\"d\",\"f\":null}]",
                           "GCM-REC-033"),
                     1);
}

static void ids_meet_as_the_database_compares(void **state)
{
    (void)state;
    static const char nodes[] = "[{\"_typeName\":\"M\",\"id\":\"case\"},{\"_typeName\":\"M\","
                                "\"id\":\"CASE\"},{\"_typeName\":\"M\",\"id\":\"Case\"},"
                                "{\"_typeName\":\"O\",\"id\":\"CASE\"}]";
    struct wish wish = {.types = model("f: Int")};
    assert_int_equal(found(wish, nodes, "GCM-REC-014"), 2);
    wish.database = GCM_DATABASE_POSTGRES;
    assert_int_equal(found(wish, nodes, "GCM-REC-014"), 0);
}

static void ids_are_ordered_without_case(void **state)
{
    (void)state;
    assert_true(gcm_id_compare(GCM_S("b"), GCM_S("C")) < 0);
    assert_true(gcm_id_compare(GCM_S("B"), GCM_S("a")) > 0);
    assert_true(gcm_id_compare(GCM_S("\xc3\xbc"), GCM_S("v")) < 0);
    assert_true(gcm_id_compare(GCM_S("z"), GCM_S("_")) < 0);
    assert_true(gcm_id_compare(GCM_S("a"), GCM_S("a1")) < 0);
    assert_int_equal(gcm_id_compare(GCM_S("abc"), GCM_S("abc")), 0);
}

static void a_check_wants_a_whole_export(void **state)
{
    (void)state;
    struct gcm_error err = {0};
    struct gcm_check_result result;
    struct staged staged;
    staged_open(&staged, &arena, plan_of((struct wish){.types = tree}));
    assert_int_equal(gcm_check(&arena, &staged.maker, NULL, &result, &err), GCM_STATE);
    staged_close(&staged);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(texts_keep_their_bytes),
        cmocka_unit_test(ids_must_fit_their_columns),
        cmocka_unit_test(ints_that_would_wrap_are_kept_back),
        cmocka_unit_test(floats_keep_their_digits),
        cmocka_unit_test(booleans_may_come_as_numbers),
        cmocka_unit_test(points_in_time_get_one_form),
        cmocka_unit_test(json_goes_as_json),
        cmocka_unit_test(enums_keep_their_members),
        cmocka_unit_test(lists_keep_order_and_repeats),
        cmocka_unit_test(an_index_of_postgres_holds_a_third_of_a_page),
        cmocka_unit_test(required_values_are_filled_from_the_default),
        cmocka_unit_test(hidden_fields_are_kept_where_the_target_has_them),
        cmocka_unit_test(what_the_plan_renames_is_renamed),
        cmocka_unit_test(a_name_that_was_left_out_may_belong_to_another),
        cmocka_unit_test(a_default_of_json_is_written_as_json),
        cmocka_unit_test(of_a_repeated_key_the_last_counts),
        cmocka_unit_test(the_same_record_gives_the_same_bytes),
        cmocka_unit_test(passwords_are_never_shown),
        cmocka_unit_test(to_many_self_relations_have_their_owner_first),
        cmocka_unit_test(to_one_self_relations_answer_from_both_ends),
        cmocka_unit_test(two_fields_have_one_row_for_each_pair),
        cmocka_unit_test(a_table_keeps_every_row),
        cmocka_unit_test(a_row_is_sent_once_though_links_are_swapped),
        cmocka_unit_test(a_column_holds_the_answered_row),
        cmocka_unit_test(a_row_without_an_end_is_kept_back),
        cmocka_unit_test(many_rows_of_a_to_one_field_take_linear_time),
        cmocka_unit_test(unique_values_meet_as_the_database_compares),
        cmocka_unit_test(ids_meet_as_the_database_compares),
        cmocka_unit_test(ids_are_ordered_without_case),
        cmocka_unit_test(a_check_wants_a_whole_export),
    };
    return cmocka_run_group_tests_name("records", tests, NULL, end);
}
