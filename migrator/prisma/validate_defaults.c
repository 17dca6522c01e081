/* Rule A15: which literals a field takes as its default. */
#include "prisma/validate.h"

enum literal { TEXT, WHOLE, NUMBER, TRUTH, MEMBER, NOTHING };

/* The scalar as the server knows it, with the literals that it takes. */
static const struct {
    const char *name, *code;
    enum literal literal;
} scalars[] = {
    {"String", "String", TEXT},     {"Int", "Int", WHOLE},
    {"Float", "Float", NUMBER},     {"Boolean", "Boolean", TRUTH},
    {"DateTime", "DateTime", TEXT}, {"Json", "Json", TEXT},
    {"ID", "GraphQLID", NOTHING},   {"GraphQLID", "GraphQLID", NOTHING},
    {"UUID", "UUID", NOTHING},      {"Enum", "Enum", MEMBER},
};

static bool takes(enum literal literal, enum gcm_value_kind kind)
{
    switch (literal) {
    case TEXT:
        return kind == GCM_VALUE_STRING;
    case WHOLE:
        return kind == GCM_VALUE_INT;
    case NUMBER:
        return kind == GCM_VALUE_INT || kind == GCM_VALUE_FLOAT;
    case TRUTH:
        return kind == GCM_VALUE_BOOLEAN;
    case MEMBER:
        return kind == GCM_VALUE_ENUM;
    case NOTHING:
        break;
    }
    return false;
}

static void wrong_literal(struct gcm_check *check, const struct gcm_prisma_field *field,
                          const struct gcm_value *value, const char *code)
{
    gcm_check_field(check, "A15", field,
                    "The value %.*s is not a valid default for fields of type %s.",
                    GCM_P(gcm_sangria_value(check->arena, value)), code);
}

static void check_member(struct gcm_check *check, const struct gcm_prisma_field *field,
                         const struct gcm_value *value)
{
    const struct gcm_prisma_enum *type =
        gcm_map_get(&check->datamodel->enum_names, field->type_name);
    struct gcm_buffer names = gcm_buffer(check->arena, GCM_BUFFER_CAP);
    if (value->kind != GCM_VALUE_ENUM) {
        wrong_literal(check, field, value, "Enum");
        return;
    }
    gcm_each (struct gcm_slice, name, type->values) {
        if (gcm_slice_equal(*name, value->text))
            return;
        gcm_putf(&names, "%s%.*s", names.size ? ", " : "", GCM_P(*name));
    }
    gcm_check_field(check, "A15", field,
                    "The default value is invalid for this enum. Valid values are: %.*s.",
                    GCM_P(gcm_buffer_text(&names)));
}

void gcm_check_default(struct gcm_check *check, struct gcm_check_part *part,
                       const struct gcm_prisma_field *field, const struct gcm_directive *directive)
{
    const struct gcm_value *value = gcm_argument_named(&directive->arguments, "value");
    if (field->kind != GCM_PRISMA_ENUM && field->list)
        gcm_check_field(check, "A15", field,
                        "The `@default` directive must only be placed on scalar fields that are "
                        "not lists.");
    if (!value) {
        gcm_check_throw(check, part, "A13", directive->place,
                        "java.lang.RuntimeException: Could not find the argument with name: "
                        "value!");
        return;
    }
    if (gcm_map_get(&check->datamodel->type_names, field->type_name)) {
        gcm_check_throw(check, part, "A15", directive->place,
                        "java.lang.ClassCastException: class "
                        "com.prisma.shared.models.TypeIdentifier$Relation$ cannot be cast to class "
                        "com.prisma.shared.models.TypeIdentifier$ScalarTypeIdentifier "
                        "(com.prisma.shared.models.TypeIdentifier$Relation$ and "
                        "com.prisma.shared.models.TypeIdentifier$ScalarTypeIdentifier are in "
                        "unnamed module of loader 'app')");
        return;
    }
    if (field->kind == GCM_PRISMA_ENUM) {
        check_member(check, field, value);
        return;
    }
    for (size_t i = 0; i < sizeof scalars / sizeof *scalars; i++)
        if (gcm_slice_is(field->type_name, scalars[i].name)) {
            if (!takes(scalars[i].literal, value->kind))
                wrong_literal(check, field, value, scalars[i].code);
            return;
        }
    gcm_check_throw(check, part, "A2", field->definition->place,
                    "java.util.NoSuchElementException: No value found for '%.*s'",
                    GCM_P(field->type_name));
}
