/* stage: the file between source and target: whose it is, who may use it, and what it keeps. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "core/file.h"
#include "stage/findings.h"
#include "stage/outbox.h"
#include "stage/records.h"

#include <fcntl.h>
#include <signal.h>
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

static struct gcm_arena arena;
static struct gcm_error err;
static char folder[] = "/tmp/gcm-stage-XXXXXX";
static struct gcm_slice inside;
static int nth;

static int setup(void **state)
{
    (void)state;
    if (nth == 0)
        assert_non_null(mkdtemp(folder));
    inside = gcm_format(&arena, "%s/%d", folder, ++nth);
    return 0;
}

static int teardown(void **state)
{
    (void)state;
    gcm_arena_free(&arena);
    return 0;
}

static int remove_folder(void **state)
{
    (void)state;
    static const char *const names[] = {"stage.db", "stage.db-wal", "stage.db-shm", ".gitignore"};
    for (int i = 1; i <= nth; i++) {
        for (size_t n = 0; n < sizeof names / sizeof names[0]; n++)
            unlink(gcm_format(&arena, "%s/%d/%s", folder, i, names[n]).at);
        rmdir(gcm_format(&arena, "%s/%d", folder, i).at);
    }
    rmdir(folder);
    gcm_arena_free(&arena);
    return 0;
}

static const char *file(void)
{
    return gcm_format(&arena, "%.*s/stage.db", GCM_P(inside)).at;
}

static struct gcm_stage *opened(enum gcm_stage_use use)
{
    struct gcm_stage *stage = NULL;
    gcm_result result = gcm_stage_open(&arena, inside, use, &stage, &err);
    if (result != GCM_OK)
        print_error("%.*s\n", GCM_P(err.message));
    assert_int_equal(result, GCM_OK);
    return stage;
}

static void assert_refused(enum gcm_stage_use use, gcm_result code, const char *message)
{
    struct gcm_stage *stage = NULL;
    assert_int_equal(gcm_stage_open(&arena, inside, use, &stage, &err), code);
    assert_null(stage);
    if (!gcm_slice_has(err.message, message))
        fail_msg("\"%.*s\" does not say \"%s\"", GCM_P(err.message), message);
}

static void run_sql(const char *sql)
{
    sqlite3 *db = NULL;
    char *message = NULL;
    assert_int_equal(sqlite3_open(file(), &db), SQLITE_OK);
    if (sqlite3_exec(db, sql, NULL, NULL, &message) != SQLITE_OK)
        fail_msg("%s: %s", sql, message);
    sqlite3_close(db);
}

static void assert_text(struct gcm_slice text, const char *expected)
{
    assert_string_equal(gcm_cstring(&arena, text), expected);
}

static void put_node(struct gcm_stage *stage, const char *type, const char *id, const char *body)
{
    assert_int_equal(
        gcm_stage_put_node(stage, gcm_slice_of(type), gcm_slice_of(id), gcm_slice_of(body), &err),
        GCM_OK);
}

static void put_list(struct gcm_stage *stage, const char *id, const char *body)
{
    assert_int_equal(gcm_stage_put_list(stage, GCM_S("User"), gcm_slice_of(id), GCM_S("tags"),
                                        gcm_slice_of(body), &err),
                     GCM_OK);
}

static void put_pair(struct gcm_stage *stage, const char *b, const char *a)
{
    const struct gcm_ndf_end ends[2] = {{GCM_S("Post"), gcm_slice_of(b), GCM_S("author")},
                                        {GCM_S("User"), gcm_slice_of(a), GCM_S("posts")}};
    assert_int_equal(gcm_stage_put_pair(stage, &ends[0], &ends[1], &err), GCM_OK);
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

/* In a process of its own, which then waits to be killed. */
static pid_t fork_holder(void)
{
    int pipes[2];
    char ready;
    assert_int_equal(pipe(pipes), 0);
    pid_t child = fork();
    if (child == 0) {
        struct gcm_stage *stage = NULL;
        ready =
            gcm_stage_open(&arena, inside, GCM_STAGE_CREATE, &stage, &err) == GCM_OK &&
            gcm_stage_begin(stage, &err) == GCM_OK &&
            gcm_stage_put_node(stage, GCM_S("User"), GCM_S("lost"), GCM_S("{}"), &err) == GCM_OK;
        if (write(pipes[1], &ready, 1) == 1)
            pause();
        _exit(1);
    }
    assert_int_equal(read(pipes[0], &ready, 1), 1);
    assert_int_equal(ready, 1);
    close(pipes[0]);
    close(pipes[1]);
    return child;
}

static void a_second_process_is_refused_until_the_first_is_gone_even_by_kill_9(void **state)
{
    (void)state;
    pid_t child = fork_holder();
    assert_refused(GCM_STAGE_WORK, GCM_STATE, "another process works on");
    struct gcm_stage *reader = opened(GCM_STAGE_WATCH);
    assert_int_equal(gcm_stage_count(reader, GCM_NDF_NODES), 0);
    assert_true(gcm_stage_in_use(reader));
    gcm_stage_close(reader);
    kill(child, SIGKILL);
    waitpid(child, NULL, 0);
    reader = opened(GCM_STAGE_WATCH);
    assert_false(gcm_stage_in_use(reader));
    gcm_stage_close(reader);
    struct gcm_stage *stage = opened(GCM_STAGE_WORK);
    assert_int_equal(gcm_stage_last_row(stage, GCM_NDF_NODES), 0); /* was never committed */
    gcm_stage_close(stage);
}

static void a_reader_sees_what_was_committed_while_another_works(void **state)
{
    (void)state;
    struct gcm_stage *stage = opened(GCM_STAGE_CREATE);
    begin(stage);
    put_node(stage, "User", "u1", "{}");
    commit(stage);
    begin(stage);
    put_node(stage, "User", "u2", "{}");
    struct gcm_stage *reader = opened(GCM_STAGE_WATCH);
    assert_int_equal(gcm_stage_count(reader, GCM_NDF_NODES), 1);
    assert_int_not_equal(gcm_stage_put_note(reader, "x", GCM_S("y"), &err), GCM_OK);
    gcm_stage_close(reader);
    commit(stage);
    gcm_stage_close(stage);
}

static void what_is_not_there_is_bad_input(void **state)
{
    (void)state;
    assert_refused(GCM_STAGE_WORK, GCM_BAD_INPUT, "nothing was exported yet");
    assert_refused(GCM_STAGE_WATCH, GCM_BAD_INPUT, "nothing was exported yet");
}

static void the_folder_is_for_its_owner_alone(void **state)
{
    (void)state;
    struct stat status;
    gcm_stage_close(opened(GCM_STAGE_CREATE));
    assert_int_equal(stat(gcm_cstring(&arena, inside), &status), 0);
    assert_int_equal(status.st_mode & 0777, 0700);
    assert_int_equal(stat(file(), &status), 0);
    assert_int_equal(status.st_mode & 0777, 0600);
}

static void closing_leaves_one_file(void **state)
{
    (void)state;
    struct gcm_stage *stage = opened(GCM_STAGE_CREATE);
    begin(stage);
    put_node(stage, "User", "u1", "{}");
    commit(stage);
    gcm_stage_close(stage);
    assert_int_not_equal(access(gcm_format(&arena, "%s-wal", file()).at, F_OK), 0);
}

/* A question about a node is never closed by those who ask: its answer must not keep the log from
 * being written to the file. */
static void the_log_stays_small_whatever_was_asked(void **state)
{
    (void)state;
    enum { PAGES = 40, PAGE = 1000000 };
    struct gcm_stage *stage = opened(GCM_STAGE_CREATE);
    struct gcm_staged_node node;
    struct stat log;
    char *body = gcm_arena_text(&arena, PAGE + 3);
    memset(body, ' ', PAGE + 2);
    body[0] = '[', body[PAGE + 1] = ']', body[PAGE + 2] = '\0';
    begin(stage);
    put_node(stage, "User", "u1", "{}");
    commit(stage);
    for (int i = 0; i < PAGES; i++) {
        int64_t type = gcm_stage_name(stage, GCM_S("User"), false);
        assert_int_equal(gcm_stage_node(stage, type, GCM_S("u1"), &node, &err), GCM_OK);
        begin(stage);
        put_list(stage, "u1", body);
        commit(stage);
    }
    assert_int_equal(stat(gcm_format(&arena, "%s-wal", file()).at, &log), 0);
    assert_true(log.st_size < 8 * PAGE);
    gcm_stage_close(stage);
}

static void the_guard_ties_the_stage_to_what_it_was_used_with(void **state)
{
    (void)state;
    struct gcm_stage *stage = opened(GCM_STAGE_CREATE);
    const struct gcm_guard first = {
        .project = GCM_S("p1"), .source = GCM_S("a.zip"), .plan = GCM_S("plan1")};
    assert_int_equal(gcm_stage_guard(stage, &first, &err), GCM_OK);
    const struct gcm_guard target = {.target = GCM_S("http://localhost:4466/x/dev")};
    assert_int_equal(gcm_stage_guard(stage, &target, &err), GCM_OK);
    begin(stage);
    put_node(stage, "User", "u1", "{}");
    commit(stage);
    gcm_stage_close(stage);
    stage = opened(GCM_STAGE_WORK);
    const struct gcm_guard other = {.source = GCM_S("b.zip")};
    assert_int_equal(gcm_stage_guard(stage, &other, &err), GCM_STATE);
    assert_true(gcm_slice_has(err.message, "another source: it was a.zip, now it is b.zip"));
    struct gcm_guard kept;
    gcm_stage_belongs(stage, &kept);
    assert_text(kept.source, "a.zip");
    assert_text(kept.target, "http://localhost:4466/x/dev");
    gcm_stage_close(stage);
}

static void a_source_of_which_nothing_was_staged_binds_nobody(void **state)
{
    (void)state;
    struct gcm_stage *stage = opened(GCM_STAGE_CREATE);
    const struct gcm_guard wrong = {.project = GCM_S("p1"), .source = GCM_S("http://tpyo")};
    const struct gcm_guard right = {.project = GCM_S("p2"), .source = GCM_S("http://typo")};
    assert_int_equal(gcm_stage_guard(stage, &wrong, &err), GCM_OK);
    assert_int_equal(gcm_stage_put_note(stage, "export.types", GCM_S("{}"), &err), GCM_OK);
    assert_int_equal(gcm_stage_guard(stage, &right, &err), GCM_OK);
    assert_text(gcm_stage_note(stage, "export.types"), "");
    begin(stage);
    put_node(stage, "User", "u1", "{}");
    commit(stage);
    assert_int_equal(gcm_stage_guard(stage, &wrong, &err), GCM_STATE);
    assert_true(gcm_slice_has(err.message, "another project: its types"));
    gcm_stage_close(stage);
}

static void the_target_may_change_until_something_was_sent(void **state)
{
    (void)state;
    struct gcm_stage *stage = opened(GCM_STAGE_CREATE);
    const struct gcm_guard one = {.target = GCM_S("http://a")}, two = {.target = GCM_S("http://b")};
    assert_int_equal(gcm_stage_guard(stage, &one, &err), GCM_OK);
    assert_int_equal(gcm_stage_guard(stage, &two, &err), GCM_OK);
    struct gcm_chunk chunk = {.first = 1, .last = 2, .state = GCM_CHUNK_SENT};
    assert_int_equal(gcm_outbox_add(stage, &chunk, &err), GCM_OK);
    assert_int_equal(gcm_stage_guard(stage, &one, &err), GCM_STATE);
    gcm_stage_close(stage);
}

static void the_plan_may_change_until_something_was_sent(void **state)
{
    (void)state;
    struct gcm_stage *stage = opened(GCM_STAGE_CREATE);
    const struct gcm_guard one = {.plan = GCM_S("1")}, two = {.plan = GCM_S("2")};
    assert_int_equal(gcm_stage_guard(stage, &one, &err), GCM_OK);
    assert_int_equal(gcm_stage_guard(stage, &two, &err), GCM_OK);
    struct gcm_chunk chunk = {.first = 1, .last = 2, .state = GCM_CHUNK_SENT};
    assert_int_equal(gcm_outbox_add(stage, &chunk, &err), GCM_OK);
    assert_int_equal(gcm_stage_guard(stage, &one, &err), GCM_STATE);
    assert_int_equal(gcm_stage_guard(stage, &two, &err), GCM_OK);
    gcm_stage_close(stage);
}

static void a_rollback_takes_back_names_and_totals_too(void **state)
{
    (void)state;
    struct gcm_stage *stage = opened(GCM_STAGE_CREATE);
    begin(stage);
    put_node(stage, "User", "u1", "{\"a\":1}");
    commit(stage);
    begin(stage);
    put_node(stage, "Post", "p1", "{}");
    put_pair(stage, "p1", "u1");
    gcm_stage_rollback(stage);
    assert_int_equal(gcm_stage_name(stage, GCM_S("Post"), false), 0);
    assert_int_equal(gcm_stage_count(stage, GCM_NDF_NODES), 1);
    assert_int_equal(gcm_stage_last_row(stage, GCM_NDF_NODES), 1);
    assert_int_equal(gcm_stage_last_row(stage, GCM_NDF_RELATIONS), 0);
    begin(stage);
    put_node(stage, "Comment", "c1", "{}");
    commit(stage);
    struct gcm_staged_node node;
    seal(stage, GCM_NDF_NODES);
    int64_t type = gcm_stage_name(stage, GCM_S("Comment"), false);
    assert_int_equal(gcm_stage_node(stage, type, GCM_S("c1"), &node, &err), GCM_OK);
    assert_int_equal(node.row, 2);
    gcm_stage_close(stage);
}

static void bytes_come_back_as_they_were_put(void **state)
{
    (void)state;
    static const char body[] = "{\"n\":1.50,\"t\":\"a\\u0000b\",\"raw\":\"x\0y\"}";
    struct gcm_stage *stage = opened(GCM_STAGE_CREATE);
    const struct gcm_slice bytes = {body, sizeof body - 1}, id = {"a\0b", 3};
    begin(stage);
    assert_int_equal(gcm_stage_put_node(stage, GCM_S("User"), id, bytes, &err), GCM_OK);
    commit(stage);
    seal(stage, GCM_NDF_NODES);
    gcm_stage_close(stage);
    stage = opened(GCM_STAGE_WORK);
    int64_t type = gcm_stage_name(stage, GCM_S("User"), false);
    struct gcm_staged_node node;
    assert_int_equal(gcm_stage_node(stage, type, id, &node, &err), GCM_OK);
    assert_true(gcm_slice_equal(node.body, bytes));
    assert_true(gcm_slice_equal(node.id, id));
    assert_int_equal(gcm_stage_node(stage, type, GCM_S("a"), &node, &err), GCM_END);
    assert_true(gcm_stage_has_node(stage, type, id));
    assert_int_equal(gcm_stage_bytes(stage, GCM_NDF_NODES), bytes.size);
    gcm_stage_close(stage);
}

static void sealing_drops_exact_repeats_and_keeps_what_differs(void **state)
{
    (void)state;
    struct gcm_stage *stage = opened(GCM_STAGE_CREATE);
    begin(stage);
    put_node(stage, "User", "u1", "{\"a\":1}");
    put_node(stage, "User", "u2", "{\"a\":2}");
    put_node(stage, "User", "u1", "{\"a\":1}");
    put_node(stage, "User", "u2", "{\"a\":3}");
    put_node(stage, "Post", "u1", "{\"a\":1}");
    put_pair(stage, "p1", "u1");
    put_pair(stage, "p2", "u1");
    put_pair(stage, "p1", "u2");
    put_pair(stage, "p1", "u1");
    put_pair(stage, "p1", "u1");
    commit(stage);
    assert_int_equal(seal(stage, GCM_NDF_NODES), 1);
    assert_int_equal(seal(stage, GCM_NDF_RELATIONS), 2);
    assert_int_equal(seal(stage, GCM_NDF_RELATIONS), 0);
    assert_int_equal(gcm_stage_count(stage, GCM_NDF_NODES), 4);
    assert_int_equal(gcm_stage_count_of(stage, gcm_stage_name(stage, GCM_S("User"), false)), 3);
    struct gcm_staged_links links = {0};
    assert_int_equal(gcm_stage_links(stage, &arena, &links, &err), GCM_OK);
    assert_int_equal(links.count, 1);
    assert_int_equal(links.at[0].pairs, 3);
    assert_text(links.at[0].b.field, "author");
    gcm_stage_close(stage);
}

static void equal_pieces_of_one_list_are_no_repeats_but_the_same_list_again_is(void **state)
{
    (void)state;
    struct gcm_stage *stage = opened(GCM_STAGE_CREATE);
    begin(stage);
    put_list(stage, "u1", "[1]"); /* one list in three pieces */
    put_list(stage, "u1", "[1]");
    put_list(stage, "u1", "[2]");
    put_list(stage, "u2", "[1]");
    put_list(stage, "u1", "[1]"); /* again, in pieces */
    put_list(stage, "u1", "[1]");
    put_list(stage, "u1", "[2]");
    put_list(stage, "u3", "[5]");
    put_list(stage, "u2", "[1]"); /* again */
    put_list(stage, "u4", "[1]");
    put_list(stage, "u1", "[1]"); /* something else */
    commit(stage);
    assert_int_equal(seal(stage, GCM_NDF_LISTS), 4);
    struct gcm_rows *rows = NULL;
    struct gcm_staged_list list;
    int64_t type = gcm_stage_name(stage, GCM_S("User"), false);
    int64_t expected[] = {1, 2, 3, 11};
    assert_int_equal(gcm_rows_lists_of(stage, type, GCM_S("u1"), 0, &rows, &err), GCM_OK);
    for (size_t i = 0; i < 4; i++) {
        assert_int_equal(gcm_rows_list(rows, &list, &err), GCM_OK);
        assert_int_equal(list.row, expected[i]);
    }
    assert_int_equal(gcm_rows_list(rows, &list, &err), GCM_END);
    gcm_rows_close(rows);
    gcm_stage_close(stage);
}

static void more_repeats_than_a_batch_are_all_dropped(void **state)
{
    (void)state;
    struct gcm_stage *stage = opened(GCM_STAGE_CREATE);
    begin(stage);
    for (int i = 0; i < 6000; i++)
        put_node(stage, "User", gcm_format(&arena, "u%d", i % 3000).at, "{}");
    commit(stage);
    assert_int_equal(seal(stage, GCM_NDF_NODES), 3000);
    assert_int_equal(gcm_stage_count(stage, GCM_NDF_NODES), 3000);
    gcm_stage_close(stage);
}

static void cursors_may_be_open_together(void **state)
{
    (void)state;
    struct gcm_stage *stage = opened(GCM_STAGE_CREATE);
    begin(stage);
    for (int i = 1; i <= 5; i++)
        put_node(stage, "User", gcm_format(&arena, "u%d", i).at, "{}");
    put_pair(stage, "p1", "u1");
    put_pair(stage, "p2", "u1");
    commit(stage);
    seal(stage, GCM_NDF_RELATIONS);
    struct gcm_rows *one = NULL, *two = NULL, *pairs = NULL;
    struct gcm_staged_node node;
    struct gcm_staged_pair pair;
    assert_int_equal(gcm_rows_nodes(stage, 2, 4, &one, &err), GCM_OK);
    assert_int_equal(gcm_rows_nodes(stage, 5, INT64_MAX, &two, &err), GCM_OK);
    assert_int_equal(gcm_rows_node(one, &node, &err), GCM_OK);
    assert_text(node.id, "u2");
    assert_int_equal(gcm_rows_node(two, &node, &err), GCM_OK);
    assert_text(node.id, "u5");
    assert_int_equal(gcm_rows_node(two, &node, &err), GCM_END);
    gcm_rows_close(two);
    assert_int_equal(gcm_rows_pairs_of(stage, 1, 'A', GCM_S("u1"), &pairs, &err), GCM_OK);
    assert_int_equal(gcm_rows_pair(pairs, &pair, &err), GCM_OK);
    assert_int_equal(gcm_rows_pair(pairs, &pair, &err), GCM_OK);
    assert_text(pair.b, "p2");
    assert_int_equal(gcm_rows_pair(pairs, &pair, &err), GCM_END);
    gcm_rows_close(pairs);
    assert_int_equal(gcm_rows_node(one, &node, &err), GCM_OK);
    assert_text(node.id, "u3");
    gcm_rows_close(one);
    gcm_rows_close(NULL);
    gcm_stage_close(stage);
}

static void clearing_a_kind_starts_its_rows_again(void **state)
{
    (void)state;
    struct gcm_stage *stage = opened(GCM_STAGE_CREATE);
    begin(stage);
    put_node(stage, "User", "u1", "{}");
    put_pair(stage, "p1", "u1");
    assert_int_equal(
        gcm_stage_put_page(stage, GCM_NDF_NODES, GCM_S("nodes/000001.json"), 1, 2, &err), GCM_OK);
    commit(stage);
    seal(stage, GCM_NDF_NODES);
    begin(stage);
    assert_int_equal(gcm_stage_clear(stage, GCM_NDF_NODES, &err), GCM_OK);
    put_node(stage, "User", "u9", "{}");
    commit(stage);
    assert_int_equal(gcm_stage_last_row(stage, GCM_NDF_NODES), 1);
    assert_int_equal(gcm_stage_count(stage, GCM_NDF_NODES), 1);
    assert_int_equal(gcm_stage_count(stage, GCM_NDF_RELATIONS), 1);
    gcm_stage_close(stage);
}

static void steps_remember_how_far_they_came(void **state)
{
    (void)state;
    struct gcm_step_row row;
    struct gcm_stage *stage = opened(GCM_STAGE_CREATE);
    assert_int_equal(gcm_stage_step(stage, GCM_STEP_LISTS, &row, &err), GCM_OK);
    assert_int_equal(row.state, GCM_STEP_NOT_YET);
    assert_int_equal(
        gcm_stage_set_step(stage, GCM_STEP_LISTS, GCM_STEP_STARTED, GCM_S("0 7"), GCM_S(""), &err),
        GCM_OK);
    assert_int_equal(gcm_stage_step(stage, GCM_STEP_LISTS, &row, &err), GCM_OK);
    assert_int_equal(row.state, GCM_STEP_STARTED);
    assert_text(row.cursor, "0 7");
    assert_int_equal(row.started.size, 20);
    assert_int_equal(row.ended.size, 0);
    assert_int_equal(
        gcm_stage_set_step(stage, GCM_STEP_LISTS, GCM_STEP_DONE, GCM_S(""), GCM_S("7 lists"), &err),
        GCM_OK);
    assert_int_equal(gcm_stage_step(stage, GCM_STEP_LISTS, &row, &err), GCM_OK);
    assert_int_equal(row.state, GCM_STEP_DONE);
    assert_text(row.outcome, "7 lists");
    assert_int_equal(row.ended.size, 20);
    gcm_stage_close(stage);
}

static struct gcm_chunk next(struct gcm_stage *stage, enum gcm_chunk_state state)
{
    struct gcm_chunk chunk = {0};
    if (gcm_outbox_next(stage, GCM_NDF_LISTS, GCM_S(""), state, &chunk, &err) == GCM_END)
        chunk.key = 0;
    return chunk;
}

static void a_sent_chunk_is_unknown_after_a_crash_and_settled_in_pieces(void **state)
{
    (void)state;
    struct gcm_stage *stage = opened(GCM_STAGE_CREATE);
    assert_true(gcm_outbox_empty(stage));
    struct gcm_chunk chunk = {
        .kind = GCM_NDF_LISTS, .first = 1, .last = 10, .elements = 10, .state = GCM_CHUNK_SENT};
    assert_int_equal(gcm_outbox_add(stage, &chunk, &err), GCM_OK);
    chunk.first = 11;
    chunk.last = 12;
    assert_int_equal(gcm_outbox_add(stage, &chunk, &err), GCM_OK);
    assert_int_equal(gcm_outbox_set(stage, chunk.key, GCM_CHUNK_CONFIRMED, &err), GCM_OK);
    assert_false(gcm_outbox_empty(stage));
    gcm_stage_close(stage);
    stage = opened(GCM_STAGE_WORK);
    assert_int_equal(gcm_outbox_recover(stage, &err), GCM_OK);
    struct gcm_chunk unknown = next(stage, GCM_CHUNK_UNKNOWN);
    assert_int_equal(unknown.first, 1);
    assert_int_equal(unknown.tries, 1);
    assert_int_equal(gcm_outbox_reached(stage, GCM_NDF_LISTS, GCM_S("")), 12);
    const struct gcm_chunk pieces[] = {
        {.first = 1, .last = 4, .elements = 4, .state = GCM_CHUNK_CONFIRMED},
        {.first = 5, .last = 5, .skip = 3, .state = GCM_CHUNK_PENDING},
        {.first = 6, .last = 10, .state = GCM_CHUNK_PENDING}};
    begin(stage);
    assert_int_equal(gcm_outbox_replace(stage, &unknown, pieces, 3, &err), GCM_OK);
    commit(stage);
    assert_int_equal(next(stage, GCM_CHUNK_UNKNOWN).key, 0);
    struct gcm_chunk pending = next(stage, GCM_CHUNK_PENDING);
    assert_int_equal(pending.first, 5);
    assert_int_equal(pending.skip, 3);
    assert_int_equal(gcm_outbox_set(stage, pending.key, GCM_CHUNK_SENT, &err), GCM_OK);
    assert_int_equal(next(stage, GCM_CHUNK_SENT).tries, 2);
    assert_int_equal(gcm_outbox_count(stage, GCM_NDF_LISTS, GCM_CHUNK_CONFIRMED).chunks, 2);
    assert_int_equal(gcm_outbox_count(stage, GCM_NDF_LISTS, GCM_CHUNK_CONFIRMED).elements, 14);
    gcm_stage_close(stage);
}

static gcm_result count_reject(void *context, const struct gcm_reject *reject,
                               struct gcm_error *error)
{
    (void)error;
    *(int *)context += (int)reject->row;
    return GCM_OK;
}

static void a_record_is_rejected_once(void **state)
{
    (void)state;
    int sum = 0;
    struct gcm_stage *stage = opened(GCM_STAGE_CREATE);
    struct gcm_reject reject = {.kind = GCM_NDF_NODES,
                                .row = 7,
                                .type = GCM_S("User"),
                                .id = GCM_S("u7"),
                                .reason = GCM_S("Duplicate entry")};
    assert_int_equal(gcm_reject_add(stage, &reject, &err), GCM_OK);
    assert_int_equal(gcm_reject_add(stage, &reject, &err), GCM_OK);
    reject.kind = GCM_NDF_LISTS;
    assert_int_equal(gcm_reject_add(stage, &reject, &err), GCM_OK);
    assert_int_equal(gcm_reject_count(stage), 2);
    assert_true(gcm_reject_has(stage, GCM_NDF_LISTS, 7));
    assert_false(gcm_reject_has(stage, GCM_NDF_RELATIONS, 7));
    assert_int_equal(gcm_reject_each(stage, count_reject, &sum, &err), GCM_OK);
    assert_int_equal(sum, 14);
    gcm_stage_close(stage);
}

static gcm_result count_finding(void *context, const struct gcm_finding *finding,
                                struct gcm_error *error)
{
    (void)error;
    (void)finding;
    ++*(int *)context;
    return GCM_OK;
}

static void findings_are_counted_by_rule_type_and_field(void **state)
{
    (void)state;
    struct gcm_stage *stage = opened(GCM_STAGE_CREATE);
    for (int i = 0; i < 5; i++) {
        const struct gcm_finding finding = {.rule =
                                                i < 3 ? GCM_S("GCM-REC-001") : GCM_S("GCM-REC-002"),
                                            .type = GCM_S("User"),
                                            .id = gcm_format(&arena, "u%d", i),
                                            .field = GCM_S("name"),
                                            .detail = GCM_S("x")};
        assert_int_equal(
            gcm_finding_add(stage, i ? GCM_STEP_CHECK : GCM_STEP_NODES, &finding, &err), GCM_OK);
    }
    struct gcm_finding_counts counts = {0};
    assert_int_equal(gcm_findings_count(stage, &arena, &counts, &err), GCM_OK);
    assert_int_equal(counts.count, 2);
    assert_int_equal(counts.at[0].count, 3);
    assert_true(
        gcm_finding_has(stage, GCM_S("GCM-REC-001"), GCM_S("User"), GCM_S("u2"), GCM_S("name")));
    assert_false(
        gcm_finding_has(stage, GCM_S("GCM-REC-001"), GCM_S("User"), GCM_S("u4"), GCM_S("name")));
    int seen = 0;
    assert_int_equal(gcm_findings_each(stage, GCM_S("GCM-REC-001"), 2, count_finding, &seen, &err),
                     GCM_OK);
    assert_int_equal(seen, 2);
    assert_int_equal(gcm_findings_clear(stage, GCM_STEP_CHECK, &err), GCM_OK);
    seen = 0;
    assert_int_equal(gcm_findings_each(stage, GCM_S(""), 0, count_finding, &seen, &err), GCM_OK);
    assert_int_equal(seen, 1);
    gcm_stage_close(stage);
}

static void a_foreign_file_is_none_of_ours(void **state)
{
    (void)state;
    mkdir(gcm_cstring(&arena, inside), 0700);
    assert_int_equal(gcm_file_write(&arena, gcm_slice_of(file()),
                                    GCM_S("this is no database, but a text that somebody left"),
                                    &err),
                     GCM_OK);
    assert_refused(GCM_STAGE_WORK, GCM_STATE, "is no stage of graphcool-migrate");
    assert_refused(GCM_STAGE_WATCH, GCM_STATE, "is no stage of graphcool-migrate");
    unlink(file());
    run_sql("CREATE TABLE guard(x)");
    assert_refused(GCM_STAGE_CREATE, GCM_STATE, "is no stage of graphcool-migrate");
}

static void tables_that_are_not_exactly_ours_are_refused(void **state)
{
    (void)state;
    static const char *const changes[] = {
        "CREATE TRIGGER t AFTER INSERT ON node BEGIN DELETE FROM pair; END",
        "CREATE VIEW v AS SELECT 1",
        "DROP TABLE reject",
        "ALTER TABLE node ADD COLUMN more TEXT",
        "DROP TABLE node; CREATE TABLE node(row, type, id, body)",
        "CREATE TABLE more(x)",
    };
    for (size_t i = 0; i < sizeof changes / sizeof changes[0]; i++) {
        unlink(file());
        gcm_stage_close(opened(GCM_STAGE_CREATE));
        run_sql(changes[i]);
        assert_refused(GCM_STAGE_WORK, GCM_STATE, "is no stage of graphcool-migrate");
        assert_refused(GCM_STAGE_WATCH, GCM_STATE, "is no stage of graphcool-migrate");
    }
}

static void a_newer_file_is_refused(void **state)
{
    (void)state;
    gcm_stage_close(opened(GCM_STAGE_CREATE));
    run_sql("PRAGMA user_version = 99");
    assert_refused(GCM_STAGE_WORK, GCM_STATE, "made by a newer graphcool-migrate");
}

static void an_empty_file_becomes_a_stage_only_by_export(void **state)
{
    (void)state;
    mkdir(gcm_cstring(&arena, inside), 0700);
    assert_int_equal(gcm_file_write(&arena, gcm_slice_of(file()), GCM_S(""), &err), GCM_OK);
    assert_refused(GCM_STAGE_WORK, GCM_BAD_INPUT, "is empty");
    gcm_stage_close(opened(GCM_STAGE_CREATE));
    gcm_stage_close(opened(GCM_STAGE_WORK));
}

/* Whatever bytes are overwritten: an error, or a stage that can be read to its end. */
static void a_damaged_file_gives_an_error_and_never_a_crash(void **state)
{
    (void)state;
    struct gcm_stage *stage = opened(GCM_STAGE_CREATE);
    begin(stage);
    for (int i = 0; i < 3000; i++)
        put_node(stage, "User", gcm_format(&arena, "user%06d", i).at, "{\"name\":\"somebody\"}");
    commit(stage);
    seal(stage, GCM_NDF_NODES);
    gcm_stage_close(stage);
    struct gcm_file *whole = NULL;
    assert_int_equal(
        gcm_file_read(&arena, gcm_slice_of(file()), GCM_S("stage.db"), SIZE_MAX / 2, &whole, &err),
        GCM_OK);
    unsigned refused = 0, random = 7;
    for (unsigned round = 0; round < 200; round++) {
        struct gcm_arena own = {0};
        char *bytes = gcm_arena_text(&own, whole->text.size);
        memcpy(bytes, whole->text.at, whole->text.size);
        for (unsigned i = 0; i <= round % 40; i++) {
            random = random * 1103515245 + 12345;
            bytes[(random >> 4) % whole->text.size] = (char)(random >> 24);
        }
        size_t size = round % 5 == 4 ? whole->text.size / 2 : whole->text.size;
        assert_int_equal(
            gcm_file_write(&own, gcm_slice_of(file()), (struct gcm_slice){bytes, size}, &err),
            GCM_OK);
        struct gcm_rows *rows = NULL;
        struct gcm_staged_node node;
        gcm_result result = gcm_stage_open(&own, inside, GCM_STAGE_WORK, &stage, &err);
        if (result == GCM_OK) {
            result = gcm_rows_nodes(stage, 1, INT64_MAX, &rows, &err);
            while (result == GCM_OK)
                result = gcm_rows_node(rows, &node, &err);
            gcm_rows_close(rows);
            gcm_stage_close(stage);
        }
        assert_true(result == GCM_END || result == GCM_STATE || result == GCM_ENVIRONMENT ||
                    result == GCM_BAD_INPUT);
        refused += result != GCM_END;
        gcm_arena_free(&own);
    }
    assert_true(refused > 40); /* every half file at least */
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
    const struct CMUnitTest tests[] = {
        TEST(a_second_process_is_refused_until_the_first_is_gone_even_by_kill_9),
        TEST(a_reader_sees_what_was_committed_while_another_works),
        TEST(what_is_not_there_is_bad_input),
        TEST(the_folder_is_for_its_owner_alone),
        TEST(closing_leaves_one_file),
        TEST(the_log_stays_small_whatever_was_asked),
        TEST(the_guard_ties_the_stage_to_what_it_was_used_with),
        TEST(a_source_of_which_nothing_was_staged_binds_nobody),
        TEST(the_target_may_change_until_something_was_sent),
        TEST(the_plan_may_change_until_something_was_sent),
        TEST(a_rollback_takes_back_names_and_totals_too),
        TEST(bytes_come_back_as_they_were_put),
        TEST(sealing_drops_exact_repeats_and_keeps_what_differs),
        TEST(equal_pieces_of_one_list_are_no_repeats_but_the_same_list_again_is),
        TEST(more_repeats_than_a_batch_are_all_dropped),
        TEST(cursors_may_be_open_together),
        TEST(clearing_a_kind_starts_its_rows_again),
        TEST(steps_remember_how_far_they_came),
        TEST(a_sent_chunk_is_unknown_after_a_crash_and_settled_in_pieces),
        TEST(a_record_is_rejected_once),
        TEST(findings_are_counted_by_rule_type_and_field),
        TEST(a_foreign_file_is_none_of_ours),
        TEST(tables_that_are_not_exactly_ours_are_refused),
        TEST(a_newer_file_is_refused),
        TEST(an_empty_file_becomes_a_stage_only_by_export),
        TEST(a_damaged_file_gives_an_error_and_never_a_crash),
    };
    return cmocka_run_group_tests(tests, NULL, remove_folder);
}
