/* presence: is there a node of that id? Lists and relations ask it for every row. They mostly come
 * in the order of their nodes' ids, so the ids behind the one that was asked for are read along, as
 * long as that pays; ids that are asked for again and again are remembered. */
#include "stage/database.h"

#include <string.h>

enum {
    MOST_IDS = 256, /* read at once */
    TEXT_ROOM = 16 * 1024,
    RUNS = 8,         /* types whose ids are read along */
    REMEMBERED = 512, /* ids */
    LONGEST = 44      /* of a remembered id */
};

static const char ids_from[] =
    "SELECT id FROM node WHERE type = ?1 AND id >= ?2 ORDER BY id LIMIT ?3";

/* Ids of one type that follow each other: between the first and the last there is no other. */
struct run {
    int64_t type;
    size_t count, next, hits; /* `next`: where the answer probably is */
    size_t wanted;            /* how many to read the next time */
    struct gcm_slice ids[MOST_IDS];
    char text[TEXT_ROOM];
};

struct remembered {
    int64_t type;
    unsigned char size;
    char id[LONGEST];
};

struct gcm_presence {
    bool used; /* there is something to forget */
    struct run *runs[RUNS];
    struct remembered remembered[REMEMBERED];
};

static struct remembered *place_of(struct gcm_presence *presence, int64_t type, struct gcm_slice id)
{
    uint64_t hash = (uint64_t)type;
    for (size_t at = 0; at < id.size; at += 8) {
        uint64_t word = 0;
        memcpy(&word, id.at + at, id.size - at < 8 ? id.size - at : 8);
        hash = (hash ^ word) * UINT64_C(0x9e3779b97f4a7c15);
        hash ^= hash >> 32;
    }
    return &presence->remembered[hash % REMEMBERED];
}

static bool is_remembered(struct gcm_presence *presence, int64_t type, struct gcm_slice id)
{
    const struct remembered *one = place_of(presence, type, id);
    return one->type == type && one->size == id.size && !memcmp(one->id, id.at, id.size);
}

static void remember(struct gcm_presence *presence, int64_t type, struct gcm_slice id)
{
    struct remembered *one = place_of(presence, type, id);
    one->type = type;
    one->size = (unsigned char)id.size;
    memcpy(one->id, id.at, id.size);
}

/* Reads the ids from `id` on; true if the first of them is that one. */
static bool read_run(struct gcm_stage *stage, struct run *run, int64_t type, struct gcm_slice id)
{
    struct gcm_error ignored;
    size_t used = 0;
    bool there = false;
    run->wanted = run->hits * 2 > run->count ? run->count * 2 : run->count / 2;
    if (run->type != type || !run->wanted)
        run->wanted = 1;
    if (run->wanted > MOST_IDS)
        run->wanted = MOST_IDS;
    run->type = type;
    run->count = run->next = run->hits = 0;
    sqlite3_stmt *statement = gcm_db_take(stage, ids_from, &ignored);
    if (!statement)
        return false;
    sqlite3_bind_int64(statement, 1, type);
    gcm_db_bind_text(statement, 2, id);
    sqlite3_bind_int64(statement, 3, (int64_t)run->wanted);
    while (run->count < run->wanted && gcm_db_step(stage, statement, &ignored) == GCM_OK) {
        struct gcm_slice found = gcm_db_text(statement, 0);
        there |= !run->count && gcm_slice_equal(found, id);
        if (found.size > TEXT_ROOM - used)
            break;
        if (found.size)
            memcpy(run->text + used, found.at, found.size);
        run->ids[run->count++] = (struct gcm_slice){run->text + used, found.size};
        used += found.size;
    }
    gcm_db_give(stage, statement);
    run->hits = there;
    return there;
}

/* 1: it is there, 0: it is not, -1: the run does not say. */
static int look_into(struct run *run, int64_t type, struct gcm_slice id)
{
    if (run->type != type || !run->count || gcm_slice_compare(id, run->ids[0]) < 0)
        return -1;
    if (gcm_slice_compare(id, run->ids[run->next]) < 0)
        run->next = 0;
    for (; run->next < run->count; run->next++) {
        int order = gcm_slice_compare(id, run->ids[run->next]);
        if (order <= 0) {
            run->hits += order == 0;
            return order == 0;
        }
    }
    run->next = run->count - 1;
    return -1;
}

bool gcm_stage_has_node(struct gcm_stage *stage, int64_t type, struct gcm_slice id)
{
    if (!stage->presence)
        stage->presence = GCM_NEW(stage->arena, struct gcm_presence);
    struct gcm_presence *presence = stage->presence;
    presence->used = true;
    bool is_short = id.size && id.size <= LONGEST;
    struct run **run = &presence->runs[(uint64_t)type % RUNS];
    if (!*run)
        *run = GCM_NEW(stage->arena, struct run);
    int there = look_into(*run, type, id);
    if (there >= 0)
        return there;
    if (is_short && is_remembered(presence, type, id))
        return true;
    bool found = read_run(stage, *run, type, id);
    if (found && is_short)
        remember(presence, type, id);
    return found;
}

void gcm_stage_forget_presence(struct gcm_stage *stage)
{
    struct gcm_presence *presence = stage->presence;
    if (!presence || !presence->used)
        return;
    for (size_t i = 0; i < RUNS; i++)
        if (presence->runs[i])
            presence->runs[i]->count = 0;
    memset(presence->remembered, 0, sizeof presence->remembered);
    presence->used = false;
}
