/* Lists that the endpoint gave in a way that may mean two things: the Simple API says which. */
#include "transfer/export/parts.h"

enum { AT_ONCE = 50 };

static struct gcm_slice query_for(struct gcm_arena *arena, const struct gcm_export_unsure *unsures,
                                  size_t count)
{
    struct gcm_buffer out = gcm_buffer(arena, GCM_BUFFER_CAP);
    gcm_putc(&out, '{');
    for (size_t i = 0; i < count; i++) {
        gcm_putf(&out, "r%zu:%.*s(id:", i, GCM_P(unsures[i].type->name));
        gcm_put_raw_string(&out, unsures[i].id);
        gcm_putf(&out, "){list:%.*s}", GCM_P(unsures[i].field));
    }
    gcm_putc(&out, '}');
    return gcm_buffer_text(&out);
}

/* The list as the API has it: false where it says nothing, or [], which it says of every list that
 * it cannot read. */
static bool find_list(struct gcm_arena *arena, const struct gcm_export_answer *answer, size_t at,
                      struct gcm_raw *list)
{
    struct gcm_raw row, element;
    const char *name = gcm_cstring(arena, gcm_format(arena, "r%zu", at));
    if (answer->reply != GCM_REPLY_DATA || !gcm_raw_member(answer->data, name, &row) ||
        row.kind != GCM_RAW_OBJECT || !gcm_raw_member(row, "list", list) ||
        list->kind != GCM_RAW_ARRAY)
        return false;
    struct gcm_raw_walk walk = gcm_raw_walk(*list);
    return gcm_raw_next(&walk, NULL, &element);
}

static gcm_result put_some(struct gcm_exporter *exporter, struct gcm_arena *page,
                           const struct gcm_export_unsure *unsures, size_t count)
{
    struct gcm_export_answer answer;
    gcm_result result = gcm_export_query(exporter, query_for(page, unsures, count), &answer);
    for (size_t i = 0; !result && i < count; i++) {
        const struct gcm_export_unsure *unsure = &unsures[i];
        struct gcm_raw list;
        bool found = find_list(page, &answer, i, &list);
        result = gcm_export_put_list(exporter, page, unsure->type, unsure->id, unsure->field,
                                     found ? list.text : unsure->body);
        if (!result && !found)
            result = gcm_export_doubt_list(exporter, unsure);
    }
    return result;
}

gcm_result gcm_export_put_unsure(struct gcm_exporter *exporter, struct gcm_arena *page,
                                 const struct gcm_export_unsures *unsures)
{
    gcm_result result = GCM_OK;
    for (size_t at = 0; !result && at < unsures->count; at += AT_ONCE) {
        size_t left = unsures->count - at;
        result = put_some(exporter, page, &unsures->at[at], left < AT_ONCE ? left : AT_ONCE);
    }
    return result;
}
