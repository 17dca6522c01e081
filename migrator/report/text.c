/* The report as people read it: verdict, summary, decisions by subject, what is left. */
#include "operations/print.h"
#include "report/page.h"
#include "report/report.h"
#include "report/work.h"

struct text_report {
    struct gcm_page page;
    struct gcm_arena *arena;
    const struct gcm_plan *plan;
    bool verbose;
};

static const char *format_name(enum gcm_project_format format)
{
    switch (format) {
    case GCM_FORMAT_FRAMEWORK:
        return "a project of the Graphcool Framework";
    case GCM_FORMAT_PREVIEW:
        return "a project of the Graphcool 1.0 preview";
    case GCM_FORMAT_CONSOLE:
        break;
    }
    return "a schema file of the Graphcool console";
}

static void put_title(struct text_report *report)
{
    static const char *const databases[] = {"MySQL", "PostgreSQL", "MongoDB"};
    const struct gcm_project *project = report->plan->project;
    struct gcm_page *page = &report->page;
    gcm_page_puts(page, GCM_INK_BOLD, "graphcool-migrate " GCM_VERSION);
    gcm_putf(page->out, " · from %s (", format_name(project->format));
    gcm_put_visible(page->out, project->folder);
    gcm_putf(page->out, ")\n%*s · to Prisma %s on %s\n",
             (int)sizeof "graphcool-migrate " GCM_VERSION - 1, "",
             report->plan->options.target == GCM_SERVER_PRISMA_1_30 ? "1.30" : "1.34",
             databases[report->plan->options.database]);
}

/* ---- the server's verdict ---- */

static void put_labelled(struct text_report *report, unsigned indent, const char *label,
                         struct gcm_slice text)
{
    if (!text.size)
        return;
    gcm_putf(report->page.out, "%*s", (int)indent, "");
    gcm_page_puts(&report->page, GCM_INK_DIM, label);
    unsigned column = indent + (unsigned)gcm_columns(gcm_slice_of(label));
    gcm_page_wrap(&report->page, column, column, text);
}

static void put_server_error(struct text_report *report, size_t number,
                             const struct gcm_server_error *error)
{
    struct gcm_page *page = &report->page;
    struct gcm_buffer *out = page->out;
    gcm_putf(out, "\n  %zu. ", number);
    if (error->type.size) {
        gcm_page_put(page, GCM_INK_RED, error->type);
        if (error->field.size) {
            gcm_page_puts(page, GCM_INK_RED, ".");
            gcm_page_put(page, GCM_INK_RED, error->field);
        }
    }
    if (error->place.file) {
        gcm_puts(out, error->type.size ? "  " : "");
        gcm_put_place(out, error->place);
    }
    gcm_puts(out, "\n     ");
    gcm_page_wrap(page, 5, 5, error->message);
    gcm_page_caret(page, error->place, 9);
    put_labelled(report, 5, "hint: ", error->hint);
}

static void put_cli_error(struct text_report *report, size_t number, const struct gcm_error *error)
{
    struct gcm_server_error as_server = {
        .message = error->message, .place = error->place, .hint = error->hint};
    put_server_error(report, number, &as_server);
}

static void put_errors(struct text_report *report)
{
    size_t number = 0;
    const struct gcm_plan *plan = report->plan;
    gcm_each (struct gcm_server_error, error, plan->verdict->errors)
        put_server_error(report, ++number, error);
    if (number || !plan->project->cli_errors.count)
        return;
    if (plan->verdict->kind != GCM_VERDICT_UNREADABLE)
        gcm_puts(report->page.out, "  Its CLI would have stopped before sending anything:\n");
    gcm_each (struct gcm_error, error, plan->project->cli_errors)
        put_cli_error(report, ++number, error);
}

static void put_dead(struct text_report *report)
{
    const struct gcm_verdict *verdict = report->plan->verdict;
    gcm_page_puts(&report->page, GCM_INK_YELLOW,
                  "  The Framework would have accepted this project, but its API would not have "
                  "answered.\n");
    gcm_puts(report->page.out, "\n  ");
    gcm_page_wrap(&report->page, 2, 2, verdict->dead_cause);
    if (!verdict->dead_place.file)
        return;
    gcm_puts(report->page.out, "  ");
    gcm_put_place(report->page.out, verdict->dead_place);
    gcm_putc(report->page.out, '\n');
    gcm_page_caret(&report->page, verdict->dead_place, 6);
}

static void put_verdict(struct text_report *report)
{
    const struct gcm_verdict *verdict = report->plan->verdict;
    struct gcm_page *page = &report->page;
    gcm_page_heading(page, GCM_S("THE FRAMEWORK'S VERDICT"));
    size_t count = verdict->errors.count;
    switch (verdict->kind) {
    case GCM_VERDICT_ACCEPTED:
        if (verdict->usable)
            gcm_page_puts(page, GCM_INK_GREEN, "  The Framework would have accepted this project.");
        else
            put_dead(report);
        break;
    case GCM_VERDICT_REFUSED:
        gcm_page_put(page, GCM_INK_RED,
                     count
                         ? gcm_format(report->arena,
                                      "  The Framework would have refused this project, with %.*s:",
                                      GCM_P(gcm_counted(report->arena, count, "error")))
                         : GCM_S("  The Framework would have refused this project."));
        break;
    case GCM_VERDICT_UNREADABLE:
        gcm_page_puts(page, GCM_INK_RED,
                      "  The Framework's CLI could not have read this project: nothing would have "
                      "reached\n  the server.");
        break;
    case GCM_VERDICT_OTHER_FORMAT:
        gcm_puts(page->out, "  This is no project of the Framework: its server was never asked.");
        break;
    }
    gcm_putc(page->out, '\n');
    put_errors(report);
}

/* ---- summary ---- */

static void put_count(struct text_report *report, unsigned count, enum gcm_outcome outcome)
{
    struct gcm_slice text = count ? gcm_format(report->arena, "%11u", count) : GCM_S("          ·");
    gcm_page_put(&report->page, count ? gcm_outcome_ink(outcome) : GCM_INK_DIM, text);
}

static void put_row(struct text_report *report, struct gcm_slice title, const unsigned counts[4],
                    unsigned effort)
{
    struct gcm_buffer *out = report->page.out;
    size_t columns = gcm_columns(title);
    gcm_puts(out, "  ");
    gcm_put_visible(out, title);
    gcm_putf(out, "%*s", columns < 22 ? (int)(22 - columns) : 1, "");
    for (int outcome = GCM_AUTOMATIC; outcome <= GCM_REFUSED; outcome++)
        put_count(report, counts[outcome], (enum gcm_outcome)outcome);
    gcm_putf(out, "%14.*s\n", GCM_P(effort ? gcm_duration(report->arena, effort) : GCM_S("-")));
}

static void put_summary(struct text_report *report, const struct gcm_work *work)
{
    struct gcm_page *page = &report->page;
    const struct gcm_plan *plan = report->plan;
    gcm_page_heading(page, GCM_S("SUMMARY"));
    gcm_page_puts(page, GCM_INK_DIM,
                  "                          automatic    adapted     review    refused        "
                  "effort");
    gcm_putc(page->out, '\n');
    unsigned total = 0;
    gcm_each (struct gcm_work_group *, group, work->groups)
        put_row(report, (*group)->title, (*group)->outcomes, (*group)->effort);
    for (int outcome = GCM_AUTOMATIC; outcome <= GCM_REFUSED; outcome++)
        total += plan->effort[outcome];
    put_row(report, GCM_S("Total"), plan->outcomes, total);
    struct gcm_size_class size = gcm_plan_size(plan);
    gcm_puts(page->out, "\n  Size: ");
    gcm_page_put(page, GCM_INK_BOLD, gcm_format(report->arena, "%c-%d", size.letter, size.digit));
    gcm_putf(page->out, ", %s (%.*s work by hand)\n", size.name,
             GCM_P(size.minutes ? gcm_format(report->arena, "%.*s of",
                                             GCM_P(gcm_duration(report->arena, size.minutes)))
                                : GCM_S("no")));
    gcm_page_puts(page, GCM_INK_DIM,
                  "  A: nothing by hand, B: up to 5 days, C: more; 1 trivial to 5 difficult.");
    gcm_putc(page->out, '\n');
    gcm_page_puts(page, GCM_INK_DIM, "  Simple: below 2 h, Medium: 2 to 6 h, Significant: more.");
    gcm_putc(page->out, '\n');
}

/* ---- decisions ---- */

/* "Post.title  types.graphql:3:5  (10 min)"; the place goes to a line of its own where it would
 * stick out. */
static void put_subject(struct text_report *report, const struct gcm_decision *decision)
{
    struct gcm_page *page = &report->page;
    struct gcm_buffer place = gcm_buffer(report->arena, GCM_BUFFER_CAP);
    gcm_put_place(&place, decision->place);
    if (decision->effort)
        gcm_putf(&place, "%s(%.*s)", place.size ? "  " : "",
                 GCM_P(gcm_duration(report->arena, decision->effort)));
    struct gcm_slice behind = gcm_buffer_text(&place);
    bool is_file = decision->place.file && decision->place.line &&
                   gcm_slice_equal(decision->subject, decision->place.file->path);
    gcm_puts(page->out, "    ");
    if (!is_file) {
        gcm_page_put(page, GCM_INK_BOLD, decision->subject);
        bool fits = 6 + gcm_columns(decision->subject) + gcm_columns(behind) <= GCM_PAGE_WIDTH;
        gcm_puts(page->out, !behind.size ? "" : fits ? "  " : "\n    ");
    }
    gcm_put_visible(page->out, behind);
    gcm_putc(page->out, '\n');
}

static void put_written(struct text_report *report, const struct gcm_decision *decision)
{
    if (!decision->written.size)
        return;
    gcm_puts(report->page.out, "      > ");
    gcm_page_put(&report->page, GCM_INK_GREEN, decision->written);
    gcm_putc(report->page.out, '\n');
}

static void put_decision(struct text_report *report, const struct gcm_work_rule *rule,
                         const struct gcm_decision *decision)
{
    struct gcm_page *page = &report->page;
    gcm_putc(page->out, '\n');
    put_subject(report, decision);
    if (!rule->same_message || rule->decisions.count == 1) {
        gcm_puts(page->out, "    ");
        gcm_page_wrap(page, 4, 4, decision->message);
    }
    gcm_page_caret(page, decision->place, 8);
    put_written(report, decision);
    if (!rule->same_hint)
        put_labelled(report, 4, "hint: ", decision->hint);
}

enum { SHOWN_IN_FULL = 3 };

/* Many decisions that say the same: one is shown with its source line, the others on a line each.
 */
static void put_decisions_of(struct text_report *report, const struct gcm_work_rule *rule)
{
    size_t full = rule->decisions.count;
    if (rule->alike && rule->same_hint && !report->verbose && full > SHOWN_IN_FULL)
        full = 1;
    for (size_t i = 0; i < rule->decisions.count; i++) {
        if (i == full)
            gcm_putc(report->page.out, '\n');
        if (i < full)
            put_decision(report, rule, rule->decisions.at[i]);
        else
            put_subject(report, rule->decisions.at[i]);
    }
}

static void put_rule(struct text_report *report, const struct gcm_work_rule *rule)
{
    struct gcm_page *page = &report->page;
    size_t count = rule->decisions.count;
    gcm_puts(page->out, "\n  ");
    gcm_page_puts(page, gcm_outcome_ink(rule->outcome), gcm_outcome_name(rule->outcome));
    gcm_puts(page->out, "  ");
    if (rule->rule) {
        gcm_page_put(page, GCM_INK_DIM, rule->rule->id);
        gcm_puts(page->out, "  ");
        gcm_page_put(page, GCM_INK_BOLD, rule->rule->title);
    }
    if (count > 1)
        gcm_putf(page->out, "  (%zu times%s%.*s)", count, rule->effort ? ", " : "",
                 GCM_P(rule->effort ? gcm_duration(report->arena, rule->effort) : GCM_S("")));
    gcm_putc(page->out, '\n');
    const struct gcm_decision *first = rule->decisions.at[0];
    if (rule->same_message && count > 1) {
        gcm_puts(page->out, "    ");
        gcm_page_wrap(page, 4, 4, first->message);
    }
    if (rule->same_hint && count > 1)
        put_labelled(report, 4, "hint: ", first->hint);
    if (report->verbose && rule->rule)
        put_labelled(report, 4, "why: ", rule->rule->why);
    put_decisions_of(report, rule);
    if (rule->same_hint && count == 1)
        put_labelled(report, 4, "hint: ", first->hint);
}

static void put_group(struct text_report *report, const struct gcm_work_group *group)
{
    unsigned hidden = report->verbose ? 0 : group->outcomes[GCM_AUTOMATIC];
    unsigned all = 0;
    for (int outcome = GCM_AUTOMATIC; outcome <= GCM_REFUSED; outcome++)
        all += group->outcomes[outcome];
    if (all == hidden)
        return;
    struct gcm_buffer *out = report->page.out;
    gcm_putc(out, '\n');
    gcm_page_put(&report->page, GCM_INK_BOLD, group->title);
    if (hidden)
        gcm_putf(out, "  (and %u carried over with the same meaning)", hidden);
    gcm_putc(out, '\n');
    gcm_each (struct gcm_work_rule *, rule, group->rules)
        if (report->verbose || (*rule)->outcome != GCM_AUTOMATIC)
            put_rule(report, *rule);
}

static void put_decisions(struct text_report *report, const struct gcm_work *work)
{
    gcm_page_heading(&report->page, GCM_S("DECISIONS"));
    report->page.out->size--; /* each group starts with an empty line of its own */
    unsigned open = 0;
    for (int outcome = GCM_ADAPTED; outcome <= GCM_REFUSED; outcome++)
        open += report->plan->outcomes[outcome];
    if (!open && !report->verbose)
        gcm_puts(report->page.out,
                 "\n  Everything is carried over with the same meaning. --verbose lists it.\n");
    gcm_each (struct gcm_work_group *, group, work->groups)
        put_group(report, *group);
}

/* ---- what is left ---- */

/* ": 2 to rebuild, 1 to review". */
static void put_counts(struct text_report *report, const unsigned outcomes[4])
{
    static const char *const verbs[] = {"", "to know about", "to review", "to decide or rebuild"};
    const char *before = ": ";
    for (int outcome = GCM_REFUSED; outcome >= GCM_ADAPTED; outcome--) {
        if (!outcomes[outcome])
            continue;
        gcm_putf(report->page.out, "%s%u %s", before, outcomes[outcome], verbs[outcome]);
        before = ", ";
    }
}

static void put_left(struct text_report *report)
{
    const struct gcm_work *left = gcm_work_left(report->arena, report->plan);
    struct gcm_page *page = &report->page;
    gcm_page_heading(page, GCM_S("WHAT IS LEFT, IN WORKING ORDER"));
    unsigned number = 0;
    gcm_each (struct gcm_work_group *, group, left->groups) {
        const unsigned *outcomes = (*group)->outcomes;
        gcm_putf(page->out, "  %u. ", ++number);
        gcm_page_put(page, GCM_INK_BOLD, (*group)->title);
        put_counts(report, outcomes);
        if ((*group)->effort)
            gcm_putf(page->out, " (%.*s)", GCM_P(gcm_duration(report->arena, (*group)->effort)));
        gcm_putc(page->out, '\n');
        gcm_each (struct gcm_work_rule *, rule, (*group)->rules) {
            if ((*rule)->outcome == GCM_ADAPTED || !(*rule)->rule)
                continue;
            gcm_puts(page->out, "     ");
            gcm_page_puts(page, gcm_outcome_ink((*rule)->outcome),
                          gcm_outcome_name((*rule)->outcome));
            gcm_putf(page->out, "%*s", (*rule)->outcome == GCM_REVIEW ? 3 : 2, "");
            struct gcm_slice title = (*rule)->rule->title;
            if ((*rule)->decisions.count > 1)
                title = gcm_format(report->arena, "%.*s (%zu times)", GCM_P(title),
                                   (*rule)->decisions.count);
            gcm_page_wrap(page, 14, 14, title);
        }
    }
    if (!number)
        gcm_puts(page->out, "  Nothing: convert, deploy, move the data.\n");
}

/* ---- clients ---- */

static void put_clients(struct text_report *report, const struct gcm_operations *operations)
{
    gcm_page_heading(&report->page, GCM_S("WHAT CLIENTS ASK"));
    struct gcm_buffer summary = gcm_buffer(report->arena, GCM_BUFFER_CAP);
    gcm_operations_summary(&summary, operations);
    gcm_puts(report->page.out, "  ");
    gcm_page_wrap(&report->page, 2, 2, gcm_slice_trim(gcm_buffer_text(&summary)));
    gcm_operations_broken_text(report->page.out, operations);
}

void gcm_report_text(struct gcm_buffer *out, const struct gcm_plan *plan,
                     const struct gcm_report_options *options)
{
    struct text_report report = {.page = {.out = out, .color = options->color},
                                 .arena = out->arena,
                                 .plan = plan,
                                 .verbose = options->verbose};
    struct gcm_work *work = gcm_work_by_subject(report.arena, plan);
    put_title(&report);
    put_verdict(&report);
    put_summary(&report, work);
    put_decisions(&report, work);
    if (options->clients)
        put_clients(&report, options->clients);
    put_left(&report);
}
