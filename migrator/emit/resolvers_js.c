/* Layout as prettier has it, with lines of 120. */
#include "emit/resolvers_js.h"

#include "emit/javascript.h"

#include <string.h>

/* ---- one type ---- */

struct root_field {
    const char *root;
    struct gcm_slice name;
    const char *delegate; /* what delegates.js calls it */
};
struct type_resolvers {
    struct gcm_slice type;
    GCM_VEC(struct root_field) fields; /* those of one root together */
};

static bool has_field(const struct gcm_document *api, const char *root, struct gcm_slice name)
{
    const struct gcm_definition *type = gcm_definition_named(api, gcm_slice_of(root));
    return type && gcm_field_named(type, name);
}

static struct type_resolvers resolvers_of(struct gcm_arena *arena, const struct gcm_document *api,
                                          const struct gcm_plan_model *model)
{
    struct gcm_slice type = model->to;
    /* `user` without a `where` is the caller. */
    bool asks = gcm_slice_is(type, "User") && gcm_slice_is(model->api->model->name, "User");
    const struct root_field all[] = {
        {"Query", model->prisma.one, asks ? "caller" : "one"},
        {"Query", model->prisma.many, "many"},
        {"Query", model->prisma.connection, "connection"},
        {"Mutation", gcm_format(arena, "create%.*s", GCM_P(type)), "create"},
        {"Mutation", gcm_format(arena, "update%.*s", GCM_P(type)), "update"},
        {"Mutation", gcm_format(arena, "upsert%.*s", GCM_P(type)), "upsert"},
        {"Mutation", gcm_format(arena, "delete%.*s", GCM_P(type)), "remove"},
        {"Subscription", model->prisma.one, "changes"},
    };
    struct type_resolvers resolvers = {.type = type};
    for (size_t i = 0; i < sizeof all / sizeof *all; i++)
        if (has_field(api, all[i].root, all[i].name))
            *gcm_push(arena, &resolvers.fields) = all[i];
    return resolvers;
}

/* In the order of the alphabet, which is that of the table. */
static void put_import(struct gcm_buffer *out, const struct type_resolvers *resolvers)
{
    static const char *const delegates[] = {"caller", "changes", "connection", "create", "many",
                                            "one",    "remove",  "update",     "upsert"};
    bool first = true;
    gcm_puts(out, "import {");
    for (size_t i = 0; i < sizeof delegates / sizeof *delegates; i++) {
        bool used = false;
        gcm_each (const struct root_field, field, resolvers->fields)
            used = used || strcmp(field->delegate, delegates[i]) == 0;
        if (!used)
            continue;
        gcm_putf(out, "%s %s", first ? "" : ",", delegates[i]);
        first = false;
    }
    gcm_puts(out, " } from '../../graphcool/native/delegates.js';\n");
}

static struct gcm_slice type_text(struct gcm_arena *arena, const struct type_resolvers *resolvers)
{
    struct gcm_buffer out = gcm_buffer(arena, GCM_BUFFER_CAP);
    const char *root = "";
    gcm_putf(&out, "// Who answers the root fields of %.*s: each passes on what it is asked.\n",
             GCM_P(resolvers->type));
    put_import(&out, resolvers);
    gcm_puts(&out, "\nexport default {\n");
    gcm_each (const struct root_field, field, resolvers->fields) {
        if (strcmp(root, field->root) != 0)
            gcm_putf(&out, "%s  %s: {\n", *root ? "  },\n" : "", field->root);
        root = field->root;
        gcm_putf(&out, "    %.*s: %s('%.*s'),\n", GCM_P(field->name), field->delegate,
                 GCM_P(resolvers->type));
    }
    gcm_puts(&out, "  },\n};\n");
    return gcm_buffer_text(&out);
}

/* ---- functions ---- */

/* Prisma's API may have a field of that name: then the function has none. */
static bool is_answered(const struct gcm_document *api, const struct gcm_function *function,
                        const char *root)
{
    bool mutates = function->extends == GCM_OPERATION_MUTATION;
    if (function->type != GCM_FUNCTION_RESOLVER || mutates != (strcmp(root, "Mutation") == 0))
        return false;
    const struct gcm_definition *type = gcm_definition_named(api, gcm_slice_of(root));
    const struct gcm_field_definition *field =
        type ? gcm_field_named(type, function->extension->name) : NULL;
    return field && gcm_slice_equal(gcm_type_name(field->type), function->payload->name);
}

/* Empty: there are none. */
static struct gcm_slice functions_text(struct gcm_arena *arena, const struct gcm_plan *plan,
                                       const struct gcm_document *api)
{
    static const char *const roots[] = {"Query", "Mutation"};
    struct gcm_buffer out = gcm_buffer(arena, GCM_BUFFER_CAP);
    for (size_t i = 0; i < 2; i++) {
        bool open = false;
        gcm_each (const struct gcm_function *, function, plan->application.functions) {
            if (!is_answered(api, *function, roots[i]))
                continue;
            if (!open)
                gcm_putf(&out, "  %s: {\n", roots[i]);
            open = true;
            gcm_putf(&out, "    %.*s: missing(", GCM_P((*function)->extension->name));
            gcm_js_put_string(&out, (*function)->name);
            gcm_puts(&out, "),\n");
        }
        if (open)
            gcm_puts(&out, "  },\n");
    }
    if (!out.size)
        return GCM_S("");
    return gcm_format(
        arena,
        "// The resolver functions of the project: each answers an error that names it, until it "
        "is written here.\nimport { missing } from '../graphcool/native/delegates.js';\n\n"
        "export default {\n%.*s};\n",
        GCM_P(gcm_buffer_text(&out)));
}

/* ---- all of them ---- */

void gcm_add_resolvers(struct gcm_arena *arena, struct gcm_outputs *outputs,
                       const struct gcm_plan *plan, const struct gcm_document *api)
{
    struct gcm_slice before = GCM_S("src/permissions/");
    struct gcm_buffer imports = gcm_buffer(arena, GCM_BUFFER_CAP);
    struct gcm_buffer members = gcm_buffer(arena, GCM_BUFFER_CAP);
    if (has_field(api, "Query", GCM_S("node"))) {
        gcm_puts(&imports, "import { node } from '../graphcool/native/delegates.js';\n");
        gcm_puts(&members, "  { Query: { node: node() } },\n");
    }
    gcm_each (const struct gcm_plan_model, model, plan->application.models) {
        struct type_resolvers resolvers = resolvers_of(arena, api, model);
        if (!model->to.size || !resolvers.fields.count)
            continue;
        struct gcm_slice path =
            gcm_slice_sub(model->rules.path, before.size, model->rules.path.size);
        *gcm_push(arena, outputs) = (struct gcm_output){
            gcm_format(arena, "src/resolvers/%.*s", GCM_P(path)), type_text(arena, &resolvers)};
        gcm_putf(&imports, "import %.*s from './%.*s';\n", GCM_P(model->rules.script), GCM_P(path));
        gcm_putf(&members, "  %.*s,\n", GCM_P(model->rules.script));
    }
    struct gcm_slice functions = functions_text(arena, plan, api);
    if (functions.size) {
        *gcm_push(arena, outputs) =
            (struct gcm_output){GCM_S("src/resolvers/functions.js"), functions};
        gcm_puts(&imports, "import functions from './functions.js';\n");
        gcm_puts(&members, "  functions,\n");
    }
    struct gcm_slice index = gcm_format(
        arena,
        "// Who answers which field of the API: one file for each type, and your own resolvers "
        "beside them.\n%.*s\nexport default [\n%.*s"
        "  // Yours: { Query: { hello: () => 'world' } }. The field has to be in schema.graphql, "
        "too.\n];\n",
        GCM_P(gcm_buffer_text(&imports)), GCM_P(gcm_buffer_text(&members)));
    *gcm_push(arena, outputs) = (struct gcm_output){GCM_S("src/resolvers/index.js"), index};
}
