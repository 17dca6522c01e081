/* answers: where the application cannot answer as Graphcool did, since one operation of Prisma
 * cannot (truth/translation.md, "Cannot be equal"). Known from the types; rules/api.yml says what
 * differs. */
#include "plan/planning.h"

enum kind {
    NULL_LISTS,
    SECONDS,
    CURSORS,
    TEXT_FILTERS,
    TEXT_ORDER,
    NULL_ORDER,
    NESTED,
    REQUIRED,
    EDGES,
    SELF,
    INLINE,
    SERVER,
    KINDS
};

static void look_at_scalar(struct planning *planning, const struct target_field *field,
                           struct about *abouts)
{
    const struct gcm_field *source = field->source;
    bool text = source->kind == GCM_FIELD_SCALAR &&
                (source->scalar == GCM_SCALAR_STRING || source->scalar == GCM_SCALAR_ID);
    if (source->list) {
        if (!source->required)
            about_meet(&abouts[NULL_LISTS], planning, field);
        return;
    }
    if (field->system && source->scalar == GCM_SCALAR_DATETIME)
        about_meet(&abouts[SECONDS], planning, field);
    if (field->system)
        return;
    if (!source->unique)
        about_meet(&abouts[CURSORS], planning, field);
    if (text)
        about_meet(&abouts[TEXT_FILTERS], planning, field);
    if (text)
        about_meet(&abouts[TEXT_ORDER], planning, field);
    if (!source->required)
        about_meet(&abouts[NULL_ORDER], planning, field);
}

static void look_at_relation(struct planning *planning, const struct target_relation *relation,
                             struct about *abouts)
{
    const struct gcm_relation *source = relation->source;
    if (relation->left_out || !source || !source->a || !source->b)
        return;
    const struct target_field *a = relation->a, *b = relation->b;
    bool one_to_one = !source->a->list && !source->b->list, one_field = source->a == source->b;
    bool needed =
        (source->a->required && !source->a->list) || (source->b->required && !source->b->list);
    about_meet(&abouts[NESTED], planning, a);
    if (needed)
        about_meet(&abouts[REQUIRED], planning, source->a->required && !source->a->list ? a : b);
    if (one_field && one_to_one)
        about_meet(&abouts[SELF], planning, a);
    else if (one_to_one || needed)
        about_meet(&abouts[EDGES], planning, a);
    if (relation->link == TARGET_LINK_INLINE && !one_to_one)
        about_meet(&abouts[INLINE], planning, a);
}

void plan_answers(struct planning *planning)
{
    struct about abouts[KINDS] = {
        [NULL_LISTS] = {.name = "null lists"},
        [SECONDS] = {.name = "seconds"},
        [CURSORS] = {.name = "cursors"},
        [TEXT_FILTERS] = {.name = "text filters"},
        [TEXT_ORDER] = {.name = "text order"},
        [NULL_ORDER] = {.name = "null order"},
        [NESTED] = {.name = "nested writes"},
        [REQUIRED] = {.name = "required relations"},
        [EDGES] = {.name = "edges"},
        [SELF] = {.name = "self relations"},
        [INLINE] = {.name = "inline relations"},
        [SERVER] = {.name = "server"},
    };
    /* The preview had Prisma's own API. */
    bool simple = planning->project->format != GCM_FORMAT_PREVIEW;
    gcm_each (struct target_model *const, model, planning->models)
        gcm_each (struct target_field *const, field, (*model)->fields) {
            bool written = !(*model)->left_out && !(*field)->left_out && (*field)->source;
            if (written && simple && (*field)->source->kind != GCM_FIELD_RELATION)
                look_at_scalar(planning, *field, abouts);
            if (written && !abouts[SERVER].count)
                about_meet(&abouts[SERVER], planning, *field);
        }
    for (size_t i = 0; simple && i < planning->relations.count; i++)
        look_at_relation(planning, planning->relations.at[i], abouts);
    for (size_t i = 0; i < KINDS; i++)
        about_decide(&abouts[i], planning, "api");
}
