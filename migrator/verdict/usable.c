/* Nothing was wrong, and then? Some definitions break the deployment itself, some deploy and leave
 * an API that answers no request. */
#include "verdict/judge.h"

#include "api/api.h"

static void told_whoops(struct gcm_judge *judge, struct gcm_place place, const char *hint)
{
    gcm_judge_global(judge, place, hint,
                     "Whoops. Looks like an internal server error. Please contact us from the "
                     "Console (https://console.graph.cool) or via email (support@graph.cool) and "
                     "include your Request ID");
}

/* MySQL names a unique index `<field>_UNIQUE`, and no name may be longer than 64. */
enum { LONGEST_UNIQUE = 64 - 7 };

/* Fields that the database refused: then the server could not say why. */
static void judge_columns(struct gcm_judge *judge, const struct gcm_definition *type)
{
    gcm_each (const struct gcm_field_definition, field, type->fields) {
        bool unique = gcm_directive_named(&field->directives, "isUnique") &&
                      !gcm_map_get(&judge->type_names, gcm_type_name(field->type));
        bool hidden = !gcm_judge_is_system(field->name) &&
                      (gcm_slice_equal_nocase(field->name, GCM_S("createdAt")) ||
                       gcm_slice_equal_nocase(field->name, GCM_S("updatedAt")));
        if (unique && field->name.size > LONGEST_UNIQUE)
            told_whoops(judge, field->place,
                        "The name of a field with `@isUnique` has at most 57 characters: that of "
                        "its index is seven longer.");
        else if (hidden)
            told_whoops(judge, field->place,
                        "Every table has the columns createdAt and updatedAt already: name the "
                        "field differently.");
    }
}

void gcm_judge_usable(struct gcm_judge *judge)
{
    struct gcm_verdict *verdict = judge->verdict;
    gcm_each (struct gcm_definition *, type, judge->types)
        judge_columns(judge, *type);
    if (verdict->errors.count > 0)
        return;
    const struct gcm_definition *culprit = NULL;
    verdict->dead_cause = gcm_api_simple_dead(judge->arena, judge->project, &culprit);
    verdict->usable = verdict->dead_cause.size == 0;
    if (culprit)
        verdict->dead_place = culprit->place;
}
