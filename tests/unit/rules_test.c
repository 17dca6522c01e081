/* rules: loading, matching, and what a user's file may do. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "rules/rules.h"

struct loaded {
    struct gcm_arena arena;
    struct gcm_rules *rules;
    struct gcm_errors errors;
    gcm_result result;
};

static struct loaded load(const char *text)
{
    struct loaded loaded = {0};
    static struct gcm_file file;
    file = (struct gcm_file){GCM_S("mine.yml"), gcm_slice_of(text)};
    loaded.result =
        gcm_rules_load(&loaded.arena, text ? &file : NULL, &loaded.rules, &loaded.errors);
    return loaded;
}

/* The file is refused with one error at that line, which speaks of `part`. */
static void assert_refused(const char *text, uint32_t line, const char *part)
{
    struct loaded loaded = load(text);
    assert_int_equal(loaded.result, GCM_BAD_INPUT);
    assert_int_equal(loaded.errors.count, 1);
    assert_true(gcm_slice_has(loaded.errors.at[0].message, part));
    assert_int_equal(loaded.errors.at[0].place.line, line);
    gcm_arena_free(&loaded.arena);
}

static const struct gcm_rule *rule_for(const struct loaded *loaded, const char *directive,
                                       const char *kind)
{
    struct gcm_fact facts[] = {{"construct", GCM_S("directive")},
                               {"directive", gcm_slice_of(directive)},
                               {"on", GCM_S("field")},
                               {"kind", gcm_slice_of(kind)},
                               {"list", GCM_S("no")},
                               {"system", GCM_S("no")},
                               {"repeated", GCM_S("no")},
                               {"format", GCM_S("framework")}};
    return gcm_rule_for(loaded->rules, facts, sizeof facts / sizeof *facts);
}

static void built_in_rules_have_no_mistakes(void **state)
{
    (void)state;
    struct loaded loaded = load(NULL);
    assert_int_equal(loaded.result, GCM_OK);
    assert_true(loaded.rules->all.count > 100);
    gcm_arena_free(&loaded.arena);
}

static void first_rule_whose_conditions_hold_speaks(void **state)
{
    (void)state;
    struct loaded loaded = load(NULL);
    assert_true(gcm_slice_is(rule_for(&loaded, "isUnique", "scalar")->id, "GCM-DIR-005"));
    assert_true(gcm_slice_is(rule_for(&loaded, "isUnique", "relation")->id, "GCM-DIR-006"));
    assert_true(gcm_slice_is(rule_for(&loaded, "fantasy", "scalar")->id, "GCM-DIR-020"));
    struct gcm_fact none[] = {{"construct", GCM_S("nothing")}};
    assert_null(gcm_rule_for(loaded.rules, none, 1));
    gcm_arena_free(&loaded.arena);
}

static void star_stands_for_any_text(void **state)
{
    (void)state;
    struct loaded loaded = load(NULL);
    struct gcm_fact facts[] = {
        {"construct", GCM_S("server_error")},
        {"text", GCM_S("The field `a` has the type `B` but there's no type or enum declaration "
                       "with that name.")}};
    assert_true(gcm_slice_is(gcm_rule_for(loaded.rules, facts, 2)->id, "GCM-VER-004"));
    facts[1].value = GCM_S("anything else");
    assert_true(gcm_slice_is(gcm_rule_for(loaded.rules, facts, 2)->id, "GCM-VER-020"));
    gcm_arena_free(&loaded.arena);
}

static void text_is_filled_with_facts(void **state)
{
    (void)state;
    struct gcm_arena arena = {0};
    struct gcm_fact facts[] = {{"name", GCM_S("title")}};
    struct gcm_slice text = gcm_rule_text(&arena, GCM_S("{name}: {other} and {name"), facts, 1);
    assert_true(gcm_slice_is(text, "title: {other} and title"));
    gcm_arena_free(&arena);
}

static void user_overrides_outcome_and_effort(void **state)
{
    (void)state;
    struct loaded loaded =
        load("rules:\n- id: GCM-DIR-005\n  outcome: review\n  effort: 7\n"
             "- id: GCM-DIR-006\n  disabled: true\n"
             "rename: {Post: Article}\nstrategies: {relation_link: inline}\nleave_out: [Draft]\n");
    assert_int_equal(loaded.result, GCM_OK);
    const struct gcm_rule *rule = rule_for(&loaded, "isUnique", "scalar");
    assert_int_equal(rule->outcome, GCM_REVIEW);
    assert_int_equal(rule->effort, 7);
    assert_true(gcm_slice_is(rule_for(&loaded, "isUnique", "relation")->id, "GCM-DIR-020"));
    assert_true(gcm_slice_is(gcm_strategy(loaded.rules, "relation_link"), "inline"));
    assert_true(gcm_slice_is(gcm_strategy(loaded.rules, "system_fields"), "add"));
    assert_int_equal(loaded.rules->renames.count, 1);
    assert_int_equal(loaded.rules->leave_out.count, 1);
    gcm_arena_free(&loaded.arena);
}

static void user_cannot_loosen_what_protects(void **state)
{
    (void)state;
    assert_refused("rules:\n- id: GCM-PER-005\n  outcome: automatic\n", 2, "not looser");
    assert_refused("rules:\n- id: GCM-PER-005\n  disabled: true\n", 2, "not looser");
    assert_refused("rules:\n- id: GCM-SCA-012\n  outcome: review\n", 2, "not looser");
    struct loaded stricter = load("rules:\n- id: GCM-PER-002\n  outcome: refused\n");
    assert_int_equal(stricter.result, GCM_OK);
    gcm_arena_free(&stricter.arena);
}

static void rule_of_user_cannot_stand_before_one_that_protects(void **state)
{
    (void)state;
    struct loaded loaded =
        load("rules:\n- id: GCM-OWN-001\n  title: open\n  when: {construct: permission}\n"
             "  do: keep\n  outcome: automatic\n  effort: 0\n  why: we trust everybody\n");
    assert_int_equal(loaded.result, GCM_OK);
    struct gcm_fact facts[] = {{"construct", GCM_S("permission")}, {"kind", GCM_S("everything")}};
    assert_true(gcm_slice_is(gcm_rule_for(loaded.rules, facts, 2)->id, "GCM-PER-001"));
    gcm_arena_free(&loaded.arena);
}

static void rule_of_user_is_asked_first(void **state)
{
    (void)state;
    struct loaded loaded =
        load("rules:\n- id: GCM-OWN-001\n  title: ours\n  when: {construct: directive, directive: "
             "fantasy}\n  do: drop_directive\n  outcome: automatic\n  effort: 0\n  why: known\n");
    assert_int_equal(loaded.result, GCM_OK);
    assert_true(gcm_slice_is(rule_for(&loaded, "fantasy", "scalar")->id, "GCM-OWN-001"));
    assert_true(gcm_slice_is(rule_for(&loaded, "isUnique", "scalar")->id, "GCM-DIR-005"));
    gcm_arena_free(&loaded.arena);
}

static void mistakes_of_user_are_named_with_their_place(void **state)
{
    (void)state;
    assert_refused("surprise: 1\n", 1, "no key \"surprise\"");
    assert_refused("strategies:\n  nope: x\n", 2, "no such strategy");
    assert_refused("strategies:\n  relation_link: x\n", 2, "no such choice");
    assert_refused("rename:\n  Post: not a name\n", 2, "GraphQL name");
    assert_refused("rules:\n- id: GCM-NON-999\n  outcome: review\n", 2, "no rule GCM-NON-999");
    assert_refused("rules:\n- id: GCM-OWN-001\n  title: t\n  when: {construct: field, taste: x}\n"
                   "  do: keep\n  outcome: automatic\n  effort: 0\n  why: w\n",
                   4, "no fact \"taste\"");
    assert_refused("rules:\n- id: GCM-OWN-001\n  title: t\n  when: {construct: field}\n"
                   "  do: explode\n  outcome: automatic\n  effort: 0\n  why: w\n",
                   5, "one action that is known");
    assert_refused("rules:\n- id: GCM-OWN-001\n  title: t\n  when: {construct: field}\n"
                   "  do: keep\n  outcome: fine\n  effort: 0\n  why: w\n",
                   6, "an outcome is");
    assert_refused("rules:\n- id: GCM-OWN-001\n  title: t\n  when: {construct: field}\n"
                   "  do: keep\n  outcome: automatic\n  effort: long\n  why: w\n",
                   7, "number of minutes");
    assert_refused("rules: {}\n", 1, "must be a list");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(built_in_rules_have_no_mistakes),
        cmocka_unit_test(first_rule_whose_conditions_hold_speaks),
        cmocka_unit_test(star_stands_for_any_text),
        cmocka_unit_test(text_is_filled_with_facts),
        cmocka_unit_test(user_overrides_outcome_and_effort),
        cmocka_unit_test(user_cannot_loosen_what_protects),
        cmocka_unit_test(rule_of_user_cannot_stand_before_one_that_protects),
        cmocka_unit_test(rule_of_user_is_asked_first),
        cmocka_unit_test(mistakes_of_user_are_named_with_their_place),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
