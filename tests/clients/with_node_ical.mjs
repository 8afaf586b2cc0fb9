// Prints every occurrence of an iCalendar file as JSON, as node-ical sees it: [{title, start, end}], in UTC.
import ical from "node-ical";

const found = [];
for (const event of Object.values(ical.sync.parseFile(process.argv[2]))) {
  if (event.type !== "VEVENT" || event.status === "CANCELLED") continue;
  const dates = event.rrule
    ? ical.expandRecurringEvent(event, { from: new Date("2025-12-01"), to: new Date("2027-02-01") })
    : [event];
  for (const { start, end } of dates) {
    found.push({ title: event.summary, start: start.toISOString(), end: (end ?? start).toISOString() });
  }
}
process.stdout.write(JSON.stringify(found));
