/* ndf: what the elements and pages of the Normalized Data Format say. */
#include "ndf/ndf.h"

const char *const gcm_ndf_names[GCM_NDF_KINDS] = {"nodes", "lists", "relations"};

static const char *const singular[GCM_NDF_KINDS] = {"node", "list", "relation"};

/* The members that say whose data an element is. */
struct identity {
    struct gcm_raw type, id, field;
    bool has_type, has_id, has_field;
};

static struct identity identity_of(struct gcm_raw object)
{
    struct identity identity = {0};
    identity.has_type = gcm_raw_member(object, "_typeName", &identity.type);
    identity.has_id = gcm_raw_member(object, "id", &identity.id);
    identity.has_field = gcm_raw_member(object, "fieldName", &identity.field);
    return identity;
}

static gcm_result bad(struct gcm_arena *arena, struct gcm_error *err, enum gcm_ndf_kind kind,
                      const char *what)
{
    return gcm_fail(arena, err, GCM_BAD_INPUT, (struct gcm_place){0}, "a %s %s", singular[kind],
                    what);
}

static gcm_result read_identity(struct gcm_arena *arena, enum gcm_ndf_kind kind,
                                const struct identity *identity, struct gcm_ndf_end *end,
                                struct gcm_error *err)
{
    if (!identity->has_type)
        return bad(arena, err, kind, "without \"_typeName\"");
    if (identity->type.kind != GCM_RAW_STRING)
        return bad(arena, err, kind, "whose \"_typeName\" is no text");
    if (!identity->has_id)
        return bad(arena, err, kind, "without \"id\"");
    if (identity->id.kind != GCM_RAW_STRING)
        return bad(arena, err, kind, "whose \"id\" is no text");
    end->type = gcm_raw_string(arena, identity->type);
    end->id = gcm_raw_string(arena, identity->id);
    if (kind != GCM_NDF_RELATIONS || !identity->has_field || identity->field.kind == GCM_RAW_NULL)
        return GCM_OK;
    if (identity->field.kind != GCM_RAW_STRING)
        return bad(arena, err, kind, "whose \"fieldName\" is no text");
    end->field = gcm_raw_string(arena, identity->field);
    return GCM_OK;
}

static gcm_result read_relation(struct gcm_arena *arena, struct gcm_raw raw,
                                struct gcm_ndf_element *element, struct gcm_error *err)
{
    static const char shape[] = "that is no array of two objects";
    size_t count = 0;
    struct gcm_raw end;
    if (raw.kind != GCM_RAW_ARRAY)
        return bad(arena, err, GCM_NDF_RELATIONS, shape);
    for (struct gcm_raw_walk walk = gcm_raw_walk(raw); gcm_raw_next(&walk, NULL, &end); count++) {
        if (end.kind != GCM_RAW_OBJECT || count == 2)
            return bad(arena, err, GCM_NDF_RELATIONS, shape);
        struct identity identity = identity_of(end);
        gcm_result result =
            read_identity(arena, GCM_NDF_RELATIONS, &identity, &element->ends[count], err);
        if (result)
            return result;
    }
    return count == 2 ? GCM_OK : bad(arena, err, GCM_NDF_RELATIONS, shape);
}

gcm_result gcm_ndf_element(struct gcm_arena *arena, enum gcm_ndf_kind kind, struct gcm_raw raw,
                           struct gcm_ndf_element *element, struct gcm_error *err)
{
    *element = (struct gcm_ndf_element){.kind = kind, .raw = raw};
    if (kind == GCM_NDF_RELATIONS)
        return read_relation(arena, raw, element, err);
    if (raw.kind != GCM_RAW_OBJECT)
        return bad(arena, err, kind, "that is no object");
    struct identity identity = identity_of(raw);
    struct gcm_ndf_end end = {0};
    gcm_result result = read_identity(arena, kind, &identity, &end, err);
    element->type = end.type;
    element->id = end.id;
    return result;
}

/* Where a value of a page starts. */
static struct gcm_place place_of(const struct gcm_file *page, struct gcm_raw raw)
{
    return gcm_place_in(page, (size_t)(raw.text.at - page->text.at), 1);
}

static gcm_result read_kind(struct gcm_arena *arena, const struct gcm_file *page,
                            struct gcm_raw value, enum gcm_ndf_kind *kind, struct gcm_error *err)
{
    struct gcm_slice name =
        value.kind == GCM_RAW_STRING ? gcm_raw_string(arena, value) : (struct gcm_slice){0};
    for (enum gcm_ndf_kind each = 0; each < GCM_NDF_KINDS; each++)
        if (gcm_slice_is(name, gcm_ndf_names[each])) {
            *kind = each;
            return GCM_OK;
        }
    return gcm_fail(arena, err, GCM_BAD_INPUT, place_of(page, value),
                    "\"valueType\" is none of \"nodes\", \"lists\", \"relations\"");
}

gcm_result gcm_ndf_page(struct gcm_arena *arena, const struct gcm_file *page,
                        enum gcm_ndf_kind *kind, struct gcm_raw *elements, struct gcm_error *err)
{
    struct gcm_raw whole, value;
    struct gcm_raw_error wrong;
    if (!gcm_raw_read(page->text, &whole, &wrong))
        return gcm_fail(arena, err, GCM_BAD_INPUT, gcm_place_in(page, wrong.offset, 1),
                        "this is no JSON: %s was expected", wrong.expected);
    if (gcm_raw_member(whole, "valueType", &value)) {
        gcm_result result = read_kind(arena, page, value, kind, err);
        if (result)
            return result;
    }
    bool found = gcm_raw_member(whole, "values", elements);
    if (found && elements->kind == GCM_RAW_OBJECT)
        found = gcm_raw_member(*elements, "jsonElements", elements);
    else if (!found)
        found =
            gcm_raw_member(whole, "out", &value) && gcm_raw_member(value, "jsonElements", elements);
    if (!found)
        return gcm_fail(arena, err, GCM_BAD_INPUT, place_of(page, whole),
                        "there are neither \"values\" nor \"out.jsonElements\" in this text");
    if (elements->kind != GCM_RAW_ARRAY)
        return gcm_fail(arena, err, GCM_BAD_INPUT, place_of(page, *elements),
                        "the elements of a page are no array");
    return GCM_OK;
}
