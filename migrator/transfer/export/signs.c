/* The signs of a gap in an archive. The official CLI ends with exit code 0 whatever happened, so
 * every zip is suspect until its signs were looked at (truth/ndf, "How the CLI marks a refused
 * page"). */
#include "transfer/export/parts.h"

#include <string.h>

static const struct gcm_slice none = {0};

gcm_result gcm_export_file_signs(struct gcm_exporter *exporter, const struct gcm_archive *archive,
                                 enum gcm_ndf_kind kind)
{
    uint64_t expected = 1;
    size_t files = 0;
    gcm_result result = GCM_OK;
    gcm_each (const struct gcm_archive_file, file, archive->files) {
        if (file->kind != kind || result)
            continue;
        if (file->number != expected)
            result = gcm_export_find(exporter, kind, GCM_EXP_NUMBER_GAP, none, none, none,
                                     "%.*s follows number %llu", GCM_P(file->name),
                                     (unsigned long long)(expected - 1));
        expected = file->number + 1;
        files++;
    }
    if (result)
        return result;
    if (!archive->folder_there[kind] && !files)
        return gcm_export_find(exporter, kind, GCM_EXP_FOLDER_MISSING, none, none, none, "%s/",
                               gcm_ndf_names[kind]);
    if (!files)
        return gcm_export_find(exporter, kind, GCM_EXP_FOLDER_EMPTY, none, none, none, "%s/",
                               gcm_ndf_names[kind]);
    if (kind == GCM_NDF_LISTS && files > 1)
        return gcm_export_find(exporter, kind, GCM_EXP_LIST_PAGES, none, none, none, "%zu files",
                               files);
    return GCM_OK;
}

/* The servers count UTF-16 units: one for each first byte of a character, one more for those beyond
 * the first plane. */
static size_t utf16_length(struct gcm_slice text)
{
    size_t length = 0;
    for (size_t i = 0; i < text.size; i++) {
        unsigned char byte = (unsigned char)text.at[i];
        length += (byte & 0xC0) != 0x80;
        length += byte >= 0xF0;
    }
    return length;
}

/* The elements as the server counted them, and the largest one (§7.2). */
static size_t count_characters(struct gcm_raw_walk walk, size_t *largest)
{
    struct gcm_raw raw;
    size_t sum = 0;
    *largest = 0;
    while (gcm_raw_next(&walk, NULL, &raw)) {
        size_t size = utf16_length(raw.text);
        sum += size;
        *largest = size > *largest ? size : *largest;
    }
    return sum;
}

/* Is a page of that many characters one behind which there may have been more? The client prints
 * numbers anew and the next element may have been a large one: hence the margins. */
static bool looks_full(size_t characters, size_t largest)
{
    static const size_t limits[] = {1000000, 10000000};
    for (size_t i = 0; i < 2; i++) {
        size_t limit = limits[i], room = limit / 10;
        size_t margin = largest < room ? largest : room;
        if (margin < limit / 100 * 3)
            margin = limit / 100 * 3;
        if (characters + margin >= limit && characters <= limit + limit / 10)
            return true;
    }
    return false;
}

/* The list that was staged last, and the first one of the page that follows. */
struct border {
    struct gcm_export_type *type; /* NULL: there is no border */
    struct gcm_slice id;
    struct gcm_ndf_element first;
    struct gcm_slice field; /* of the first element */
};

static struct gcm_slice field_of(struct gcm_raw element)
{
    struct gcm_raw_walk walk = gcm_raw_walk(element);
    struct gcm_slice field;
    struct gcm_raw value;
    while (gcm_raw_next(&walk, &field, &value))
        if (!gcm_slice_is(field, "_typeName") && !gcm_slice_is(field, "id"))
            return field;
    return none;
}

static gcm_result find_border(struct gcm_exporter *exporter, struct gcm_raw_walk walk,
                              struct border *border)
{
    struct gcm_raw raw;
    struct gcm_error ignored = {0};
    struct gcm_rows *rows = NULL;
    struct gcm_staged_list list;
    int64_t last = gcm_stage_last_row(exporter->stage, GCM_NDF_LISTS);
    *border = (struct border){0};
    if (!last || !gcm_raw_next(&walk, NULL, &raw) ||
        gcm_ndf_element(exporter->arena, GCM_NDF_LISTS, raw, &border->first, &ignored))
        return GCM_OK; /* what is wrong with the page is said when it is staged */
    border->field = field_of(raw);
    gcm_result result = gcm_rows_lists(exporter->stage, last, last, &rows, exporter->err);
    if (!result)
        result = gcm_rows_list(rows, &list, exporter->err);
    if (!result) {
        border->id = gcm_copy(exporter->arena, list.id);
        border->type = gcm_export_type(exporter, gcm_stage_name_text(exporter->stage, list.type));
    }
    gcm_rows_close(rows);
    return result == GCM_END ? GCM_OK : result;
}

/* The page before ended in the middle of a node: then the server's cursor held a field or an
 * element, which it applied to every row of this page (§7.5 L4). Or this page starts before the
 * place where that one ended (L5): lists come again, and cut; those are left out. */
static gcm_result check_border(struct gcm_exporter *exporter, struct gcm_slice name,
                               struct gcm_raw_walk elements, struct gcm_export_put *put)
{
    struct border border;
    gcm_result result = find_border(exporter, elements, &border);
    if (result || !border.type || !gcm_slice_equal(border.type->name, border.first.type))
        return result;
    if (gcm_slice_equal(border.id, border.first.id))
        return gcm_export_find(exporter, GCM_NDF_LISTS, GCM_EXP_LIST_CUT, border.type->name,
                               border.id, border.field,
                               "%.*s goes on in the middle of this node: lists behind it are cut "
                               "or lost",
                               GCM_P(name));
    int64_t ended = gcm_export_rank(exporter, border.type, border.id);
    int64_t starts = gcm_export_rank(exporter, border.type, border.first.id);
    if (ended < 0 || starts < 0 || starts > ended)
        return GCM_OK;
    put->again = border.type;
    put->again_to = ended;
    return gcm_export_find(exporter, GCM_NDF_LISTS, GCM_EXP_LIST_CUT, border.type->name,
                           border.first.id, none,
                           "%.*s gives lists again that the file before it held: they are left "
                           "out, and lists behind them may be cut or lost",
                           GCM_P(name));
}

gcm_result gcm_export_page_signs(struct gcm_exporter *exporter, const struct gcm_archive *archive,
                                 size_t at, struct gcm_raw_walk elements,
                                 struct gcm_export_put *put)
{
    const struct gcm_archive_file *file = &archive->files.at[at];
    bool is_last = at + 1 == archive->files.count || archive->files.at[at + 1].kind != file->kind;
    size_t largest = 0, characters = is_last ? count_characters(elements, &largest) : 0;
    gcm_result result = GCM_OK;
    if (is_last && looks_full(characters, largest))
        result = gcm_export_find(exporter, file->kind, GCM_EXP_LAST_FULL, none, none, none,
                                 "%.*s holds %zu characters", GCM_P(file->name), characters);
    if (!result && file->kind == GCM_NDF_LISTS)
        result = check_border(exporter, file->name, elements, put);
    return result;
}

static gcm_result check_node(struct gcm_exporter *exporter, enum gcm_ndf_kind kind,
                             struct gcm_slice type, struct gcm_slice id, struct gcm_slice field)
{
    int64_t key = gcm_stage_name(exporter->stage, type, false);
    if (key && gcm_stage_has_node(exporter->stage, key, id))
        return GCM_OK;
    return gcm_export_find(exporter, kind, GCM_EXP_NO_NODE, type, id, field, "in %s",
                           gcm_ndf_names[kind]);
}

static gcm_result check_lists(struct gcm_exporter *exporter)
{
    struct gcm_rows *rows = NULL;
    struct gcm_staged_list list;
    struct gcm_arena arena = {0};
    struct gcm_slice id = {0};
    int64_t type = 0;
    gcm_result result = gcm_rows_lists(exporter->stage, 1, INT64_MAX, &rows, exporter->err);
    while (!result && !(result = gcm_rows_list(rows, &list, exporter->err))) {
        if (list.type == type && gcm_slice_equal(list.id, id))
            continue;
        gcm_arena_free(&arena);
        id = gcm_copy(&arena, list.id);
        type = list.type;
        result = check_node(exporter, GCM_NDF_LISTS, gcm_stage_name_text(exporter->stage, type), id,
                            gcm_stage_name_text(exporter->stage, list.field));
    }
    gcm_rows_close(rows);
    gcm_arena_free(&arena);
    return result == GCM_END ? GCM_OK : result;
}

static gcm_result check_pairs(struct gcm_exporter *exporter, const struct gcm_staged_link *link)
{
    struct gcm_rows *rows = NULL;
    struct gcm_staged_pair pair;
    gcm_result result =
        gcm_rows_pairs(exporter->stage, link->key, 1, INT64_MAX, &rows, exporter->err);
    while (!result && !(result = gcm_rows_pair(rows, &pair, exporter->err))) {
        result = check_node(exporter, GCM_NDF_RELATIONS, link->b.type, pair.b, link->b.field);
        if (!result)
            result = check_node(exporter, GCM_NDF_RELATIONS, link->a.type, pair.a, link->a.field);
    }
    gcm_rows_close(rows);
    return result == GCM_END ? GCM_OK : result;
}

static gcm_result check_types(struct gcm_exporter *exporter)
{
    gcm_each (struct gcm_model *, model, exporter->project->models) {
        struct gcm_export_type *type = gcm_export_type(exporter, (*model)->name);
        if (type->first)
            continue;
        gcm_result result = gcm_export_find(exporter, GCM_NDF_NODES, GCM_EXP_TYPE_EMPTY, type->name,
                                            none, none, "no node of this type");
        if (result)
            return result;
    }
    return GCM_OK;
}

gcm_result gcm_export_dangling(struct gcm_exporter *exporter)
{
    struct gcm_staged_links links = {0};
    gcm_result result = check_types(exporter);
    if (!result)
        result = check_lists(exporter);
    if (!result)
        result = gcm_stage_links(exporter->stage, exporter->arena, &links, exporter->err);
    gcm_each (const struct gcm_staged_link, link, links)
        if (!result)
            result = check_pairs(exporter, link);
    return result;
}
