/* fields: types, shapes, system fields and directives of one model. */
#include "plan/planning.h"

#include "graphql/print.h"

static bool same_name_nocase(const struct target_model *model, struct gcm_slice name)
{
    gcm_each (struct target_field *const, field, model->fields)
        if (gcm_slice_equal_nocase((*field)->name, name))
            return true;
    return false;
}

struct gcm_slice free_field_name(struct planning *planning, const struct target_model *model,
                                 struct gcm_slice wanted)
{
    struct gcm_slice name = wanted;
    for (size_t number = 2; same_name_nocase(model, name); number++)
        name = gcm_format(planning->arena, "%.*s%zu", GCM_P(wanted), number);
    return name;
}

static struct target_field *add_field(struct planning *planning, struct target_model *model,
                                      const struct gcm_field *source)
{
    struct target_field *field = GCM_NEW(planning->arena, struct target_field);
    field->source = source;
    field->definition = source ? source->definition : NULL;
    field->model = model;
    if (source) {
        field->name = source->name;
        field->list = source->list;
        field->required = source->required && !source->list;
        gcm_map_put(planning->arena, &model->by_source, source->name, field);
    }
    *gcm_push(planning->arena, &model->fields) = field;
    return field;
}

/* The shape as the server's messages write it. */
static const char *shape_of(const struct gcm_type_ref *type)
{
    if (!type->of)
        return type->non_null ? "T!" : "T";
    if (type->of->of)
        return "nested";
    if (!type->of->non_null)
        return type->non_null ? "[T]!" : "[T]";
    return type->non_null ? "[T!]!" : "[T!]";
}

static const char *kind_of(const struct gcm_field *field)
{
    static const char *const names[] = {"scalar", "enum", "relation", "unknown"};
    return names[field->kind];
}

static struct facts facts_of_field(const struct target_field *field, struct planning *planning,
                                   const char *construct)
{
    struct facts facts = facts_of(planning, construct);
    fact_add(&facts, "name", field->definition->name);
    fact_text(&facts, "kind", kind_of(field->source));
    fact_flag(&facts, "list", field->list);
    return facts;
}

/* Puts the type and the directives of an SDL text into the field, as a rule wants it. */
static void set_field(struct planning *planning, struct target_field *field,
                      const struct gcm_field_definition *wanted)
{
    field->name = wanted->name;
    field->type_name = gcm_type_name(wanted->type);
    field->list = wanted->type->of != NULL;
    field->required = wanted->type->non_null && !field->list;
    gcm_each (const struct gcm_directive, directive, wanted->directives)
        *gcm_push(planning->arena, &field->directives) = *directive;
}

static void add_directive_text(struct planning *planning, struct target_field *field,
                               struct gcm_slice text)
{
    const struct gcm_field_definition *carrier =
        field_of_text(planning, gcm_format(planning->arena, "x: X %.*s", GCM_P(text)));
    for (size_t i = 0; carrier && i < carrier->directives.count; i++)
        *gcm_push(planning->arena, &field->directives) = carrier->directives.at[i];
}

static void rename_directive(struct planning *planning, struct target_field *field,
                             struct gcm_slice name, const struct gcm_directive *directive)
{
    if (gcm_directive_named(&field->directives, gcm_cstring(planning->arena, name)))
        return;
    struct gcm_directive *added = gcm_push(planning->arena, &field->directives);
    *added = (struct gcm_directive){.place = directive->place, .name = name};
    field->unique |= gcm_slice_is(name, "unique");
}

static void make_comment(struct planning *planning, struct target_field *field,
                         const struct gcm_directive *directive, struct gcm_decision *decision)
{
    const struct gcm_value *text = gcm_argument_named(&directive->arguments, "text");
    if (!text)
        return;
    *gcm_push(planning->arena, &field->comments) = text->text;
    written_now(decision, gcm_format(planning->arena, "# %.*s", GCM_P(text->text)));
}

/* A directive as the rules see it; the arguments of @relation are looked at one by one. */
static void plan_directive(struct planning *planning, struct target_field *field,
                           const struct gcm_directive *directive, const char *argument,
                           bool repeated)
{
    struct facts facts = facts_of_field(field, planning, "directive");
    fact_add(&facts, "directive", directive->name);
    fact_text(&facts, "on", "field");
    fact_text(&facts, "argument", argument);
    fact_flag(&facts, "system", field->system);
    fact_flag(&facts, "repeated", repeated);
    struct gcm_slice subject = field_subject(planning, field);
    subject = gcm_format(planning->arena, "%.*s @%.*s%s%s", GCM_P(subject), GCM_P(directive->name),
                         argument ? " " : "", argument ? argument : "");
    const struct gcm_rule *rule;
    struct gcm_decision *decision = decide_by_rule(&facts, subject, directive->place, &rule);
    if (field->system && gcm_slice_is(directive->name, "relation"))
        field->refused = decision;
    if (rule_does(rule, "rename_directive")) {
        rename_directive(planning, field, gcm_rule_argument(rule), directive);
        written_later(planning, decision, NULL, field, NULL);
    } else if (rule_does(rule, "comment")) {
        make_comment(planning, field, directive, decision);
    }
}

/* @relation: `name` belongs to the relation; everything else is decided on here. */
static void plan_relation_directive(struct planning *planning, struct target_field *field,
                                    const struct gcm_directive *directive, bool repeated)
{
    if (field->source->kind != GCM_FIELD_RELATION || repeated || field->system) {
        plan_directive(planning, field, directive, NULL, repeated);
        return;
    }
    bool named = false;
    gcm_each (const struct gcm_argument, argument, directive->arguments) {
        if (gcm_slice_is(argument->name, "name"))
            named = true;
        else
            plan_directive(planning, field, directive, gcm_cstring(planning->arena, argument->name),
                           false);
    }
    if (!named && planning->project->format == GCM_FORMAT_FRAMEWORK)
        plan_directive(planning, field, directive, "none", false);
}

/* The rules of defaults speak of it. In the Framework @default was no directive. */
static bool is_default(const struct planning *planning, const struct gcm_directive *directive)
{
    return gcm_slice_is(directive->name, "defaultValue") ||
           (planning->project->format != GCM_FORMAT_FRAMEWORK &&
            gcm_slice_is(directive->name, "default"));
}

static void plan_directives(struct planning *planning, struct target_field *field)
{
    struct gcm_map seen = {0};
    gcm_each (const struct gcm_directive, directive, field->definition->directives) {
        bool repeated = gcm_map_put(planning->arena, &seen, directive->name, planning) != NULL;
        if (gcm_slice_is(directive->name, "relation"))
            plan_relation_directive(planning, field, directive, repeated);
        else if (is_default(planning, directive) && !repeated)
            plan_default(planning, field, directive);
        else
            plan_directive(planning, field, directive, NULL, repeated);
    }
}

void leave_out_by(struct target_field *field, const struct gcm_decision *decision)
{
    field->left_out = true;
    field->refused = decision;
}

static bool is_system_name(struct gcm_slice name)
{
    static const char *const names[] = {"id", "createdAt", "updatedAt", NULL};
    return gcm_slice_in(name, names);
}

/* id, createdAt and updatedAt, declared: whatever their type says, they are what the server made of
 * them (spec/graphcool-framework.md §2.5). */
static void plan_system_field(struct planning *planning, struct target_field *field)
{
    struct facts facts = facts_of(planning, "system_field");
    fact_add(&facts, "name", field->name);
    fact_text(&facts, "declared", "yes");
    struct gcm_slice type = gcm_type_name(field->definition->type);
    bool is_id = gcm_slice_is(field->name, "id");
    bool one = gcm_slice_is(gcm_slice_of(shape_of(field->definition->type)), "T!");
    fact_add(&facts, "type", type);
    fact_flag(&facts, "right", one && gcm_slice_is(type, is_id ? "ID" : "DateTime"));
    const struct gcm_rule *rule;
    struct gcm_decision *decision =
        decide_by_rule(&facts, field_subject(planning, field), field->definition->place, &rule);
    const struct gcm_field_definition *wanted =
        rule_does(rule, "set_field") ? field_of_text(planning, gcm_rule_argument(rule)) : NULL;
    field->system = true;
    if (wanted)
        set_field(planning, field, wanted);
    else
        leave_out_by(field, decision);
    written_later(planning, decision, NULL, field, NULL);
}

/* The type of a scalar: as it is, or what a rule makes of it. */
static void plan_type(struct planning *planning, struct target_field *field)
{
    struct facts facts = facts_of_field(field, planning, "field");
    field->type_name = gcm_type_name(field->definition->type);
    fact_add(&facts, "type", field->type_name);
    fact_text(&facts, "shape", shape_of(field->definition->type));
    const struct gcm_rule *rule;
    struct gcm_decision *decision =
        decide_by_rule(&facts, field_subject(planning, field), field->definition->place, &rule);
    if (rule_does(rule, "set_type"))
        field->type_name = gcm_rule_argument(rule);
    else if (!rule_does(rule, "keep"))
        leave_out_by(field, decision);
    written_later(planning, decision, NULL, field, NULL);
}

/* A second look: at lists, relation fields, and shapes that the server refused. */
static void plan_shape(struct planning *planning, struct target_field *field)
{
    struct facts facts = facts_of_field(field, planning, "field");
    const char *shape = shape_of(field->definition->type);
    fact_text(&facts, "shape", shape);
    fact_add(&facts, "type", gcm_type_name(field->definition->type));
    bool relation = field->source->kind == GCM_FIELD_RELATION;
    if (field->list || relation) {
        fact_text(&facts, "kind", !field->list ? "to_one" : relation ? "to_many" : "list");
        const struct gcm_rule *rule;
        struct gcm_decision *decision =
            decide_by_rule(&facts, field_subject(planning, field), field->definition->place, &rule);
        if (rule_does(rule, "add_directive"))
            add_directive_text(planning, field, gcm_rule_argument(rule));
        written_later(planning, decision, NULL, field, NULL);
    }
    if (!field->definition->arguments.count)
        return;
    fact_text(&facts, "kind", "arguments");
    decide_by_rule(&facts, field_subject(planning, field), field->definition->place, NULL);
}

static void leave_out(struct planning *planning, struct target_field *field, const char *because)
{
    struct facts facts = facts_of(planning, "left_out");
    fact_text(&facts, "of", "field");
    fact_text(&facts, "because", because);
    leave_out_by(field, decide_by_rule(&facts, field_subject(planning, field),
                                       field->definition->place, NULL));
}

static void plan_field(struct planning *planning, struct target_field *field)
{
    const struct gcm_field *source = field->source;
    if (is_left_out(planning, field_subject(planning, field)) && !gcm_slice_is(field->name, "id")) {
        leave_out(planning, field, "asked");
        return;
    }
    if (is_system_name(source->name)) {
        plan_system_field(planning, field);
    } else if (source->kind == GCM_FIELD_RELATION) {
        field->target = gcm_map_get(&planning->models_by_source, source->target->name);
        if (!field->target || field->target->left_out) {
            leave_out(planning, field, "target");
            return;
        }
        plan_shape(planning, field);
    } else {
        if (source->kind == GCM_FIELD_ENUM)
            field->enum_type = gcm_map_get(&planning->enums_by_source, source->enum_type->name);
        if (field->enum_type && field->enum_type->left_out) {
            leave_out(planning, field, "target");
            return;
        }
        plan_type(planning, field);
        if (field->left_out)
            return;
        plan_shape(planning, field);
    }
    if (field->enum_type)
        field->enum_type->used = true;
    plan_directives(planning, field);
}

/* A system field that the source does not declare. */
static void add_system_field(struct planning *planning, struct target_model *model,
                             const char *name, size_t behind)
{
    if (gcm_map_get(&model->source->by_name, gcm_slice_of(name)))
        return;
    struct facts facts = facts_of(planning, "system_field");
    fact_text(&facts, "name", name);
    fact_text(&facts, "declared", "no");
    struct gcm_slice subject =
        gcm_format(planning->arena, "%.*s.%s", GCM_P(model->source->name), name);
    const struct gcm_rule *rule;
    struct gcm_decision *decision =
        decide_by_rule(&facts, subject, model->definition->place, &rule);
    const struct gcm_field_definition *wanted =
        rule_does(rule, "set_field") ? field_of_text(planning, gcm_rule_argument(rule)) : NULL;
    if (!wanted)
        return;
    struct target_field *field = add_field(planning, model, NULL);
    field->system = true;
    set_field(planning, field, wanted);
    for (size_t i = model->fields.count - 1; i > behind; i--)
        model->fields.at[i] = model->fields.at[i - 1];
    model->fields.at[behind] = field;
    written_later(planning, decision, NULL, field, NULL);
}

static size_t place_of(const struct target_model *model, const char *name)
{
    for (size_t i = 0; i < model->fields.count; i++)
        if (gcm_slice_is(model->fields.at[i]->name, name))
            return i;
    return model->fields.count;
}

/* id first where it is missing; createdAt and updatedAt behind the id. */
static void add_system_fields(struct planning *planning, struct target_model *model)
{
    add_system_field(planning, model, "id", 0);
    size_t id = place_of(model, "id");
    size_t behind = id < model->fields.count ? id + 1 : 0;
    size_t updated = place_of(model, "updatedAt");
    add_system_field(planning, model, "createdAt",
                     updated < model->fields.count ? updated : behind);
    size_t created = place_of(model, "createdAt");
    add_system_field(planning, model, "updatedAt",
                     created < model->fields.count ? created + 1 : behind);
}

void plan_model_fields(struct planning *planning, struct target_model *model)
{
    const struct gcm_definition *definition = model->definition;
    gcm_each (const struct gcm_field_definition, written, definition->fields) {
        const struct gcm_field *source = gcm_map_get(&model->source->by_name, written->name);
        if (source && source->definition == written) {
            plan_field(planning, add_field(planning, model, source));
            continue;
        }
        struct facts facts = facts_of(planning, "field");
        fact_add(&facts, "name", written->name);
        fact_text(&facts, "kind", "repeated");
        struct gcm_slice subject =
            gcm_format(planning->arena, "%.*s.%.*s", GCM_P(definition->name), GCM_P(written->name));
        decide_by_rule(&facts, subject, written->place, NULL);
    }
    add_system_fields(planning, model);
}
