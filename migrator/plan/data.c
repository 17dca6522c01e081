/* data: what the records of this project will meet on their way. One decision for each kind, naming
 * the fields that it is about. Nothing is read: these are known from the types (truth/ndf). */
#include "plan/planning.h"

enum { NAMED_FIELDS = 5 };

struct about {
    const char *name;
    size_t count;
    struct gcm_buffer where;
    struct gcm_place place;
};

static void meet(struct about *about, struct planning *planning, const struct target_field *field)
{
    if (about->count == 0) {
        about->where = gcm_buffer(planning->arena, GCM_BUFFER_CAP);
        about->place = field->definition->place;
    }
    if (about->count++ < NAMED_FIELDS) {
        if (about->count > 1)
            gcm_puts(&about->where, ", ");
        gcm_put(&about->where, field_subject(planning, field));
    }
}

static void decide_about(struct planning *planning, struct about *about)
{
    if (!about->count)
        return;
    if (about->count > NAMED_FIELDS)
        gcm_putf(&about->where, " and %zu more", about->count - NAMED_FIELDS);
    struct facts facts = facts_of(planning, "data");
    fact_text(&facts, "about", about->name);
    fact_count(&facts, "count", about->count);
    fact_add(&facts, "where", gcm_buffer_text(&about->where));
    decide_by_rule(&facts, gcm_format(planning->arena, "data: %s", about->name), about->place,
                   NULL);
}

enum kind { UNIQUE_TEXT, STRING_LIST, FLOAT, JSON, PASSWORD, FILE_URL, MODEL_KINDS };

static void look_at(struct planning *planning, const struct target_field *field,
                    struct about *abouts)
{
    const struct gcm_field *source = field->source;
    if (!source || field->left_out || source->kind != GCM_FIELD_SCALAR || field->system)
        return;
    if (source->scalar == GCM_SCALAR_STRING && field->unique && !field->list)
        meet(&abouts[UNIQUE_TEXT], planning, field);
    if (source->scalar == GCM_SCALAR_STRING && field->list)
        meet(&abouts[STRING_LIST], planning, field);
    if (source->scalar == GCM_SCALAR_FLOAT)
        meet(&abouts[FLOAT], planning, field);
    if (source->scalar == GCM_SCALAR_JSON)
        meet(&abouts[JSON], planning, field);
    if (source->scalar == GCM_SCALAR_PASSWORD)
        meet(&abouts[PASSWORD], planning, field);
    if (gcm_slice_is(field->model->source->name, "File") && gcm_slice_is(source->name, "url"))
        meet(&abouts[FILE_URL], planning, field);
}

void plan_data(struct planning *planning)
{
    struct about abouts[MODEL_KINDS] = {
        [UNIQUE_TEXT] = {.name = "unique text"},
        [STRING_LIST] = {.name = "text lists"},
        [FLOAT] = {.name = "floats"},
        [JSON] = {.name = "json"},
        [PASSWORD] = {.name = "passwords"},
        [FILE_URL] = {.name = "files"},
    };
    gcm_each (struct target_model *const, model, planning->models)
        gcm_each (struct target_field *const, field, (*model)->fields)
            if (!(*model)->left_out)
                look_at(planning, *field, abouts);
    for (size_t i = 0; i < MODEL_KINDS; i++)
        decide_about(planning, &abouts[i]);
}
