/* The datamodel validator: for each rule a datamodel that breaks it and no other. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "graphql/parse.h"
#include "prisma/datamodel.h"

enum { MYSQL = GCM_DATABASE_MYSQL, POSTGRES = GCM_DATABASE_POSTGRES, MONGO = GCM_DATABASE_MONGO };
enum { OLD = 8 }; /* added to the database: the older dialect */

#define X60 "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx"

struct example {
    const char *rule; /* NULL: nothing is wrong */
    int database;
    const char *datamodel;
};

/* What many examples need. */
#define A "type A { id: ID! @id } "
#define B "type B { id: ID! @id } "

static const struct example examples[] = {
    {"A1", MYSQL, "type A { id: ID! @id } type a { id: ID! @id }"},
    {"A2", MYSQL, "type A { id: ID! @id x: [Nope!]! }"},
    {"A2", MYSQL, "type A { id: ID! @id x: Nope @relation(name: \"R\") }"},
    {"A3", MYSQL, "type A { id: ID! name: String }"},
    {"A4", MYSQL, B "type A { id: ID! @id x: B y: B }"},
    {"A5", MYSQL,
     "type A { id: ID! @id b: B @relation(name: \"R\") c: B @relation(name: \"R\") } "
     "type B { id: ID! @id x: A @relation(name: \"R\") }"},
    {"A6", MYSQL,
     "type A { id: ID! @id b: A @relation(name: \"R\") c: A @relation(name: \"R\") "
     "d: A @relation(name: \"R\") }"},
    {"A7", MYSQL,
     "type A { id: ID! @id bs: [B!]! @relation(name: \"R\") } type B { id: ID! @id a: A }"},
    {"A8", MYSQL, A "type B { id: ID! @id a: A @relation(name: \"r\") }"},
    {"A8", MYSQL, A "type B { id: ID! @id a: A @relation(name: \"\") }"},
    {"A9", MYSQL,
     B "type A { id: ID! @id b: B @relation(name: \"R\") } "
       "type C { id: ID! @id b: B @relation(name: \"R\") }"},
    {"A10", MYSQL, "type A { id: ID! @id x: Int X: Int }"},
    {"A11", MYSQL, "type PageInfo { id: ID! @id }"},
    {"A12", MYSQL, "type A { id: ID! @id x: Int @unique @unique }"},
    {"A12", MYSQL, "type A @db(name: \"a\") @db(name: \"b\") { id: ID! @id }"},
    {"A13", MYSQL, "type A { id: Int! @id(strategy: SEQUENCE) @sequence(name: \"s\") }"},
    {"A13", MYSQL, "type A { id: ID! @id x: Int @default }"},
    {"A14", MYSQL, A "type B { id: ID! @id a: A @relation(link: X) }"},
    {"A14", MYSQL, A "type B { id: ID! @id a: A @relation(onDelete: NO) }"},
    {"A14", MYSQL, A "type B { id: ID! @id a: A @relation(name: R) }"},
    {"A14", MYSQL, A "type B { id: ID! @id a: A @relation(link: [TABLE]) }"},
    {"A14", MYSQL, "type A { id: ID! @id(strategy: X) }"},
    {"A14", MONGO, "type A { id: ID! @id(strategy: SEQUENCE) }"},
    {"A14", MONGO, A "type B { id: ID! @id a: A @relation(link: TABLE) }"},
    {"A14", MYSQL, "type A { id: ID! @id x: [Int!]! @scalarList(strategy: EMBEDDED) }"},
    {"A14", MONGO, "type A { id: ID! @id x: [Int!]! @scalarList(strategy: RELATION) }"},
    {"A15", MYSQL, "type A { id: ID! @id x: String @default(value: 5) }"},
    {"A15", MYSQL, "type A { id: ID! @id x: E @default(value: C) } enum E { A B }"},
    {"A15", MYSQL, "type A { id: ID! @id x: ID @default(value: \"x\") }"},
    {"A15", MYSQL, A "type B { id: ID! @id a: A @default(value: 1) }"},
    {"A15", MYSQL,
     "type A { id: ID! @id x: [Int!]! @scalarList(strategy: RELATION) @default(value: 1) }"},
    {"A16", MYSQL, "type A { id: ID! @id n: Int @relation(name: \"R\") }"},
    {"A17", MONGO, "type A { id: ID! @id e: E } type E @embedded { x: Int @unique }"},
    {"A18", MYSQL, B "type A { id: ID! @id bs: [B!]! @db(name: \"x\") }"},
    {"A19", MYSQL, "type A { id: ID @id }"},
    {"A19", MYSQL, "type A { id: UUID! @id }"},
    {"A19", MONGO, "type A { id: Int! @id }"},
    {"A20", MYSQL, "type A { id: ID! @id x: String! @createdAt }"},
    {"A20", MYSQL, "type A { id: ID! @id x: String! @updatedAt }"},
    {"A20", MYSQL, "type A { id: ID! @id x: DateTime! @createdAt @updatedAt }"},
    {"A21", MYSQL, "type A { id: ID! @id x: Int @scalarList(strategy: RELATION) }"},
    {"A22", MYSQL,
     "type A { id: ID! @id n: Int @sequence(name: \"s\", initialValue: 1, allocationSize: 1) }"},
    {"A23", MYSQL, A "enum E { A } enum E { B }"},
    {"A23", MYSQL, A "enum E { a }"},
    {"A23", MYSQL, A "enum E { _A }"},
    {"A24", MYSQL, "type A { id: ID! @id e: E } type E @embedded { x: Int }"},
    {"A24", MONGO, "type A { id: ID! @id e: E } type E @embedded @db(name: \"e\") { x: Int }"},
    {"A24", MONGO, A "type R @relationTable { a: A b: A }"},
    {"A25", MYSQL, "type A @rename(oldName: \"B\") { id: ID! @id } " B},
    {"B1", MYSQL,
     "type A { id: ID! @id b: B @relation(name: \"R\") } "
     "type B { id: ID! @id a: A @relation(name: \"R\") }"},
    {"B1", MONGO, B "type A { id: ID! @id bs: [B] @relation(name: \"R\") }"},
    {"B2", MYSQL,
     "type A { id: ID! @id b: B @relation(name: \"R\", link: INLINE) } "
     "type B { id: ID! @id a: A @relation(name: \"R\", link: INLINE) }"},
    {"B3", MYSQL,
     "type A { id: ID! @id bs: [B] @relation(name: \"R\", link: INLINE) } "
     "type B { id: ID! @id a: A @relation(name: \"R\") }"},
    {"B4", MONGO, "type A { id: ID! @id e: E } type E @embedded { a: A }"},
    {"B5", MONGO, B "type A { id: ID! @id b: B @relation(link: INLINE, onDelete: CASCADE) }"},
    {"B6", MYSQL, "type A { id: ID! @id x: [String!]! }"},
    {"B6", POSTGRES, "type A { id: ID! @id x: [E!]! } enum E { A }"},
    {"B7", MYSQL, A "type R @relationTable { a: A b: A }"},
    {"B7", MYSQL,
     "type A { id: ID! @id bs: [B] @relation(name: \"R\") } "
     "type B { id: ID! @id as: [A] @relation(name: \"R\") } type R @relationTable { a: A b: A }"},
    {"B7", MYSQL,
     "type A { id: ID! @id bs: [B] @relation(name: \"R\") } "
     "type B { id: ID! @id as: [A] @relation(name: \"R\") } "
     "type R @relationTable { a: A b: B x: Int }"},
    {"I1", MYSQL, "type A { id: ID! @id x: DateTime @default(value: \"now\") }"},
    {"I1", MYSQL, "type A { id: ID! @id x: Json @default(value: \"[1\") }"},
    {"I2", MYSQL, "type A { id: ID! @id x: [Int!]! @scalarList }"},
    {"I3", MYSQL,
     "type A { id: ID! @id x: [DateTime!]! @createdAt @scalarList(strategy: RELATION) }"},
    {"I4", MYSQL,
     "type A { id: ID! @id bs: [B] @relation(name: \"R\") } "
     "type B { id: ID! @id as: [A] @relation(name: \"R\") } type R @relationTable { a: A b: B } "
     "type C { id: ID! @id r: R }"},
    {"I5", MYSQL, "type Float { id: ID! @id x: Float }"},
    {"I6", MYSQL,
     A "type B { id: ID! @id c: C } type C { id: ID! @id a: A @relation(name: \"BToC\") }"},
    {"P1", MYSQL, "type A { id: ID! @id x: Int @db(name: \"\") }"},
    {"P1", POSTGRES, "type A { id: ID! @id x: Int @db(name: \"\") }"},
    {"P1", MYSQL, "type A @db(name: \"\") { id: ID! @id }"},
    {"P2", MYSQL, "type A { id: ID! @id " X60 "12345: Int }"},
    {"P2", MYSQL, "type A" X60 "12345 { id: ID! @id }"},
    {"P3", MYSQL, "type A" X60 " { id: ID! @id x: [Int!]! @scalarList(strategy: RELATION) }"},
    {"P4", MYSQL, "type A { id: ID! @id " X60 ": Int @unique }"},
    {"P5", MYSQL,
     "type A @db(name: \"t\") { id: ID! @id } type B @db(name: \"t\") { id: ID! @id }"},
    {"P5", POSTGRES, "type A" X60 "123 { id: ID! @id } type A" X60 "124 { id: ID! @id }"},
    {"P5", POSTGRES, "type A { id: ID! @id " X60 "1: Int @unique " X60 "2: Int @unique }"},
    {"P5", POSTGRES, "type A" X60 "12 { id: Int! @id }"},
    {"P6", MYSQL, "type A { id: ID! @id x: Int @db(name: \"c\") y: Int @db(name: \"C\") }"},
    {"P7", MYSQL, "type A { id: ID! @id x: String! @default(value: \"null\") }"},
    {"P8", MYSQL, "many enums"},
    {"P8", MYSQL, "many keys"},
    {"P9", MYSQL,
     A "type B { id: ID! @id a: [A] @relation(name: \"Rel\") b: [A] @relation(name: \"REL\") }"},
    {"W1", MYSQL, "type A { id: ID! @id createdAt: DateTime! }"},
    {"W1", MYSQL, "type A { id: ID! @id updatedAt: DateTime! @createdAt }"},
    {"W2", MYSQL,
     "type A { id: ID! @id bs: [B] @relation(name: \"R\") } "
     "type B { id: ID! @id as: [A] @relation(name: \"R\") } "
     "type R @relationTable { id: ID! @id a: A b: B }"},
    {"U1", MYSQL, "type A { id: ID! @id other: ID! @id }"},
    {"U2", MYSQL, "type A { id: ID! @id(strategy: SEQUENCE) }"},
    {"U3", POSTGRES, "type A { id: Int! @id(strategy: SEQUENCE) }"},
    {"U4", POSTGRES, "type A { id: ID! @id " X60 "1234: Int }"},
    {"U5", POSTGRES, "type A { id: ID! @id x: Int @db(name: \"c\") y: Int @db(name: \"C\") }"},
    {"U6", MYSQL, "type User { id: ID! @id } type Users { id: ID! @id }"},
    {"U6", MYSQL, "type Bus { id: ID! @id } type Buse { id: ID! @id }"},
    {"U7", MYSQL, "type A { id: ID! @id name: String name_not: String }"},
    {"U7", MYSQL, "type A { id: ID! @id OR: String }"},
    {"U8", MYSQL, A "type AWhereInput { id: ID! @id }"},
    {"U8", MYSQL, A "type Long { id: ID! @id }"},
    {"U8", MYSQL, "type A { id: ID! @id e: AEdge } enum AEdge { X }"},
    {"U9", POSTGRES, "type A @db(name: \"\") { id: ID! @id }"},
    {"U9", MYSQL, "type A { id: ID! @id e: Enum }"},
    {"L1", OLD, "type A { id: ID! }"},
    {"L1", OLD, "type A { id: ID! @unique createdAt: DateTime }"},
    {"L2", OLD, "type A { x: Int } type B { a: A @relation }"},
    {"L3", OLD, "type A { x: Int } type B { a: A @relation(name: \"R\", onDelete: NO) }"},
    {"L4", OLD, "type A { x: Int @defaultValue(value: 1) }"},
    {"L5", OLD, "type A { x: [Int!]! @default(value: 1) }"},
    {"L6", OLD, "type A { x: E @default(value: C) } enum E { A B }"},
    {"L7", OLD, "type A { x: Int @default(value: \"one\") }"},
    {"L8", OLD, "type A { x: Int @db(name: \"y\") }"},
    {"A4", OLD, "type A { x: Int } type B { a: A b: A }"},
    {"A24", OLD, "type A @embedded { x: Int }"},
    {NULL, MYSQL, A "type File { id: ID! @id x: [String!]! @scalarList(strategy: RELATION) }"},
    {NULL, MYSQL, "type News { id: ID! @id x: [[Int!]!]! @scalarList(strategy: RELATION) }"},
    {NULL, MYSQL, "type A { id: ID! @id e: DateTime } enum DateTime { X }"},
    {NULL, MYSQL, A "enum A { X } enum AOrderByInput { X }"},
    {NULL, MYSQL, "type A { id: ID! @id x: DateTime @default(value: \"2018\") }"},
    {NULL, MYSQL, "type A { id: ID! @id x: Json @default(value: \"{\\\"a\\\": [1, {}]}\") }"},
    {NULL, POSTGRES, "type A { id: UUID! @id } type B" X60 "12345 { id: ID! @id }"},
    {NULL, POSTGRES, "type A { id: ID! @id " X60 "123: Int }"},
    {NULL, MONGO,
     "type A { id: ID! @id x: [Int!]! e: E f: [F] } type E @embedded { x: Int } "
     "type F @embedded { x: Int }"},
    {NULL, MONGO, B "type A { id: ID! @id bs: [B] @relation(name: \"R\", link: INLINE) }"},
    {NULL, OLD,
     "type A { id: ID! @unique createdAt: DateTime! x: [Int!]! e: E! @default(value: \"A\") "
     "b: B @relation(name: \"R\") } type B { id: ID! @unique a: A @relation(name: \"R\") } "
     "enum E { A }"},
    {NULL, OLD | POSTGRES, "type A { id: UUID! @unique x: Float @default(value: \"1.5\") }"},
};

/* Two examples are too long to be written down. */
static struct gcm_slice text_of(struct gcm_arena *arena, const char *datamodel)
{
    bool enums = !strcmp(datamodel, "many enums");
    if (!enums && strcmp(datamodel, "many keys") != 0)
        return gcm_slice_of(datamodel);
    struct gcm_buffer out = gcm_buffer(arena, 1 << 20);
    gcm_puts(&out, "enum E { A } type A { id: ID! @id");
    for (int i = 0; i < (enums ? 90 : 65); i++)
        gcm_putf(&out, enums ? " e%d: E" : " n%d: Int @unique", i);
    gcm_puts(&out, " }");
    return gcm_buffer_text(&out);
}

static struct gcm_datamodel_errors check(struct gcm_arena *arena, const struct example *example)
{
    struct gcm_file file = {GCM_S("datamodel"), text_of(arena, example->datamodel)};
    struct gcm_file *kept = GCM_NEW(arena, struct gcm_file);
    struct gcm_errors syntax = {0};
    struct gcm_datamodel_errors errors = {0};
    *kept = file;
    struct gcm_document *document = gcm_graphql_parse(arena, kept, GCM_DIALECT_PRISMA, &syntax);
    struct gcm_datamodel *datamodel = gcm_datamodel_of(arena, document);
    assert_int_equal(syntax.count, 0);
    if (example->database & OLD)
        gcm_datamodel_validate_legacy(arena, datamodel,
                                      (enum gcm_database)(example->database & ~OLD), &errors);
    else
        gcm_datamodel_validate(arena, datamodel, (enum gcm_database)example->database, &errors);
    return errors;
}

static void every_rule_is_broken_alone(void **state)
{
    (void)state;
    int wrong = 0;
    for (size_t i = 0; i < sizeof examples / sizeof *examples; i++) {
        struct gcm_arena arena = {0};
        const struct example *example = &examples[i];
        struct gcm_datamodel_errors errors = check(&arena, example);
        bool as_expected = (errors.count > 0) == (example->rule != NULL);
        gcm_each (struct gcm_datamodel_error, error, errors)
            as_expected = as_expected && example->rule && !strcmp(error->rule, example->rule);
        if (!as_expected) {
            wrong++;
            fprintf(stderr, "%s expected of: %.300s\n", example->rule ? example->rule : "nothing",
                    example->datamodel);
            gcm_each (struct gcm_datamodel_error, error, errors)
                fprintf(stderr, "    %s %.*s.%.*s: %.*s\n", error->rule, GCM_P(error->type),
                        GCM_P(error->field), GCM_P(error->message));
        }
        gcm_arena_free(&arena);
    }
    assert_int_equal(wrong, 0);
}

static void every_rule_has_an_example(void **state)
{
    (void)state;
    for (const char *const *rule = gcm_datamodel_rules; *rule; rule++) {
        bool found = false;
        for (size_t i = 0; i < sizeof examples / sizeof *examples; i++)
            found = found || (examples[i].rule && !strcmp(examples[i].rule, *rule));
        if (!found)
            fprintf(stderr, "no example breaks %s\n", *rule);
        assert_true(found);
    }
}

static void index_names_depend_on_the_name_of_the_service(void **state)
{
    (void)state;
    struct gcm_arena arena = {0};
    struct example example = {
        NULL, POSTGRES,
        "type A { id: ID! @id aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa1: Int "
        "@unique aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa2: Int @unique }"};
    assert_int_equal(check(&arena, &example).count, 0);
    struct gcm_file file = {GCM_S("datamodel"), gcm_slice_of(example.datamodel)};
    struct gcm_errors syntax = {0};
    struct gcm_datamodel_errors errors = {0};
    gcm_datamodel_validate_project(
        &arena,
        gcm_datamodel_of(&arena, gcm_graphql_parse(&arena, &file, GCM_DIALECT_PRISMA, &syntax)),
        GCM_DATABASE_POSTGRES, GCM_S("a-service-with-a-long-name$production"), &errors);
    assert_int_equal(errors.count, 1);
    assert_string_equal(errors.at[0].rule, "P5");
    gcm_arena_free(&arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_rule_is_broken_alone),
        cmocka_unit_test(every_rule_has_an_example),
        cmocka_unit_test(index_names_depend_on_the_name_of_the_service),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
