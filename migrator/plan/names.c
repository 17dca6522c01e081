/* names: types, enums and fields whose names Prisma, or the API that it generates, cannot have
 * (spec/prisma1.md §1.1, §4.2). A name changes only where it must. */
#include "plan/planning.h"

#include "core/plural.h"

/* A11 */
static const char *const reserved[] = {"Mutation",     "Query", "Subscription", "Node", "PageInfo",
                                       "BatchPayload", NULL};
/* Scalars, and types that every generated API has. */
static const char *const builtin[] = {
    "Int",      "Boolean", "Long", "MutationType", "String",    "ID",       "Float",
    "DateTime", "Json",    "UUID", "Enum",         "GraphQLID", "Password", NULL};
/* Behind the name of a model. */
static const char *const suffixes[] = {"Connection",          "Edge",         "PreviousValues",
                                       "SubscriptionPayload", "OrderByInput", NULL};

struct names {
    struct planning *planning;
    struct gcm_map types;              /* every model, as it is called now */
    struct gcm_map lower;              /* types that are settled, in lower case */
    struct gcm_map enums;              /* enums that are settled */
    struct gcm_map queries, mutations; /* root fields of the settled ones */
};

static struct gcm_slice without(struct gcm_slice name, size_t size)
{
    return gcm_slice_sub(name, 0, name.size - size);
}

/* Is it the name of a type that the server generates for one of the models? Names that end in
 * "Input" and start with a model are taken for such. */
static bool is_generated(const struct names *names, struct gcm_slice name)
{
    for (const char *const *suffix = suffixes; *suffix; suffix++)
        if (gcm_slice_ends(name, *suffix) &&
            gcm_map_get(&names->types, without(name, gcm_slice_of(*suffix).size)))
            return true;
    if (gcm_slice_starts(name, "Aggregate") &&
        gcm_map_get(&names->types, gcm_slice_sub(name, 9, name.size)))
        return true;
    if (!gcm_slice_ends(name, "Input"))
        return false;
    for (size_t size = 1; size < name.size; size++)
        if (gcm_map_get(&names->types, gcm_slice_sub(name, 0, size)))
            return true;
    return false;
}

enum { ROOT_FIELDS = 9, QUERIES = 3 };

static void root_fields(struct gcm_arena *arena, struct gcm_slice name,
                        struct gcm_slice out[ROOT_FIELDS])
{
    struct gcm_slice plural = gcm_plural_prisma(arena, name);
    struct gcm_prisma_queries queries = gcm_prisma_queries_of(arena, name);
    out[0] = queries.one;
    out[1] = queries.many;
    out[2] = queries.connection;
    static const char *const verbs[] = {"create", "update", "upsert", "delete"};
    for (size_t i = 0; i < 4; i++)
        out[3 + i] = gcm_format(arena, "%s%.*s", verbs[i], GCM_P(name));
    out[7] = gcm_format(arena, "updateMany%.*s", GCM_P(plural));
    out[8] = gcm_format(arena, "deleteMany%.*s", GCM_P(plural));
}

static struct gcm_slice root_clash(const struct names *names, struct gcm_slice name)
{
    struct gcm_slice fields[ROOT_FIELDS];
    root_fields(names->planning->arena, name, fields);
    for (size_t i = 0; i < ROOT_FIELDS; i++) {
        const struct gcm_slice *other =
            gcm_map_get(i < QUERIES ? &names->queries : &names->mutations, fields[i]);
        if (other)
            return fields[i];
        for (size_t j = 0; j < i; j++)
            if ((i < QUERIES) == (j < QUERIES) && gcm_slice_equal(fields[i], fields[j]))
                return fields[i];
        if (i < QUERIES && gcm_slice_is(fields[i], "node"))
            return fields[i];
    }
    return GCM_S("");
}

/* Why a model cannot be called so; NULL if it can. *clash is what it meets. */
static const char *model_fault(const struct names *names, struct gcm_slice name,
                               struct gcm_slice *clash)
{
    *clash = name;
    if (gcm_slice_in(name, reserved))
        return "reserved";
    if (gcm_slice_in(name, builtin))
        return "builtin";
    if (gcm_map_get(&names->lower, gcm_lower(names->planning->arena, name)))
        return "case";
    if (is_generated(names, name))
        return "generated";
    *clash = root_clash(names, name);
    return clash->size ? "root_field" : NULL;
}

static const char *enum_fault(const struct names *names, struct gcm_slice name,
                              struct gcm_slice *clash)
{
    *clash = name;
    if (gcm_slice_in(name, reserved))
        return "reserved";
    if (gcm_slice_in(name, builtin))
        return "builtin";
    if (gcm_map_get(&names->lower, gcm_lower(names->planning->arena, name)) ||
        gcm_map_get(&names->enums, gcm_lower(names->planning->arena, name)))
        return "case";
    return is_generated(names, name) ? "generated" : NULL;
}

typedef const char *(*fault_of)(const struct names *, struct gcm_slice, struct gcm_slice *);

/* The new name that a rule's pattern gives, with a number if that one is no better. */
static struct gcm_slice better_name(const struct names *names, fault_of fault,
                                    struct gcm_slice wanted)
{
    struct gcm_slice name = wanted, clash;
    for (size_t n = 2; fault(names, name, &clash) || gcm_map_get(&names->types, name); n++)
        name = gcm_format(names->planning->arena, "%.*s%zu", GCM_P(wanted), n);
    return name;
}

static struct gcm_decision *decide_rename(struct planning *planning, const char *of,
                                          const char *fault, struct gcm_slice subject,
                                          struct gcm_slice name, struct gcm_slice clash,
                                          struct gcm_place place, struct gcm_slice fixed)
{
    struct facts facts = facts_of(planning, "name");
    fact_text(&facts, "of", of);
    fact_text(&facts, "fault", fault);
    fact_add(&facts, "name", name);
    fact_add(&facts, "clash", clash);
    fact_add(&facts, "fixed", fixed);
    return decide_by_rule(&facts, subject, place, NULL);
}

/* The name that the rule for this fault makes of it; without such a rule a plain suffix. */
static struct gcm_slice pattern_name(struct planning *planning, const char *of, const char *fault,
                                     struct gcm_slice name)
{
    struct facts facts = facts_of(planning, "name");
    fact_text(&facts, "of", of);
    fact_text(&facts, "fault", fault);
    fact_add(&facts, "name", name);
    const struct gcm_rule *rule = rule_of(&facts);
    struct gcm_slice pattern = rule_does(rule, "rename") ? gcm_rule_argument(rule) : GCM_S("");
    if (!pattern.size || gcm_slice_is(pattern, "{fixed}"))
        pattern = GCM_S("{name}2");
    return gcm_rule_text(planning->arena, pattern, facts.at, facts.count);
}

static struct gcm_slice asked_name(const struct planning *planning, struct gcm_slice subject)
{
    const struct gcm_condition *asked = gcm_map_get(&planning->renamed, subject);
    return asked ? asked->any_of.at[0] : (struct gcm_slice){0};
}

/* Where data are in the target already (a service of the preview), the table keeps its name. */
static bool keeps_tables(const struct planning *planning)
{
    return planning->project->format == GCM_FORMAT_PREVIEW;
}

static void rename_model(struct names *names, struct target_model *model, struct gcm_slice to,
                         const char *fault, struct gcm_slice clash)
{
    struct planning *planning = names->planning;
    struct gcm_slice from = model->source->name;
    struct gcm_decision *decision = decide_rename(planning, "model", fault, from, model->name,
                                                  clash, model->definition->place, to);
    if (keeps_tables(planning) && !gcm_slice_is(gcm_slice_of(fault), "case"))
        model->db_name = from;
    model->name = to;
    add_rename(planning, from, to, decision);
    written_later(planning, decision, model, NULL, NULL);
}

static void settle_model(struct names *names, struct target_model *model)
{
    struct planning *planning = names->planning;
    struct gcm_slice clash;
    const char *fault = model_fault(names, model->name, &clash);
    if (fault) {
        struct gcm_slice to =
            better_name(names, model_fault, pattern_name(planning, "model", fault, model->name));
        rename_model(names, model, to, fault, clash);
        gcm_map_put(planning->arena, &names->types, to, model);
    }
    gcm_map_put(planning->arena, &names->lower, gcm_lower(planning->arena, model->name), model);
    struct gcm_slice fields[ROOT_FIELDS];
    root_fields(planning->arena, model->name, fields);
    for (size_t i = 0; i < ROOT_FIELDS; i++)
        gcm_map_put(planning->arena, i < QUERIES ? &names->queries : &names->mutations, fields[i],
                    model);
}

static void rename_enum(struct names *names, struct target_enum *target, struct gcm_slice to,
                        const char *fault, struct gcm_slice clash)
{
    struct planning *planning = names->planning;
    struct gcm_decision *decision =
        decide_rename(planning, "enum", fault, target->source->name, target->name, clash,
                      target->definition->place, to);
    target->name = to;
    add_rename(planning, target->source->name, to, decision);
    written_later(planning, decision, NULL, NULL, target);
}

static void settle_enum(struct names *names, struct target_enum *target)
{
    struct planning *planning = names->planning;
    struct gcm_slice clash;
    const char *fault = enum_fault(names, target->name, &clash);
    if (fault) {
        struct gcm_slice to =
            better_name(names, enum_fault, pattern_name(planning, "enum", fault, target->name));
        rename_enum(names, target, to, fault, clash);
    }
    gcm_map_put(planning->arena, &names->enums, gcm_lower(planning->arena, target->name), target);
}

/* ---- fields ---- */

static const char *const filters[] = {
    "not",           "in",       "not_in",       "lt",          "lte",       "gt",
    "gte",           "contains", "not_contains", "starts_with", "ends_with", "not_starts_with",
    "not_ends_with", "every",    "some",         "none",        NULL};

/* `name_not` beside `name`: the filter argument of one is the field of the other. */
static struct gcm_slice filter_clash(const struct gcm_map *exact, struct gcm_slice name)
{
    for (size_t i = 1; i + 1 < name.size; i++)
        if (name.at[i] == '_' && gcm_slice_in(gcm_slice_sub(name, i + 1, name.size), filters) &&
            gcm_map_get(exact, gcm_slice_sub(name, 0, i)))
            return gcm_slice_sub(name, 0, i);
    return GCM_S("");
}

static const char *field_fault(struct planning *planning, const struct gcm_map *exact,
                               const struct gcm_map *lower, struct gcm_slice name,
                               struct gcm_slice *clash)
{
    static const char *const combinators[] = {"AND", "OR", "NOT", NULL};
    *clash = name;
    if (gcm_slice_in(name, combinators))
        return "combinator";
    if (gcm_map_get(lower, gcm_lower(planning->arena, name)))
        return "case";
    *clash = filter_clash(exact, name);
    return clash->size ? "filter" : NULL;
}

static void rename_field(struct planning *planning, struct target_field *field, struct gcm_slice to,
                         const char *fault, struct gcm_slice clash)
{
    struct gcm_slice subject = field_subject(planning, field);
    struct gcm_decision *decision = decide_rename(
        planning, "field", fault, subject, field->name, clash,
        field->definition ? field->definition->place : field->model->definition->place, to);
    if (keeps_tables(planning) && !field->relation && !gcm_slice_is(gcm_slice_of(fault), "case"))
        field->db_name = field->name;
    field->name = to;
    add_rename(planning, subject, to, decision);
    written_later(planning, decision, NULL, field, NULL);
}

static void settle_fields(struct planning *planning, struct target_model *model)
{
    struct gcm_map exact = {0}, lower = {0};
    gcm_each (struct target_field *const, field, model->fields)
        if (!(*field)->left_out)
            gcm_map_put(planning->arena, &exact, (*field)->name, *field);
    /* System fields cannot be called otherwise: they are settled first. */
    for (int system = 1; system >= 0; system--)
        gcm_each (struct target_field *const, at, model->fields) {
            struct target_field *field = *at;
            if (field->left_out || field->system != system)
                continue;
            struct gcm_slice clash, name = field->name;
            const char *fault = field_fault(planning, &exact, &lower, name, &clash);
            if (fault && !system) {
                struct gcm_slice wanted = pattern_name(planning, "field", fault, name), ignored;
                name = wanted;
                for (size_t n = 2; field_fault(planning, &exact, &lower, name, &ignored) ||
                                   gcm_map_get(&exact, name);
                     n++)
                    name = gcm_format(planning->arena, "%.*s%zu", GCM_P(wanted), n);
                rename_field(planning, field, name, fault, clash);
                gcm_map_put(planning->arena, &exact, name, field);
            }
            gcm_map_put(planning->arena, &lower, gcm_lower(planning->arena, name), field);
        }
}

/* ---- what the user wants to be called otherwise ---- */

static void apply_renames(struct names *names)
{
    struct planning *planning = names->planning;
    gcm_each (struct target_model *const, model, planning->models) {
        struct gcm_slice to = asked_name(planning, (*model)->source->name);
        if (to.size && !(*model)->left_out)
            rename_model(names, *model, to, "asked", to);
        gcm_each (struct target_field *const, field, (*model)->fields) {
            to = asked_name(planning, field_subject(planning, *field));
            if (to.size && !(*field)->left_out && !(*field)->system)
                rename_field(planning, *field, to, "asked", to);
        }
    }
    gcm_each (struct target_enum *const, target, planning->enums) {
        struct gcm_slice to = asked_name(planning, (*target)->source->name);
        if (to.size && !(*target)->left_out)
            rename_enum(names, *target, to, "asked", to);
    }
}

void plan_names(struct planning *planning)
{
    struct names names = {.planning = planning};
    apply_renames(&names);
    gcm_each (struct target_model *const, model, planning->models)
        if (!(*model)->left_out)
            gcm_map_put(planning->arena, &names.types, (*model)->name, *model);
    gcm_each (struct target_model *const, model, planning->models)
        if (!(*model)->left_out) {
            settle_model(&names, *model);
            settle_fields(planning, *model);
        }
    gcm_each (struct target_enum *const, target, planning->enums)
        if (!(*target)->left_out)
            settle_enum(&names, *target);
}
