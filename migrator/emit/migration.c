#include "emit/migration.h"

#include "emit/template.h"
#include "report/page.h"
#include "report/work.h"

/* A text inside of a paragraph: what Markdown would read as its own is escaped, code is kept. */
static void put_text(struct gcm_buffer *out, struct gcm_slice text)
{
    bool code = false;
    for (size_t i = 0; i < text.size; i++) {
        char c = text.at[i];
        code = c == '`' ? !code : code;
        if (!code && (c == '*' || c == '<' || c == '\\'))
            gcm_putc(out, '\\');
        gcm_put_visible(out, gcm_slice_sub(text, i, 1));
    }
}

/* Code in a line; longer fences where the text has backticks itself. */
static void put_code(struct gcm_buffer *out, struct gcm_slice text)
{
    bool ticks = gcm_slice_has(text, "`");
    gcm_puts(out, ticks ? "`` " : "`");
    gcm_put_visible(out, text);
    gcm_puts(out, ticks ? " ``" : "`");
}

static void put_item(struct gcm_buffer *out, const struct gcm_work_rule *rule,
                     const struct gcm_decision *decision)
{
    bool task = rule->outcome != GCM_ADAPTED || decision->effort > 0;
    gcm_puts(out, task ? "- [ ] " : "- ");
    put_code(out, decision->subject);
    if (decision->place.file) {
        gcm_puts(out, ", ");
        gcm_put_place(out, decision->place);
    }
    if (decision->effort)
        gcm_putf(out, " (%.*s)", GCM_P(gcm_duration(out->arena, decision->effort)));
    if (!rule->same_message && decision->message.size) {
        gcm_puts(out, ": ");
        put_text(out, decision->message);
    }
    if (!rule->same_hint && decision->hint.size) {
        gcm_puts(out, " *");
        put_text(out, decision->hint);
        gcm_puts(out, "*");
    }
    gcm_putc(out, '\n');
}

static void put_paragraph(struct gcm_buffer *out, struct gcm_slice text)
{
    if (!text.size)
        return;
    put_text(out, text);
    gcm_puts(out, "\n\n");
}

static void put_rule(struct gcm_buffer *out, const struct gcm_work_rule *rule)
{
    static const char *const wanted[] = {"", "changes", "look at it", "not carried over"};
    gcm_puts(out, "\n#### ");
    if (rule->rule)
        put_text(out, rule->rule->title);
    gcm_putf(out, " (%s%s%.*s)\n\n", wanted[rule->outcome], rule->rule ? ", " : "",
             GCM_P(rule->rule ? rule->rule->id : GCM_S("")));
    if (rule->same_message)
        put_paragraph(out, rule->decisions.at[0]->message);
    if (rule->same_hint)
        put_paragraph(out, rule->decisions.at[0]->hint);
    gcm_each (const struct gcm_decision *, decision, rule->decisions)
        put_item(out, rule, *decision);
}

static struct gcm_slice left_text(struct gcm_arena *arena, const struct gcm_plan *plan)
{
    const struct gcm_work *left = gcm_work_left(arena, plan);
    struct gcm_buffer out = gcm_buffer(arena, GCM_BUFFER_CAP);
    gcm_puts(&out, "## What is left, in working order\n");
    unsigned number = 0;
    gcm_each (struct gcm_work_group *, group, left->groups) {
        gcm_putf(&out, "\n### %u. %.*s", ++number, GCM_P((*group)->title));
        if ((*group)->effort)
            gcm_putf(&out, " (%.*s)", GCM_P(gcm_duration(arena, (*group)->effort)));
        gcm_putc(&out, '\n');
        if ((*group)->about.size) {
            gcm_putc(&out, '\n');
            put_text(&out, (*group)->about);
            gcm_putc(&out, '\n');
        }
        gcm_each (struct gcm_work_rule *, rule, (*group)->rules)
            put_rule(&out, *rule);
    }
    if (!number)
        gcm_puts(&out, "\nNothing: every construct was carried over with the same meaning.\n");
    return gcm_buffer_text(&out);
}

static struct gcm_slice api_text(const struct gcm_plan *plan)
{
    return plan->options.api == GCM_APPLICATION_NATIVE
               ? GCM_S("the API that Prisma has, for which clients are rewritten")
               : GCM_S("the API that the clients know");
}

static struct gcm_slice start_text(struct gcm_arena *arena, const struct gcm_plan *plan,
                                   struct gcm_slice endpoint)
{
    if (!plan->datamodel)
        return GCM_S("**No datamodel was written: this project cannot be expressed in one as it "
                     "is. The list below says why.**\n");
    bool old = plan->options.target == GCM_SERVER_PRISMA_1_30;
    const struct gcm_blank blanks[] = {
        {"cli", old ? GCM_S("prisma@1.30") : GCM_S("prisma1@1.34")},
        {"endpoint", endpoint},
        {"api", api_text(plan)},
    };
    return gcm_template(arena, "start.md", blanks, sizeof blanks / sizeof *blanks);
}

struct gcm_slice gcm_migration_text(struct gcm_arena *arena, const struct gcm_plan *plan,
                                    struct gcm_slice endpoint)
{
    static const char *const databases[] = {"MySQL", "PostgreSQL", "MongoDB"};
    struct gcm_size_class size = gcm_plan_size(plan);
    struct gcm_buffer folder = gcm_buffer(arena, GCM_BUFFER_CAP);
    put_code(&folder, plan->project->folder);
    struct gcm_slice files = GCM_S("| `graphcool-migrate.json` | every decision, for programs |");
    if (plan->datamodel)
        files = gcm_format(
            arena,
            "| `prisma/datamodel.prisma` | the types of the service |\n"
            "| `prisma/prisma.yml` | where it is deployed |\n"
            "| `README.md` | how to start, and what is in which folder |\n"
            "| `schema.graphql` | %.*s |\n"
            "| `src/` | the application that serves it |\n"
            "| `src/permissions/` | who may do what |\n"
            "| `docker-compose.yml` | a Prisma server, its database, and the application |\n"
            "| `.env.example` | the settings and secrets that are needed |\n%.*s",
            GCM_P(api_text(plan)), GCM_P(files));
    const struct gcm_blank blanks[] = {
        {"tool", GCM_S(GCM_VERSION)},
        {"folder", gcm_buffer_text(&folder)},
        {"version", plan->options.target == GCM_SERVER_PRISMA_1_30 ? GCM_S("1.30") : GCM_S("1.34")},
        {"database", gcm_slice_of(databases[plan->options.database])},
        {"size", gcm_format(arena, "%c-%d, %s", size.letter, size.digit, size.name)},
        {"effort", gcm_duration(arena, size.minutes)},
        {"files", files},
        {"start", start_text(arena, plan, endpoint)},
        {"left", left_text(arena, plan)},
    };
    return gcm_template(arena, "migration.md", blanks, sizeof blanks / sizeof *blanks);
}
