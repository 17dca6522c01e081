/* Layout as prettier has it, with lines of 120. */
#include "emit/permissions_js.h"

#include "emit/javascript.h"

enum { LINE = 120 };

static const char *const action_names[GCM_PLAN_ACTIONS] = {"read",   "create",  "update",
                                                           "delete", "connect", "disconnect"};

/* ---- one rule ---- */

static void put_fields(struct gcm_buffer *out, const struct gcm_slices *fields, bool wide)
{
    gcm_putc(out, '[');
    gcm_each (const struct gcm_slice, field, *fields) {
        if (wide)
            gcm_puts(out, "\n        ");
        else if (field != fields->at)
            gcm_puts(out, ", ");
        gcm_js_put_string(out, *field);
        if (wide)
            gcm_putc(out, ',');
    }
    gcm_puts(out, wide && fields->count ? "\n      ]" : "]");
}

/* What stands between the members of an object: on one line, or each on its own. */
static void next_member(struct gcm_buffer *out, bool wide, size_t *members)
{
    gcm_puts(out, (*members)++ ? wide ? ",\n      " : ", " : wide ? "\n      " : " ");
}

static size_t put_members(struct gcm_buffer *out, const struct gcm_plan_permission *rule, bool wide)
{
    size_t members = 0;
    if (rule->source->authenticated) {
        next_member(out, wide, &members);
        gcm_puts(out, "authenticated: true");
    }
    if (rule->limited) {
        next_member(out, wide, &members);
        gcm_puts(out, "fields: ");
        size_t start = out->size;
        put_fields(out, &rule->fields, false);
        if (wide && out->size - start > LINE - 16) {
            out->size = start;
            put_fields(out, &rule->fields, true);
        }
    }
    if (rule->query.size) {
        next_member(out, wide, &members);
        gcm_puts(out, "query: ");
        gcm_js_put_string(out, rule->query);
    }
    if (rule->invalid) {
        next_member(out, wide, &members);
        gcm_puts(out, "invalid: true");
    }
    return members;
}

/* `{}`, `{ authenticated: true }`; where it does not fit, one member on a line. */
static size_t put_rule(struct gcm_buffer *out, const struct gcm_plan_permission *rule)
{
    size_t start = out->size;
    gcm_putc(out, '{');
    size_t members = put_members(out, rule, false);
    gcm_puts(out, members ? " }" : "}");
    if (out->size - start + 5 > LINE) {
        out->size = start;
        gcm_putc(out, '{');
        put_members(out, rule, true);
        gcm_puts(out, ",\n    }");
    }
    return members;
}

/* ---- the rules of an action ---- */

struct rules {
    GCM_VEC(const struct gcm_plan_permission *) at;
};

static struct rules rules_for(struct gcm_arena *arena, const struct gcm_plan_rules *all, int action)
{
    struct rules rules = {0};
    gcm_each (const struct gcm_plan_permission *const, rule, all->all)
        if ((*rule)->actions[action])
            *gcm_push(arena, &rules.at) = *rule;
    return rules;
}

/* On one line; false, and nothing written, where prettier would break it. */
static bool put_rules_flat(struct gcm_buffer *out, const struct rules *rules, size_t column)
{
    size_t start = out->size, most = 0, least = SIZE_MAX;
    bool good = true;
    gcm_putc(out, '[');
    for (size_t i = 0; i < rules->at.count; i++) {
        gcm_puts(out, i ? ", " : "");
        size_t members = put_rule(out, rules->at.at[i]);
        most = members > most ? members : most;
        least = members < least ? members : least;
        good = good && !rules->at.at[i]->query.size;
    }
    gcm_puts(out, "],");
    bool all_large = rules->at.count > 1 && least > 1;
    if (good && !all_large && column + out->size - start <= LINE)
        return true;
    out->size = start;
    return false;
}

static void put_action(struct gcm_buffer *out, const struct gcm_plan_rules *all, int action)
{
    struct rules rules = rules_for(out->arena, all, action);
    size_t start = out->size;
    gcm_putf(out, "  %s: ", action_names[action]);
    if (!put_rules_flat(out, &rules, out->size - start)) {
        gcm_puts(out, "[\n");
        gcm_each (const struct gcm_plan_permission *, rule, rules.at) {
            if ((*rule)->query.size && (*rule)->decision) {
                gcm_putf(out, "    // %.*s: ", GCM_P((*rule)->decision->rule->id));
                gcm_js_put_comment(out, (*rule)->decision->message);
                gcm_putc(out, '\n');
            }
            gcm_puts(out, "    ");
            put_rule(out, *rule);
            gcm_puts(out, ",\n");
        }
        gcm_puts(out, "  ],");
    }
    gcm_putc(out, '\n');
}

static struct gcm_slice rules_text(struct gcm_arena *arena, const char *what, struct gcm_slice name,
                                   const struct gcm_plan_rules *rules, bool open, int first,
                                   int last)
{
    struct gcm_buffer out = gcm_buffer(arena, GCM_BUFFER_CAP);
    gcm_putf(&out, "// Who may %s ", what);
    gcm_js_put_comment(&out, name);
    gcm_putf(&out, ", as graphcool.yml said. %s\nexport default {\n",
             open ? "Nobody asks: `open` in ../index.js lets everybody do everything."
                  : "What no rule allows is denied.");
    for (int action = first; action <= last; action++)
        put_action(&out, rules, action);
    gcm_puts(&out, "};\n");
    return gcm_buffer_text(&out);
}

struct gcm_slice gcm_model_rules_text(struct gcm_arena *arena, const struct gcm_plan_model *model,
                                      bool open)
{
    return rules_text(arena, "do what with", model->api->model->name, &model->rules, open,
                      GCM_MAY_READ, GCM_MAY_DELETE);
}

struct gcm_slice gcm_relation_rules_text(struct gcm_arena *arena,
                                         const struct gcm_plan_relation *relation, bool open)
{
    return rules_text(arena, "join and part nodes by", relation->api->name, &relation->rules, open,
                      GCM_MAY_CONNECT, GCM_MAY_DISCONNECT);
}

/* ---- the index ---- */

static void put_import(struct gcm_buffer *out, const struct gcm_plan_rules *rules)
{
    struct gcm_slice path =
        gcm_slice_sub(rules->path, gcm_slice_of("src/permissions").size, rules->path.size);
    gcm_putf(out, "import %.*s from '.%.*s';\n", GCM_P(rules->script), GCM_P(path));
}

static void put_entry(struct gcm_buffer *out, struct gcm_slice name,
                      const struct gcm_plan_rules *rules)
{
    gcm_puts(out, "    ");
    if (!gcm_slice_equal(name, rules->script)) {
        if (gcm_js_is_name(name))
            gcm_put(out, name);
        else
            gcm_js_put_string(out, name);
        gcm_puts(out, ": ");
    }
    gcm_putf(out, "%.*s,\n", GCM_P(rules->script));
}

struct gcm_slice gcm_permissions_index_text(struct gcm_arena *arena, const struct gcm_plan *plan)
{
    const struct gcm_application *application = &plan->application;
    struct gcm_buffer out = gcm_buffer(arena, GCM_BUFFER_CAP);
    gcm_each (const struct gcm_plan_model, model, application->models)
        put_import(&out, &model->rules);
    gcm_each (const struct gcm_plan_relation, relation, application->relations)
        put_import(&out, &relation->rules);
    gcm_putf(&out,
             "%s// Who may do what: one file for each type and relation. `open`: everybody may do "
             "everything.\nexport default {\n  open: %s,\n  types: {%s",
             out.size ? "\n" : "", application->open ? "true" : "false",
             application->models.count ? "\n" : "");
    gcm_each (const struct gcm_plan_model, model, application->models)
        put_entry(&out, model->api->model->name, &model->rules);
    gcm_putf(&out, "%s},\n  relations: {%s", application->models.count ? "  " : "",
             application->relations.count ? "\n" : "");
    gcm_each (const struct gcm_plan_relation, relation, application->relations)
        put_entry(&out, relation->api->name, &relation->rules);
    gcm_putf(&out, "%s},\n};\n", application->relations.count ? "  " : "");
    return gcm_buffer_text(&out);
}
