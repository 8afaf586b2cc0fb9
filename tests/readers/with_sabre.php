<?php
// Prints what sabre/vobject's validator finds wrong, and every occurrence it sees in UTC:
// {"problems": [...], "events": [{"title", "start", "end"}]}
error_reporting(E_ERROR | E_PARSE); // the package that Debian has is older than its PHP
require '/usr/share/php/Sabre/VObject/includes.php';

$calendar = Sabre\VObject\Reader::read(file_get_contents($argv[1]));
$problems = [];
foreach ($calendar->validate() as $each) {
    $problems[] = $each['message'];
}
$calendar->expand(new DateTime('2025-12-01', new DateTimeZone('UTC')), new DateTime('2027-02-01', new DateTimeZone('UTC')));
$events = [];
foreach ($calendar->select('VEVENT') as $event) {
    if ((string) $event->STATUS === 'CANCELLED') {
        continue;
    }
    $start = $event->DTSTART->getDateTime();
    $end = isset($event->DTEND) ? $event->DTEND->getDateTime() : $start;
    $events[] = [
        'title' => (string) $event->SUMMARY,
        'start' => $start->setTimezone(new DateTimeZone('UTC'))->format(DATE_ATOM),
        'end' => $end->setTimezone(new DateTimeZone('UTC'))->format(DATE_ATOM),
    ];
}
echo json_encode(['problems' => $problems, 'events' => $events]);
