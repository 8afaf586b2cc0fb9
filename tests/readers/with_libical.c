/* Prints every occurrence of an iCalendar file as libical sees it: start, end (seconds since 1970) and title a line. */
#include <libical/ical.h>
#include <stdio.h>
#include <stdlib.h>

static void tell(icalcomponent *event, struct icaltime_span *span, void *unused)
{
    (void)unused;
    printf("%lld %lld %s\n", (long long)span->start, (long long)span->end, icalcomponent_get_summary(event));
}

int main(int count, char **words)
{
    FILE *file = count == 2 ? fopen(words[1], "rb") : NULL;
    if (file == NULL) return 2;
    fseek(file, 0, SEEK_END);
    long size = ftell(file);
    rewind(file);
    char *text = calloc((size_t)size + 1, 1);
    if (text == NULL || fread(text, 1, (size_t)size, file) != (size_t)size) return 2;
    fclose(file);
    icalcomponent *calendar = icalparser_parse_string(text);
    if (calendar == NULL || icalcomponent_count_errors(calendar) != 0) return 3;
    struct icaltimetype first = icaltime_from_string("20251201T000000Z");
    struct icaltimetype last = icaltime_from_string("20270201T000000Z");
    for (icalcomponent *event = icalcomponent_get_first_component(calendar, ICAL_VEVENT_COMPONENT); event != NULL;
         event = icalcomponent_get_next_component(calendar, ICAL_VEVENT_COMPONENT)) {
        if (icalcomponent_get_status(event) != ICAL_STATUS_CANCELLED)
            icalcomponent_foreach_recurrence(event, first, last, tell, NULL);
    }
    icalcomponent_free(calendar);
    free(text);
    return 0;
}
