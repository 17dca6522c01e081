/* report: a plan made by hand, read as text and as JSON. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "report/page.h"
#include "report/report.h"
#include "report/secrets.h"
#include "report/work.h"

static const struct gcm_file types = {
    GCM_S_INIT("types.graphql"),
    GCM_S_INIT("type Post @model {\n  title: Strin!\n  body: Text\n}\n")};

static struct gcm_rule rules[] = {
    {.id = GCM_S_INIT("GCM-T-1"),
     .title = GCM_S_INIT("A type that is not there"),
     .subject = GCM_S_INIT("scalars"),
     .why = GCM_S_INIT("The reason.")},
    {.id = GCM_S_INIT("GCM-T-2"), .title = GCM_S_INIT("A model"), .subject = GCM_S_INIT("types")},
    {.id = GCM_S_INIT("GCM-T-3"),
     .title = GCM_S_INIT("Something of nobody's"),
     .subject = GCM_S_INIT("new_things")},
};

struct made {
    struct gcm_arena arena;
    struct gcm_project project;
    struct gcm_verdict verdict;
    struct gcm_plan plan;
};

static void add(struct made *made, const struct gcm_rule *rule, enum gcm_outcome outcome,
                const char *subject, struct gcm_place place, unsigned effort)
{
    struct gcm_decision *decision = GCM_NEW(&made->arena, struct gcm_decision);
    *decision = (struct gcm_decision){
        .id = gcm_format(&made->arena, "%.*s:%s", GCM_P(rule->id), subject),
        .rule = rule,
        .construct = GCM_S("field"),
        .subject = gcm_slice_of(subject),
        .place = place,
        .outcome = outcome,
        .effort = effort,
        .message = gcm_format(&made->arena, "%s is what the message is about", subject),
        .hint = GCM_S("do something")};
    *gcm_push(&made->arena, &made->plan.decisions) = decision;
    made->plan.outcomes[outcome]++;
    made->plan.effort[outcome] += effort;
}

static struct made *make(void)
{
    static struct made made;
    memset(&made, 0, sizeof made);
    made.project = (struct gcm_project){.arena = &made.arena, .folder = GCM_S("server")};
    made.plan = (struct gcm_plan){.project = &made.project, .verdict = &made.verdict};
    struct gcm_rules *all = NULL; /* the size of a move is counted by their weights */
    struct gcm_errors errors = {0};
    assert_int_equal(gcm_rules_load(&made.arena, NULL, &all, &errors), GCM_OK);
    made.plan.rules = all;
    made.verdict.kind = GCM_VERDICT_REFUSED;
    *gcm_push(&made.arena, &made.verdict.errors) =
        (struct gcm_server_error){.type = GCM_S("Post"),
                                  .field = GCM_S("title"),
                                  .message = GCM_S("no such type"),
                                  .place = gcm_place_in(&types, 28, 6),
                                  .hint = GCM_S("write String")};
    add(&made, &rules[1], GCM_AUTOMATIC, "Post", gcm_place_in(&types, 5, 4), 0);
    add(&made, &rules[2], GCM_ADAPTED, "stray", (struct gcm_place){0}, 0);
    add(&made, &rules[0], GCM_REVIEW, "Post.title", gcm_place_in(&types, 28, 6), 15);
    add(&made, &rules[0], GCM_REFUSED, "Post.body", gcm_place_in(&types, 44, 4), 75);
    return &made;
}

static const char *text_of(struct made *made, struct gcm_report_options options)
{
    struct gcm_buffer out = gcm_buffer(&made->arena, GCM_BUFFER_CAP);
    gcm_report_text(&out, &made->plan, &options);
    return gcm_buffer_text(&out).at;
}

static void verdict_comes_first_with_place_caret_and_hint(void **state)
{
    (void)state;
    struct made *made = make();
    const char *text = text_of(made, (struct gcm_report_options){0});
    const char *verdict = strstr(text, "refused this project, with 1 error:\n\n"
                                       "  1. Post.title  types.graphql:2:10\n"
                                       "     no such type\n"
                                       "           title: Strin!\n"
                                       "                  ^^^^^^\n"
                                       "     hint: write String\n");
    assert_non_null(verdict);
    assert_true(verdict < strstr(text, "SUMMARY"));
    gcm_arena_free(&made->arena);
}

static void automatic_decisions_are_counted_and_listed_only_when_asked(void **state)
{
    (void)state;
    struct made *made = make();
    const char *text = text_of(made, (struct gcm_report_options){0});
    assert_null(strstr(text, "Post is what"));
    assert_null(strstr(text, "The reason."));
    text = text_of(made, (struct gcm_report_options){.verbose = true});
    assert_non_null(strstr(text, "Post is what"));
    assert_non_null(strstr(text, "why: The reason."));
    gcm_arena_free(&made->arena);
}

static void colour_is_there_only_when_asked(void **state)
{
    (void)state;
    struct made *made = make();
    assert_null(strchr(text_of(made, (struct gcm_report_options){0}), '\033'));
    assert_non_null(strchr(text_of(made, (struct gcm_report_options){.color = true}), '\033'));
    gcm_arena_free(&made->arena);
}

static void control_characters_do_not_reach_the_terminal(void **state)
{
    (void)state;
    struct made *made = make();
    struct gcm_decision *decision = made->plan.decisions.at[3];
    decision->subject = decision->message = decision->hint = decision->written =
        GCM_S("a\033[31mb\a");
    assert_null(strpbrk(text_of(made, (struct gcm_report_options){.verbose = true}), "\033\a"));
    gcm_arena_free(&made->arena);
}

static void no_line_of_prose_is_wider_than_the_page(void **state)
{
    (void)state;
    struct gcm_arena arena = {0};
    struct gcm_buffer out = gcm_buffer(&arena, GCM_BUFFER_CAP);
    struct gcm_page page = {.out = &out};
    struct gcm_buffer words = gcm_buffer(&arena, GCM_BUFFER_CAP);
    for (int i = 0; i < 100; i++)
        gcm_puts(&words, " wörd");
    gcm_page_wrap(&page, 10, 4, gcm_buffer_text(&words));
    struct gcm_slice rest = gcm_buffer_text(&out);
    for (size_t column = 10; rest.size; column = 0) {
        size_t end = gcm_slice_find(rest, '\n');
        assert_true(column + gcm_columns(gcm_slice_sub(rest, 0, end)) <= GCM_PAGE_WIDTH);
        rest = gcm_slice_sub(rest, end + 1, rest.size);
    }
    gcm_arena_free(&arena);
}

static void what_is_left_is_in_working_order_with_nothing_lost(void **state)
{
    (void)state;
    struct made *made = make();
    const struct gcm_work *left = gcm_work_left(&made->arena, &made->plan);
    assert_int_equal(left->groups.count, 2);
    const struct gcm_work_group *datamodel = left->groups.at[0], *rest = left->groups.at[1];
    assert_string_equal(datamodel->title.at, "The datamodel");
    assert_int_equal(datamodel->rules.count, 2);
    assert_int_equal(datamodel->rules.at[0]->outcome, GCM_REFUSED);
    assert_int_equal(datamodel->effort, 90);
    assert_string_equal(rest->title.at, "Everything else");
    gcm_arena_free(&made->arena);
}

static void durations_are_readable(void **state)
{
    (void)state;
    struct gcm_arena arena = {0};
    assert_string_equal(gcm_duration(&arena, 0).at, "none");
    assert_string_equal(gcm_duration(&arena, 59).at, "59 min");
    assert_string_equal(gcm_duration(&arena, 120).at, "2 h");
    assert_string_equal(gcm_duration(&arena, 125).at, "2 h 5 min");
    gcm_arena_free(&arena);
}

static void secrets_are_hidden_in_every_text_and_ids_stay_apart(void **state)
{
    (void)state;
    struct made *made = make();
    struct gcm_function function = {.name = GCM_S("f"),
                                    .webhook_url = GCM_S("https://x.example/hunter2")};
    *gcm_push(&made->arena, &made->project.functions) = &function;
    struct gcm_decision **decisions = made->plan.decisions.at;
    decisions[0]->message = GCM_S("bad url 'https://x.example/hunter2'!");
    decisions[0]->id = decisions[0]->subject = GCM_S("X:${env:A, 'hunter2'}");
    decisions[1]->id = decisions[1]->hint = GCM_S("X:${env:A, \"hunter2!\"}");
    made->verdict.errors.at[0].message = decisions[0]->message;
    gcm_hide_secrets(&made->project, &made->plan);
    assert_string_equal(decisions[0]->message.at, "bad url '***'!");
    assert_string_equal(decisions[0]->subject.at, "X:${env:A, ***}");
    assert_string_equal(decisions[0]->id.at, "X:${env:A, ***}");
    assert_string_equal(decisions[1]->id.at, "X:${env:A, ***}~2");
    struct gcm_buffer out = gcm_buffer(&made->arena, GCM_BUFFER_CAP);
    gcm_report_json(&out, &made->plan, &(struct gcm_report_options){0});
    assert_null(strstr(gcm_buffer_text(&out).at, "hunter2"));
    gcm_arena_free(&made->arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(verdict_comes_first_with_place_caret_and_hint),
        cmocka_unit_test(automatic_decisions_are_counted_and_listed_only_when_asked),
        cmocka_unit_test(colour_is_there_only_when_asked),
        cmocka_unit_test(control_characters_do_not_reach_the_terminal),
        cmocka_unit_test(no_line_of_prose_is_wider_than_the_page),
        cmocka_unit_test(what_is_left_is_in_working_order_with_nothing_lost),
        cmocka_unit_test(durations_are_readable),
        cmocka_unit_test(secrets_are_hidden_in_every_text_and_ids_stay_apart),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
