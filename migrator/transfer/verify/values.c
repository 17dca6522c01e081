/* values: whether two values are the same, and whether a change of one was foretold. */
#include "stage/findings.h"
#include "transfer/records/time.h"
#include "transfer/verify/parts.h"

#include <math.h>
#include <stdlib.h>

static bool is_nothing(struct gcm_raw value)
{
    return !value.text.size || value.kind == GCM_RAW_NULL;
}

static bool same_time(struct gcm_arena *scratch, struct gcm_raw a, struct gcm_raw b)
{
    if (a.kind != GCM_RAW_STRING || b.kind != GCM_RAW_STRING)
        return false;
    struct gcm_time first = gcm_time_read(gcm_raw_string(scratch, a));
    struct gcm_time second = gcm_time_read(gcm_raw_string(scratch, b));
    return first.understood && second.understood && first.year == second.year &&
           first.month == second.month && first.day == second.day && first.hour == second.hour &&
           first.minute == second.minute && first.second == second.second &&
           first.millisecond == second.millisecond;
}

bool same_value(struct gcm_arena *scratch, const struct gcm_prisma_field *field,
                struct gcm_raw expected, struct gcm_raw actual)
{
    if (is_nothing(expected) || is_nothing(actual))
        return is_nothing(expected) && is_nothing(actual);
    if (expected.kind == actual.kind && gcm_slice_equal(expected.text, actual.text))
        return true;
    if (gcm_slice_is(field->type_name, "DateTime"))
        return same_time(scratch, expected, actual);
    return gcm_raw_equal(scratch, expected, actual);
}

struct gcm_slice shown_value(struct gcm_arena *arena, const struct gcm_shape_field *field,
                             struct gcm_raw value)
{
    if (is_nothing(value))
        return GCM_S("null");
    if (field->source && field->source->scalar == GCM_SCALAR_PASSWORD)
        return GCM_S("***");
    return shortened(arena, value.text);
}

/* What the databases make of a Float: 15 digits, or 30 decimals (truth/ndf). Anything else is no
 * change that was foretold. */
static bool is_rounded(struct gcm_arena *scratch, struct gcm_raw expected, struct gcm_raw actual)
{
    if (expected.kind != GCM_RAW_NUMBER || actual.kind != GCM_RAW_NUMBER)
        return false;
    double before = strtod(gcm_cstring(scratch, expected.text), NULL);
    double after = strtod(gcm_cstring(scratch, actual.text), NULL);
    return fabs(before - after) <= fabs(before) * 1e-14 + 1e-30;
}

struct gcm_slice known_change(struct verify *verify, const struct gcm_faults *faults,
                              const struct gcm_shape_field *field, struct gcm_raw expected,
                              struct gcm_raw actual)
{
    bool is_float = gcm_slice_is(field->to->type_name, "Float");
    if (is_float && !is_rounded(&verify->page, expected, actual))
        return GCM_S("");
    gcm_each (const struct gcm_fault, fault, *faults)
        if (fault->rule && gcm_slice_equal(fault->field, field->name) &&
            gcm_finding_has(verify->maker->stage, fault->rule->id, fault->type, fault->id,
                            fault->field))
            return fault->rule->id;
    return GCM_S("");
}
