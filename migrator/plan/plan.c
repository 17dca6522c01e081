/* plan: the driver. Each part adds its decisions; the order matters where one needs what another
 * settled: fields before relations, relations before names, names before the tree. */
#include "plan/planning.h"

static void index_wishes(struct planning *planning)
{
    const struct gcm_rules *rules = planning->rules;
    gcm_each (const struct gcm_slice, name, rules->leave_out)
        gcm_map_put(planning->arena, &planning->left_out, *name, planning);
    gcm_each (struct gcm_condition, rename, rules->renames)
        gcm_map_put(planning->arena, &planning->renamed, rename->fact, rename);
}

/* A wish that names nothing of the project is a mistake of the file's author. */
static bool is_known(const struct planning *planning, struct gcm_slice name)
{
    size_t dot = gcm_slice_find(name, '.');
    struct gcm_slice owner = gcm_slice_sub(name, 0, dot);
    struct gcm_slice rest = gcm_slice_sub(name, dot + 1, name.size);
    const struct gcm_project *project = planning->project;
    if (gcm_slice_starts(name, "relation "))
        return gcm_map_get(&project->relation_names, gcm_slice_sub(name, 9, name.size)) != NULL;
    if (gcm_slice_is(owner, "functions")) {
        gcm_each (struct gcm_function *const, function, project->functions)
            if (gcm_slice_equal((*function)->name, rest))
                return true;
        return false;
    }
    const struct gcm_model *model = gcm_map_get(&project->model_names, owner);
    const struct gcm_enum *source = gcm_map_get(&project->enum_names, owner);
    if (model && dot < name.size)
        return gcm_map_get(&model->by_name, rest) != NULL;
    if (source && dot < name.size) {
        gcm_each (const struct gcm_slice, value, source->values)
            if (gcm_slice_equal(*value, rest))
                return true;
        return false;
    }
    return model || source;
}

static void check_wish(struct planning *planning, struct gcm_slice name)
{
    if (is_known(planning, name))
        return;
    struct facts facts = facts_of(planning, "left_out");
    fact_text(&facts, "of", "nothing");
    fact_text(&facts, "because", "unknown");
    fact_add(&facts, "name", name);
    decide_by_rule(&facts, name, planning->rules->user_file, NULL);
}

static void check_wishes(struct planning *planning)
{
    gcm_each (const struct gcm_slice, name, planning->rules->leave_out)
        check_wish(planning, *name);
    gcm_each (const struct gcm_condition, rename, planning->rules->renames)
        check_wish(planning, rename->fact);
}

struct gcm_plan *gcm_plan_make(const struct gcm_project *project, const struct gcm_rules *rules,
                               const struct gcm_plan_options *options)
{
    struct gcm_plan *plan = GCM_NEW(project->arena, struct gcm_plan);
    plan->project = project;
    plan->rules = rules;
    plan->options = *options;
    plan->verdict = gcm_verdict_of(project);
    struct planning planning = {.arena = project->arena,
                                .plan = plan,
                                .project = project,
                                .rules = rules,
                                .legacy = options->target == GCM_SERVER_PRISMA_1_30};
    index_wishes(&planning);
    check_wishes(&planning);
    plan_project(&planning);
    plan_verdict(&planning);
    plan_definitions(&planning);
    plan_relations(&planning);
    plan_names(&planning);
    plan_physical_names(&planning);
    plan_check(&planning);
    plan_application(&planning);
    plan_permissions(&planning);
    plan_functions(&planning);
    plan_data(&planning);
    plan_answers(&planning);
    settle_written(&planning);
    sort_decisions(&planning);
    return plan;
}
