/* Operations, and which fragments they mean. */
#include "core/file.h"
#include "operations/operations.h"

/* All fragments of one name in the folder. */
struct same_name {
    GCM_VEC(struct gcm_client_part) parts;
};

struct finding {
    struct gcm_arena *arena;
    struct gcm_map fragments; /* struct same_name */
};

/* ---- paths ---------------------------------------------------------------------------------- */

/* "src/a" and "../b/c" → "b/c" */
static struct gcm_slice joined(struct gcm_arena *arena, struct gcm_slice folder,
                               struct gcm_slice path)
{
    if (gcm_slice_is(folder, "."))
        folder = GCM_S("");
    for (;;) {
        if (gcm_slice_starts(path, "./")) {
            path = gcm_slice_sub(path, 2, path.size);
        } else if (gcm_slice_starts(path, "../")) {
            path = gcm_slice_sub(path, 3, path.size);
            struct gcm_slice outer = gcm_path_folder(folder);
            folder = gcm_slice_is(outer, ".") ? GCM_S("") : outer;
        } else {
            break;
        }
    }
    return folder.size ? gcm_format(arena, "%.*s/%.*s", GCM_P(folder), GCM_P(path)) : path;
}

/* Does an import name a file of the folder? "./x" also is x.js, x/index.ts and the like. */
static bool names_file(struct gcm_arena *arena, const struct gcm_client_import *import,
                       const struct gcm_client_file *from, const struct gcm_client_file *to)
{
    if (!gcm_slice_starts(import->from, "."))
        return false;
    struct gcm_slice path = joined(arena, gcm_path_folder(from->below), import->from);
    if (gcm_slice_ends(path, "/"))
        path.size--;
    struct gcm_slice start = gcm_slice_sub(to->below, 0, path.size);
    if (!gcm_slice_equal(start, path))
        return false;
    struct gcm_slice rest = gcm_slice_sub(to->below, path.size, to->below.size);
    return !rest.size || gcm_slice_starts(rest, "/index.") ||
           (rest.at[0] == '.' && gcm_client_name(rest));
}

/* ---- which fragment ------------------------------------------------------------------------- */

static struct gcm_slice root_of(struct gcm_slice expression)
{
    size_t size = 0;
    while (size < expression.size && gcm_is_name_part(expression.at[size]))
        size++;
    return gcm_slice_sub(expression, 0, size);
}

/* Does one of the text's holes name this part's literal, or the file that it stands in? */
static bool is_in_hole(struct finding *finding, const struct gcm_client_text *text,
                       const struct gcm_client_part *part)
{
    gcm_each (const struct gcm_client_hole, hole, text->holes) {
        struct gcm_slice root = root_of(hole->expression);
        if (part->text->in == text->in && gcm_slice_equal(part->text->name, root))
            return true;
        gcm_each (const struct gcm_client_import, import, text->in->imports)
            if (gcm_slice_equal(import->name, root) &&
                names_file(finding->arena, import, text->in, part->text->in))
                return true;
    }
    return false;
}

static bool is_imported(struct finding *finding, const struct gcm_client_text *text,
                        const struct gcm_client_part *part)
{
    gcm_each (const struct gcm_client_import, import, text->in->imports)
        if (names_file(finding->arena, import, text->in, part->text->in))
            return true;
    return false;
}

/* How plain it is that a text means this part; 0: nothing says so. */
static int nearness(struct finding *finding, const struct gcm_client_text *text,
                    const struct gcm_client_part *part)
{
    if (part->text == text)
        return 4;
    if (is_in_hole(finding, text, part))
        return 3;
    if (part->text->in == text->in)
        return 2;
    return is_imported(finding, text, part);
}

/* The fragment that a text means by a name; NULL with *why if that is not plain, NULL alone if
 * there is none. */
static const struct gcm_client_part *fragment_of(struct finding *finding,
                                                 const struct gcm_client_text *text,
                                                 struct gcm_slice name, struct gcm_slice *why)
{
    const struct same_name *same = gcm_map_get(&finding->fragments, name);
    if (!same) {
        if (text->holes.count)
            *why = gcm_format(finding->arena,
                              "the fragment %.*s is in none of the files; does ${%.*s} hold it?",
                              GCM_P(name), GCM_P(text->holes.at[0].expression));
        return NULL;
    }
    if (same->parts.count == 1)
        return same->parts.at;
    const struct gcm_client_part *nearest = NULL;
    int best = 0;
    bool tie = false;
    gcm_each (const struct gcm_client_part, part, same->parts) {
        int near = nearness(finding, text, part);
        tie = near == best ? true : near < best && tie;
        if (near > best) {
            best = near;
            nearest = part;
        }
    }
    if (best && !tie)
        return nearest;
    *why =
        gcm_format(finding->arena, "%zu fragments are named %.*s; nothing says which one is meant",
                   same->parts.count, GCM_P(name));
    return NULL;
}

/* ---- what an operation reaches -------------------------------------------------------------- */

static void add_spreads(struct gcm_arena *arena, const struct gcm_selections *selections,
                        struct gcm_slices *names)
{
    gcm_each (const struct gcm_selection, selection, *selections) {
        if (selection->kind == GCM_SELECTION_SPREAD)
            *gcm_push(arena, names) = selection->name;
        add_spreads(arena, &selection->selections, names);
    }
}

static void reach(struct finding *finding, struct gcm_client_operation *operation,
                  const struct gcm_client_part *from, struct gcm_map *seen)
{
    struct gcm_slices names = {0};
    add_spreads(finding->arena, &from->definition->selections, &names);
    gcm_each (const struct gcm_slice, name, names) {
        if (gcm_map_put(finding->arena, seen, *name, operation))
            continue;
        const struct gcm_client_part *part =
            fragment_of(finding, from->text, *name, &operation->unchecked);
        if (part)
            *gcm_push(finding->arena, &operation->fragments) = *part;
    }
}

static void reach_all(struct finding *finding, struct gcm_client_operation *operation)
{
    struct gcm_map seen = {0};
    reach(finding, operation, &operation->part, &seen);
    for (size_t i = 0; i < operation->fragments.count; i++) {
        struct gcm_client_part part = operation->fragments.at[i];
        reach(finding, operation, &part, &seen);
    }
}

static struct gcm_slice name_of(struct gcm_arena *arena, const struct gcm_definition *definition)
{
    if (definition->name.size)
        return definition->name;
    const struct gcm_selections *selections = &definition->selections;
    return selections->count ? gcm_format(arena, "{ %.*s }", GCM_P(selections->at[0].name))
                             : GCM_S("{ }");
}

static void add_part(struct finding *finding, struct gcm_operations *operations,
                     struct gcm_client_part part)
{
    if (part.definition->kind == GCM_DEFINITION_OPERATION) {
        struct gcm_client_operation *operation =
            GCM_NEW(finding->arena, struct gcm_client_operation);
        operation->part = part;
        operation->name = name_of(finding->arena, part.definition);
        *gcm_push(finding->arena, &operations->all) = operation;
    } else if (part.definition->kind == GCM_DEFINITION_FRAGMENT) {
        struct same_name *same = gcm_map_get(&finding->fragments, part.definition->name);
        if (!same) {
            same = GCM_NEW(finding->arena, struct same_name);
            gcm_map_put(finding->arena, &finding->fragments, part.definition->name, same);
        }
        *gcm_push(finding->arena, &same->parts) = part;
        *gcm_push(finding->arena, &operations->fragments) = part;
    }
}

static void add_text(struct finding *finding, struct gcm_operations *operations,
                     const struct gcm_client_text *text)
{
    if (text->unread.size || text->errors.count) {
        *gcm_push(finding->arena, &operations->unread) = text;
        return;
    }
    gcm_each (struct gcm_definition *const, definition, text->document->definitions)
        add_part(finding, operations, (struct gcm_client_part){*definition, text});
}

struct gcm_operations *gcm_operations_find(struct gcm_arena *arena,
                                           const struct gcm_clients *clients)
{
    struct finding finding = {.arena = arena};
    struct gcm_operations *operations = GCM_NEW(arena, struct gcm_operations);
    operations->clients = clients;
    gcm_each (struct gcm_client_file *const, file, clients->files)
        gcm_each (struct gcm_client_text *const, text, (*file)->texts)
            add_text(&finding, operations, *text);
    gcm_each (struct gcm_client_operation *const, operation, operations->all)
        reach_all(&finding, *operation);
    return operations;
}
