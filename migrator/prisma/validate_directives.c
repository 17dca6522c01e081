/* Rules of the directives of fields: A12–A14 and A16–A22; A15 is validate_defaults.c. */
#include "prisma/validate.h"

/* Of a value that the server reads as text: anything but a scalar or an enum member ends its
 * check with an exception. */
static bool text_of(struct gcm_check *check, struct gcm_check_part *part,
                    const struct gcm_prisma_field *field, const struct gcm_value *value,
                    struct gcm_slice *text)
{
    if (gcm_value_text(value, text))
        return true;
    gcm_check_throw(check, part, "A14", field->definition->place,
                    "java.lang.RuntimeException: This clause is unreachable because of the "
                    "instance checks above, but i did not know how to prove it to the compiler.");
    return false;
}

/* ---- arguments: A13, A14 -------------------------------------------------------------------- */

enum argument_kind { ANY, STRING, INT, ON_DELETE, LINK, ID_STRATEGY, LIST_STRATEGY };

struct argument_rule {
    const char *directive, *name;
    bool required;
    enum argument_kind kind;
};

/* In the order in which the server looks at them. */
static const struct argument_rule argument_rules[] = {
    {"default", "value", true, ANY},
    {"relation", "name", false, STRING},
    {"relation", "onDelete", false, ON_DELETE},
    {"relation", "link", false, LINK},
    {"sequence", "name", true, STRING},
    {"sequence", "initialValue", true, INT},
    {"sequence", "allocationSize", true, INT},
    {"id", "strategy", false, ID_STRATEGY},
    {"scalarList", "strategy", false, LIST_STRATEGY},
};

/* The words that an argument may be, and what the server says if it is another. */
struct choice {
    const char *const *words;
    const char *message;
};

static struct choice choice_of(const struct gcm_check *check, enum argument_kind kind)
{
    static const char *const on_delete[] = {"CASCADE", "SET_NULL", NULL};
    static const char *const inline_only[] = {"INLINE", NULL};
    static const char *const links[] = {"INLINE", "TABLE", NULL};
    static const char *const mongo_ids[] = {"AUTO", "NONE", NULL};
    static const char *const ids[] = {"AUTO", "NONE", "SEQUENCE", NULL};
    static const char *const embedded[] = {"EMBEDDED", NULL};
    static const char *const relation[] = {"RELATION", NULL};
    bool mongo = check->database == GCM_DATABASE_MONGO;
    switch (kind) {
    case ON_DELETE:
        return (struct choice){on_delete,
                               "Valid values for the argument `onDelete` are: CASCADE,SET_NULL."};
    case LINK:
        return mongo ? (struct choice){inline_only,
                                       "Valid values for the argument `link` are: INLINE."}
                     : (struct choice){links,
                                       "Valid values for the argument `link` are: INLINE,TABLE."};
    case ID_STRATEGY:
        return mongo ? (struct choice){mongo_ids, "Valid values for the strategy argument of `@id` "
                                                  "are: AUTO, NONE."}
                     : (struct choice){ids, "Valid values for the strategy argument of `@id` are: "
                                            "AUTO, NONE, SEQUENCE."};
    case LIST_STRATEGY:
        return mongo ? (struct choice){embedded, "Valid values for the strategy argument of "
                                                 "`@scalarList` are: EMBEDDED."}
                     : (struct choice){relation, "Valid values for the strategy argument of "
                                                 "`@scalarList` are: RELATION."};
    case ANY:
    case STRING:
    case INT:
        break;
    }
    return (struct choice){NULL, NULL};
}

static void check_argument(struct gcm_check *check, struct gcm_check_part *part,
                           const struct gcm_prisma_field *field, const struct gcm_value *value,
                           enum argument_kind kind)
{
    struct choice choice = choice_of(check, kind);
    struct gcm_slice text;
    if (kind == STRING && value->kind != GCM_VALUE_STRING)
        gcm_check_field(check, "A14", field, "This argument must be a String.");
    if (kind == INT && value->kind != GCM_VALUE_INT)
        gcm_check_field(check, "A14", field, "This argument must be an Int.");
    if (choice.words && text_of(check, part, field, value, &text) &&
        !gcm_slice_in(text, choice.words))
        gcm_check_field(check, "A14", field, "%s", choice.message);
}

static void check_arguments(struct gcm_check *check, struct gcm_check_part *part,
                            const struct gcm_prisma_field *field,
                            const struct gcm_directive *directive)
{
    for (size_t i = 0; i < sizeof argument_rules / sizeof *argument_rules; i++) {
        const struct argument_rule *rule = &argument_rules[i];
        if (!gcm_slice_is(directive->name, rule->directive))
            continue;
        const struct gcm_value *value = gcm_argument_named(&directive->arguments, rule->name);
        if (value)
            check_argument(check, part, field, value, rule->kind);
        else if (rule->required)
            gcm_check_field(check, "A13", field,
                            "The field `%.*s` specifies the directive `@%s` but it's missing the "
                            "required argument `%s`.",
                            GCM_P(field->name), rule->directive, rule->name);
    }
}

/* ---- placement: A16–A22 --------------------------------------------------------------------- */

static void check_relation(struct gcm_check *check, struct gcm_check_part *part,
                           const struct gcm_prisma_field *field)
{
    (void)part;
    if (field->kind == GCM_PRISMA_SCALAR)
        gcm_check_field(check, "A16", field,
                        "The field `%.*s` is a scalar field and cannot specify the `@relation` "
                        "directive.",
                        GCM_P(field->name));
}

static void check_unique(struct gcm_check *check, struct gcm_check_part *part,
                         const struct gcm_prisma_field *field)
{
    (void)part;
    if (field->type->embedded)
        gcm_check_field(check, "A17", field,
                        "The field `%.*s` is marked as unique but its type `%.*s` is embedded. "
                        "This is disallowed.",
                        GCM_P(field->name), GCM_P(field->type->name));
}

static void check_db(struct gcm_check *check, struct gcm_check_part *part,
                     const struct gcm_prisma_field *field)
{
    static const struct {
        const char *name;
        enum argument_kind kind;
    } read[] = {{"name", ANY}, {"onDelete", ON_DELETE}, {"link", LINK}};
    if (field->kind == GCM_PRISMA_SCALAR || field->kind == GCM_PRISMA_ENUM)
        return;
    for (size_t i = 0; i < sizeof read / sizeof *read; i++) {
        struct gcm_slice text;
        struct choice choice = choice_of(check, read[i].kind);
        const struct gcm_value *value =
            gcm_directive_value(&field->definition->directives, "relation", read[i].name);
        if (value && text_of(check, part, field, value, &text) && choice.words &&
            !gcm_slice_in(text, choice.words))
            gcm_check_throw(check, part, "A14", field->definition->place,
                            "java.lang.RuntimeException: cannot happen: %.*s", GCM_P(text));
    }
    if (field->link != GCM_LINK_INLINE && (field->list || check->database == GCM_DATABASE_MONGO))
        gcm_check_field(check, "A18", field,
                        "The field `%.*s` specifies the `@db` directive. Relation fields must not "
                        "specify this directive.",
                        GCM_P(field->name));
}

static void check_sequence(struct gcm_check *check, struct gcm_check_part *part,
                           const struct gcm_prisma_field *field)
{
    (void)part;
    if (!field->id || field->strategy != GCM_ID_SEQUENCE || !gcm_slice_is(field->type_name, "Int"))
        gcm_check_field(check, "A22", field,
                        "The directive `@sequence` must only be specified for fields that are "
                        "marked as id, are of type `Int` and use the sequence strategy. E.g. `id: "
                        "Int! @id(strategy: SEQUENCE)`.");
}

static void check_id(struct gcm_check *check, struct gcm_check_part *part,
                     const struct gcm_prisma_field *field)
{
    static const char *const valid[][4] = {
        [GCM_DATABASE_MYSQL] = {"ID", "GraphQLID", "Int", NULL},
        [GCM_DATABASE_POSTGRES] = {"ID", "GraphQLID", "UUID", "Int"},
        [GCM_DATABASE_MONGO] = {"ID", "GraphQLID", NULL, NULL},
    };
    static const char *const shown[] = {
        [GCM_DATABASE_MYSQL] = "`ID!`,`Int!`",
        [GCM_DATABASE_POSTGRES] = "`ID!`,`UUID!`,`Int!`",
        [GCM_DATABASE_MONGO] = "`ID!`",
    };
    /* A type or enum that has the name of a scalar is what the field has. */
    bool scalar = !gcm_map_get(&check->datamodel->type_names, field->type_name) &&
                  !gcm_map_get(&check->datamodel->enum_names, field->type_name);
    bool found = false;
    for (size_t i = 0; scalar && i < 4; i++)
        found = found || (valid[check->database][i] &&
                          gcm_slice_is(field->type_name, valid[check->database][i]));
    if (field->kind == GCM_PRISMA_UNKNOWN) {
        gcm_check_throw(check, part, "A2", field->definition->place,
                        "java.util.NoSuchElementException: No value found for '%.*s'",
                        GCM_P(field->type_name));
        return;
    }
    if (!field->required)
        gcm_check_field(check, "A19", field, "Fields that are marked as id must be required.");
    if (!found)
        gcm_check_field(check, "A19", field,
                        "The field `%.*s` is marked as id must have one of the following types: "
                        "%s.",
                        GCM_P(field->name), shown[check->database]);
}

static void check_created_at(struct gcm_check *check, struct gcm_check_part *part,
                             const struct gcm_prisma_field *field)
{
    (void)part;
    if (!gcm_slice_is(field->type_name, "DateTime"))
        gcm_check_field(check, "A20", field,
                        "Fields that are marked as `@createdAt` must be of type `DateTime!` or "
                        "`DateTime`.");
    if (field->updated_at)
        gcm_check_field(check, "A20", field,
                        "Fields cannot be marked simultaneously with `@createdAt` and "
                        "`@updatedAt`.");
}

static void check_updated_at(struct gcm_check *check, struct gcm_check_part *part,
                             const struct gcm_prisma_field *field)
{
    (void)part;
    if (!gcm_slice_is(field->type_name, "DateTime"))
        gcm_check_field(check, "A20", field,
                        "Fields that are marked as @updatedAt must be of type `DateTime!` or "
                        "`DateTime`.");
}

static void check_scalar_list(struct gcm_check *check, struct gcm_check_part *part,
                              const struct gcm_prisma_field *field)
{
    (void)part;
    if (!field->list)
        gcm_check_field(check, "A21", field,
                        "Fields that are marked as `@scalarList` must be lists, e.g. `[%.*s]`.",
                        GCM_P(field->type_name));
}

/* ---- all of a field ------------------------------------------------------------------------- */

static const struct {
    const char *name;
    void (*check)(struct gcm_check *, struct gcm_check_part *, const struct gcm_prisma_field *);
} known[] = {
    {"default", NULL},
    {"relation", check_relation},
    {"unique", check_unique},
    {"db", check_db},
    {"sequence", check_sequence},
    {"id", check_id},
    {"createdAt", check_created_at},
    {"updatedAt", check_updated_at},
    {"scalarList", check_scalar_list},
};

static void check_directive(struct gcm_check *check, struct gcm_check_part *part,
                            const struct gcm_prisma_field *field,
                            const struct gcm_directive *directive, bool twice)
{
    for (size_t i = 0; i < sizeof known / sizeof *known; i++) {
        if (!gcm_slice_is(directive->name, known[i].name))
            continue;
        if (twice)
            gcm_check_field(check, "A12", field,
                            "The field `%.*s` specifies a directive more than once. Directives "
                            "must appear exactly once on a field.",
                            GCM_P(field->name));
        check_arguments(check, part, field, directive);
        if (known[i].check)
            known[i].check(check, part, field);
        else
            gcm_check_default(check, part, field, directive);
    }
}

void gcm_check_field_directives(struct gcm_check *check, struct gcm_check_part *part)
{
    gcm_each (struct gcm_prisma_type *, type, check->datamodel->types) {
        gcm_each (struct gcm_prisma_field *, field, (*type)->fields) {
            const struct gcm_directives *directives = &(*field)->definition->directives;
            bool twice = gcm_has_double_directive(check->arena, directives);
            for (size_t i = 0; i < directives->count; i++)
                check_directive(check, part, *field, &directives->at[i], twice);
        }
    }
}
