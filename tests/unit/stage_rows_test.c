/* stage_rows: questions about the rows of a stage, and when all of the file is read. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "stage/questions.h"

#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static struct gcm_arena arena;
static struct gcm_error err;
static char folder[] = "/tmp/gcm-stage-XXXXXX";

static int setup(void **state)
{
    (void)state;
    memcpy(folder + sizeof folder - 7, "XXXXXX", 6);
    assert_non_null(mkdtemp(folder));
    return 0;
}

static const char *path_of(const char *name)
{
    return gcm_format(&arena, "%s/%s", folder, name).at;
}

static int teardown(void **state)
{
    static const char *const names[] = {"stage.db", "stage.db-wal", "stage.db-shm", ".gitignore"};
    (void)state;
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        unlink(path_of(names[i]));
    rmdir(folder);
    gcm_arena_free(&arena);
    return 0;
}

static struct gcm_stage *opened(enum gcm_stage_use use)
{
    struct gcm_stage *stage = NULL;
    assert_int_equal(gcm_stage_open(&arena, gcm_slice_of(folder), use, &stage, &err), GCM_OK);
    return stage;
}

static void begin(struct gcm_stage *stage)
{
    assert_int_equal(gcm_stage_begin(stage, &err), GCM_OK);
}

static void commit(struct gcm_stage *stage)
{
    assert_int_equal(gcm_stage_commit(stage, &err), GCM_OK);
}

static uint64_t seal(struct gcm_stage *stage, enum gcm_ndf_kind kind)
{
    uint64_t dropped = 0;
    assert_int_equal(gcm_stage_seal(stage, kind, &dropped, &err), GCM_OK);
    return dropped;
}

static void put_node(struct gcm_stage *stage, const char *type, const char *id, const char *body)
{
    assert_int_equal(
        gcm_stage_put_node(stage, gcm_slice_of(type), gcm_slice_of(id), gcm_slice_of(body), &err),
        GCM_OK);
}

static void put_pair(struct gcm_stage *stage, const char *b, const char *a)
{
    const struct gcm_ndf_end ends[2] = {{GCM_S("Post"), gcm_slice_of(b), GCM_S("author")},
                                        {GCM_S("User"), gcm_slice_of(a), GCM_S("posts")}};
    assert_int_equal(gcm_stage_put_pair(stage, &ends[0], &ends[1], &err), GCM_OK);
}

static struct gcm_slice id_of(unsigned n)
{
    return gcm_format(&arena, "id%06u", n);
}

/* Every third number is a node; asked for upwards, downwards, and here and there. */
static void nodes_are_found_in_whatever_order_they_are_asked_for(void **state)
{
    (void)state;
    enum { IDS = 3000 };
    struct gcm_stage *stage = opened(GCM_STAGE_CREATE);
    begin(stage);
    for (unsigned n = 0; n < IDS; n += 3) {
        put_node(stage, "User", gcm_cstring(&arena, id_of(n)), "{}");
        put_node(stage, "Post", gcm_cstring(&arena, id_of(n + 1)), "{}");
    }
    char *name = gcm_arena_text(&arena, 20001);
    memset(name, 'z', 20000);
    const struct gcm_slice huge = {name, 20000};
    assert_int_equal(gcm_stage_put_node(stage, GCM_S("User"), huge, GCM_S("{}"), &err), GCM_OK);
    commit(stage);
    seal(stage, GCM_NDF_NODES);
    int64_t user = gcm_stage_name(stage, GCM_S("User"), false);
    int64_t post = gcm_stage_name(stage, GCM_S("Post"), false);
    for (unsigned turn = 0; turn < 4; turn++)
        for (unsigned i = 0; i < IDS; i++) {
            unsigned n = turn == 0   ? i
                         : turn == 1 ? IDS - 1 - i
                         : turn == 2 ? i * 7919 % IDS
                                     : i % 9;
            assert_int_equal(gcm_stage_has_node(stage, user, id_of(n)), n % 3 == 0);
            assert_int_equal(gcm_stage_has_node(stage, post, id_of(n)), n % 3 == 1);
        }
    assert_true(gcm_stage_has_node(stage, user, huge));
    assert_true(gcm_stage_has_node(stage, user, huge));
    assert_false(gcm_stage_has_node(stage, post, huge));
    assert_false(gcm_stage_has_node(stage, user, GCM_S("")));
    assert_false(gcm_stage_has_node(stage, user, id_of(4)));
    begin(stage);
    put_node(stage, "User", "id000004", "{}");
    assert_true(gcm_stage_has_node(stage, user, id_of(4)));
    gcm_stage_rollback(stage);
    assert_false(gcm_stage_has_node(stage, user, id_of(4)));
    assert_true(gcm_stage_has_node(stage, user, id_of(3)));
    begin(stage);
    assert_int_equal(gcm_stage_clear(stage, GCM_NDF_NODES, &err), GCM_OK);
    commit(stage);
    assert_false(gcm_stage_has_node(stage, user, id_of(3)));
    gcm_stage_close(stage);
}

static void a_link_is_single_as_long_as_nobody_has_two_rows(void **state)
{
    (void)state;
    struct gcm_stage *stage = opened(GCM_STAGE_CREATE);
    begin(stage);
    put_pair(stage, "b1", "a1");
    put_pair(stage, "b1", "a2");
    put_pair(stage, "b2", "a3");
    commit(stage);
    seal(stage, GCM_NDF_RELATIONS);
    assert_true(gcm_stage_pairs_are_single(stage, 1, 'A'));
    assert_false(gcm_stage_pairs_are_single(stage, 1, 'B'));
    gcm_stage_close(stage);
}

/* Whatever the order in which rows came, and however often the file was opened meanwhile. */
static void repeats_are_found_in_whatever_order_they_came(void **state)
{
    (void)state;
    static const char *const orders[][5] = {{"a", "b", "b", "c", "d"},
                                            {"b", "c", "d", "a", "b"},
                                            {"d", "c", "b", "a", "d"},
                                            {"a", "a", "b", "c", "d"},
                                            {"a", "b", "c", "d", "a"}};
    for (size_t order = 0; order < sizeof orders / sizeof *orders; order++)
        for (unsigned opened_at = 0; opened_at < 6; opened_at++) {
            struct gcm_stage *stage = opened(GCM_STAGE_CREATE);
            begin(stage);
            assert_int_equal(gcm_stage_clear(stage, GCM_NDF_NODES, &err), GCM_OK);
            commit(stage);
            for (unsigned i = 0; i < 5; i++) {
                if (i == opened_at) {
                    gcm_stage_close(stage);
                    stage = opened(GCM_STAGE_WORK);
                }
                begin(stage);
                put_node(stage, "User", orders[order][i], "{}");
                commit(stage);
            }
            assert_int_equal(seal(stage, GCM_NDF_NODES), 1);
            assert_int_equal(gcm_stage_count(stage, GCM_NDF_NODES), 4);
            gcm_stage_close(stage);
        }
    /* The same type again behind another one, and after a page that was taken back. */
    struct gcm_stage *stage = opened(GCM_STAGE_WORK);
    begin(stage);
    assert_int_equal(gcm_stage_clear(stage, GCM_NDF_NODES, &err), GCM_OK);
    put_node(stage, "User", "a", "{}");
    commit(stage);
    begin(stage);
    put_node(stage, "User", "b", "{}");
    gcm_stage_rollback(stage);
    begin(stage);
    put_node(stage, "Post", "a", "{}");
    put_node(stage, "User", "a", "{}");
    commit(stage);
    assert_int_equal(seal(stage, GCM_NDF_NODES), 1);
    gcm_stage_close(stage);
}

/* One byte of a page in the middle; the file's time stays, or does not. */
static void damage(bool touch)
{
    struct stat status;
    int fd = open(path_of("stage.db"), O_RDWR);
    assert_true(fd >= 0);
    assert_int_equal(fstat(fd, &status), 0);
    char noise[200];
    memset(noise, 0x5a, sizeof noise);
    off_t place = status.st_size / 2 / 16384 * 16384;
    assert_int_equal(pwrite(fd, noise, sizeof noise, place), sizeof noise);
    if (!touch) {
        const struct timespec times[2] = {status.st_atim, status.st_mtim};
        assert_int_equal(futimens(fd, times), 0);
    }
    close(fd);
}

static void all_is_read_if_somebody_wrote_to_the_file(void **state)
{
    (void)state;
    struct gcm_stage *stage = opened(GCM_STAGE_CREATE);
    begin(stage);
    for (unsigned n = 0; n < 20000; n++)
        put_node(stage, "User", gcm_cstring(&arena, id_of(n)), "{\"name\":\"somebody\"}");
    commit(stage);
    seal(stage, GCM_NDF_NODES);
    gcm_stage_close(stage);
    gcm_stage_close(opened(GCM_STAGE_WORK));
    damage(false);
    gcm_stage_close(opened(GCM_STAGE_WORK)); /* as it was closed, so far as can be seen */
    damage(true);
    assert_int_equal(gcm_stage_open(&arena, gcm_slice_of(folder), GCM_STAGE_WORK, &stage, &err),
                     GCM_ENVIRONMENT);
    assert_true(gcm_slice_has(err.message, "damaged"));
    assert_int_equal(gcm_stage_open(&arena, gcm_slice_of(folder), GCM_STAGE_WORK, &stage, &err),
                     GCM_ENVIRONMENT);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(nodes_are_found_in_whatever_order_they_are_asked_for),
        TEST(a_link_is_single_as_long_as_nobody_has_two_rows),
        TEST(repeats_are_found_in_whatever_order_they_came),
        TEST(all_is_read_if_somebody_wrote_to_the_file),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
