#include "graphql/schema.h"

#include "graphql/parse.h"

/* What every API has without saying so. The last type holds the fields that are no type's own. */
static const char built_in[] =
    "scalar Int scalar Float scalar String scalar Boolean scalar ID\n"
    "directive @include(if: Boolean!) on FIELD | FRAGMENT_SPREAD | INLINE_FRAGMENT\n"
    "directive @skip(if: Boolean!) on FIELD | FRAGMENT_SPREAD | INLINE_FRAGMENT\n"
    "directive @deprecated(reason: String = \"No longer supported\") on FIELD_DEFINITION | "
    "ENUM_VALUE\n"
    "type __Schema { types: [__Type!]! queryType: __Type! mutationType: __Type subscriptionType: "
    "__Type directives: [__Directive!]! }\n"
    "type __Type { kind: __TypeKind! name: String description: String fields(includeDeprecated: "
    "Boolean = false): [__Field!] interfaces: [__Type!] possibleTypes: [__Type!] "
    "enumValues(includeDeprecated: Boolean = false): [__EnumValue!] inputFields: [__InputValue!] "
    "ofType: __Type }\n"
    "type __Field { name: String! description: String args: [__InputValue!]! type: __Type! "
    "isDeprecated: Boolean! deprecationReason: String }\n"
    "type __InputValue { name: String! description: String type: __Type! defaultValue: String }\n"
    "type __EnumValue { name: String! description: String isDeprecated: Boolean! "
    "deprecationReason: String }\n"
    "enum __TypeKind { SCALAR OBJECT INTERFACE UNION ENUM INPUT_OBJECT LIST NON_NULL }\n"
    "type __Directive { name: String! description: String locations: [__DirectiveLocation!]! args: "
    "[__InputValue!]! onOperation: Boolean! onFragment: Boolean! onField: Boolean! }\n"
    "enum __DirectiveLocation { QUERY MUTATION SUBSCRIPTION FIELD FRAGMENT_DEFINITION "
    "FRAGMENT_SPREAD INLINE_FRAGMENT SCHEMA SCALAR OBJECT FIELD_DEFINITION ARGUMENT_DEFINITION "
    "INTERFACE UNION ENUM ENUM_VALUE INPUT_OBJECT INPUT_FIELD_DEFINITION }\n"
    "type __Meta { __typename: String! __schema: __Schema! __type(name: String!): __Type }\n";

struct gcm_schema_entry *gcm_schema_entry(const struct gcm_schema *schema, struct gcm_slice name)
{
    return gcm_map_get(&schema->types, name);
}

const struct gcm_definition *gcm_schema_type(const struct gcm_schema *schema, struct gcm_slice name)
{
    const struct gcm_schema_entry *entry = gcm_schema_entry(schema, name);
    return entry ? entry->definition : NULL;
}

static void add_members(struct gcm_arena *arena, struct gcm_schema_entry *entry,
                        struct gcm_definition *definition)
{
    for (size_t i = 0; i < definition->fields.count; i++)
        gcm_map_put(arena, &entry->members, definition->fields.at[i].name,
                    &definition->fields.at[i]);
    for (size_t i = 0; i < definition->inputs.count; i++)
        gcm_map_put(arena, &entry->members, definition->inputs.at[i].name,
                    &definition->inputs.at[i]);
    for (size_t i = 0; i < definition->values.count; i++)
        gcm_map_put(arena, &entry->members, definition->values.at[i].name,
                    &definition->values.at[i]);
}

/* Of two types of one name the first counts; an extension adds to it. */
static void add_type(struct gcm_arena *arena, struct gcm_schema *schema,
                     struct gcm_definition *definition)
{
    struct gcm_schema_entry *entry = gcm_schema_entry(schema, definition->name);
    if (entry && !definition->extend)
        return;
    if (!entry) {
        entry = GCM_NEW(arena, struct gcm_schema_entry);
        entry->definition = definition;
        gcm_map_put(arena, &schema->types, definition->name, entry);
    }
    add_members(arena, entry, definition);
}

static void add_definition(struct gcm_arena *arena, struct gcm_schema *schema,
                           struct gcm_definition *definition)
{
    if (definition->kind == GCM_DEFINITION_DIRECTIVE)
        gcm_map_put(arena, &schema->directives, definition->name, definition);
    else if (definition->kind > GCM_DEFINITION_SCHEMA)
        add_type(arena, schema, definition);
}

static void add_possible(struct gcm_arena *arena, struct gcm_schema_entry *abstract,
                         struct gcm_schema_entry *object)
{
    if (!abstract || !object ||
        gcm_map_put(arena, &abstract->possible_by_name, object->definition->name, object))
        return;
    *gcm_push(arena, &abstract->possible) = object;
}

static void link_types(struct gcm_arena *arena, struct gcm_schema *schema,
                       const struct gcm_definition *definition)
{
    struct gcm_schema_entry *entry = gcm_schema_entry(schema, definition->name);
    for (size_t i = 0; i < definition->names.count; i++) {
        struct gcm_schema_entry *named = gcm_schema_entry(schema, definition->names.at[i]);
        if (definition->kind == GCM_DEFINITION_OBJECT)
            add_possible(arena, named, entry);
        else if (definition->kind == GCM_DEFINITION_UNION)
            add_possible(arena, entry, named);
    }
}

static void set_roots(struct gcm_schema *schema, const struct gcm_document *api)
{
    static const char *const names[] = {"Query", "Mutation", "Subscription"};
    static const char *const words[] = {"query", "mutation", "subscription"};
    const struct gcm_definition *said = NULL;
    for (size_t i = 0; i < api->definitions.count; i++)
        if (api->definitions.at[i]->kind == GCM_DEFINITION_SCHEMA)
            said = api->definitions.at[i];
    for (int kind = 0; kind < 3; kind++) {
        const struct gcm_field_definition *field =
            said ? gcm_field_named(said, gcm_slice_of(words[kind])) : NULL;
        if (!said)
            schema->roots[kind] = gcm_schema_entry(schema, gcm_slice_of(names[kind]));
        else if (field)
            schema->roots[kind] = gcm_schema_entry(schema, gcm_type_name(field->type));
    }
}

struct gcm_schema *gcm_schema_of(struct gcm_arena *arena, const struct gcm_document *api)
{
    static const struct gcm_file file = {GCM_S_INIT("introspection"),
                                         {built_in, sizeof built_in - 1}};
    struct gcm_schema *schema = GCM_NEW(arena, struct gcm_schema);
    struct gcm_errors none = {0};
    struct gcm_document *own = gcm_graphql_parse(arena, &file, GCM_DIALECT_TOLERANT, &none);
    for (size_t i = 0; i + 1 < own->definitions.count; i++)
        add_definition(arena, schema, own->definitions.at[i]);
    struct gcm_definition *meta = own->definitions.at[own->definitions.count - 1];
    schema->typename_field = &meta->fields.at[0];
    schema->schema_field = &meta->fields.at[1];
    schema->type_field = &meta->fields.at[2];
    for (size_t i = 0; i < api->definitions.count; i++)
        add_definition(arena, schema, api->definitions.at[i]);
    for (size_t i = 0; i < api->definitions.count; i++)
        link_types(arena, schema, api->definitions.at[i]);
    set_roots(schema, api);
    return schema;
}

const struct gcm_field_definition *gcm_schema_field(const struct gcm_schema *schema,
                                                    const struct gcm_schema_entry *parent,
                                                    struct gcm_slice name)
{
    if (gcm_slice_is(name, "__typename"))
        return schema->typename_field;
    if (parent == schema->roots[GCM_OPERATION_QUERY]) {
        if (gcm_slice_is(name, "__schema"))
            return schema->schema_field;
        if (gcm_slice_is(name, "__type"))
            return schema->type_field;
    }
    enum gcm_definition_kind kind = parent->definition->kind;
    if (kind != GCM_DEFINITION_OBJECT && kind != GCM_DEFINITION_INTERFACE)
        return NULL;
    return gcm_map_get(&parent->members, name);
}

bool gcm_entry_is_composite(const struct gcm_schema_entry *entry)
{
    enum gcm_definition_kind kind = entry->definition->kind;
    return kind == GCM_DEFINITION_OBJECT || kind == GCM_DEFINITION_INTERFACE ||
           kind == GCM_DEFINITION_UNION;
}

bool gcm_entry_is_input(const struct gcm_schema_entry *entry)
{
    return !gcm_entry_is_composite(entry);
}

bool gcm_entries_overlap(const struct gcm_schema_entry *a, const struct gcm_schema_entry *b)
{
    if (a == b)
        return true;
    if (a->definition->kind == GCM_DEFINITION_OBJECT)
        return gcm_map_get(&b->possible_by_name, a->definition->name) != NULL;
    if (b->definition->kind == GCM_DEFINITION_OBJECT)
        return gcm_map_get(&a->possible_by_name, b->definition->name) != NULL;
    for (size_t i = 0; i < a->possible.count; i++)
        if (gcm_map_get(&b->possible_by_name, a->possible.at[i]->definition->name))
            return true;
    return false;
}
