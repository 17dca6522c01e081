/* relations: which two fields belong together, what the relation is called, and which side carries
 * its link. */
#include "plan/planning.h"

enum { LONGEST_RELATION_NAME = 54 };

static struct target_relation *add_relation(struct planning *planning,
                                            const struct gcm_relation *source,
                                            struct target_field *a, struct target_field *b)
{
    struct target_relation *relation = GCM_NEW(planning->arena, struct target_relation);
    relation->source = source;
    relation->a = a;
    relation->b = b;
    a->relation = relation;
    if (b)
        b->relation = relation;
    *gcm_push(planning->arena, &planning->relations) = relation;
    return relation;
}

/* The relation fields that name one relation, in document order. */
struct sides {
    GCM_VEC(struct target_field *) fields;
};

static bool is_usable(const struct target_field *field)
{
    return !field->left_out && !field->system && field->target && !field->target->left_out;
}

static void gather(struct planning *planning, struct gcm_map *by_name, struct sides *unnamed)
{
    gcm_each (struct target_model *const, model, planning->models) {
        gcm_each (struct target_field *const, field, (*model)->fields) {
            if ((*model)->left_out || !is_usable(*field))
                continue;
            const struct gcm_relation *source = (*field)->source->relation;
            struct sides *sides = source ? gcm_map_get(by_name, source->name) : unnamed;
            if (!sides) {
                sides = GCM_NEW(planning->arena, struct sides);
                gcm_map_put(planning->arena, by_name, source->name, sides);
            }
            *gcm_push(planning->arena, &sides->fields) = *field;
        }
    }
}

static bool fit(const struct target_field *a, const struct target_field *b)
{
    return a->target == b->model && b->target == a->model;
}

/* One field on its own: a same-field self relation, or one side of something that has no other. */
static void pair_one(struct planning *planning, const struct gcm_relation *source,
                     struct target_field *field)
{
    struct target_relation *relation = add_relation(planning, source, field, NULL);
    bool lost = source && source->b && source->b != source->a;
    if (field->target != field->model)
        relation->fault = lost ? GCM_S("other_left_out") : GCM_S("one_sided");
}

/* A name that stands on more than two fields, or on two that do not point at each other: the first
 * two that fit are the relation, the others stand alone. */
static void pair_many(struct planning *planning, const struct gcm_relation *source,
                      struct sides *sides)
{
    size_t count = sides->fields.count, first = count, second = count;
    for (size_t i = 0; i < count && first == count; i++)
        for (size_t j = i + 1; j < count && j < i + 64 && first == count; j++)
            if (fit(sides->fields.at[i], sides->fields.at[j])) {
                first = i;
                second = j;
            }
    if (first < count) {
        struct target_relation *relation =
            add_relation(planning, source, sides->fields.at[first], sides->fields.at[second]);
        relation->fault = count > 2 ? GCM_S("too_many") : GCM_S("");
    }
    for (size_t i = 0; i < count; i++)
        if (i != first && i != second)
            add_relation(planning, source, sides->fields.at[i], NULL)->fault =
                count > 2 ? GCM_S("too_many_rest") : GCM_S("mismatch");
}

static void pair_all(struct planning *planning)
{
    struct gcm_map by_name = {0};
    struct sides unnamed = {0};
    gather(planning, &by_name, &unnamed);
    gcm_each (struct gcm_relation *const, source, planning->project->relations) {
        struct sides *sides = gcm_map_get(&by_name, (*source)->name);
        if (sides && sides->fields.count == 1)
            pair_one(planning, *source, sides->fields.at[0]);
        else if (sides)
            pair_many(planning, *source, sides);
    }
    gcm_each (struct target_field *const, field, unnamed.fields)
        add_relation(planning, NULL, *field, NULL)->fault = GCM_S("ambiguous");
}

/* ---- names (spec/prisma1.md §1.3, A8, A9; on MySQL they must differ in more than case) ---- */

static bool is_well_formed(struct gcm_slice name)
{
    if (!name.size || !gcm_is_upper(name.at[0]))
        return false;
    for (size_t i = 1; i < name.size; i++)
        if (!gcm_is_name_part(name.at[i]))
            return false;
    return true;
}

static struct gcm_slice well_formed(struct planning *planning, struct gcm_slice name)
{
    struct gcm_buffer out = gcm_buffer(planning->arena, GCM_BUFFER_CAP);
    for (size_t i = 0; i < name.size; i++)
        if (gcm_is_name_part(name.at[i]))
            gcm_putc(&out, name.at[i]);
    struct gcm_slice clean = gcm_capitalize(planning->arena, gcm_buffer_text(&out));
    if (!clean.size || !gcm_is_upper(clean.at[0]))
        clean = gcm_format(planning->arena, "R%.*s", GCM_P(clean));
    return clean;
}

/* "PostToUser": as Prisma itself names a relation without a name. */
static struct gcm_slice made_name(struct planning *planning, const struct target_relation *relation)
{
    struct gcm_slice one = relation->a->model->name, other = relation->a->target->name;
    if (gcm_slice_compare(one, other) > 0) {
        one = other;
        other = relation->a->model->name;
    }
    return gcm_format(planning->arena, "%.*sTo%.*s", GCM_P(one), GCM_P(other));
}

static struct gcm_slice shorter(struct planning *planning, struct gcm_slice name, size_t number)
{
    struct gcm_slice tail =
        number ? gcm_format(planning->arena, "%zu", number) : gcm_format(planning->arena, "%s", "");
    size_t room = LONGEST_RELATION_NAME - tail.size;
    return gcm_format(planning->arena, "%.*s%.*s", GCM_P(gcm_slice_sub(name, 0, room)),
                      GCM_P(tail));
}

/* Source names are given first, as they are; those that must change take what is free then. */
static void name_relation(struct planning *planning, struct target_relation *relation,
                          struct gcm_map *taken, bool changing)
{
    struct gcm_slice wanted = relation->source ? relation->source->name : GCM_S("");
    const char *fault = NULL;
    bool alone =
        gcm_slice_is(relation->fault, "too_many_rest") || gcm_slice_is(relation->fault, "mismatch");
    if (!relation->source || alone)
        fault = "none";
    else if (!is_well_formed(wanted))
        fault = "malformed";
    else if (wanted.size > LONGEST_RELATION_NAME)
        fault = "too_long";
    else if (gcm_map_get(taken, gcm_lower(planning->arena, wanted)))
        fault = "case";
    if ((fault != NULL) != changing)
        return;
    struct gcm_slice base = wanted;
    if (fault)
        base = gcm_slice_is(gcm_slice_of(fault), "none") ? made_name(planning, relation)
                                                         : well_formed(planning, wanted);
    struct gcm_slice name = shorter(planning, base, 0);
    for (size_t n = 2; gcm_map_get(taken, gcm_lower(planning->arena, name)); n++)
        name = shorter(planning, base, n);
    gcm_map_put(planning->arena, taken, gcm_lower(planning->arena, name), relation);
    relation->name = name;
    if (!fault || !relation->source || alone)
        return;
    struct facts facts = facts_of(planning, "relation_name");
    fact_add(&facts, "name", wanted);
    fact_text(&facts, "fault", fault);
    fact_add(&facts, "fixed", name);
    struct gcm_slice subject = gcm_format(planning->arena, "relation %.*s", GCM_P(wanted));
    struct gcm_decision *decision =
        decide_by_rule(&facts, subject, relation->a->definition->place, NULL);
    add_rename(planning, subject, name, decision);
    written_now(decision, gcm_format(planning->arena, "@relation(name: \"%.*s\")", GCM_P(name)));
}

static void name_all(struct planning *planning)
{
    struct gcm_map taken = {0};
    gcm_each (struct target_relation *const, relation, planning->relations) {
        struct gcm_slice subject =
            (*relation)->source
                ? gcm_format(planning->arena, "relation %.*s", GCM_P((*relation)->source->name))
                : GCM_S("");
        const struct gcm_condition *asked = gcm_map_get(&planning->renamed, subject);
        if (!asked || !is_well_formed(asked->any_of.at[0]) || asked->any_of.at[0].size > 54 ||
            gcm_map_put(planning->arena, &taken, gcm_lower(planning->arena, asked->any_of.at[0]),
                        *relation))
            continue;
        (*relation)->name = asked->any_of.at[0];
        struct facts facts = facts_of(planning, "relation_name");
        fact_text(&facts, "fault", "asked");
        fact_add(&facts, "fixed", (*relation)->name);
        add_rename(planning, subject, (*relation)->name,
                   decide_by_rule(&facts, subject, (*relation)->a->definition->place, NULL));
    }
    for (int changing = 0; changing < 2; changing++)
        gcm_each (struct target_relation *const, relation, planning->relations)
            if (!(*relation)->name.size)
                name_relation(planning, *relation, &taken, changing);
}

/* ---- cardinality, links, sides ---- */

static const char *cardinality(const struct target_relation *relation)
{
    bool a = relation->a->list, b = relation->b && relation->b->list;
    if (!relation->b)
        return a ? "many" : "one";
    return a && b ? "many_to_many" : a || b ? "one_to_many" : "one_to_one";
}

static const char *sides_of(const struct target_relation *relation)
{
    if (relation->b)
        return "two";
    return relation->a->target == relation->a->model ? "one_field" : "one";
}

static const char *required_of(const struct target_relation *relation)
{
    bool a = relation->a->required, b = relation->b && relation->b->required;
    return a && b ? "both" : a || b ? "one" : "none";
}

/* Which field carries the link: for INLINE it must be the to-one side (B3), of two the required
 * one; for a self 1-n relation in a table the list (truth: always right); else the first. */
static struct target_field *link_side(const struct target_relation *relation, bool is_inline)
{
    struct target_field *a = relation->a, *b = relation->b;
    if (!b)
        return a;
    if (a->list != b->list)
        return (a->list == is_inline) ? b : a;
    return is_inline && b->required && !a->required ? b : a;
}

static void add_second_field(struct planning *planning, struct target_relation *relation,
                             struct gcm_slice wanted)
{
    struct target_field *a = relation->a;
    struct target_field *second = GCM_NEW(planning->arena, struct target_field);
    second->name = free_field_name(planning, a->model, wanted);
    second->model = second->target = a->model;
    second->relation = relation;
    relation->b = second;
    *gcm_push(planning->arena, &a->model->fields) = second;
    size_t at = a->model->fields.count - 1;
    for (; at > 0 && a->model->fields.at[at - 1] != a; at--)
        a->model->fields.at[at] = a->model->fields.at[at - 1];
    a->model->fields.at[at] = second;
}

static void set_link(struct target_relation *relation, struct gcm_slice link)
{
    bool is_inline = gcm_slice_is(link, "inline");
    relation->link = is_inline                     ? TARGET_LINK_INLINE
                     : gcm_slice_is(link, "table") ? TARGET_LINK_TABLE
                                                   : TARGET_LINK_NONE;
    relation->link_on = link_side(relation, is_inline);
}

static struct facts facts_of_relation(struct planning *planning,
                                      const struct target_relation *relation)
{
    struct facts facts = facts_of(planning, "relation");
    fact_add(&facts, "name", relation->name);
    fact_text(&facts, "cardinality", cardinality(relation));
    fact_flag(&facts, "self", relation->a->model == relation->a->target);
    fact_text(&facts, "sides", sides_of(relation));
    fact_text(&facts, "required", required_of(relation));
    struct gcm_slice fields = field_subject(planning, relation->a);
    if (relation->b && relation->b->definition)
        fields = gcm_format(planning->arena, "%.*s and %.*s", GCM_P(fields),
                            GCM_P(field_subject(planning, relation->b)));
    fact_add(&facts, "fields", fields);
    return facts;
}

/* Required fields, and faults of the source: a decision of their own beside the relation's. */
static void decide_more(struct planning *planning, struct target_relation *relation,
                        struct gcm_slice subject)
{
    struct facts facts = facts_of_relation(planning, relation);
    if (relation->fault.size) {
        fact_add(&facts, "fault", relation->fault);
        struct gcm_decision *decision =
            decide_by_rule(&facts, subject, relation->a->definition->place, NULL);
        written_later(planning, decision, NULL, relation->a, NULL);
    }
    if (gcm_slice_is(gcm_slice_of(required_of(relation)), "none"))
        return;
    fact_text(&facts, "fault", "required");
    const struct gcm_rule *rule;
    struct target_field *field = relation->a->required ? relation->a : relation->b;
    struct gcm_decision *decision =
        decide_by_rule(&facts, field_subject(planning, field), field->definition->place, &rule);
    if (rule_does(rule, "leave_out")) {
        relation->a->required = false;
        if (relation->b)
            relation->b->required = false;
    }
    written_later(planning, decision, NULL, field, NULL);
}

static void plan_relation(struct planning *planning, struct target_relation *relation)
{
    struct facts facts = facts_of_relation(planning, relation);
    struct gcm_slice subject =
        gcm_format(planning->arena, "relation %.*s",
                   GCM_P(relation->source && !gcm_slice_is(relation->fault, "too_many_rest") &&
                                 !gcm_slice_is(relation->fault, "mismatch")
                             ? relation->source->name
                             : relation->name));
    fact_text(&facts, "fault", "none");
    const struct gcm_rule *rule;
    struct gcm_decision *decision =
        decide_by_rule(&facts, subject, relation->a->definition->place, &rule);
    struct gcm_slice argument = rule ? gcm_rule_argument(rule) : GCM_S("table");
    if (rule_does(rule, "two_fields")) {
        fact_add(&facts, "name", relation->a->name);
        add_second_field(planning, relation,
                         gcm_rule_text(planning->arena, argument, facts.at, facts.count));
        bool tables = planning->plan->options.database != GCM_DATABASE_MONGO;
        argument = tables ? GCM_S("table") : GCM_S("inline");
    }
    set_link(relation, argument);
    written_later(planning, decision, NULL, relation->link_on, NULL);
    decide_more(planning, relation, subject);
}

void plan_relations(struct planning *planning)
{
    pair_all(planning);
    name_all(planning);
    gcm_each (struct target_relation *const, relation, planning->relations)
        plan_relation(planning, *relation);
}
