// Prints every occurrence of an iCalendar file as JSON, as ical.js sees it: [{uid, title, start, end}], in UTC.
import { readFileSync } from "node:fs";
import ICAL from "ical.js";

const calendar = new ICAL.Component(ICAL.parse(readFileSync(process.argv[2], "utf8")));
for (const zone of calendar.getAllSubcomponents("vtimezone")) {
  ICAL.TimezoneService.register(new ICAL.Timezone(zone));
}
const found = [];
const tell = (event, start, end) =>
  found.push({
    uid: event.uid,
    title: event.summary,
    location: event.location,
    start: start.toJSDate().toISOString(),
    end: end.toJSDate().toISOString(),
  });
for (const component of calendar.getAllSubcomponents("vevent")) {
  if (component.getFirstPropertyValue("status") === "CANCELLED") continue;
  const event = new ICAL.Event(component);
  if (event.isRecurring()) {
    const dates = event.iterator();
    for (let date = dates.next(); date; date = dates.next()) {
      const { startDate, endDate } = event.getOccurrenceDetails(date);
      tell(event, startDate, endDate);
    }
  } else {
    tell(event, event.startDate, event.endDate);
  }
}
process.stdout.write(JSON.stringify(found));
