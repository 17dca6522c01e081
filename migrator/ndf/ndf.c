/* ndf: what the elements and pages of the Normalized Data Format say. */
#include "ndf/ndf.h"

#include "ndf/raw_check.h"

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
    struct gcm_slice key;
    struct gcm_raw value;
    for (struct gcm_raw_walk walk = gcm_raw_walk(object); gcm_raw_next(&walk, &key, &value);) {
        if (gcm_raw_is(key, GCM_S("_typeName"))) {
            identity.type = value;
            identity.has_type = true;
        } else if (gcm_raw_is(key, GCM_S("id"))) {
            identity.id = value;
            identity.has_id = true;
        } else if (gcm_raw_is(key, GCM_S("fieldName"))) {
            identity.field = value;
            identity.has_field = true;
        }
    }
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

/* The members of a page that matter. */
struct members {
    struct gcm_raw kind, values, out;
    bool has_kind, has_values, has_out;
};

static struct members members_of(struct gcm_raw page, const struct gcm_raw_ends *ends)
{
    struct members members = {0};
    struct gcm_slice key;
    struct gcm_raw value;
    struct gcm_raw_walk walk = gcm_raw_walk_ends(page, ends, 0);
    while (page.kind == GCM_RAW_OBJECT && gcm_raw_next(&walk, &key, &value)) {
        if (gcm_raw_is(key, GCM_S("valueType"))) {
            members.kind = value;
            members.has_kind = true;
        } else if (gcm_raw_is(key, GCM_S("values"))) {
            members.values = value;
            members.has_values = true;
        } else if (gcm_raw_is(key, GCM_S("out"))) {
            members.out = value;
            members.has_out = true;
        }
    }
    return members;
}

static bool find_json_elements(struct gcm_raw around, const struct gcm_raw_ends *ends,
                               struct gcm_raw *elements)
{
    bool found = false;
    struct gcm_slice key;
    struct gcm_raw value;
    struct gcm_raw_walk walk = gcm_raw_walk_ends(around, ends, 1);
    while (around.kind == GCM_RAW_OBJECT && gcm_raw_next(&walk, &key, &value))
        if (gcm_raw_is(key, GCM_S("jsonElements"))) {
            *elements = value;
            found = true;
        }
    return found;
}

/* *level: how deep in the page the elements' array stands. */
static gcm_result read_page(struct gcm_arena *arena, const struct gcm_file *page,
                            struct gcm_raw_ends *ends, enum gcm_ndf_kind *kind,
                            struct gcm_raw *elements, unsigned *level, struct gcm_error *err)
{
    struct gcm_raw whole;
    struct gcm_raw_error wrong;
    if (!gcm_raw_read_ends(page->text, &whole, ends, &wrong))
        return gcm_fail(arena, err, GCM_BAD_INPUT, gcm_place_in(page, wrong.offset, 1),
                        "this is no JSON: %s was expected", wrong.expected);
    struct members members = members_of(whole, ends);
    if (members.has_kind) {
        gcm_result result = read_kind(arena, page, members.kind, kind, err);
        if (result)
            return result;
    }
    bool found = members.has_values && members.values.kind != GCM_RAW_OBJECT;
    *elements = members.values;
    *level = 1;
    if (!found) {
        *level = 2;
        found =
            find_json_elements(members.has_values ? members.values : members.out, ends, elements);
    }
    if (!found)
        return gcm_fail(arena, err, GCM_BAD_INPUT, place_of(page, whole),
                        "there are neither \"values\" nor \"out.jsonElements\" in this text");
    if (elements->kind != GCM_RAW_ARRAY)
        return gcm_fail(arena, err, GCM_BAD_INPUT, place_of(page, *elements),
                        "the elements of a page are no array");
    return GCM_OK;
}

gcm_result gcm_ndf_page(struct gcm_arena *arena, const struct gcm_file *page,
                        enum gcm_ndf_kind *kind, struct gcm_raw *elements, struct gcm_error *err)
{
    struct gcm_raw_ends ends = {.arena = arena};
    unsigned level;
    return read_page(arena, page, &ends, kind, elements, &level, err);
}

gcm_result gcm_ndf_walk(struct gcm_arena *arena, const struct gcm_file *page,
                        enum gcm_ndf_kind *kind, struct gcm_raw_walk *walk, struct gcm_error *err)
{
    struct gcm_raw_ends ends = {.arena = arena};
    struct gcm_raw elements = {0};
    unsigned level = 0;
    gcm_result result = read_page(arena, page, &ends, kind, &elements, &level, err);
    if (!result)
        *walk = gcm_raw_walk_ends(elements, &ends, level);
    return result;
}
