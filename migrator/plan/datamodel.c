/* datamodel: the definitions of the source, in their order, become the models and enums of the
 * target. What stands in the type files and was no model to the server is named. */
#include "plan/planning.h"

#include "graphql/parse.h"

bool is_left_out(const struct planning *planning, struct gcm_slice name)
{
    return gcm_map_get(&planning->left_out, name) != NULL;
}

static const char *kind_name(const struct gcm_definition *definition)
{
    static const char *const names[] = {"operation", "fragment", "schema", "scalar", "object",
                                        "interface", "union",    "enum",   "input",  "directive"};
    return definition->extend ? "extend" : names[definition->kind];
}

/* Something the server's parser read and passed over, or refused: it is not carried. */
static void decide_ignored(struct planning *planning, const struct gcm_definition *definition,
                           const char *kind)
{
    struct facts facts = facts_of(planning, "definition");
    fact_text(&facts, "kind", kind);
    fact_text(&facts, "of", kind_name(definition));
    struct gcm_slice name = definition->name.size ? definition->name : GCM_S("(unnamed)");
    fact_add(&facts, "name", name);
    decide_by_rule(&facts, name, definition->place, NULL);
}

static struct gcm_decision *decide_left_out(struct planning *planning, const char *of,
                                            struct gcm_slice subject, struct gcm_place place,
                                            const char *because)
{
    struct facts facts = facts_of(planning, "left_out");
    fact_text(&facts, "of", of);
    fact_text(&facts, "because", because);
    fact_add(&facts, "name", subject);
    return decide_by_rule(&facts, subject, place, NULL);
}

/* Directives on a type or an enum. Those that become a comment are kept as one. */
static void plan_definition_directives(struct planning *planning,
                                       const struct gcm_definition *definition, const char *on,
                                       struct gcm_slices *comments)
{
    struct gcm_map seen = {0};
    gcm_each (const struct gcm_directive, directive, definition->directives) {
        struct facts facts = facts_of(planning, "directive");
        fact_add(&facts, "directive", directive->name);
        fact_text(&facts, "on", on);
        fact_flag(&facts, "repeated",
                  gcm_map_put(planning->arena, &seen, directive->name, planning) != NULL);
        const struct gcm_rule *rule;
        struct gcm_slice subject = gcm_format(planning->arena, "%.*s @%.*s",
                                              GCM_P(definition->name), GCM_P(directive->name));
        struct gcm_decision *decision = decide_by_rule(&facts, subject, directive->place, &rule);
        const struct gcm_value *text = gcm_argument_named(&directive->arguments, "text");
        if (rule_does(rule, "comment") && text) {
            *gcm_push(planning->arena, comments) = text->text;
            written_now(decision, gcm_format(planning->arena, "# %.*s", GCM_P(text->text)));
        }
    }
}

static struct target_model *add_model(struct planning *planning, const struct gcm_model *source)
{
    struct target_model *model = GCM_NEW(planning->arena, struct target_model);
    model->source = source;
    model->definition = source->definition;
    model->name = source->name;
    model->left_out = is_left_out(planning, source->name);
    gcm_map_put(planning->arena, &planning->models_by_source, source->name, model);
    *gcm_push(planning->arena, &planning->models) = model;
    return model;
}

static void plan_model(struct planning *planning, const struct gcm_model *source)
{
    struct target_model *model = gcm_map_get(&planning->models_by_source, source->name);
    if (model->left_out) {
        model->refused =
            decide_left_out(planning, "model", source->name, source->definition->place, "asked");
        return;
    }
    bool node = false;
    gcm_each (const struct gcm_slice, name, source->definition->names)
        node |= gcm_slice_is(*name, "Node");
    struct facts facts = facts_of(planning, "model");
    fact_add(&facts, "name", source->name);
    fact_flag(&facts, "directive", source->has_directive);
    fact_text(&facts, "interface",
              node                              ? "Node"
              : source->definition->names.count ? "other"
                                                : "none");
    fact_flag(&facts, "system_type", source->system_type);
    fact_count(&facts, "fields", source->fields.count);
    struct gcm_decision *decision =
        decide_by_rule(&facts, source->name, source->definition->place, NULL);
    written_later(planning, decision, model, NULL, NULL);
    plan_definition_directives(planning, source->definition, "type", &model->comments);
    plan_model_fields(planning, model);
}

static bool is_value_start(char c)
{
    return gcm_is_upper(c);
}

static struct gcm_slice free_value_name(struct planning *planning, const struct target_enum *target,
                                        struct gcm_slice wanted)
{
    for (size_t number = 2;; number++) {
        bool taken = false;
        gcm_each (const struct target_enum_value, value, target->values)
            taken |= gcm_slice_equal(value->name, wanted);
        if (!taken)
            return wanted;
        wanted = gcm_format(planning->arena, "%.*s_%zu", GCM_P(wanted), number);
    }
}

/* Values must start with a capital (spec/prisma1.md §1.3, A23); the Framework's server wanted the
 * same, so this strikes only what it refused. */
static void plan_value(struct planning *planning, struct target_enum *target,
                       const struct gcm_enum_value_definition *source, struct gcm_map *seen)
{
    struct gcm_slice subject =
        gcm_format(planning->arena, "%.*s.%.*s", GCM_P(target->source->name), GCM_P(source->name));
    const char *fault = NULL;
    struct gcm_slice name = source->name;
    if (gcm_map_put(planning->arena, seen, source->name, planning))
        fault = "repeated";
    else if (is_left_out(planning, subject))
        fault = "asked";
    else if (!is_value_start(name.at[0])) {
        fault = "first_letter";
        name = gcm_capitalize(planning->arena, name);
        if (!is_value_start(name.at[0]))
            name = gcm_format(planning->arena, "V%.*s", GCM_P(name));
    } else if (name.size > 191) {
        fault = "too_long";
        name = gcm_slice_sub(name, 0, 191);
    }
    bool leave_out = fault && (gcm_slice_is(gcm_slice_of(fault), "repeated") ||
                               gcm_slice_is(gcm_slice_of(fault), "asked"));
    if (!leave_out) {
        name = free_value_name(planning, target, name);
        *gcm_push(planning->arena, &target->values) = (struct target_enum_value){source, name};
    }
    if (!fault)
        return;
    struct facts facts = facts_of(planning, "enum_value");
    fact_add(&facts, "name", source->name);
    fact_text(&facts, "fault", fault);
    fact_add(&facts, "fixed", name);
    struct gcm_decision *decision = decide_by_rule(&facts, subject, source->place, NULL);
    if (!leave_out) {
        add_rename(planning, subject, name, decision);
        written_now(decision, name);
    }
}

static struct target_enum *add_enum(struct planning *planning, struct gcm_enum *source)
{
    struct target_enum *target = GCM_NEW(planning->arena, struct target_enum);
    target->source = source;
    target->definition = source->definition;
    target->name = source->name;
    gcm_map_put(planning->arena, &planning->enums_by_source, source->name, target);
    *gcm_push(planning->arena, &planning->enums) = target;
    struct gcm_map seen = {0};
    gcm_each (const struct gcm_enum_value_definition, value, source->definition->values)
        plan_value(planning, target, value, &seen);
    target->left_out = is_left_out(planning, source->name) || !target->values.count;
    return target;
}

static void plan_enum(struct planning *planning, struct gcm_enum *source)
{
    struct target_enum *target = gcm_map_get(&planning->enums_by_source, source->name);
    if (target->left_out) {
        decide_left_out(planning, "enum", source->name, source->definition->place,
                        target->values.count ? "asked" : "empty");
        return;
    }
    struct facts facts = facts_of(planning, "enum");
    fact_add(&facts, "name", source->name);
    struct gcm_decision *decision =
        decide_by_rule(&facts, source->name, source->definition->place, NULL);
    written_later(planning, decision, NULL, NULL, target);
    plan_definition_directives(planning, source->definition, "enum", &target->comments);
}

/* First pass: every model and enum must be known before a field can point at one. */
static void add_definition(struct planning *planning, const struct gcm_document *document,
                           const struct gcm_definition *definition, bool first)
{
    struct target_entry entry = {.first_of_file = first, .document = document};
    struct gcm_model *model = gcm_map_get(&planning->project->model_names, definition->name);
    struct gcm_enum *source = gcm_map_get(&planning->project->enum_names, definition->name);
    if (!definition->extend && model && model->definition == definition)
        entry.model = add_model(planning, model);
    else if (!definition->extend && source && source->definition == definition)
        entry.enumeration = add_enum(planning, source);
    *gcm_push(planning->arena, &planning->entries) = entry;
}

static void plan_definition(struct planning *planning, const struct gcm_definition *definition,
                            const struct target_entry *entry)
{
    if (entry->model)
        plan_model(planning, entry->model->source);
    else if (entry->enumeration)
        plan_enum(planning, entry->enumeration->source);
    else
        decide_ignored(planning, definition,
                       !definition->extend && (definition->kind == GCM_DEFINITION_OBJECT ||
                                               definition->kind == GCM_DEFINITION_ENUM)
                           ? "repeated"
                           : kind_name(definition));
}

void plan_definitions(struct planning *planning)
{
    gcm_each (struct gcm_source_file *const, file, planning->project->type_files) {
        const struct gcm_document *document = (*file)->document;
        for (size_t i = 0; document && i < document->definitions.count; i++)
            add_definition(planning, document, document->definitions.at[i], i == 0);
    }
    size_t at = 0;
    gcm_each (struct gcm_source_file *const, file, planning->project->type_files) {
        const struct gcm_document *document = (*file)->document;
        for (size_t i = 0; document && i < document->definitions.count; i++, at++)
            plan_definition(planning, document->definitions.at[i], &planning->entries.at[at]);
    }
}

const struct gcm_field_definition *field_of_text(struct planning *planning, struct gcm_slice text)
{
    struct gcm_file *file = GCM_NEW(planning->arena, struct gcm_file);
    file->path = GCM_S("(rule)");
    file->text = gcm_format(planning->arena, "type X {\n%.*s\n}\n", GCM_P(text));
    struct gcm_errors errors = {0};
    struct gcm_document *document =
        gcm_graphql_parse(planning->arena, file, GCM_DIALECT_TOLERANT, &errors);
    if (errors.count || document->definitions.count != 1 ||
        document->definitions.at[0]->fields.count != 1)
        return NULL;
    return &document->definitions.at[0]->fields.at[0];
}
