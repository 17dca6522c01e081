#include "verdict/permission_queries.h"

#include "api/api.h"
#include "graphql/parse.h"
#include "graphql/print.h"
#include "graphql/validate.h"

struct gcm_permission_schema {
    const struct gcm_project *project;
    struct gcm_document document;
    struct gcm_schema *schema;
};

/* ---- the schema ---- */

/* all…(filter: …): [Model!]! of the Simple API by model: its arguments are the permission field's,
 * too. */
static struct gcm_map list_fields(struct gcm_arena *arena, struct gcm_definition *query)
{
    struct gcm_map fields = {0};
    gcm_each (struct gcm_field_definition, field, query->fields) {
        if (gcm_slice_starts(field->name, "all") && field->type->of)
            gcm_map_put(arena, &fields, gcm_type_name(field->type), field);
    }
    return fields;
}

static struct gcm_definition *root_of(const struct gcm_project *project,
                                      const struct gcm_map *lists, struct gcm_slice name)
{
    struct gcm_arena *arena = project->arena;
    struct gcm_definition *root = GCM_NEW(arena, struct gcm_definition);
    root->kind = GCM_DEFINITION_OBJECT;
    root->name = name;
    gcm_each (struct gcm_model *, model, project->models) {
        const struct gcm_field_definition *list = gcm_map_get(lists, (*model)->name);
        if (!list)
            continue;
        struct gcm_field_definition *field = gcm_push(arena, &root->fields);
        field->name = gcm_format(arena, "Some%.*sExists", GCM_P((*model)->name));
        field->arguments = list->arguments;
        field->type = gcm_type_make(arena, GCM_S("Boolean!"));
    }
    return root;
}

struct gcm_permission_schema *gcm_permission_schema_of(const struct gcm_project *project)
{
    struct gcm_arena *arena = project->arena;
    struct gcm_permission_schema *made = GCM_NEW(arena, struct gcm_permission_schema);
    made->project = project;
    const struct gcm_document *api = gcm_api_simple(arena, project);
    struct gcm_definition *query = gcm_definition_named(api, GCM_S("Query"));
    struct gcm_map lists = query ? list_fields(arena, query) : (struct gcm_map){0};
    gcm_each (struct gcm_definition *, at, api->definitions) {
        if ((*at)->kind == GCM_DEFINITION_INPUT || (*at)->kind == GCM_DEFINITION_ENUM ||
            (*at)->kind == GCM_DEFINITION_SCALAR)
            *gcm_push(arena, &made->document.definitions) = *at;
    }
    /* A query under the keyword mutation or subscription was evaluated all the same (§3.6). */
    static const char *const roots[] = {"Query", "Mutation", "Subscription"};
    for (size_t i = 0; i < sizeof roots / sizeof *roots; i++)
        *gcm_push(arena, &made->document.definitions) =
            root_of(project, &lists, gcm_slice_of(roots[i]));
    made->schema = gcm_schema_of(arena, &made->document);
    return made;
}

const struct gcm_document *
gcm_permission_schema_document(const struct gcm_permission_schema *schema)
{
    return &schema->document;
}

/* ---- the variables that a permission's query is given (§3.5) ---- */

struct known {
    struct gcm_slice name;
    struct gcm_slice type; /* its base type: enums are "Enum", which no API has */
    bool date_time;        /* given, but in a form that is never accepted */
};

struct knowns {
    struct known *at;
    size_t count, room;
};

static void know(struct gcm_arena *arena, struct knowns *knowns, struct gcm_slice name,
                 struct gcm_slice type)
{
    *gcm_push(arena, knowns) = (struct known){name, type, gcm_slice_is(type, "DateTime")};
}

static void know_field(struct gcm_arena *arena, struct knowns *knowns, const char *prefix,
                       const struct gcm_field *field)
{
    bool relation = field->kind == GCM_FIELD_RELATION;
    struct gcm_slice type = relation ? GCM_S("ID")
                            : field->kind == GCM_FIELD_SCALAR
                                ? gcm_slice_of(gcm_scalar_name(field->scalar))
                                : GCM_S("Enum");
    know(arena, knowns,
         gcm_format(arena, "%s_%.*s%s", prefix, GCM_P(field->name), relation ? "Id" : ""), type);
}

static void know_model(struct gcm_arena *arena, struct knowns *knowns,
                       const struct gcm_permission *permission)
{
    bool create = gcm_slice_is(permission->action, "create");
    bool update = gcm_slice_is(permission->action, "update");
    bool stored = update || gcm_slice_is(permission->action, "delete");
    bool read = gcm_slice_is(permission->action, "read");
    know(arena, knowns, GCM_S("user_id"), GCM_S("ID"));
    know(arena, knowns, GCM_S("userId"), GCM_S("ID"));
    know(arena, knowns, GCM_S("node_id"), GCM_S("ID"));
    know(arena, knowns, GCM_S("nodeId"), GCM_S("ID"));
    gcm_each (struct gcm_field *, at, permission->model->fields) {
        const struct gcm_field *field = *at;
        bool relation = field->kind == GCM_FIELD_RELATION;
        if ((relation && field->list) || field->kind == GCM_FIELD_UNKNOWN)
            continue;
        if ((create || update) && !field->system) {
            know_field(arena, knowns, "new", field);
            know_field(arena, knowns, "input", field);
        }
        if (relation)
            continue;
        if (stored)
            know_field(arena, knowns, "old", field);
        if ((stored || read) && !gcm_slice_is(field->name, "id"))
            know_field(arena, knowns, "node", field);
    }
}

static void know_relation(struct gcm_arena *arena, struct knowns *knowns,
                          const struct gcm_relation *relation)
{
    const struct gcm_field *a = relation->a, *b = relation->b;
    know(arena, knowns, GCM_S("user_id"), GCM_S("ID"));
    if (a && a == b) {
        for (int side = 1; side <= 2; side++)
            know(arena, knowns,
                 gcm_format(arena, "%.*s%d%.*s_id", GCM_P(a->name), side, GCM_P(a->target->name)),
                 GCM_S("ID"));
        return;
    }
    const struct gcm_field *sides[] = {a, b};
    for (size_t i = 0; i < 2; i++)
        if (sides[i])
            know(arena, knowns,
                 gcm_format(arena, "%.*s%.*s_id", GCM_P(sides[i]->name),
                            GCM_P(sides[i]->target->name)),
                 GCM_S("ID"));
}

static struct knowns knowns_of(struct gcm_arena *arena, const struct gcm_permission *permission)
{
    struct knowns knowns = {0};
    if (permission->model)
        know_model(arena, &knowns, permission);
    else if (permission->relation)
        know_relation(arena, &knowns, permission->relation);
    return knowns;
}

/* ---- the checks ---- */

struct checking {
    struct gcm_arena *arena;
    const struct gcm_permission *permission;
    struct gcm_permission_findings *findings;
    struct gcm_definition *operation; /* a copy, with the variables that it is given */
    struct knowns knowns;
    struct gcm_map by_name; /* struct known */
};

/* Anonymous and without a header: the server wrote one, of every known variable whose name occurs
 * somewhere in the text. */
static void declare_variables(struct checking *checking)
{
    struct gcm_definition *operation = checking->operation;
    if (operation->name.size > 0 || operation->inputs.count > 0 ||
        operation->operation != GCM_OPERATION_QUERY)
        return;
    struct gcm_definition bare = *operation;
    bare.remarks = (struct gcm_remarks){0};
    bare.closing = (struct gcm_slices){0};
    struct gcm_buffer text = gcm_buffer(checking->arena, GCM_BUFFER_CAP);
    gcm_print_definition(&text, &bare);
    const char *all = gcm_buffer_text(&text).at;
    gcm_each (const struct known, known, checking->knowns) {
        if (!gcm_slice_has(gcm_slice_of(all),
                           gcm_format(checking->arena, "$%.*s", GCM_P(known->name)).at))
            continue;
        struct gcm_input_value *variable = gcm_push(checking->arena, &operation->inputs);
        variable->place = operation->place;
        variable->name = known->name;
        variable->type = gcm_type_make(checking->arena, known->type);
    }
}

/* A variable that the header declares and nothing ever gives. */
static void check_declared(struct checking *checking)
{
    static const char *const hint =
        "Given are $user_id and $node_id, $new_… and $input_… on create and update, $old_… and "
        "$node_… on update and delete, $node_… on read; on relations $user_id and the two ids.";
    gcm_each (const struct gcm_input_value, variable, checking->operation->inputs) {
        const struct known *known = gcm_map_get(&checking->by_name, variable->name);
        if (known && known->date_time)
            gcm_add_error(checking->arena, &checking->findings->denies, variable->place,
                          "DateTime values never reached a permission query in a form that it "
                          "accepts.",
                          "the variable `$%.*s` is a DateTime: the query can never be evaluated",
                          GCM_P(variable->name));
        else if (!known && variable->type->non_null && !variable->default_value)
            gcm_add_error(checking->arena, &checking->findings->denies, variable->place, hint,
                          "nothing gives the variable `$%.*s` a value here", GCM_P(variable->name));
        else if (!known && !variable->default_value)
            gcm_add_error(checking->arena, &checking->findings->opens, variable->place, hint,
                          "nothing gives the variable `$%.*s` a value here: the condition that "
                          "uses it vanishes",
                          GCM_P(variable->name));
    }
}

/* The rule of unique input fields was broken in the server's library: behind a nested object it
 * went on with the keys of that object. `known` is what it had in hand. */
static void check_keys(struct checking *checking, const struct gcm_value *value,
                       struct gcm_map *known, unsigned depth)
{
    bool object = value->kind == GCM_VALUE_OBJECT;
    struct gcm_map own = {0};
    if (object)
        *known = (struct gcm_map){0};
    for (size_t i = 0; i < value->count && depth < GCM_GRAPHQL_DEPTH; i++) {
        if (object && gcm_map_get(known, value->keys[i]) && !gcm_map_get(&own, value->keys[i]))
            gcm_add_error(checking->arena, &checking->findings->denies, value->items[i]->place,
                          "Write this key before the nested object.",
                          "the key `%.*s` stands behind an object that has the same key: the "
                          "server took it for a repetition",
                          GCM_P(value->keys[i]));
        if (object) {
            gcm_map_put(checking->arena, known, value->keys[i], checking);
            gcm_map_put(checking->arena, &own, value->keys[i], checking);
        }
        check_keys(checking, value->items[i], known, depth + 1);
    }
}

static void check_selections(struct checking *checking, const struct gcm_selections *selections,
                             unsigned depth)
{
    gcm_each (const struct gcm_selection, selection, *selections) {
        if (selection->kind == GCM_SELECTION_FIELD && gcm_slice_is(selection->name, "__typename"))
            gcm_add_error(checking->arena, &checking->findings->denies, selection->place,
                          "Remove it.", "`__typename` makes every evaluation an internal error");
        gcm_each (const struct gcm_argument, argument, selection->arguments) {
            struct gcm_map known = {0};
            check_keys(checking, argument->value, &known, 0);
        }
        if (depth < GCM_GRAPHQL_DEPTH)
            check_selections(checking, &selection->selections, depth + 1);
    }
}

/* What is evaluated: the operation, and the fragments of its file unless it was chosen by name. */
static struct gcm_document *evaluated(struct checking *checking)
{
    struct gcm_arena *arena = checking->arena;
    const struct gcm_source_file *query = checking->permission->query;
    struct gcm_document *document = GCM_NEW(arena, struct gcm_document);
    document->file = query->file;
    *gcm_push(arena, &document->definitions) = checking->operation;
    if (query->operation.size > 0)
        return document;
    gcm_each (struct gcm_definition *, at, query->document->definitions) {
        if ((*at)->kind == GCM_DEFINITION_FRAGMENT)
            *gcm_push(arena, &document->definitions) = *at;
    }
    return document;
}

struct gcm_permission_findings
gcm_permission_query_check(const struct gcm_permission_schema *schema,
                           const struct gcm_permission *permission)
{
    struct gcm_permission_findings findings = {0};
    const struct gcm_source_file *query = permission->query;
    if (!query || !query->document || !permission->query_operation || permission->everything ||
        (!permission->model && !permission->relation))
        return findings;
    struct gcm_arena *arena = schema->project->arena;
    struct checking checking = {.arena = arena, .permission = permission, .findings = &findings};
    checking.operation = GCM_NEW(arena, struct gcm_definition);
    *checking.operation = *permission->query_operation;
    checking.operation->inputs = (struct gcm_input_values){0};
    gcm_each (const struct gcm_input_value, variable, permission->query_operation->inputs)
        *gcm_push(arena, &checking.operation->inputs) = *variable;
    checking.knowns = knowns_of(arena, permission);
    gcm_each (struct known, known, checking.knowns)
        gcm_map_put(arena, &checking.by_name, known->name, known);
    declare_variables(&checking);
    check_declared(&checking);
    check_selections(&checking, &checking.operation->selections, 0);
    gcm_validate(arena, schema->schema, evaluated(&checking), &findings.denies);
    return findings;
}
