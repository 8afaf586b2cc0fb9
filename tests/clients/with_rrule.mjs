// Prints the starts of every series of an iCalendar file as JSON, as rrule.js sees them: [{title, start}], in UTC.
import { readFileSync } from "node:fs";
import rrule from "rrule";

const lines = readFileSync(process.argv[2], "utf8").replaceAll(/\r?\n /g, "");
const found = [];
for (const event of lines.split("BEGIN:VEVENT").slice(1)) {
  if (!event.includes("\nRRULE") || event.includes("STATUS:CANCELLED")) continue;
  const rules = event.split(/\r?\n/).filter((line) => /^(DTSTART|RRULE|EXDATE)/.test(line));
  const title = event.match(/\nSUMMARY:(.*)/)[1].trim();
  for (const date of rrule.rrulestr(rules.join("\n"), { forceset: true }).all()) {
    // rrule.js gives the clock on this machine's wall in the fields of UTC.
    const [year, month, day] = [date.getUTCFullYear(), date.getUTCMonth(), date.getUTCDate()];
    found.push({ title, start: new Date(year, month, day, date.getUTCHours(), date.getUTCMinutes()).toISOString() });
  }
}
process.stdout.write(JSON.stringify(found));
