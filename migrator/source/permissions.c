/* The permissions of graphcool.yml (spec/graphcool-framework.md §1.4). */
#include "source/reader.h"

static const char *const known_keys[] = {"operation",   "authenticated", "query", "fields",
                                         "description", "isEnabled",     NULL};

static void read_operation(struct gcm_reader *reader, struct gcm_permission *permission,
                           const struct gcm_yaml *value)
{
    permission->operation = gcm_yaml_text(value);
    permission->operation_place = value ? value->place : permission->place;
    if (!permission->operation.size) {
        gcm_problem(reader, permission->operation_place,
                    "write Type.action: operation: Post.read, or \"*\" for everything",
                    "this permission has no operation");
        return;
    }
    permission->everything = gcm_slice_is(permission->operation, "*");
    size_t dot = gcm_slice_find(permission->operation, '.');
    if (permission->everything || dot == permission->operation.size)
        return;
    permission->subject = gcm_slice_sub(permission->operation, 0, dot);
    permission->action = gcm_slice_sub(permission->operation, dot + 1, permission->operation.size);
}

/* The text "true" was an error; it is read as what it was meant to say, as that protects more. */
static void read_authenticated(struct gcm_reader *reader, struct gcm_permission *permission,
                               const struct gcm_yaml *value)
{
    if (!value)
        return;
    bool boolean = value->kind == GCM_YAML_SCALAR && value->type == GCM_YAML_BOOLEAN;
    permission->authenticated =
        gcm_yaml_is_true(value) || gcm_slice_equal_nocase(gcm_yaml_text(value), GCM_S("true"));
    if (!boolean)
        gcm_problem(reader, value->place, "write true or false without quotes",
                    "authenticated must be true or false");
}

static void read_fields(struct gcm_reader *reader, struct gcm_permission *permission,
                        const struct gcm_yaml *value)
{
    if (!value)
        return;
    permission->has_fields = true;
    if (value->kind != GCM_YAML_LIST) {
        if (gcm_yaml_text(value).size)
            *gcm_push(reader->arena, &permission->fields) = value->text;
        gcm_problem(reader, value->place, "write a list: fields: [title, text]",
                    "fields must be a list of field names");
        return;
    }
    for (size_t i = 0; i < value->count; i++) {
        struct gcm_slice name = gcm_yaml_text(value->items[i]);
        if (name.size)
            *gcm_push(reader->arena, &permission->fields) = name;
        else
            gcm_problem(reader, value->items[i]->place, NULL,
                        "the name of a field is expected here");
    }
}

/* "file.graphql:Name" chooses by name; without a name the file must hold one operation. */
static void choose_operation(struct gcm_reader *reader, struct gcm_permission *permission)
{
    const struct gcm_source_file *query = permission->query;
    size_t operations = 0;
    gcm_each (struct gcm_definition *, at, query->document->definitions) {
        if ((*at)->kind != GCM_DEFINITION_OPERATION)
            continue;
        operations++;
        if (!query->operation.size || gcm_slice_equal((*at)->name, query->operation))
            permission->query_operation = *at;
    }
    if (!query->operation.size && operations > 1) {
        permission->query_operation = NULL;
        gcm_problem(reader, query->place, "name the one that is meant behind a colon: file:Name",
                    "\"%.*s\" holds %zu operations", GCM_P(query->path), operations);
    } else if (!permission->query_operation) {
        gcm_problem(reader, query->place, NULL, "\"%.*s\" holds no operation%s%.*s",
                    GCM_P(query->path), query->operation.size ? " named " : "",
                    GCM_P(query->operation));
    }
}

static void read_query(struct gcm_reader *reader, struct gcm_permission *permission,
                       const struct gcm_yaml *value)
{
    if (!value)
        return;
    permission->query = gcm_read_reference(reader, value, GCM_REFERENCE_PERMISSION_QUERY);
    if (!permission->query) {
        gcm_problem(reader, value->place, "write a path: query: src/permissions/Post.graphql:Name",
                    "the path of a permission query is expected here");
        /* still a query: without it the permission would look open */
        permission->query = GCM_NEW(reader->arena, struct gcm_source_file);
        permission->query->place = value->place;
    } else if (permission->query->document) {
        choose_operation(reader, permission);
    }
}

static void read_permission(struct gcm_reader *reader, struct gcm_yaml *item)
{
    struct gcm_permission *permission = GCM_NEW(reader->arena, struct gcm_permission);
    permission->yaml = item;
    permission->place = item->place;
    *gcm_push(reader->arena, &reader->project->permissions) = permission;
    if (item->kind != GCM_YAML_MAP) {
        permission->operation_place = item->place;
        gcm_problem(reader, item->place, "write - operation: Post.read",
                    "a permission must be a mapping with the key operation");
        return;
    }
    gcm_check_keys(reader, item, "a permission", known_keys);
    read_operation(reader, permission, gcm_yaml_get(item, "operation"));
    read_authenticated(reader, permission, gcm_yaml_get(item, "authenticated"));
    read_fields(reader, permission, gcm_yaml_get(item, "fields"));
    read_query(reader, permission, gcm_yaml_get(item, "query"));
    permission->description = gcm_yaml_text(gcm_yaml_get(item, "description"));
    reader->project->open_to_all = reader->project->open_to_all || permission->everything;
}

static bool is_bare_write(const struct gcm_permission *permission, struct gcm_slice subject)
{
    return permission->yaml->kind == GCM_YAML_MAP && permission->yaml->count == 1 &&
           gcm_slice_equal(permission->subject, subject) &&
           !gcm_slice_is(permission->action, "read");
}

/* In a run of operations with one `query` at its end, YAML gives the query to the last one only. */
static void check_runs(struct gcm_reader *reader, size_t from)
{
    struct gcm_project *project = reader->project;
    for (size_t i = from + 2; i < project->permissions.count; i++) {
        const struct gcm_permission *last = project->permissions.at[i];
        const struct gcm_permission *before = project->permissions.at[i - 1];
        if (!last->query || !last->subject.size || !is_bare_write(before, last->subject) ||
            !is_bare_write(project->permissions.at[i - 2], last->subject))
            continue;
        gcm_problem(reader, last->query->place,
                    "repeat it below each operation that it should guard",
                    "this query guards %.*s only; %.*s above it is open to everyone",
                    GCM_P(last->operation), GCM_P(before->operation));
    }
}

void gcm_read_permissions(struct gcm_reader *reader, const struct gcm_yaml *section)
{
    size_t before = reader->project->permissions.count;
    if (section->kind != GCM_YAML_LIST) {
        if (section->kind == GCM_YAML_MAP && section->count == 0)
            return;
        gcm_problem(reader, section->place,
                    "write a list: each permission starts with \"- operation:\"",
                    gcm_yaml_is_null(section) ? "permissions is empty, which the server refused"
                                              : "permissions must be a list");
        return;
    }
    for (size_t i = 0; i < section->count; i++)
        read_permission(reader, section->items[i]);
    check_runs(reader, before);
}

void gcm_bind_permissions(struct gcm_project *project)
{
    gcm_each (struct gcm_permission *, at, project->permissions) {
        (*at)->model = gcm_map_get(&project->model_names, (*at)->subject);
        (*at)->relation = gcm_map_get(&project->relation_names, (*at)->subject);
    }
}
