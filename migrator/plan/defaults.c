/* defaults: the text that the server stored becomes a literal of the field's kind
 * (spec/prisma1.md §1.4). */
#include "plan/planning.h"

#include "source/defaults.h"

#include <stdlib.h>

/* -?digits(.digits)?(e[+-]?digits)?; leading zeros, which GraphQL refuses, are dropped. */
static struct gcm_slice number_of(struct gcm_slice text, bool whole)
{
    size_t at = 0;
    bool minus = text.size && (text.at[0] == '-' || text.at[0] == '+');
    at += minus;
    size_t digits = at;
    while (at < text.size && gcm_is_digit(text.at[at]))
        at++;
    if (at == digits)
        return GCM_S("");
    if (!whole && at + 1 < text.size && text.at[at] == '.' && gcm_is_digit(text.at[at + 1]))
        for (at++; at < text.size && gcm_is_digit(text.at[at]);)
            at++;
    if (!whole && at < text.size && (text.at[at] == 'e' || text.at[at] == 'E')) {
        size_t sign = at + 1 < text.size && (text.at[at + 1] == '-' || text.at[at + 1] == '+');
        size_t from = at + 1 + sign;
        for (at = from; at < text.size && gcm_is_digit(text.at[at]);)
            at++;
        if (at == from)
            return GCM_S("");
    }
    return at == text.size ? text : GCM_S("");
}

static struct gcm_slice without_zeros(struct planning *planning, struct gcm_slice text)
{
    bool minus = text.at[0] == '-';
    size_t at = minus || text.at[0] == '+';
    while (at + 1 < text.size && text.at[at] == '0' && gcm_is_digit(text.at[at + 1]))
        at++;
    struct gcm_slice rest = gcm_slice_sub(text, at, text.size);
    return minus ? gcm_format(planning->arena, "-%.*s", GCM_P(rest)) : rest;
}

static bool is_beyond_int(double value)
{
    return value > INT32_MAX || value < INT32_MIN;
}

static struct gcm_value *string_value(struct planning *planning, struct gcm_slice text)
{
    return gcm_value_make(planning->arena, GCM_VALUE_STRING, text);
}

static struct gcm_value *member(struct planning *planning, const struct target_enum *target,
                                struct gcm_slice text)
{
    gcm_each (const struct target_enum_value, value, target->values)
        if (gcm_slice_equal(value->source->name, text) || gcm_slice_equal(value->name, text))
            return gcm_value_make(planning->arena, GCM_VALUE_ENUM, value->name);
    return NULL;
}

/* The literal, or NULL where the text is none of the type's. */
static struct gcm_value *literal_of(struct planning *planning, const struct target_field *field,
                                    struct gcm_slice text)
{
    if (field->enum_type)
        return member(planning, field->enum_type, text);
    struct gcm_slice type = field->type_name;
    if (gcm_slice_is(type, "String") || gcm_slice_is(type, "Json"))
        return string_value(planning, text);
    if (gcm_slice_is(type, "DateTime"))
        return gcm_is_date_time(text) ? string_value(planning, text) : NULL;
    if (gcm_slice_is(type, "Boolean")) {
        bool known = gcm_slice_is(text, "true") || gcm_slice_is(text, "false");
        return known ? gcm_value_make(planning->arena, GCM_VALUE_BOOLEAN, text) : NULL;
    }
    bool whole = gcm_slice_is(type, "Int");
    if (!whole && !gcm_slice_is(type, "Float"))
        return NULL;
    struct gcm_slice number = number_of(text, whole);
    if (!number.size)
        return NULL;
    number = without_zeros(planning, number);
    double value = strtod(gcm_cstring(planning->arena, number), NULL);
    if (whole && is_beyond_int(value))
        number = gcm_stored_int(planning->arena, number);
    if (!whole && (value > 1e34 || value < -1e34))
        return NULL;
    bool decimal = number_of(number, true).size == 0;
    return gcm_value_make(planning->arena, decimal ? GCM_VALUE_FLOAT : GCM_VALUE_INT, number);
}

/* Does the default that was written lie outside of Int, so that another number was stored? */
static bool wraps(struct planning *planning, const struct target_field *field,
                  const struct gcm_value *written)
{
    return gcm_slice_is(field->type_name, "Int") &&
           is_beyond_int(strtod(gcm_cstring(planning->arena, written->text), NULL));
}

static const char *literal_name(const struct gcm_value *value)
{
    static const char *const names[] = {"null", "int",  "float",  "string",  "boolean",
                                        "enum", "list", "object", "variable"};
    return value ? names[value->kind] : "none";
}

static void set_default(struct planning *planning, struct target_field *field,
                        struct gcm_value *value)
{
    if (!value || gcm_directive_named(&field->directives, "default"))
        return;
    struct gcm_directive *added = gcm_directive_add(planning->arena, &field->directives, "default");
    gcm_argument_add(planning->arena, &added->arguments, "value", value);
}

void plan_default(struct planning *planning, struct target_field *field,
                  const struct gcm_directive *directive)
{
    const struct gcm_value *written = gcm_argument_named(&directive->arguments, "value");
    bool counts = field->source->defaulted;
    struct gcm_slice stored = counts    ? field->source->default_text
                              : written ? written->text
                                        : GCM_S("");
    bool scalar = field->source->kind == GCM_FIELD_SCALAR || field->source->kind == GCM_FIELD_ENUM;
    struct gcm_value *literal = scalar && !field->list && !field->system && written
                                    ? literal_of(planning, field, stored)
                                    : NULL;
    struct facts facts = facts_of(planning, "default");
    fact_add(&facts, "name", field->definition->name);
    fact_add(&facts, "type",
             field->enum_type ? GCM_S("enum") : gcm_type_name(field->definition->type));
    fact_text(&facts, "kind",
              field->system                               ? "system"
              : field->source->kind == GCM_FIELD_RELATION ? "relation"
                                                          : "scalar");
    fact_flag(&facts, "list", field->list);
    fact_text(&facts, "literal", literal_name(written));
    fact_flag(&facts, "counts", counts);
    fact_text(&facts, "valid", !literal ? "no" : wraps(planning, field, written) ? "wraps" : "yes");
    fact_add(&facts, "stored", stored);
    fact_add(&facts, "written", written ? written->raw : GCM_S("nothing"));
    const struct gcm_rule *rule;
    struct gcm_slice subject =
        gcm_format(planning->arena, "%.*s default", GCM_P(field_subject(planning, field)));
    struct gcm_decision *decision = decide_by_rule(&facts, subject, directive->place, &rule);
    if (!rule_does(rule, "set_default"))
        return;
    set_default(planning, field, literal);
    written_later(planning, decision, NULL, field, NULL);
}
