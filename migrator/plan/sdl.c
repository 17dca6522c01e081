/* sdl: the settled models, enums and relations as the SDL tree that gets printed. */
#include "plan/planning.h"

#include "graphql/print.h"

static struct gcm_type_ref *type_of(struct planning *planning, const struct target_field *field)
{
    struct gcm_type_ref *core = GCM_NEW(planning->arena, struct gcm_type_ref);
    core->name = field->relation    ? field->target->name
                 : field->enum_type ? field->enum_type->name
                                    : field->type_name;
    core->non_null = field->required || field->list;
    if (!field->list)
        return core;
    struct gcm_type_ref *list = GCM_NEW(planning->arena, struct gcm_type_ref);
    list->of = core;
    list->non_null = true;
    return list;
}

static void add_named(struct planning *planning, struct gcm_directives *to, const char *directive,
                      struct gcm_slice name)
{
    struct gcm_directive *added = gcm_directive_add(planning->arena, to, directive);
    gcm_argument_add(planning->arena, &added->arguments, "name",
                     gcm_value_make(planning->arena, GCM_VALUE_STRING, name));
}

static void add_relation_directive(struct planning *planning, struct gcm_directives *to,
                                   const struct target_field *field)
{
    const struct target_relation *relation = field->relation;
    struct gcm_directive *added = gcm_directive_add(planning->arena, to, "relation");
    gcm_argument_add(planning->arena, &added->arguments, "name",
                     gcm_value_make(planning->arena, GCM_VALUE_STRING, relation->name));
    if (planning->legacy || relation->link_on != field || relation->link == TARGET_LINK_NONE)
        return;
    gcm_argument_add(
        planning->arena, &added->arguments, "link",
        gcm_value_make(planning->arena, GCM_VALUE_ENUM,
                       relation->link == TARGET_LINK_TABLE ? GCM_S("TABLE") : GCM_S("INLINE")));
}

static struct gcm_remarks remarks_with(struct planning *planning, struct gcm_remarks remarks,
                                       const struct gcm_slices *comments)
{
    struct gcm_slices above = {0};
    gcm_each (const struct gcm_slice, line, remarks.above)
        *gcm_push(planning->arena, &above) = *line;
    gcm_each (const struct gcm_slice, line, *comments) {
        struct gcm_slice rest = *line;
        while (rest.size) {
            size_t end = gcm_slice_find(rest, '\n');
            *gcm_push(planning->arena, &above) = gcm_slice_trim(gcm_slice_sub(rest, 0, end));
            rest = gcm_slice_sub(rest, end + 1, rest.size);
        }
    }
    remarks.above = above;
    return remarks;
}

static const struct gcm_remarks *field_remarks(struct planning *planning,
                                               const struct target_field *field)
{
    const struct gcm_remarks *written = field->definition ? field->definition->remarks : NULL;
    if (!field->comments.count)
        return written;
    struct gcm_remarks *made = GCM_NEW(planning->arena, struct gcm_remarks);
    *made = remarks_with(planning, written ? *written : (struct gcm_remarks){0}, &field->comments);
    return made;
}

/* A datamodel for 1.30 is judged in the dialect of 1.34: reserved fields and lists have no
 * directive of their own in the older one. */
static bool is_judged(const struct planning *planning)
{
    return !planning->legacy && planning->plan->options.target == GCM_SERVER_PRISMA_1_30;
}

static void judge_directives(struct planning *planning, const struct target_field *field,
                             struct gcm_field_definition *made)
{
    static const char *const marks[] = {"id", "createdAt", "updatedAt"};
    if (field->system)
        made->directives = (struct gcm_directives){0};
    for (size_t i = 0; field->system && i < 3; i++)
        if (gcm_slice_is(field->name, marks[i]))
            gcm_directive_add(planning->arena, &made->directives, marks[i]);
    if (!field->list || field->relation || planning->plan->options.database == GCM_DATABASE_MONGO)
        return;
    struct gcm_directive *list =
        gcm_directive_add(planning->arena, &made->directives, "scalarList");
    gcm_argument_add(planning->arena, &list->arguments, "strategy",
                     gcm_value_make(planning->arena, GCM_VALUE_ENUM, GCM_S("RELATION")));
}

static struct gcm_field_definition field_definition(struct planning *planning,
                                                    const struct target_field *field)
{
    struct gcm_field_definition made = {.name = field->name, .type = type_of(planning, field)};
    if (field->definition)
        made.place = field->definition->place;
    made.remarks = field_remarks(planning, field);
    gcm_each (const struct gcm_directive, directive, field->directives)
        *gcm_push(planning->arena, &made.directives) = *directive;
    if (is_judged(planning))
        judge_directives(planning, field, &made);
    if (field->relation)
        add_relation_directive(planning, &made.directives, field);
    if (field->db_name.size && !planning->legacy)
        add_named(planning, &made.directives, "db", field->db_name);
    return made;
}

struct gcm_slice printed_field(struct planning *planning, const struct target_field *field)
{
    struct gcm_field_definition definition = field_definition(planning, field);
    struct gcm_buffer out = gcm_buffer(planning->arena, GCM_BUFFER_CAP);
    gcm_print_field(&out, &definition);
    return gcm_slice_trim(gcm_buffer_text(&out));
}

struct gcm_definition *definition_of_model(struct planning *planning,
                                           const struct target_model *model)
{
    struct gcm_definition *made = GCM_NEW(planning->arena, struct gcm_definition);
    made->kind = GCM_DEFINITION_OBJECT;
    made->name = model->name;
    made->place = model->definition->place;
    made->remarks = remarks_with(planning, model->definition->remarks, &model->comments);
    made->closing = model->definition->closing;
    if (model->db_name.size && !planning->legacy)
        add_named(planning, &made->directives, "db", model->db_name);
    gcm_each (struct target_field *const, field, model->fields)
        if (!(*field)->left_out)
            *gcm_push(planning->arena, &made->fields) = field_definition(planning, *field);
    return made;
}

static struct gcm_definition *definition_of_enum(struct planning *planning,
                                                 const struct target_enum *target)
{
    struct gcm_definition *made = GCM_NEW(planning->arena, struct gcm_definition);
    made->kind = GCM_DEFINITION_ENUM;
    made->name = target->name;
    made->place = target->definition->place;
    made->remarks = remarks_with(planning, target->definition->remarks, &target->comments);
    made->closing = target->definition->closing;
    gcm_each (const struct target_enum_value, value, target->values) {
        struct gcm_enum_value_definition *added = gcm_push(planning->arena, &made->values);
        *added = (struct gcm_enum_value_definition){
            .place = value->source->place, .remarks = value->source->remarks, .name = value->name};
    }
    return made;
}

static void add_lines(struct planning *planning, struct gcm_slices *to,
                      const struct gcm_slices *lines)
{
    gcm_each (const struct gcm_slice, line, *lines)
        *gcm_push(planning->arena, to) = *line;
}

/* The header of a console schema file says which project it was: not a comment about types. */
static bool carries_heading(const struct planning *planning)
{
    return planning->project->format != GCM_FORMAT_CONSOLE;
}

void plan_sdl(struct planning *planning)
{
    struct gcm_document *document = GCM_NEW(planning->arena, struct gcm_document);
    size_t models = 0;
    const struct gcm_document *file = NULL;
    gcm_each (const struct target_entry, entry, planning->entries) {
        if (entry->document != file && carries_heading(planning))
            add_lines(planning, &document->heading, &entry->document->heading);
        if (file && entry->document != file)
            add_lines(planning, &document->closing, &file->closing);
        file = entry->document;
        if (entry->model && !entry->model->left_out) {
            *gcm_push(planning->arena, &document->definitions) =
                definition_of_model(planning, entry->model);
            models++;
        }
        if (entry->enumeration && !entry->enumeration->left_out)
            *gcm_push(planning->arena, &document->definitions) =
                definition_of_enum(planning, entry->enumeration);
    }
    if (file)
        add_lines(planning, &document->closing, &file->closing);
    planning->plan->datamodel = models ? document : NULL;
}
