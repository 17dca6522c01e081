/* check: what the validator rejects is never written. An error that the parts before did not
 * foresee is mended where it can be: a default dropped, a name changed, a field or type left out;
 * each time by a decision. */
#include "plan/planning.h"

enum { MOST_ROUNDS = 40 };

static struct target_model *model_called(struct planning *planning, struct gcm_slice name)
{
    gcm_each (struct target_model *const, model, planning->models)
        if (!(*model)->left_out && gcm_slice_equal((*model)->name, name))
            return *model;
    return NULL;
}

static struct target_field *field_called(const struct target_model *model, struct gcm_slice name)
{
    gcm_each (struct target_field *const, field, model->fields)
        if (!(*field)->left_out && gcm_slice_equal((*field)->name, name))
            return *field;
    return NULL;
}

static struct gcm_decision *decide_repair(struct planning *planning, const char *fault,
                                          const struct gcm_datamodel_error *error,
                                          struct gcm_slice subject, struct gcm_place place)
{
    struct facts facts = facts_of(planning, "datamodel");
    fact_text(&facts, "fault", fault);
    fact_text(&facts, "error", error->rule);
    fact_add(&facts, "text", error->message);
    fact_add(&facts, "name", subject);
    return decide_by_rule(&facts, subject, place, NULL);
}

/* A directive that a plain field can do without; false if the field has none. */
static bool drop_directive(struct target_field *field, const char *name)
{
    for (size_t i = 0; i < field->directives.count; i++) {
        if (!gcm_slice_is(field->directives.at[i].name, name))
            continue;
        for (size_t j = i + 1; j < field->directives.count; j++)
            field->directives.at[j - 1] = field->directives.at[j];
        field->directives.count--;
        return true;
    }
    return false;
}

static void leave_out_relation(struct target_relation *relation,
                               const struct gcm_decision *decision)
{
    relation->left_out = true;
    leave_out_by(relation->a, decision);
    if (relation->b)
        leave_out_by(relation->b, decision);
}

static bool repair_field(struct planning *planning, struct target_field *field,
                         const struct gcm_datamodel_error *error)
{
    struct gcm_slice subject = field_subject(planning, field);
    struct gcm_place place = field->definition ? field->definition->place : (struct gcm_place){0};
    if (gcm_slice_has(error->message, "default") && drop_directive(field, "default")) {
        decide_repair(planning, "default", error, subject, place);
        return true;
    }
    if (field->unique && drop_directive(field, "unique")) {
        field->unique = false;
        decide_repair(planning, "unique", error, subject, place);
        return true;
    }
    if (field->system)
        return false;
    const struct gcm_decision *decision = decide_repair(planning, "field", error, subject, place);
    if (field->relation)
        leave_out_relation(field->relation, decision);
    leave_out_by(field, decision);
    return true;
}

static void leave_out_model(struct planning *planning, struct target_model *model,
                            const struct gcm_decision *decision)
{
    model->left_out = true;
    model->refused = decision;
    gcm_each (struct target_relation *const, relation, planning->relations)
        if (!(*relation)->left_out &&
            ((*relation)->a->model == model || (*relation)->a->target == model))
            leave_out_relation(*relation, decision);
}

/* Mends one error; false if nothing can be done about it. */
static bool repair(struct planning *planning, const struct gcm_datamodel_error *error)
{
    struct target_model *model = model_called(planning, error->type);
    if (!model) {
        gcm_each (struct target_enum *const, target, planning->enums) {
            if ((*target)->left_out || !gcm_slice_equal((*target)->name, error->type))
                continue;
            struct gcm_slice to = gcm_format(planning->arena, "%.*sEnum", GCM_P((*target)->name));
            (*target)->name = to;
            add_rename(planning, (*target)->source->name, to,
                       decide_repair(planning, "enum", error, (*target)->source->name,
                                     (*target)->definition->place));
            return true;
        }
        return false;
    }
    struct target_field *field = error->field.size ? field_called(model, error->field) : NULL;
    if (field && repair_field(planning, field, error))
        return true;
    leave_out_model(
        planning, model,
        decide_repair(planning, "model", error, model->source->name, model->definition->place));
    return true;
}

/* The datamodel is always judged in the dialect of 1.34; the older one is printed from the same
 * models. */
static bool validate(struct planning *planning, struct gcm_datamodel_error *first)
{
    bool legacy = planning->legacy;
    planning->legacy = false;
    plan_sdl(planning);
    planning->legacy = legacy;
    if (!planning->plan->datamodel)
        return true;
    struct gcm_datamodel_errors errors = {0};
    struct gcm_datamodel *datamodel = gcm_datamodel_of(planning->arena, planning->plan->datamodel);
    gcm_datamodel_validate(planning->arena, datamodel, planning->plan->options.database, &errors);
    if (!errors.count)
        return true;
    *first = errors.at[0];
    return false;
}

void plan_check(struct planning *planning)
{
    struct gcm_datamodel_error error = {0};
    bool good = validate(planning, &error);
    for (int round = 0; !good && round < MOST_ROUNDS && repair(planning, &error); round++)
        good = validate(planning, &error);
    if (good && planning->legacy)
        plan_sdl(planning);
    if (good && planning->plan->datamodel)
        return;
    struct facts facts = facts_of(planning, "datamodel");
    fact_text(&facts, "fault", good ? "empty" : "invalid");
    fact_add(&facts, "text", good ? GCM_S("there are no types") : error.message);
    decide_by_rule(&facts, GCM_S("datamodel"), (struct gcm_place){0}, NULL);
    planning->plan->datamodel = NULL;
}
