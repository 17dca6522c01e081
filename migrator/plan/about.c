/* about: one decision for each kind of thing that a project has, naming the fields that it is
 * about; only where there are any. */
#include "plan/planning.h"

enum { NAMED_FIELDS = 5 };

void about_meet(struct about *about, struct planning *planning, const struct target_field *field)
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

void about_decide(struct about *about, struct planning *planning, const char *construct)
{
    if (!about->count)
        return;
    if (about->count > NAMED_FIELDS)
        gcm_putf(&about->where, " and %zu more", about->count - NAMED_FIELDS);
    struct facts facts = facts_of(planning, construct);
    fact_text(&facts, "about", about->name);
    fact_count(&facts, "count", about->count);
    fact_add(&facts, "where", gcm_buffer_text(&about->where));
    struct gcm_slice subject = gcm_format(planning->arena, "%s: %s", construct, about->name);
    decide_by_rule(&facts, subject, about->place, NULL);
}
