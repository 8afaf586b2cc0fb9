"""Prints every occurrence of an iCalendar file, as vobject reads it, as JSON: [{title, start, end}], in UTC."""

import json
import sys
from datetime import UTC
from pathlib import Path

import vobject

calendar = vobject.readOne(Path(sys.argv[1]).read_text("utf-8"))
found = []
for event in calendar.vevent_list:
    if event.status.value == "CANCELLED":
        continue
    start = event.dtstart.value
    length = (event.dtend.value if "dtend" in event.contents else start) - start
    for each in event.getrruleset(addRDate=True) if "rrule" in event.contents else [start]:
        begins = each.astimezone(UTC)
        found.append({"title": event.summary.value, "start": begins.isoformat(), "end": (begins + length).isoformat()})
print(json.dumps(found))
