/* decisions: made by rules, each with an id that stays the same from run to run. */
#include "plan/planning.h"

#include "graphql/print.h"

#include <stdlib.h>

bool rule_does(const struct gcm_rule *rule, const char *action)
{
    return rule && gcm_slice_is(rule->action, action);
}

/* "GCM-DIR-002:User.email"; the second one of the same rule and subject gets "#2". */
static struct gcm_slice id_of(struct planning *planning, const struct gcm_rule *rule,
                              struct gcm_slice subject)
{
    struct gcm_slice id = gcm_format(planning->arena, "%.*s:%.*s", GCM_P(rule->id), GCM_P(subject));
    size_t *times = gcm_map_get(&planning->ids, id);
    if (!times) {
        times = GCM_NEW(planning->arena, size_t);
        gcm_map_put(planning->arena, &planning->ids, id, times);
    }
    return ++*times == 1 ? id : gcm_format(planning->arena, "%.*s#%zu", GCM_P(id), *times);
}

struct gcm_decision *decide(const struct facts *facts, const struct gcm_rule *rule,
                            struct gcm_slice subject, struct gcm_place place)
{
    struct planning *planning = facts->planning;
    if (!rule)
        return NULL;
    struct facts all = *facts;
    fact_add(&all, "subject", subject);
    struct gcm_decision *decision = GCM_NEW(planning->arena, struct gcm_decision);
    decision->id = id_of(planning, rule, subject);
    decision->rule = rule;
    decision->construct = all.at[0].value;
    decision->subject = subject;
    decision->place = place;
    decision->outcome = rule->outcome;
    decision->effort = rule->effort;
    decision->message = gcm_rule_text(planning->arena, rule->message, all.at, all.count);
    decision->hint = gcm_rule_text(planning->arena, rule->hint, all.at, all.count);
    *gcm_push(planning->arena, &planning->plan->decisions) = decision;
    planning->plan->outcomes[rule->outcome]++;
    planning->plan->effort[rule->outcome] += rule->effort;
    return decision;
}

struct gcm_decision *decide_by_rule(const struct facts *facts, struct gcm_slice subject,
                                    struct gcm_place place, const struct gcm_rule **rule)
{
    const struct gcm_rule *found = rule_of(facts);
    if (rule)
        *rule = found;
    return decide(facts, found, subject, place);
}

void written_later(struct planning *planning, struct gcm_decision *decision,
                   const struct target_model *model, const struct target_field *field,
                   const struct target_enum *enumeration)
{
    if (decision)
        *gcm_push(planning->arena, &planning->pending) =
            (struct pending_text){decision, field, model, enumeration};
}

void written_now(struct gcm_decision *decision, struct gcm_slice text)
{
    if (!decision)
        return;
    decision->written = text;
    decision->written_to = GCM_S("prisma/datamodel.prisma");
}

void settle_written(struct planning *planning)
{
    if (!planning->plan->datamodel)
        return;
    gcm_each (const struct pending_text, pending, planning->pending) {
        const struct target_field *field = pending->field;
        const struct target_model *model = field ? field->model : pending->model;
        const struct target_enum *enumeration = pending->enumeration;
        if ((field && field->left_out) || (model && model->left_out) ||
            (enumeration && enumeration->left_out))
            continue;
        struct gcm_slice text = {0};
        if (field)
            text = printed_field(planning, field);
        else if (model)
            text = gcm_format(planning->arena, "type %.*s", GCM_P(model->name));
        else if (enumeration)
            text = gcm_format(planning->arena, "enum %.*s", GCM_P(enumeration->name));
        written_now(pending->decision, text);
    }
}

/* The files of a project in their order: what stands in none comes first, then graphcool.yml, then
 * the type files, then the rest. */
static size_t file_rank(const struct gcm_project *project, const struct gcm_file *file)
{
    if (!file)
        return 0;
    if (file == project->definition)
        return 1;
    for (size_t i = 0; i < project->type_files.count; i++)
        if (project->type_files.at[i]->file == file)
            return 2 + i;
    return 2 + project->type_files.count;
}

struct ranked {
    struct gcm_decision *decision;
    size_t file, offset, order;
};

static int compare(const void *left, const void *right)
{
    const struct ranked *a = left, *b = right;
    if (a->file != b->file)
        return a->file < b->file ? -1 : 1;
    if (a->offset != b->offset)
        return a->offset < b->offset ? -1 : 1;
    return a->order < b->order ? -1 : a->order > b->order;
}

void sort_decisions(struct planning *planning)
{
    struct gcm_plan *plan = planning->plan;
    size_t count = plan->decisions.count;
    if (!count)
        return;
    struct ranked *ranked = gcm_arena_alloc(planning->arena, count * sizeof *ranked);
    for (size_t i = 0; i < count; i++) {
        struct gcm_decision *decision = plan->decisions.at[i];
        ranked[i] = (struct ranked){decision, file_rank(planning->project, decision->place.file),
                                    decision->place.offset, i};
    }
    qsort(ranked, count, sizeof *ranked, compare);
    for (size_t i = 0; i < count; i++)
        plan->decisions.at[i] = ranked[i].decision;
}

void add_rename(struct planning *planning, struct gcm_slice from, struct gcm_slice to,
                const struct gcm_decision *decision)
{
    struct gcm_plan *plan = planning->plan;
    gcm_each (struct gcm_rename, known, plan->renames)
        if (gcm_slice_equal(known->from, from)) {
            known->to = to;
            known->decision = decision;
            return;
        }
    *gcm_push(planning->arena, &plan->renames) = (struct gcm_rename){from, to, decision};
}

struct gcm_slice field_subject(struct planning *planning, const struct target_field *field)
{
    struct gcm_slice model = field->model->source->name;
    struct gcm_slice name = field->definition ? field->definition->name : field->name;
    return gcm_format(planning->arena, "%.*s.%.*s", GCM_P(model), GCM_P(name));
}
