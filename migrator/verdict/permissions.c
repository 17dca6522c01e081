/* Permissions as the server took them (§1.4): it broke off at the first that is wrong. Queries were
 * parsed, never checked against a schema: permission_queries.h does that. */
#include "verdict/judge.h"

#include "core/yaml.h"

static bool names_nothing(const struct gcm_project *project,
                          const struct gcm_permission *permission)
{
    if (permission->everything || permission->model || permission->relation)
        return false;
    /* A model or relation without a dot and an action is known, and then breaks. */
    return !gcm_map_get(&project->model_names, permission->operation) &&
           !gcm_map_get(&project->relation_names, permission->operation);
}

/* All operations on unknown names are told in one error. */
static bool breaks_unknown(struct gcm_judge *judge)
{
    struct gcm_buffer unknown = gcm_buffer(judge->arena, GCM_BUFFER_CAP);
    const struct gcm_permission *first = NULL;
    gcm_each (struct gcm_permission *, permission, judge->project->permissions) {
        if (!gcm_judge_is_own(judge, (*permission)->place))
            continue;
        if (!names_nothing(judge->project, *permission))
            continue;
        gcm_putf(&unknown, "%s%.*s", first ? ", " : "", GCM_P((*permission)->operation));
        first = first ? first : *permission;
    }
    if (!first)
        return false;
    gcm_judge_global(judge, first->operation_place,
                     "An operation is `Model.create|read|update|delete`, "
                     "`Relation.connect|disconnect|*`, or `*`; names are case-sensitive.",
                     "Did not find the type or relation you provided a permission for: '%.*s'",
                     GCM_P(gcm_buffer_text(&unknown)));
    return true;
}

static bool breaks_operation(struct gcm_judge *judge, const struct gcm_permission *permission)
{
    static const char *const of_models[] = {"create", "read", "update", "delete", NULL};
    static const char *const of_relations[] = {"connect", "disconnect", "*", NULL};
    if (gcm_slice_find(permission->operation, '.') == permission->operation.size) {
        gcm_judge_global(judge, permission->operation_place,
                         "Write what may be done behind a dot: `Post.read`.", "1");
        return true;
    }
    const char *kind = NULL;
    if (permission->model && !gcm_slice_in(permission->action, of_models))
        kind = "Model";
    else if (permission->relation && !gcm_slice_in(permission->action, of_relations))
        kind = "Relation";
    if (!kind)
        return false;
    gcm_judge_global(judge, permission->operation_place,
                     permission->model && permission->relation
                         ? "A model and a relation have this name: no permission can be given."
                     : permission->model
                         ? "Models have create, read, update and delete: one item for each."
                         : "Relations have connect, disconnect and `*`.",
                     "Wrong operation defined for %sPermission. You supplied: '%.*s'", kind,
                     GCM_P(permission->operation));
    return true;
}

static bool breaks_fields(struct gcm_judge *judge, const struct gcm_permission *permission)
{
    for (size_t i = 0; permission->model && i < permission->fields.count; i++) {
        struct gcm_slice name = permission->fields.at[i];
        if (gcm_map_get(&permission->model->by_name, name))
            continue;
        gcm_judge_global(judge, permission->place, "Remove the field, or correct its name.",
                         "Field with the name '%.*s' does not exist on the model '%.*s'",
                         GCM_P(name), GCM_P(permission->model->name));
        return true;
    }
    return false;
}

static const char *const query_hint =
    "Name a file with one query, or `file.graphql:NameOfTheQuery`.";

static bool query_error(struct gcm_judge *judge, struct gcm_place place, struct gcm_slice name,
                        const char *problem, struct gcm_slice detail)
{
    gcm_judge_global(judge, place, query_hint,
                     "Query Permission Error for permission '%.*s': %s%.*s", GCM_P(name), problem,
                     GCM_P(detail));
    return true;
}

static bool breaks_query(struct gcm_judge *judge, const struct gcm_permission *permission)
{
    const struct gcm_source_file *query = permission->query;
    if (!query)
        return false;
    const struct gcm_yaml *value = gcm_yaml_get(permission->yaml, "query");
    struct gcm_slice written = gcm_yaml_text(value);
    struct gcm_slice rest = gcm_slice_sub(written, gcm_slice_find(written, ':') + 1, written.size);
    struct gcm_slice name = gcm_slice_sub(rest, 0, gcm_slice_find(rest, ':'));
    if (name.size < rest.size)
        return query_error(judge, query->place, name,
                           "There was more than one colon in your filepath. ", written);
    const struct gcm_file *file = gcm_judge_sent(query);
    if (!file)
        return query_error(judge, query->place, GCM_S(""), "There was no file for the path: ",
                           gcm_format(judge->arena, "%.*s provided", GCM_P(query->path)));
    struct gcm_error first = {.place = query->place};
    struct gcm_document *document = gcm_judge_parse(judge, file, &first);
    if (!document || document->definitions.count == 0)
        return query_error(judge, first.place, name,
                           "Query could not be parsed. Please ensure it is valid GraphQL. ",
                           file->text);
    size_t operations = 0, named = 0;
    gcm_each (struct gcm_definition *, definition, document->definitions) {
        if ((*definition)->kind != GCM_DEFINITION_OPERATION)
            continue;
        operations++;
        named += gcm_slice_equal((*definition)->name, name);
    }
    if (name.size == 0 && operations > 1)
        return query_error(judge, query->place, GCM_S("NoName"),
                           "There was more than one query and you did not provide a query name. ",
                           written);
    if (name.size > 0 && named == 0)
        return query_error(
            judge, query->place, name, "There was no query with the name ",
            gcm_format(judge->arena, "%.*s in the file: %.*s", GCM_P(name), GCM_P(query->path)));
    return false;
}

bool gcm_judge_breaks_permissions(struct gcm_judge *judge)
{
    if (breaks_unknown(judge))
        return true;
    gcm_each (struct gcm_permission *, permission, judge->project->permissions) {
        if (!gcm_judge_is_own(judge, (*permission)->place))
            continue;
        if ((*permission)->everything)
            continue;
        if (breaks_operation(judge, *permission) || breaks_query(judge, *permission) ||
            breaks_fields(judge, *permission))
            return true;
    }
    return false;
}
