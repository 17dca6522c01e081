/* facts: what is known of one construct, gathered to ask the rules. */
#include "plan/planning.h"

void fact_add(struct facts *facts, const char *name, struct gcm_slice value)
{
    for (size_t i = 0; i < facts->count; i++)
        if (gcm_slice_is(gcm_slice_of(facts->at[i].name), name)) {
            facts->at[i].value = value;
            return;
        }
    if (facts->count < sizeof facts->at / sizeof *facts->at)
        facts->at[facts->count++] = (struct gcm_fact){name, value};
}

void fact_text(struct facts *facts, const char *name, const char *value)
{
    fact_add(facts, name, gcm_slice_of(value));
}

void fact_flag(struct facts *facts, const char *name, bool value)
{
    fact_text(facts, name, value ? "yes" : "no");
}

void fact_count(struct facts *facts, const char *name, size_t value)
{
    fact_add(facts, name, gcm_format(facts->planning->arena, "%zu", value));
}

static const char *format_name(enum gcm_project_format format)
{
    static const char *const names[] = {"framework", "preview", "console"};
    return names[format];
}

static const char *database_name(enum gcm_database database)
{
    static const char *const names[] = {"mysql", "postgres", "mongo"};
    return names[database];
}

struct facts facts_of(struct planning *planning, const char *construct)
{
    static const char *const strategies[] = {"relation_link", "system_fields", "required_relations",
                                             "self_relation"};
    const struct gcm_plan *plan = planning->plan;
    struct facts facts = {.planning = planning};
    fact_text(&facts, "construct", construct);
    fact_text(&facts, "format", format_name(planning->project->format));
    fact_text(&facts, "api", plan->options.api == GCM_APPLICATION_NATIVE ? "native" : "simple");
    fact_text(&facts, "database", database_name(plan->options.database));
    fact_text(&facts, "target",
              plan->options.target == GCM_SERVER_PRISMA_1_30 ? "prisma-1.30" : "prisma-1.34");
    for (size_t i = 0; i < sizeof strategies / sizeof *strategies; i++)
        fact_add(&facts, strategies[i], gcm_strategy(planning->rules, strategies[i]));
    return facts;
}

const struct gcm_rule *rule_of(const struct facts *facts)
{
    return gcm_rule_for(facts->planning->rules, facts->at, facts->count);
}
