/* names: the texts of types and fields, and the links between types, as numbers. Both tables are
 * small: they are read once and kept. */
#include "stage/database.h"

static const char all_names[] = "SELECT key, text FROM name ORDER BY key";
static const char add_name[] = "INSERT INTO name(key, text) VALUES(?1, ?2)";
static const char all_links[] =
    "SELECT key, b_type, b_field, a_type, a_field FROM link ORDER BY key";
static const char add_link[] =
    "INSERT INTO link(key, b_type, b_field, a_type, a_field) VALUES(?1, ?2, ?3, ?4, ?5)";

static void keep_name(struct gcm_stage *stage, struct gcm_slice text)
{
    struct gcm_name *name = GCM_NEW(stage->arena, struct gcm_name);
    *gcm_push(stage->arena, &stage->names) = name;
    *name = (struct gcm_name){(int64_t)stage->names.count, gcm_copy(stage->arena, text)};
    gcm_map_put(stage->arena, &stage->name_keys, name->text, name);
}

/* Keys count from 1 without a gap; where they do not, the file has been tampered with. */
static gcm_result read_names(struct gcm_stage *stage, struct gcm_error *err)
{
    if (stage->names_read)
        return GCM_OK;
    sqlite3_stmt *statement = gcm_db_take(stage, all_names, err);
    if (!statement)
        return err->code;
    gcm_result result;
    while ((result = gcm_db_step(stage, statement, err)) == GCM_OK) {
        if (sqlite3_column_int64(statement, 0) != (int64_t)stage->names.count + 1) {
            result = gcm_fail(stage->arena, err, GCM_ENVIRONMENT, (struct gcm_place){0},
                              "%.*s is damaged: its names have a gap", GCM_P(stage->path));
            break;
        }
        keep_name(stage, gcm_db_text(statement, 1));
    }
    gcm_db_give(stage, statement);
    stage->names_read = result == GCM_END;
    return result == GCM_END ? GCM_OK : result;
}

int64_t gcm_stage_name(struct gcm_stage *stage, struct gcm_slice text, bool make)
{
    struct gcm_error ignored;
    if (read_names(stage, &ignored) != GCM_OK)
        return 0;
    const struct gcm_name *last = stage->last_name[text.size % GCM_LAST_NAMES];
    if (last && gcm_slice_equal(last->text, text))
        return last->key;
    const struct gcm_name *name = gcm_map_get(&stage->name_keys, text);
    if (name) {
        stage->last_name[text.size % GCM_LAST_NAMES] = name;
        return name->key;
    }
    sqlite3_stmt *statement = make ? gcm_db_take(stage, add_name, &ignored) : NULL;
    if (!statement)
        return 0;
    sqlite3_bind_int64(statement, 1, (int64_t)stage->names.count + 1);
    gcm_db_bind_text(statement, 2, text);
    if (gcm_db_run(stage, statement, &ignored) != GCM_OK)
        return 0;
    keep_name(stage, text);
    return (int64_t)stage->names.count;
}

struct gcm_slice gcm_stage_name_text(struct gcm_stage *stage, int64_t key)
{
    struct gcm_error ignored;
    if (read_names(stage, &ignored) != GCM_OK || key < 1 || key > (int64_t)stage->names.count)
        return (struct gcm_slice){0};
    return stage->names.at[key - 1]->text;
}

static void keep_link(struct gcm_stage *stage, const int64_t ends[4])
{
    struct gcm_staged_link *link = gcm_push(stage->arena, &stage->links);
    *link = (struct gcm_staged_link){.key = (int64_t)stage->links.count};
    link->b.type = gcm_stage_name_text(stage, ends[0]);
    link->b.field = gcm_stage_name_text(stage, ends[1]);
    link->a.type = gcm_stage_name_text(stage, ends[2]);
    link->a.field = gcm_stage_name_text(stage, ends[3]);
}

gcm_result gcm_stage_read_links(struct gcm_stage *stage, struct gcm_error *err)
{
    if (stage->links_read)
        return GCM_OK;
    sqlite3_stmt *statement = gcm_db_take(stage, all_links, err);
    if (!statement)
        return err->code;
    gcm_result result;
    while ((result = gcm_db_step(stage, statement, err)) == GCM_OK) {
        int64_t ends[4];
        for (int i = 0; i < 4; i++)
            ends[i] = sqlite3_column_int64(statement, i + 1);
        if (sqlite3_column_int64(statement, 0) != (int64_t)stage->links.count + 1) {
            result = gcm_fail(stage->arena, err, GCM_ENVIRONMENT, (struct gcm_place){0},
                              "%.*s is damaged: its links have a gap", GCM_P(stage->path));
            break;
        }
        keep_link(stage, ends);
    }
    gcm_db_give(stage, statement);
    stage->links_read = result == GCM_END;
    return result == GCM_END ? GCM_OK : result;
}

static bool same_end(const struct gcm_ndf_end *one, const struct gcm_ndf_end *other)
{
    return gcm_slice_equal(one->type, other->type) && gcm_slice_equal(one->field, other->field);
}

static bool is_link(const struct gcm_staged_link *link, const struct gcm_ndf_end *b,
                    const struct gcm_ndf_end *a)
{
    return same_end(&link->b, b) && same_end(&link->a, a);
}

static gcm_result add(struct gcm_stage *stage, const struct gcm_ndf_end *b,
                      const struct gcm_ndf_end *a, struct gcm_error *err)
{
    const int64_t ends[4] = {
        gcm_stage_name(stage, b->type, true), gcm_stage_name(stage, b->field, true),
        gcm_stage_name(stage, a->type, true), gcm_stage_name(stage, a->field, true)};
    sqlite3_stmt *statement = gcm_db_take(stage, add_link, err);
    if (!statement)
        return err->code;
    sqlite3_bind_int64(statement, 1, (int64_t)stage->links.count + 1);
    for (int i = 0; i < 4; i++)
        sqlite3_bind_int64(statement, i + 2, ends[i]);
    gcm_result result = gcm_db_run(stage, statement, err);
    if (result == GCM_OK)
        keep_link(stage, ends);
    return result;
}

gcm_result gcm_stage_link(struct gcm_stage *stage, const struct gcm_ndf_end *b,
                          const struct gcm_ndf_end *a, int64_t *key, struct gcm_error *err)
{
    gcm_result result = gcm_stage_read_links(stage, err);
    if (result != GCM_OK)
        return result;
    size_t at = stage->last_link;
    if (at >= stage->links.count || !is_link(&stage->links.at[at], b, a))
        for (at = 0; at < stage->links.count && !is_link(&stage->links.at[at], b, a);)
            at++;
    if (at == stage->links.count)
        result = add(stage, b, a, err);
    stage->last_link = at;
    *key = (int64_t)at + 1;
    return result;
}

gcm_result gcm_stage_links(struct gcm_stage *stage, struct gcm_arena *arena,
                           struct gcm_staged_links *links, struct gcm_error *err)
{
    gcm_result result = gcm_stage_read_links(stage, err);
    if (result != GCM_OK)
        return result;
    gcm_each (struct gcm_staged_link, link, stage->links) {
        const struct gcm_total *total = gcm_stage_total(stage, GCM_NDF_RELATIONS, link->key, false);
        struct gcm_staged_link *copy = gcm_push(arena, links);
        *copy = *link;
        copy->pairs = total ? (uint64_t)total->rows : 0;
    }
    return GCM_OK;
}
