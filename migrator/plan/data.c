/* data: what the records of this project will meet on their way. One decision for each kind, naming
 * the fields that it is about. Nothing is read: these are known from the types (truth/ndf). */
#include "plan/planning.h"

enum kind { UNIQUE_TEXT, STRING_LIST, FLOAT, JSON, PASSWORD, FILE_URL, MODEL_KINDS };

static void look_at(struct planning *planning, const struct target_field *field,
                    struct about *abouts)
{
    const struct gcm_field *source = field->source;
    if (!source || field->left_out || source->kind != GCM_FIELD_SCALAR || field->system)
        return;
    if (source->scalar == GCM_SCALAR_STRING && field->unique && !field->list)
        about_meet(&abouts[UNIQUE_TEXT], planning, field);
    if (source->scalar == GCM_SCALAR_STRING && field->list)
        about_meet(&abouts[STRING_LIST], planning, field);
    if (source->scalar == GCM_SCALAR_FLOAT)
        about_meet(&abouts[FLOAT], planning, field);
    if (source->scalar == GCM_SCALAR_JSON)
        about_meet(&abouts[JSON], planning, field);
    if (source->scalar == GCM_SCALAR_PASSWORD)
        about_meet(&abouts[PASSWORD], planning, field);
    if (gcm_slice_is(field->model->source->name, "File") && gcm_slice_is(source->name, "url"))
        about_meet(&abouts[FILE_URL], planning, field);
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
        about_decide(&abouts[i], planning, "data");
}
