/* rule_examples: each rule's example is run. A project is made around its `before`; the plan must
 * hold a decision of the rule, and the datamodel (or the decision) what the example says. Of rules
 * about records the elements of NDF are staged and checked. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "graphql/print.h"
#include "plan/plan.h"
#include "staged.h"

#include <string.h>

struct example {
    struct gcm_arena arena;
    const struct gcm_yaml *yaml;
    struct gcm_rules *rules;
    struct gcm_plan *plan;
    struct gcm_slice printed;
};

static struct gcm_slice text_of(const struct example *example, const char *key)
{
    return gcm_yaml_text(gcm_yaml_get(example->yaml, key));
}

static struct gcm_file file_of(struct gcm_arena *arena, struct gcm_slice path,
                               struct gcm_slice text)
{
    return (struct gcm_file){gcm_copy(arena, path), gcm_copy(arena, text)};
}

/* Types as they are; fields go into a model. */
static struct gcm_slice types_of(struct example *example)
{
    struct gcm_slice before = text_of(example, "before"), format = text_of(example, "format");
    if (!before.size)
        before = GCM_S("title: String");
    if (gcm_slice_has(before, "type ") || gcm_slice_has(before, "enum "))
        return before;
    const char *head = gcm_slice_is(format, "preview")   ? "type Model {"
                       : gcm_slice_is(format, "console") ? "type Model implements Node {"
                                                         : "type Model @model {";
    bool has_id = gcm_slice_starts(before, "id:");
    const char *id = has_id                            ? ""
                     : gcm_slice_is(format, "preview") ? "id: ID! @unique"
                                                       : "id: ID! @isUnique";
    return gcm_format(&example->arena, "%s\n  %s\n  %.*s\n}\n", head, id, GCM_P(before));
}

static void read_project(struct example *example, struct gcm_project **project)
{
    struct gcm_arena *arena = &example->arena;
    struct gcm_slice format = text_of(example, "format"), types = types_of(example);
    GCM_VEC(struct gcm_file) files = {0};
    if (gcm_slice_is(format, "console")) {
        *gcm_push(arena, &files) = file_of(arena, GCM_S("project.graphcool"), types);
    } else {
        const char *head = gcm_slice_is(format, "preview")
                               ? "service: example\nstage: dev\ndatamodel: types.graphql\n"
                               : "types: ./types.graphql\n";
        struct gcm_slice yml = gcm_format(arena, "%s%.*s\n", head, GCM_P(text_of(example, "yml")));
        *gcm_push(arena, &files) = file_of(arena, GCM_S("graphcool.yml"), yml);
        *gcm_push(arena, &files) = file_of(arena, GCM_S("types.graphql"), types);
    }
    const struct gcm_yaml *more = gcm_yaml_get(example->yaml, "files");
    for (size_t i = 0; more && i < more->count; i++) {
        struct gcm_slice path = more->keys[i]->text;
        if (gcm_slice_starts(path, "./"))
            path = gcm_slice_sub(path, 2, path.size);
        *gcm_push(arena, &files) = file_of(arena, path, more->items[i]->text);
    }
    struct gcm_error err = {0};
    assert_int_equal(gcm_project_of(arena, files.at, files.count, project, &err), GCM_OK);
}

static void load_rules(struct example *example)
{
    struct gcm_errors errors = {0};
    struct gcm_slice text = text_of(example, "rules");
    struct gcm_file user = {GCM_S("mine.yml"), gcm_copy(&example->arena, text)};
    gcm_result result =
        gcm_rules_load(&example->arena, text.size ? &user : NULL, &example->rules, &errors);
    for (size_t i = 0; i < errors.count; i++)
        print_message("# %.*s\n", GCM_P(errors.at[i].message));
    assert_int_equal(result, GCM_OK);
}

static void make_plan(struct example *example)
{
    load_rules(example);
    struct gcm_project *project = NULL;
    read_project(example, &project);
    struct gcm_plan_options options = {0};
    if (gcm_slice_is(text_of(example, "database"), "postgres"))
        options.database = GCM_DATABASE_POSTGRES;
    if (gcm_slice_is(text_of(example, "database"), "mongo"))
        options.database = GCM_DATABASE_MONGO;
    if (gcm_slice_is(text_of(example, "target"), "prisma-1.30"))
        options.target = GCM_SERVER_PRISMA_1_30;
    if (gcm_slice_is(text_of(example, "api"), "native"))
        options.api = GCM_APPLICATION_NATIVE;
    options.without_functions = text_of(example, "without_functions").size > 0;
    example->plan = gcm_plan_make(project, example->rules, &options);
    struct gcm_buffer out = gcm_buffer(&example->arena, GCM_BUFFER_CAP);
    if (example->plan->datamodel)
        gcm_print_document(&out, example->plan->datamodel);
    example->printed = gcm_buffer_text(&out);
}

/* What is wrong with the example; empty: nothing. */
static const char *fault_of(struct example *example, struct gcm_slice id)
{
    struct gcm_slice after = text_of(example, "after"), absent = text_of(example, "absent");
    struct gcm_slice message = text_of(example, "message");
    bool used = false, said = message.size == 0;
    gcm_each (struct gcm_decision *const, decision, example->plan->decisions) {
        if (!gcm_slice_equal((*decision)->rule->id, id))
            continue;
        used = true;
        said = said || gcm_slice_has((*decision)->message, gcm_cstring(&example->arena, message));
    }
    if (!used)
        return "no decision was made by the rule";
    if (!said)
        return "the decision's message is another";
    if (after.size && !gcm_slice_has(example->printed, gcm_cstring(&example->arena, after)))
        return "the datamodel does not hold `after`";
    if (absent.size && gcm_slice_has(example->printed, gcm_cstring(&example->arena, absent)))
        return "the datamodel holds `absent`";
    return NULL;
}

/* ---- rules about records ---- */

/* `LONG` in an element stands for a text of `longText` letters at random. */
static struct gcm_slice with_long_text(struct example *example, struct gcm_slice json)
{
    struct gcm_slice size = text_of(example, "longText");
    const char *at = size.size ? strstr(gcm_cstring(&example->arena, json), "LONG") : NULL;
    if (!at)
        return json;
    const char *start = gcm_cstring(&example->arena, json);
    struct gcm_buffer out = gcm_buffer(&example->arena, GCM_BUFFER_CAP);
    at = strstr(start, "LONG");
    gcm_put(&out, (struct gcm_slice){start, (size_t)(at - start)});
    uint32_t seed = 1;
    for (long i = strtol(gcm_cstring(&example->arena, size), NULL, 10); i > 0; i--) {
        seed = seed * 1664525u + 1013904223u;
        gcm_putc(&out, (char)('a' + (seed >> 24) % 26));
    }
    gcm_puts(&out, at + 4);
    return gcm_buffer_text(&out);
}

static void stage_elements(struct example *example, struct staged *staged)
{
    static const char *const kinds[] = {"nodes", "lists", "relations"};
    for (int kind = 0; kind < GCM_NDF_KINDS; kind++) {
        const struct gcm_yaml *list = gcm_yaml_get(example->yaml, kinds[kind]);
        for (size_t i = 0; list && i < list->count; i++)
            staged_put(staged, (enum gcm_ndf_kind)kind,
                       with_long_text(example, list->items[i]->text));
    }
    staged_seal(staged);
}

static const char *record_fault(struct example *example, struct staged *staged, struct gcm_slice id)
{
    struct gcm_slice after = text_of(example, "after"), absent = text_of(example, "absent");
    struct gcm_slice message = text_of(example, "message"), repaired = text_of(example, "repaired");
    struct gcm_arena *arena = &example->arena;
    staged_check(staged);
    staged_make(staged);
    if (!staged_has(&staged->messages, id, arena))
        return "nothing was found by the rule";
    if (!staged_has(&staged->messages, message, arena))
        return "the finding's message is another";
    if (after.size && !staged_has(&staged->texts, after, arena))
        return "no element holds `after`";
    if (absent.size && staged_has(&staged->texts, absent, arena))
        return "an element holds `absent`";
    if (!repaired.size)
        return NULL;
    if (staged_has(&staged->texts, repaired, arena))
        return "`repaired` is there without the repair";
    staged_repair(staged, id);
    staged_make(staged);
    return staged_has(&staged->texts, repaired, arena) ? NULL : "no element holds `repaired`";
}

static const char *fault_of_records(struct example *example, struct gcm_slice id)
{
    struct staged staged;
    staged_open(&staged, &example->arena, example->plan);
    stage_elements(example, &staged);
    const char *fault = record_fault(example, &staged, id);
    for (size_t i = 0; fault && i < staged.messages.count; i++)
        print_message("#   %.*s\n", GCM_P(staged.messages.at[i]));
    for (size_t i = 0; fault && i < staged.texts.count; i++)
        print_message("#   %.*s\n", GCM_P(gcm_slice_sub(staged.texts.at[i], 0, 300)));
    staged_close(&staged);
    return fault;
}

static void print_fault(const struct example *example, struct gcm_slice id, const char *fault)
{
    print_message("# %.*s: %s\n", GCM_P(id), fault);
    gcm_each (struct gcm_decision *const, decision, example->plan->decisions)
        print_message("#   %.*s  %.*s\n", GCM_P((*decision)->id), GCM_P((*decision)->message));
    print_message("%.*s\n", GCM_P(example->printed));
}

static void every_rule_does_what_its_example_says(void **state)
{
    (void)state;
    struct gcm_arena arena = {0};
    struct gcm_rules *rules = NULL;
    struct gcm_errors errors = {0};
    assert_int_equal(gcm_rules_load(&arena, NULL, &rules, &errors), GCM_OK);
    size_t faults = 0;
    gcm_each (struct gcm_rule *const, rule, rules->all) {
        struct example example = {.yaml = (*rule)->example};
        if (gcm_slice_is((*rule)->subject, "export")) /* tests/transfer/export_truth.test.mjs */
            continue;
        make_plan(&example);
        bool of_records = gcm_slice_is((*rule)->subject, "records");
        const char *fault =
            of_records ? fault_of_records(&example, (*rule)->id) : fault_of(&example, (*rule)->id);
        if (fault) {
            print_fault(&example, (*rule)->id, fault);
            faults++;
        }
        gcm_arena_free(&example.arena);
    }
    print_message("# %zu of %zu rules do what their examples say\n", rules->all.count - faults,
                  rules->all.count);
    assert_int_equal(faults, 0);
    gcm_arena_free(&arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_rule_does_what_its_example_says),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
