#include "operations/print.h"

static const char *const kinds[] = {"query", "mutation", "subscription"};

static void put_place(struct gcm_json *json, struct gcm_place place)
{
    gcm_json_member_number(json, "line", place.line);
    gcm_json_member_number(json, "column", place.column);
}

static void put_part(struct gcm_json *json, const struct gcm_client_part *part,
                     struct gcm_slice name)
{
    struct gcm_place place = gcm_client_place(part->text, part->definition->whole);
    bool fragment = part->definition->kind == GCM_DEFINITION_FRAGMENT;
    gcm_json_member(json, "file", part->text->in->file->path);
    put_place(json, place);
    gcm_json_member(json, "kind",
                    gcm_slice_of(fragment ? "fragment" : kinds[part->definition->operation]));
    gcm_json_member(json, "name", name);
}

/* `file` only where the place is in another one. */
static void put_fault(struct gcm_json *json, const struct gcm_client_text *text,
                      const struct gcm_client_text *own, const struct gcm_error *error)
{
    gcm_json_open(json, '{');
    if (text && text != own)
        gcm_json_member(json, "file", text->in->file->path);
    if (text)
        put_place(json, gcm_client_place(text, error->place));
    gcm_json_member(json, "message", error->message);
    gcm_json_member_or_null(json, "hint", error->hint);
    gcm_json_close(json, '}');
}

static void put_faults(struct gcm_json *json, const char *name,
                       const struct gcm_client_operation *operation,
                       const struct gcm_client_text *own, const struct gcm_errors *errors)
{
    gcm_json_key(json, name);
    gcm_json_open(json, '[');
    gcm_each (const struct gcm_error, error, *errors)
        put_fault(json,
                  operation                          ? gcm_operation_text(operation, error->place)
                  : error->place.file == &own->shown ? own
                                                     : NULL,
                  own, error);
    gcm_json_close(json, ']');
}

static void put_operation(struct gcm_json *json, const struct gcm_client_operation *operation)
{
    static const char *const states[] = {"valid",      "breaks",    "invalid",
                                         "only-after", "unchecked", "relay"};
    gcm_json_open(json, '{');
    put_part(json, &operation->part, operation->name);
    gcm_json_member(json, "state", gcm_slice_of(states[gcm_operation_state(operation)]));
    gcm_json_member_or_null(json, "reason", operation->unchecked);
    put_faults(json, "before", operation, operation->part.text, &operation->before);
    put_faults(json, "after", operation, operation->part.text, &operation->after);
    gcm_json_close(json, '}');
}

static void put_unread(struct gcm_json *json, const struct gcm_operations *operations)
{
    gcm_json_key(json, "unread");
    gcm_json_open(json, '[');
    gcm_each (const struct gcm_client_text *const, at, operations->unread) {
        const struct gcm_client_text *text = *at;
        gcm_json_open(json, '{');
        gcm_json_member(json, "file", text->in->file->path);
        put_place(json, text->place);
        gcm_json_member_or_null(json, "reason", text->unread);
        put_faults(json, "errors", NULL, text, &text->errors);
        gcm_json_close(json, '}');
    }
    gcm_each (const struct gcm_error, problem, operations->clients->problems) {
        gcm_json_open(json, '{');
        gcm_json_member(json, "file", problem->place.file->path);
        gcm_json_member_number(json, "line", 0);
        gcm_json_member_number(json, "column", 0);
        gcm_json_member(json, "reason", problem->message);
        gcm_json_key(json, "errors");
        gcm_json_open(json, '[');
        gcm_json_close(json, ']');
        gcm_json_close(json, '}');
    }
    gcm_json_close(json, ']');
}

void gcm_operations_json(struct gcm_json *json, const struct gcm_operations *operations, bool all)
{
    struct gcm_operation_counts counts = gcm_operations_count(operations);
    gcm_json_member(json, "folder", operations->clients->folder);
    gcm_json_key(json, "summary");
    gcm_json_open(json, '{');
    gcm_json_member_number(json, "files", operations->clients->looked_at);
    gcm_json_member_number(json, "operations", counts.all);
    gcm_json_member_number(json, "validBefore", counts.before);
    gcm_json_member_number(json, "validAfter", counts.after);
    gcm_json_member_number(json, "breaking", counts.broken);
    gcm_json_member_number(json, "relay", counts.relay);
    gcm_json_member_number(json, "unchecked", counts.unchecked);
    gcm_json_close(json, '}');
    gcm_json_key(json, "operations");
    gcm_json_open(json, '[');
    gcm_each (struct gcm_client_operation *const, operation, operations->all)
        if (all || gcm_operation_state(*operation) != GCM_OPERATION_VALID)
            put_operation(json, *operation);
    gcm_json_close(json, ']');
    put_unread(json, operations);
}

/* ---- conversions ---------------------------------------------------------------------------- */

static void put_changes(struct gcm_json *json, const struct gcm_conversion *conversion)
{
    gcm_json_key(json, "notes");
    gcm_json_open(json, '[');
    gcm_each (const struct gcm_conversion_note, note, conversion->notes) {
        gcm_json_open(json, '{');
        put_place(json, gcm_client_place(conversion->part.text, note->place));
        gcm_json_member(json, "message", note->message);
        gcm_json_close(json, '}');
    }
    gcm_json_close(json, ']');
    gcm_json_key(json, "variables");
    gcm_json_open(json, '[');
    gcm_each (const struct gcm_variable_change, change, conversion->variables) {
        gcm_json_open(json, '{');
        gcm_json_member(json, "name", change->name);
        gcm_json_member_or_null(json, "from", change->from);
        gcm_json_member_or_null(json, "to", change->to);
        gcm_json_member(json, "pass", change->pass);
        gcm_json_close(json, '}');
    }
    gcm_json_close(json, ']');
}

/* What a client sends: the operation with all its fragments, before or now. */
static void put_document(struct gcm_json *json, const char *name,
                         const struct gcm_conversions *conversions,
                         const struct gcm_conversion *conversion, bool now)
{
    struct gcm_buffer out = gcm_buffer(json->out->arena, GCM_BUFFER_CAP);
    gcm_put(&out, now ? conversion->now : conversion->old);
    gcm_each (const struct gcm_client_part, part, conversion->operation->fragments) {
        const struct gcm_conversion *fragment = gcm_conversion_of(conversions, part);
        if (fragment)
            gcm_putf(&out, "\n%.*s", GCM_P(now ? fragment->now : fragment->old));
    }
    gcm_json_member(json, name, gcm_buffer_text(&out));
}

static void put_conversion(struct gcm_json *json, const struct gcm_conversions *conversions,
                           const struct gcm_conversion *conversion)
{
    gcm_json_open(json, '{');
    put_part(json, &conversion->part, conversion->name);
    bool same = gcm_slice_equal(conversion->old, conversion->now);
    gcm_json_member(json, "state",
                    !conversion->to ? GCM_S("refused")
                    : same          ? GCM_S("unchanged")
                                    : GCM_S("converted"));
    gcm_json_member(json, "old", conversion->old);
    gcm_json_member_or_null(json, "new", conversion->now);
    if (conversion->operation && conversion->to) {
        put_document(json, "oldDocument", conversions, conversion, false);
        put_document(json, "newDocument", conversions, conversion, true);
    }
    put_changes(json, conversion);
    put_faults(json, "reasons", conversion->operation, conversion->part.text,
               &conversion->refusals);
    gcm_json_close(json, '}');
}

void gcm_conversions_json(struct gcm_json *json, const struct gcm_conversions *conversions)
{
    gcm_json_member(json, "folder", conversions->operations->clients->folder);
    gcm_json_key(json, "summary");
    gcm_json_open(json, '{');
    gcm_json_member_number(json, "converted", conversions->converted);
    gcm_json_member_number(json, "refused", conversions->refused);
    gcm_json_member_number(json, "native", conversions->native);
    gcm_json_close(json, '}');
    gcm_json_key(json, "conversions");
    gcm_json_open(json, '[');
    gcm_each (struct gcm_conversion *const, conversion, conversions->all)
        put_conversion(json, conversions, *conversion);
    gcm_json_close(json, ']');
    put_unread(json, conversions->operations);
}
