/* What is known of the completeness, and how. */
#include "transfer/export/parts.h"

#include <stdarg.h>
#include <stdio.h>

/* What a finding means for the whole: rules/export.yml explains each. */
static const struct {
    const char *rule;
    enum gcm_completeness at_best;
} meanings[] = {
    {GCM_EXP_FOLDER_MISSING, GCM_INCOMPLETE}, {GCM_EXP_FOLDER_EMPTY, GCM_INCOMPLETE},
    {GCM_EXP_NUMBER_GAP, GCM_INCOMPLETE},     {GCM_EXP_LAST_FULL, GCM_SUSPECT},
    {GCM_EXP_LIST_PAGES, GCM_SUSPECT},        {GCM_EXP_LIST_CUT, GCM_INCOMPLETE},
    {GCM_EXP_NO_NODE, GCM_INCOMPLETE},        {GCM_EXP_TYPE_EMPTY, GCM_LOOKS_COMPLETE},
    {GCM_EXP_TYPE_UNKNOWN, GCM_SUSPECT},      {GCM_EXP_JSON_DIGITS, GCM_SUSPECT},
    {GCM_EXP_JSON_NULL, GCM_LOOKS_COMPLETE},  {GCM_EXP_LIST_ODD, GCM_SUSPECT},
    {GCM_EXP_REPEATED, GCM_SUSPECT},          {GCM_EXP_LIST_AMBIGUOUS, GCM_SUSPECT},
    {GCM_EXP_UNREADABLE, GCM_INCOMPLETE},     {GCM_EXP_NO_DATES, GCM_INCOMPLETE},
    {GCM_EXP_API_LISTS, GCM_LOOKS_COMPLETE},  {GCM_EXP_LIST_REFUSED, GCM_SUSPECT},
    {GCM_EXP_COUNT, GCM_INCOMPLETE},          {GCM_EXP_CHANGED, GCM_SUSPECT},
    {GCM_EXP_LIST_DIFFERS, GCM_COMPLETE},     {GCM_EXP_NODE_DIFFERS, GCM_COMPLETE},
    {GCM_EXP_PAIRS_DIFFER, GCM_COMPLETE},
};

gcm_result gcm_export_find(struct gcm_exporter *exporter, enum gcm_ndf_kind kind, const char *rule,
                           struct gcm_slice type, struct gcm_slice id, struct gcm_slice field,
                           const char *format, ...)
{
    enum { DETAIL = 400 };
    char detail[DETAIL];
    va_list arguments;
    /* While an archive is compared, only what differs is of interest. */
    if (exporter->comparing && !gcm_slice_is(GCM_S(GCM_EXP_LIST_DIFFERS), rule))
        return GCM_OK;
    va_start(arguments, format);
    vsnprintf(detail, sizeof detail, format, arguments);
    va_end(arguments);
    struct gcm_finding finding = {.rule = gcm_slice_of(rule),
                                  .type = type,
                                  .id = id,
                                  .field = field,
                                  .detail = gcm_slice_of(detail)};
    return gcm_finding_add(exporter->stage, gcm_export_step(kind), &finding, exporter->err);
}

void gcm_export_because(struct gcm_exporter *exporter, const char *format, ...)
{
    enum { LINE = 400 };
    char line[LINE];
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(line, sizeof line, format, arguments);
    va_end(arguments);
    *gcm_push(exporter->arena, &exporter->result->reasons) =
        gcm_copy(exporter->arena, gcm_slice_of(line));
}

static void because_of_endpoint(struct gcm_exporter *exporter)
{
    uint64_t nodes = 0;
    bool same = exporter->counted;
    gcm_each (struct gcm_export_type *, type, exporter->types) {
        nodes += (*type)->after;
        same &= (*type)->before == (*type)->after;
    }
    gcm_export_because(exporter,
                       "read with our own cursor, to the end of nodes, lists and relations");
    if (!exporter->counted)
        gcm_export_because(exporter, "the source does not count its nodes: nothing compares");
    else if (same)
        gcm_export_because(exporter, "the source counts %llu nodes, before and after",
                           (unsigned long long)nodes);
    if (exporter->newest_before.size && exporter->newest_after.size)
        gcm_export_because(exporter,
                           gcm_slice_equal(exporter->newest_before, exporter->newest_after)
                               ? "the newest updatedAt of every type that shows it is the same "
                                 "before and after"
                               : "an updatedAt became newer while the source was read");
    else
        gcm_export_because(exporter, "whether a value was changed meanwhile is not known: the "
                                     "source does not tell its newest updatedAt");
    gcm_export_because(exporter, "relations have no count at the source: their cursor was followed "
                                 "to its end");
}

static void because_of_archive(struct gcm_exporter *exporter)
{
    gcm_export_because(exporter, "an archive: looked for gaps in the numbers of its files, folders "
                                 "without a file, last files that are full, lists that a page cut, "
                                 "and ids without a node");
    if (!exporter->server)
        gcm_export_because(exporter, "nothing proves that the client which wrote it got "
                                     "everything; with --endpoint its source is asked");
    else
        gcm_export_because(exporter, "compared with its source: nodes by count, lists by value, "
                                     "relations by count; where they differ, the source was read");
}

/* What was found out about the source is written down, so that a later run can say it, too. */
gcm_result gcm_export_prove(struct gcm_exporter *exporter)
{
    struct gcm_buffer out = gcm_buffer(exporter->arena, GCM_BUFFER_CAP);
    if (exporter->options->archive.size)
        because_of_archive(exporter);
    if (exporter->server)
        because_of_endpoint(exporter);
    gcm_each (const struct gcm_slice, reason, exporter->result->reasons) {
        gcm_put(&out, *reason);
        gcm_putc(&out, '\n');
    }
    return gcm_stage_put_note(exporter->stage, "export.reasons", gcm_buffer_text(&out),
                              exporter->err);
}

static enum gcm_completeness meaning_of(struct gcm_slice rule)
{
    for (size_t i = 0; i < sizeof meanings / sizeof *meanings; i++)
        if (gcm_slice_is(rule, meanings[i].rule))
            return meanings[i].at_best;
    return GCM_COMPLETE;
}

gcm_result gcm_export_judge(struct gcm_exporter *exporter)
{
    struct gcm_export_result *result = exporter->result;
    struct gcm_finding_counts counts = {0};
    gcm_result code = gcm_findings_count(exporter->stage, exporter->arena, &counts, exporter->err);
    if (code)
        return code;
    bool archive = exporter->options->archive.size && !exporter->server;
    result->completeness = archive ? GCM_LOOKS_COMPLETE : GCM_COMPLETE;
    gcm_each (const struct gcm_finding_count, count, counts) {
        enum gcm_completeness meaning = meaning_of(count->rule);
        if (meaning > result->completeness)
            result->completeness = meaning;
    }
    if (!result->reasons.count) {
        struct gcm_slice rest =
            gcm_copy(exporter->arena, gcm_stage_note(exporter->stage, "export.reasons"));
        while (rest.size) {
            size_t end = gcm_slice_find(rest, '\n');
            *gcm_push(exporter->arena, &result->reasons) = gcm_slice_sub(rest, 0, end);
            rest = gcm_slice_sub(rest, end + 1, rest.size);
        }
    }
    result->nodes = gcm_stage_count(exporter->stage, GCM_NDF_NODES);
    result->lists = gcm_stage_count(exporter->stage, GCM_NDF_LISTS);
    result->pairs = gcm_stage_count(exporter->stage, GCM_NDF_RELATIONS);
    for (enum gcm_ndf_kind kind = 0; kind < GCM_NDF_KINDS; kind++)
        result->bytes += gcm_stage_bytes(exporter->stage, kind);
    return GCM_OK;
}
