/* check_report: the text for people. */
#include "cli/check_report.h"

#include "report/page.h"

#include <string.h>

enum { SOME = 3, SOME_FIELDS = 6, FLUSH = 64 * 1024 };

struct gcm_checked_rules gcm_checked_rules(struct gcm_arena *arena,
                                           const struct gcm_check_view *view)
{
    const struct gcm_finding_counts *counts = &view->result->counts;
    const struct gcm_rules *rules = view->workspace->plan->rules;
    struct gcm_checked_rules all = {0}, sorted = {0};
    for (size_t i = 0; i < counts->count; i++) {
        const struct gcm_rule *rule = gcm_rule_named(rules, counts->at[i].rule);
        if (!rule)
            continue;
        if (!all.count || all.at[all.count - 1].rule != rule)
            *gcm_push(arena, &all) = (struct gcm_checked_rule){
                .rule = rule,
                .repaired = gcm_is_repaired(&view->workspace->repairs, rule->id),
                .counts = &counts->at[i]};
        all.at[all.count - 1].count += counts->at[i].count;
        all.at[all.count - 1].fields++;
    }
    for (int outcome = GCM_REFUSED; outcome >= GCM_AUTOMATIC; outcome--)
        gcm_each (struct gcm_checked_rule, checked, all)
            if (gcm_checked_outcome(checked) == (enum gcm_outcome)outcome)
                *gcm_push(arena, &sorted) = *checked;
    return sorted;
}

enum gcm_outcome gcm_checked_outcome(const struct gcm_checked_rule *checked)
{
    return checked->repaired ? GCM_ADAPTED : checked->rule->outcome;
}

struct gcm_slice gcm_finding_text(struct gcm_arena *arena, const struct gcm_rule *rule,
                                  const struct gcm_finding *finding)
{
    const struct gcm_fault fault = {
        .type = finding->type, .field = finding->field, .detail = finding->detail, .rule = rule};
    if (gcm_slice_is(rule->subject, "records"))
        return gcm_fault_text(arena, &fault);
    /* Of a rule about exports. */
    struct gcm_slice what = finding->detail.size ? finding->detail : rule->message;
    return gcm_format(arena, "%.*s: %.*s", GCM_P(gcm_fault_where(arena, &fault)), GCM_P(what));
}

struct text {
    struct gcm_arena *arena;
    const struct gcm_check_view *view;
    struct gcm_page page;
    const struct gcm_rule *rule; /* whose findings are listed */
    enum gcm_exit code;
};

/* Hands on what was written so far. */
static void flush(struct text *text)
{
    if (text->code == GCM_EXIT_OK && text->page.out->size)
        text->code = gcm_write_stdout(gcm_buffer_text(text->page.out));
    text->page.out->size = 0;
}

static gcm_result put_finding(void *context, const struct gcm_finding *finding,
                              struct gcm_error *err)
{
    (void)err;
    struct text *text = context;
    struct gcm_arena scratch = {0};
    struct gcm_buffer *out = text->page.out;
    gcm_puts(out, "      ");
    gcm_page_put(&text->page, GCM_INK_BOLD, finding->id.size ? finding->id : GCM_S("''"));
    gcm_puts(out, "  ");
    gcm_put_visible(out, gcm_finding_text(&scratch, text->rule, finding));
    gcm_putc(out, '\n');
    gcm_arena_free(&scratch);
    if (out->size > FLUSH)
        flush(text);
    return text->code == GCM_EXIT_OK ? GCM_OK : GCM_END;
}

static bool is_shown(const struct text *text, const struct gcm_checked_rule *checked)
{
    const char *show = text->view->show;
    return show && (!strcmp(show, "all") || gcm_slice_is(checked->rule->id, show));
}

static void put_findings(struct text *text, const struct gcm_checked_rule *checked)
{
    struct gcm_error err = {0};
    bool all = is_shown(text, checked);
    text->rule = checked->rule;
    gcm_result result = gcm_findings_each(text->view->workspace->stage, checked->rule->id,
                                          all ? 0 : SOME, put_finding, text, &err);
    if (result != GCM_OK && result != GCM_END && text->code == GCM_EXIT_OK)
        text->code = gcm_report_error(&err);
    if (!all && checked->count > SOME)
        gcm_putf(text->page.out, "      … --show %.*s lists all %llu\n", GCM_P(checked->rule->id),
                 (unsigned long long)checked->count);
}

static void put_fields(struct text *text, const struct gcm_checked_rule *checked)
{
    struct gcm_buffer *out = text->page.out;
    gcm_puts(out, "    ");
    for (size_t i = 0; i < checked->fields && i < SOME_FIELDS; i++) {
        const struct gcm_finding_count *count = &checked->counts[i];
        gcm_puts(out, i ? ", " : "");
        gcm_put_visible(out, count->type);
        if (count->field.size) {
            gcm_putc(out, '.');
            gcm_put_visible(out, count->field);
        }
        gcm_putf(out, " (%llu)", (unsigned long long)count->count);
    }
    if (checked->fields > SOME_FIELDS)
        gcm_putf(out, " and %zu more", checked->fields - SOME_FIELDS);
    gcm_putc(out, '\n');
}

static void put_rule(struct text *text, const struct gcm_checked_rule *checked)
{
    struct gcm_page *page = &text->page;
    enum gcm_outcome outcome = gcm_checked_outcome(checked);
    gcm_puts(page->out, "\n  ");
    gcm_page_puts(page, gcm_outcome_ink(outcome),
                  checked->repaired ? "repaired" : gcm_outcome_name(outcome));
    gcm_puts(page->out, "  ");
    gcm_page_put(page, GCM_INK_DIM, checked->rule->id);
    gcm_puts(page->out, "  ");
    gcm_page_put(page, GCM_INK_BOLD, checked->rule->title);
    gcm_putf(page->out, "  (%llu)\n", (unsigned long long)checked->count);
    put_fields(text, checked);
    put_findings(text, checked);
    if (checked->rule->hint.size) {
        gcm_puts(page->out, "    ");
        gcm_page_puts(page, GCM_INK_DIM, "hint: ");
        gcm_page_wrap(page, 10, 10, checked->rule->hint);
    }
    if (checked->rule->repair.size && !checked->repaired) {
        gcm_puts(page->out, "    ");
        gcm_page_puts(page, GCM_INK_DIM, "repair: ");
        gcm_putf(page->out, "--repair %.*s (%.*s)\n", GCM_P(checked->rule->id),
                 GCM_P(checked->rule->repair));
    }
    flush(text);
}

static void put_head(struct text *text)
{
    static const char *const databases[] = {"MySQL", "PostgreSQL", "MongoDB"};
    struct gcm_buffer *out = text->page.out;
    const struct gcm_check_result *result = text->view->result;
    const struct gcm_plan_options *options = &text->view->workspace->plan->options;
    gcm_putf(out, "checked %.*s, %.*s and %.*s for Prisma %s on %s\n",
             GCM_P(gcm_counted(text->arena, result->nodes, "node")),
             GCM_P(gcm_counted(text->arena, result->lists, "list")),
             GCM_P(gcm_counted(text->arena, result->pairs, "relation row")),
             options->target == GCM_SERVER_PRISMA_1_30 ? "1.30" : "1.34",
             databases[options->database]);
}

static void put_end(struct text *text)
{
    const struct gcm_check_result *result = text->view->result;
    struct gcm_buffer *out = text->page.out;
    gcm_putf(out, "\n%llu refused, %llu to review, %llu adapted", result->outcomes[GCM_REFUSED],
             result->outcomes[GCM_REVIEW], result->outcomes[GCM_ADAPTED]);
    if (result->repaired)
        gcm_putf(out, " (%llu of them by a repair)", result->repaired);
    gcm_putc(out, '\n');
    if (!result->counts.count)
        gcm_puts(out, "Everything can be carried over as it is.\n");
}

enum gcm_exit gcm_check_text(struct gcm_arena *arena, const struct gcm_check_view *view)
{
    struct gcm_buffer out = gcm_buffer(arena, GCM_BUFFER_CAP);
    struct text text = {.arena = arena, .view = view, .page = {.out = &out, .color = view->color}};
    struct gcm_checked_rules rules = gcm_checked_rules(arena, view);
    put_head(&text);
    gcm_each (const struct gcm_checked_rule, checked, rules)
        if (text.code == GCM_EXIT_OK)
            put_rule(&text, checked);
    put_end(&text);
    flush(&text);
    return text.code;
}
