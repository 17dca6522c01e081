#include "emit/model_json.h"

#include "core/json.h"

static void put_if(struct gcm_json *json, const char *name, struct gcm_slice text)
{
    if (text.size)
        gcm_json_member(json, name, text);
}

static void put_flag(struct gcm_json *json, const char *name, bool value)
{
    if (value)
        gcm_json_member_bool(json, name, true);
}

static void open_member(struct gcm_json *json, struct gcm_slice name)
{
    gcm_json_key_slice(json, name);
    gcm_json_open(json, '{');
}

static void open_line(struct gcm_json *json, struct gcm_slice name)
{
    gcm_json_key_slice(json, name);
    gcm_json_open_flat(json, '{');
}

/* The decision that left it out; its own name where no rule spoke of it. */
static void put_refused(struct gcm_json *json, const struct gcm_decision *decision,
                        struct gcm_slice name)
{
    gcm_json_member(json, "refused", decision ? decision->id : name);
}

/* ---- models ---- */

static struct gcm_slice type_of(const struct gcm_field *field)
{
    if (field->kind == GCM_FIELD_RELATION)
        return field->target->name;
    if (field->kind == GCM_FIELD_ENUM)
        return field->enum_type->name;
    return gcm_slice_of(gcm_scalar_name(field->scalar));
}

static void put_field(struct gcm_json *json, const struct gcm_plan_field *field)
{
    const struct gcm_field *source = field->source;
    open_line(json, source->name);
    gcm_json_member(json, "type", type_of(source));
    put_flag(json, "list", source->list);
    put_flag(json, "required", field->required);
    put_flag(json, "unique", source->unique);
    put_flag(json, "default", source->defaulted);
    put_flag(json, "readonly", field->read_only);
    if (source->kind == GCM_FIELD_RELATION) {
        gcm_json_member(json, "relation", source->relation->name);
        gcm_json_member(json, "back", source->back->name);
        put_if(json, "reverse", field->reverse);
    }
    if (!field->to.size)
        put_refused(json, field->refused, source->name);
    else if (!gcm_slice_equal(field->to, source->name))
        gcm_json_member(json, "to", field->to);
    gcm_json_close(json, '}');
}

static void put_model(struct gcm_json *json, const struct gcm_plan_model *model)
{
    open_member(json, model->api->model->name);
    if (model->to.size)
        gcm_json_member(json, "to", model->to);
    else
        put_refused(json, model->refused, model->api->model->name);
    put_flag(json, "hidden", model->api->hidden);
    gcm_json_member(json, "all", model->api->all);
    gcm_json_member(json, "meta", model->api->meta);
    if (model->to.size) {
        open_line(json, GCM_S("prisma"));
        gcm_json_member(json, "one", model->prisma.one);
        gcm_json_member(json, "many", model->prisma.many);
        gcm_json_member(json, "connection", model->prisma.connection);
        gcm_json_close(json, '}');
    }
    open_member(json, GCM_S("fields"));
    gcm_each (const struct gcm_plan_field, field, model->fields)
        put_field(json, field);
    gcm_json_close(json, '}');
    gcm_json_close(json, '}');
}

/* ---- enums, relations, functions ---- */

static void put_enum(struct gcm_json *json, const struct gcm_plan_enum *plan)
{
    open_line(json, plan->source->name);
    gcm_each (const struct gcm_plan_value, value, plan->values) {
        gcm_json_key_slice(json, value->from);
        if (value->to.size)
            gcm_json_string(json, value->to);
        else
            gcm_json_null(json);
    }
    gcm_json_close(json, '}');
}

static void put_side(struct gcm_json *json, const char *name, const struct gcm_api_side *side)
{
    open_line(json, gcm_slice_of(name));
    gcm_json_member(json, "model", side->field->model->name);
    gcm_json_member(json, "field", side->field->name);
    gcm_json_member(json, "argument", side->argument);
    gcm_json_member(json, "payload", side->payload);
    gcm_json_close(json, '}');
}

static void put_relation(struct gcm_json *json, const struct gcm_plan_relation *relation)
{
    const struct gcm_api_relation *api = relation->api;
    open_member(json, api->name);
    if (!gcm_slice_equal(relation->to, api->name))
        put_if(json, "to", relation->to);
    put_side(json, "a", &api->a);
    put_side(json, "b", &api->b);
    put_if(json, "link", api->link);
    put_if(json, "unlink", api->unlink);
    gcm_json_close(json, '}');
}

static void put_function(struct gcm_json *json, const struct gcm_function *function)
{
    open_line(json, function->name);
    gcm_json_member(json, "type", gcm_slice_of(gcm_function_type_name(function->type)));
    if (function->type == GCM_FUNCTION_RESOLVER) {
        bool mutates = function->extends == GCM_OPERATION_MUTATION;
        gcm_json_member(json, "operation", mutates ? GCM_S("mutation") : GCM_S("query"));
        gcm_json_member(json, "field", function->extension->name);
    } else if (function->type != GCM_FUNCTION_SUBSCRIPTION) {
        gcm_json_member(json, "model", function->model->name);
        gcm_json_member(json, "action", function->action);
    }
    gcm_json_close(json, '}');
}

struct gcm_slice gcm_model_json_text(struct gcm_arena *arena, const struct gcm_plan *plan,
                                     struct gcm_slice service)
{
    static const char *const databases[] = {"mysql", "postgres", "mongo"};
    const struct gcm_application *application = &plan->application;
    struct gcm_buffer out = gcm_buffer(arena, GCM_BUFFER_CAP);
    struct gcm_json json = gcm_json(&out);
    gcm_json_open(&json, '{');
    gcm_json_member(&json, "service", service);
    gcm_json_member(&json, "database", gcm_slice_of(databases[plan->options.database]));
    open_member(&json, GCM_S("models"));
    gcm_each (const struct gcm_plan_model, model, application->models)
        put_model(&json, model);
    gcm_json_close(&json, '}');
    open_member(&json, GCM_S("enums"));
    gcm_each (const struct gcm_plan_enum, each, application->enums)
        put_enum(&json, each);
    gcm_json_close(&json, '}');
    open_member(&json, GCM_S("relations"));
    gcm_each (const struct gcm_plan_relation, relation, application->relations)
        put_relation(&json, relation);
    gcm_json_close(&json, '}');
    open_member(&json, GCM_S("functions"));
    gcm_each (const struct gcm_function *, function, application->functions)
        put_function(&json, *function);
    gcm_json_close(&json, '}');
    gcm_json_close(&json, '}');
    return gcm_buffer_text(&out);
}
