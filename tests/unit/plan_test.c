/* plan: what no single rule's example shows. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "graphql/print.h"
#include "plan/plan.h"

struct planned {
    struct gcm_arena arena;
    struct gcm_rules *rules;
    struct gcm_plan *plan;
    struct gcm_slice printed;
};

static struct planned plan_of(const char *types, const char *user, enum gcm_database database)
{
    struct planned planned = {0};
    struct gcm_arena *arena = &planned.arena;
    struct gcm_file *files = gcm_arena_alloc(arena, 3 * sizeof *files);
    files[0] = (struct gcm_file){GCM_S("graphcool.yml"), GCM_S("types: ./types.graphql\n")};
    files[1] = (struct gcm_file){GCM_S("types.graphql"), gcm_slice_of(types)};
    files[2] = (struct gcm_file){GCM_S("mine.yml"), gcm_slice_of(user)};
    struct gcm_errors errors = {0};
    assert_int_equal(gcm_rules_load(arena, user ? &files[2] : NULL, &planned.rules, &errors),
                     GCM_OK);
    struct gcm_project *project = NULL;
    struct gcm_error err = {0};
    assert_int_equal(gcm_project_of(arena, files, 2, &project, &err), GCM_OK);
    struct gcm_plan_options options = {.database = database};
    planned.plan = gcm_plan_make(project, planned.rules, &options);
    struct gcm_buffer out = gcm_buffer(arena, GCM_BUFFER_CAP);
    if (planned.plan->datamodel)
        gcm_print_document(&out, planned.plan->datamodel);
    planned.printed = gcm_buffer_text(&out);
    return planned;
}

static void end(struct planned *planned)
{
    gcm_arena_free(&planned->arena);
}

static const struct gcm_rename *rename_of(const struct planned *planned, const char *from)
{
    gcm_each (const struct gcm_rename, rename, planned->plan->renames)
        if (gcm_slice_is(rename->from, from))
            return rename;
    return NULL;
}

static void comments_stay_next_to_what_they_described(void **state)
{
    (void)state;
    struct planned planned = plan_of("# All of it\n\n# A post\ntype Post @model {\n"
                                     "  id: ID! @isUnique\n\n  # what it is called\n"
                                     "  title: String! # short\n}\n",
                                     NULL, GCM_DATABASE_MYSQL);
    assert_string_equal(planned.printed.at, "# All of it\n\n# A post\ntype Post {\n"
                                            "  id: ID! @id\n"
                                            "  createdAt: DateTime! @createdAt\n"
                                            "  updatedAt: DateTime! @updatedAt\n\n"
                                            "  # what it is called\n"
                                            "  title: String! # short\n}\n");
    end(&planned);
}

static void ids_of_decisions_are_unique_and_stable(void **state)
{
    (void)state;
    static const char types[] = "type A @model { id: ID! @isUnique x: Int @a @a @a y: Nope }\n";
    struct planned one = plan_of(types, NULL, GCM_DATABASE_MYSQL);
    struct planned two = plan_of(types, NULL, GCM_DATABASE_MYSQL);
    assert_int_equal(one.plan->decisions.count, two.plan->decisions.count);
    struct gcm_map seen = {0};
    for (size_t i = 0; i < one.plan->decisions.count; i++) {
        struct gcm_slice id = one.plan->decisions.at[i]->id;
        assert_true(gcm_slice_equal(id, two.plan->decisions.at[i]->id));
        assert_null(gcm_map_put(&one.arena, &seen, id, &seen));
    }
    assert_ptr_equal(gcm_map_get(&seen, GCM_S("GCM-DIR-001:A.x @a#2")), &seen);
    end(&one);
    end(&two);
}

static void totals_are_those_of_the_decisions(void **state)
{
    (void)state;
    struct planned planned =
        plan_of("type A { id: ID! @isUnique x: Password y: Nope }\n", NULL, GCM_DATABASE_MYSQL);
    unsigned outcomes[4] = {0}, effort[4] = {0};
    gcm_each (struct gcm_decision *const, decision, planned.plan->decisions) {
        outcomes[(*decision)->outcome]++;
        effort[(*decision)->outcome] += (*decision)->effort;
    }
    assert_memory_equal(outcomes, planned.plan->outcomes, sizeof outcomes);
    assert_memory_equal(effort, planned.plan->effort, sizeof effort);
    end(&planned);
}

static void renamed_type_is_renamed_where_it_is_pointed_at(void **state)
{
    (void)state;
    struct planned planned =
        plan_of("type Query @model { id: ID! @isUnique posts: [Post!]! @relation(name: \"R\") }\n"
                "type Post @model { id: ID! @isUnique query: Query @relation(name: \"R\") }\n",
                NULL, GCM_DATABASE_MYSQL);
    assert_true(gcm_slice_has(planned.printed, "type QueryType {"));
    assert_true(gcm_slice_has(planned.printed, "query: QueryType @relation"));
    assert_true(gcm_slice_is(rename_of(&planned, "Query")->to, "QueryType"));
    end(&planned);
}

static void wishes_of_the_user_are_followed(void **state)
{
    (void)state;
    struct planned planned =
        plan_of("type Post @model { id: ID! @isUnique title: String state: State }\n"
                "type Draft @model { id: ID! @isUnique }\nenum State { ON }\n",
                "rename: {Post: Article, Post.title: headline, State: Mode}\nleave_out: [Draft]\n",
                GCM_DATABASE_MYSQL);
    assert_true(gcm_slice_has(planned.printed, "type Article {"));
    assert_true(gcm_slice_has(planned.printed, "headline: String"));
    assert_true(gcm_slice_has(planned.printed, "state: Mode"));
    assert_false(gcm_slice_has(planned.printed, "Draft"));
    assert_true(gcm_slice_is(rename_of(&planned, "Post.title")->to, "headline"));
    end(&planned);
}

static void wish_for_a_bad_name_does_not_reach_the_output(void **state)
{
    (void)state;
    struct planned planned = plan_of("type Post @model { id: ID! @isUnique }\n",
                                     "rename: {Post: Subscription}\n", GCM_DATABASE_MYSQL);
    assert_true(gcm_slice_has(planned.printed, "type SubscriptionType {"));
    assert_true(gcm_slice_is(rename_of(&planned, "Post")->to, "SubscriptionType"));
    end(&planned);
}

static void system_fields_stand_behind_the_id(void **state)
{
    (void)state;
    struct planned planned = plan_of("type A @model { x: Int id: ID! @isUnique y: Int }\n"
                                     "type B @model { updatedAt: DateTime! id: ID! @isUnique }\n",
                                     NULL, GCM_DATABASE_MYSQL);
    assert_true(gcm_slice_has(planned.printed, "  x: Int\n  id: ID! @id\n"
                                               "  createdAt: DateTime! @createdAt\n"
                                               "  updatedAt: DateTime! @updatedAt\n  y: Int\n"));
    assert_true(gcm_slice_has(planned.printed, "type B {\n  createdAt: DateTime! @createdAt\n"
                                               "  updatedAt: DateTime! @updatedAt\n  id: ID!"));
    end(&planned);
}

static void every_relation_has_its_link_on_one_side(void **state)
{
    (void)state;
    struct planned planned = plan_of(
        "type A @model { id: ID! @isUnique b: B @relation(name: \"One\") cs: [C!]! "
        "@relation(name: \"Many\") next: A @relation(name: \"Next\") last: A @relation(name: "
        "\"Next\") }\n"
        "type B @model { id: ID! @isUnique a: A! @relation(name: \"One\") }\n"
        "type C @model { id: ID! @isUnique as: [A!]! @relation(name: \"Many\") }\n",
        NULL, GCM_DATABASE_POSTGRES);
    size_t links = 0;
    for (size_t i = 0; i + 11 <= planned.printed.size; i++)
        links += gcm_slice_is(gcm_slice_sub(planned.printed, i, 11), "link: TABLE");
    assert_int_equal(links, 3);
    end(&planned);
}

static void size_class_follows_the_minutes(void **state)
{
    (void)state;
    struct planned small =
        plan_of("type A @model { id: ID! @isUnique createdAt: DateTime! updatedAt: DateTime! }\n",
                NULL, GCM_DATABASE_MYSQL);
    struct gcm_size_class size = gcm_plan_size(small.plan);
    assert_int_equal(size.letter, 'A');
    assert_int_equal(size.digit, 1);
    assert_string_equal(size.name, "Simple");
    end(&small);
    struct planned large =
        plan_of("type File @model { id: ID! @isUnique url: String! a: Nope c: Nope }\n"
                "type B @model { id: ID! @isUnique p: Password }\n",
                NULL, GCM_DATABASE_MYSQL);
    size = gcm_plan_size(large.plan);
    assert_int_equal(size.letter, 'B');
    assert_int_equal(size.digit, 4);
    assert_string_equal(size.name, "Medium");
    end(&large);
}

static void wide_and_broken_projects_end_in_a_plan(void **state)
{
    (void)state;
    static const char *const types[] = {
        "",
        "type",
        "type A",
        "type A {",
        "enum E {",
        "type A @model { id }",
        "type A @model { a: [[[A]]] }",
        "type A @model { A: A a: A }",
        "type A @model { a: A @relation(name: \"\") b: [A] @relation(name: 3) }",
        "enum A { a } type A @model { a: A }",
        "type _ @model { _: Int __: _ }"};
    for (size_t i = 0; i < sizeof types / sizeof *types; i++) {
        struct planned planned = plan_of(types[i], NULL, GCM_DATABASE_POSTGRES);
        assert_true(planned.plan->decisions.count > 0);
        end(&planned);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(comments_stay_next_to_what_they_described),
        cmocka_unit_test(ids_of_decisions_are_unique_and_stable),
        cmocka_unit_test(totals_are_those_of_the_decisions),
        cmocka_unit_test(renamed_type_is_renamed_where_it_is_pointed_at),
        cmocka_unit_test(wishes_of_the_user_are_followed),
        cmocka_unit_test(wish_for_a_bad_name_does_not_reach_the_output),
        cmocka_unit_test(system_fields_stand_behind_the_id),
        cmocka_unit_test(every_relation_has_its_link_on_one_side),
        cmocka_unit_test(size_class_follows_the_minutes),
        cmocka_unit_test(wide_and_broken_projects_end_in_a_plan),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
