/* core: slices, arenas, vectors, maps, buffers, places. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "core/error.h"
#include "core/file.h"
#include "core/map.h"

static void slice_is_trimmed_and_compared_by_bytes(void **state)
{
    (void)state;
    assert_true(gcm_slice_is(gcm_slice_trim(GCM_S(" \tab \r\n")), "ab"));
    assert_true(gcm_slice_equal_nocase(GCM_S("Post"), GCM_S("pOST")));
    assert_true(gcm_slice_compare(GCM_S("a"), GCM_S("ab")) < 0);
    assert_true(gcm_slice_compare(GCM_S("b"), GCM_S("ab")) > 0);
    assert_int_equal(gcm_slice_find(GCM_S("a:b"), ':'), 1);
    assert_int_equal(gcm_slice_sub(GCM_S("abc"), 5, 9).size, 0);
}

static void map_finds_every_key_after_growing(void **state)
{
    (void)state;
    struct gcm_arena arena = {0};
    struct gcm_map map = {0};
    for (int i = 0; i < 1000; i++)
        assert_null(gcm_map_put(&arena, &map, gcm_format(&arena, "key %d", i), &map));
    for (int i = 0; i < 1000; i++)
        assert_ptr_equal(gcm_map_get(&map, gcm_format(&arena, "key %d", i)), &map);
    assert_null(gcm_map_get(&map, GCM_S("key 1000")));
    assert_int_equal(map.count, 1000);
    gcm_arena_free(&arena);
}

static void buffer_stops_at_its_cap(void **state)
{
    (void)state;
    struct gcm_arena arena = {0};
    struct gcm_buffer buffer = gcm_buffer(&arena, 8);
    gcm_puts(&buffer, "12345");
    gcm_puts(&buffer, "6789");
    assert_true(buffer.full);
    assert_true(gcm_slice_is(gcm_buffer_text(&buffer), "12345"));
    gcm_arena_free(&arena);
}

static void error_shows_line_and_caret(void **state)
{
    (void)state;
    struct gcm_arena arena = {0};
    struct gcm_file file = {GCM_S("types.graphql"), GCM_S("type A {\n  é: Strin!\n}\n")};
    struct gcm_error error = {.place = gcm_place_in(&file, 15, 6),
                              .message = GCM_S("no such type"),
                              .hint = GCM_S("did you mean String?")};
    struct gcm_buffer out = gcm_buffer(&arena, GCM_BUFFER_CAP);
    gcm_put_error(&out, &error);
    assert_string_equal(gcm_buffer_text(&out).at, "types.graphql:2:6: no such type\n"
                                                  "      é: Strin!\n"
                                                  "         ^^^^^^\n"
                                                  "    hint: did you mean String?\n");
    gcm_arena_free(&arena);
}

static void paths_are_joined(void **state)
{
    (void)state;
    struct gcm_arena arena = {0};
    assert_true(gcm_slice_is(gcm_path_join(&arena, GCM_S("a/b"), GCM_S("./c")), "a/b/c"));
    assert_true(gcm_slice_is(gcm_path_join(&arena, GCM_S("a"), GCM_S("/c")), "/c"));
    assert_true(gcm_slice_is(gcm_path_folder(GCM_S("a/b.c")), "a"));
    assert_true(gcm_slice_is(gcm_path_folder(GCM_S("b.c")), "."));
    assert_true(gcm_slice_is(gcm_path_name(GCM_S("a/b.c")), "b.c"));
    gcm_arena_free(&arena);
}

static void a_reused_arena_is_empty_and_zeroed(void **state)
{
    (void)state;
    struct gcm_arena arena = {0};
    gcm_arena_reuse(&arena);
    for (unsigned turn = 0; turn < 3; turn++) {
        for (unsigned i = 0; i < 100; i++) {
            char *bytes = gcm_arena_alloc(&arena, 1000);
            for (unsigned at = 0; at < 1000; at++)
                assert_int_equal(bytes[at], 0);
            memset(bytes, 'x', 1000);
            assert_true(gcm_arena_extend(&arena, bytes, 1000, 1000));
            if (gcm_arena_extend(&arena, bytes, 1000, 1010))
                for (unsigned at = 1000; at < 1010; at++)
                    assert_int_equal(bytes[at], 0);
            char *text = gcm_arena_text(&arena, 10);
            assert_int_equal(text[9], 0);
            memset(text, 'x', 10);
        }
        gcm_arena_reuse(&arena);
    }
    gcm_arena_text(&arena, 16 * 1024 * 1024);
    gcm_arena_reuse(&arena);
    assert_null(arena.newest); /* so much is given back */
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_reused_arena_is_empty_and_zeroed),
        cmocka_unit_test(slice_is_trimmed_and_compared_by_bytes),
        cmocka_unit_test(map_finds_every_key_after_growing),
        cmocka_unit_test(buffer_stops_at_its_cap),
        cmocka_unit_test(error_shows_line_and_caret),
        cmocka_unit_test(paths_are_joined),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
