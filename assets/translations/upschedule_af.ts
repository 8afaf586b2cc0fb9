<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" language="af">
    <context>
        <name>Actions</name>
        <message>
            <source>Use the {what} of the document</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>Show again</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>Hide everywhere</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>The document now says something else than when you set the {what}.</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>Keep mine</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>Use the document’s</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>Not on {day}</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>Be there on {day} after all</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>All of them</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>My room</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>Write a note</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>Note</source>
            <translation>Nota</translation>
        </message>
        <message>
            <source>Start</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>End</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>Day</source>
            <translation>Dag</translation>
        </message>
        <message>
            <source>Move it</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>Move to another time</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>Change</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>The timetable is not open.</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>Delete</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>time</source>
            <translation>tyd</translation>
        </message>
        <message>
            <source>venue</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>room</source>
            <translation>lokaal</translation>
        </message>
        <message>
            <source>note</source>
            <translation type="unfinished" />
        </message>
    </context>
    <context>
        <name>Assessments</name>
        <message>
            <source>Tests &amp; exams of {module}</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>Tests &amp; exams</source>
            <translation>Toetse en eksamens</translation>
        </message>
        <message>
            <source>Show all modules</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>Over</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>{time} (assumed)</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>no venue yet</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>Preliminary</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>Show</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>Hide</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>Details of {what}</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>Import</source>
            <translation>Invoer</translation>
        </message>
        <message>
            <source>No tests or exams yet</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>Export Semester Tests and Exams from the student portal with Both, and drop them here.</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>today</source>
            <translation>vandag</translation>
        </message>
        <message>
            <source>tomorrow</source>
            <translation>môre</translation>
        </message>
        <message>
            <source>{n} day ago</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>{n} days ago</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>{n} day left</source>
            <translation>nog {n} dag</translation>
        </message>
        <message>
            <source>{n} days left</source>
            <translation>nog {n} dae</translation>
        </message>
    </context>
    <context>
        <name>Clashes</name>
        <message>
            <source>Clashes</source>
            <translation>Botsings</translation>
        </message>
        <message>
            <source>Plan for me</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>Nothing clashes</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>Everything you attend this year can be attended.</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>They are on different campuses; the way takes about {time} (an estimate).</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>No group that you could choose is free of this.</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>The test or exam goes first; skip the class that day.</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>No longer accept</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>Accept this clash</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>Show in the week</source>
            <translation>Wys in die week</translation>
        </message>
        <message>
            <source>once</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>{n} times</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>{time} between them</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>Attend {group} of {module}</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>Skip {what} on {days}</source>
            <translation type="unfinished" />
        </message>
    </context>
    <context>
        <name>Colour</name>
        <message>
            <source>Tomato</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>Flamingo</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>Tangerine</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>Banana</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>Sage</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>Basil</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>Peacock</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>Blueberry</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>Lavender</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>Grape</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>Graphite</source>
            <translation type="unfinished" />
        </message>
    </context>
    <context>
        <name>Counting</name>
        <message>
            <source>Lectures</source>
            <translation>Lesings</translation>
        </message>
        <message>
            <source>Semester tests</source>
            <translation>Semestertoetse</translation>
        </message>
        <message>
            <source>Exams</source>
            <translation>Eksamens</translation>
        </message>
        <message>
            <source>{n} meeting</source>
            <translation>{n} klas</translation>
        </message>
        <message>
            <source>{n} meetings</source>
            <translation>{n} klasse</translation>
        </message>
        <message>
            <source>{n} test</source>
            <translation>{n} toets</translation>
        </message>
        <message>
            <source>{n} tests</source>
            <translation>{n} toetse</translation>
        </message>
        <message>
            <source>{n} exam</source>
            <translation>{n} eksamen</translation>
        </message>
        <message>
            <source>{n} exams</source>
            <translation>{n} eksamens</translation>
        </message>
        <message>
            <source>{n} problem</source>
            <translation>{n} probleem</translation>
        </message>
        <message>
            <source>{n} problems</source>
            <translation>{n} probleme</translation>
        </message>
        <message>
            <source>{n} module</source>
            <translation>{n} module</translation>
        </message>
        <message>
            <source>{n} modules</source>
            <translation>{n} modules</translation>
        </message>
        <message>
            <source>{what} of {modules}</source>
            <translation>{what} van {modules}</translation>
        </message>
        <message>
            <source>{first} and {last}</source>
            <translation>{first} en {last}</translation>
        </message>
    </context>
    <context>
        <name>Crash</name>
        <message>
            <source>Something went wrong</source>
            <translation>Iets het skeefgeloop</translation>
        </message>
        <message>
            <source>Report</source>
            <translation>Verslag</translation>
        </message>
        <message>
            <source>Copy the report</source>
            <translation>Kopieer die verslag</translation>
        </message>
        <message>
            <source>Close</source>
            <translation>Maak toe</translation>
        </message>
        <message>
            <source>Something went wrong that should not have</source>
            <translation>Iets het skeefgeloop wat nie moes nie</translation>
        </message>
        <message>
            <source>This is a fault of the program. Everything saved so far is safe, and the window goes on working. The report below says where it happened and holds nothing of your timetable; send it to whoever gave you the program.</source>
            <translation>Dit is ’n fout in die program. Alles wat reeds gestoor is, is veilig, en die venster werk voort. Die verslag hieronder sê waar dit gebeur het en bevat niks van jou rooster nie; stuur dit aan wie ook al jou die program gegee het.</translation>
        </message>
        <message>
            <source>Copied</source>
            <translation>Gekopieer</translation>
        </message>
    </context>
    <context>
        <name>Detail</name>
        <message>
            <source>Close (Esc)</source>
            <translation>Maak toe (Esc)</translation>
        </message>
        <message>
            <source>Close</source>
            <translation>Maak toe</translation>
        </message>
        <message>
            <source>no dates known</source>
            <translation>geen datums bekend nie</translation>
        </message>
        <message>
            <source>You have not chosen a group yet. This is one of them.</source>
            <translation>Jy het nog nie ’n groep gekies nie. Hierdie is een van hulle.</translation>
        </message>
        <message>
            <source>Attend {group}</source>
            <translation>Woon {group} by</translation>
        </message>
        <message>
            <source>Show in the PDF</source>
            <translation>Wys in die PDF</translation>
        </message>
        <message>
            <source>Lecture</source>
            <translation>Lesing</translation>
        </message>
        <message>
            <source>Practical</source>
            <translation>Praktiese klas</translation>
        </message>
        <message>
            <source>Tutorial</source>
            <translation>Tutoriaal</translation>
        </message>
        <message>
            <source>Discussion</source>
            <translation>Bespreking</translation>
        </message>
        <message>
            <source>English</source>
            <translation>Engels</translation>
        </message>
        <message>
            <source>Afrikaans</source>
            <translation>Afrikaans</translation>
        </message>
        <message>
            <source>English and Afrikaans</source>
            <translation>Engels en Afrikaans</translation>
        </message>
        <message>
            <source>{day} (the timetable of a {weekday})</source>
            <translation>{day} (die rooster van ’n {weekday})</translation>
        </message>
        <message>
            <source>Date</source>
            <translation>Datum</translation>
        </message>
        <message>
            <source>Time</source>
            <translation>Tyd</translation>
        </message>
        <message>
            <source>Where</source>
            <translation>Waar</translation>
        </message>
        <message>
            <source>Note</source>
            <translation>Nota</translation>
        </message>
        <message>
            <source>Every week</source>
            <translation>Elke week</translation>
        </message>
        <message>
            <source>Campus</source>
            <translation>Kampus</translation>
        </message>
        <message>
            <source>Kind</source>
            <translation>Soort</translation>
        </message>
        <message>
            <source>Group</source>
            <translation>Groep</translation>
        </message>
        <message>
            <source>Language</source>
            <translation>Taal</translation>
        </message>
        <message>
            <source>Offered</source>
            <translation>Aangebied</translation>
        </message>
        <message>
            <source>Study programme</source>
            <translation>Studieprogram</translation>
        </message>
        <message>
            <source>The paper’s length is not printed; three hours are assumed.</source>
            <translation>Die vraestel se duur word nie gedruk nie; drie uur word aanvaar.</translation>
        </message>
        <message>
            <source>Paper</source>
            <translation>Vraestel</translation>
        </message>
        <message>
            <source>Status</source>
            <translation>Status</translation>
        </message>
        <message>
            <source>Comments</source>
            <translation>Opmerkings</translation>
        </message>
        <message>
            <source>Assumed</source>
            <translation>Aanvaar</translation>
        </message>
    </context>
    <context>
        <name>Document</name>
        <message>
            <source>In the document</source>
            <translation>In die dokument</translation>
        </message>
        <message>
            <source>{what} in the document</source>
            <translation>{what} in die dokument</translation>
        </message>
        <message>
            <source>Back to the week</source>
            <translation>Terug na die week</translation>
        </message>
        <message>
            <source>No document says where this comes from.</source>
            <translation>Geen dokument sê waar dit vandaan kom nie.</translation>
        </message>
    </context>
    <context>
        <name>Entrance</name>
        <message>
            <source>Sign in</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>Create an account</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>I have a code</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>Forgotten password</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>Server</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>Name</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>Code</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>Recovery key</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>New password</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>Password</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>Password again</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>Sign in to have your timetable on this machine too.</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>What is synced is encrypted on this machine; whoever runs the server cannot read it. Nobody can reset your password: keep the recovery key that comes next.</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>On a device that is signed in, open Sync and choose Add a device.</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>With your recovery key you can set a new password.</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>Create the account</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>Sign in with the code</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>Set the password and sign in</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>The two passwords differ. Type the same one twice.</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>Asking the server</source>
            <translation type="unfinished" />
        </message>
    </context>
    <context>
        <name>Event</name>
        <message>
            <source>Change an event</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>Add an event</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>What</source>
            <translation>Wat</translation>
        </message>
        <message>
            <source>When</source>
            <translation>Wanneer</translation>
        </message>
        <message>
            <source>Time</source>
            <translation>Tyd</translation>
        </message>
        <message>
            <source>Where</source>
            <translation>Waar</translation>
        </message>
        <message>
            <source>Colour</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>Note</source>
            <translation>Nota</translation>
        </message>
        <message>
            <source>End</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>Date</source>
            <translation>Datum</translation>
        </message>
        <message>
            <source>Every</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>On</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>Cancel</source>
            <translation>Kanselleer</translation>
        </message>
        <message>
            <source>Save</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>all year</source>
            <translation type="unfinished" />
        </message>
    </context>
    <context>
        <name>Export</name>
        <message>
            <source>Calendar file</source>
            <translation>Kalenderlêer</translation>
        </message>
        <message>
            <source>Save as</source>
            <translation>Stoor as</translation>
        </message>
        <message>
            <source>What is in it</source>
            <translation>Wat daarin is</translation>
        </message>
        <message>
            <source>How</source>
            <translation>Hoe</translation>
        </message>
        <message>
            <source>Lectures and other classes</source>
            <translation>Lesings en ander klasse</translation>
        </message>
        <message>
            <source>Tests</source>
            <translation>Toetse</translation>
        </message>
        <message>
            <source>Exams</source>
            <translation>Eksamens</translation>
        </message>
        <message>
            <source>Own events</source>
            <translation>Eie afsprake</translation>
        </message>
        <message>
            <source>Groups not chosen yet</source>
            <translation>Groepe nog nie gekies nie</translation>
        </message>
        <message>
            <source>Rooms</source>
            <translation>Lokale</translation>
        </message>
        <message>
            <source>Only that I am busy</source>
            <translation>Slegs dat ek besig is</translation>
        </message>
        <message>
            <source>Each date on its own</source>
            <translation>Elke datum op sy eie</translation>
        </message>
        <message>
            <source>For programs that show classes in recess and on holidays.</source>
            <translation>Vir programme wat klasse in die reses en op vakansiedae wys.</translation>
        </message>
        <message>
            <source>Leaves out names, rooms and notes.</source>
            <translation>Laat name, lokale en notas uit.</translation>
        </message>
        <message>
            <source>What</source>
            <translation>Wat</translation>
        </message>
        <message>
            <source>When</source>
            <translation>Wanneer</translation>
        </message>
        <message>
            <source>Dates</source>
            <translation>Datums</translation>
        </message>
        <message>
            <source>Where</source>
            <translation>Waar</translation>
        </message>
        <message>
            <source>What will be written</source>
            <translation>Wat geskryf sal word</translation>
        </message>
        <message>
            <source>Nothing would be written</source>
            <translation>Niks sou geskryf word nie</translation>
        </message>
        <message>
            <source>{n} that was in the last file is called off</source>
            <translation>{n} wat in die vorige lêer was, word afgestel</translation>
        </message>
        <message>
            <source>{n} that were in the last file are called off</source>
            <translation>{n} wat in die vorige lêer was, word afgestel</translation>
        </message>
        <message>
            <source>called off</source>
            <translation>afgestel</translation>
        </message>
        <message>
            <source>Save the calendar file</source>
            <translation>Stoor die kalenderlêer</translation>
        </message>
        <message>
            <source>Calendar files</source>
            <translation>Kalenderlêers</translation>
        </message>
        <message>
            <source>Saved {name}</source>
            <translation>{name} is gestoor</translation>
        </message>
        <message>
            <source>{n} test</source>
            <translation>{n} toets</translation>
        </message>
        <message>
            <source>{n} tests</source>
            <translation>{n} toetse</translation>
        </message>
        <message>
            <source>{n} exam</source>
            <translation>{n} eksamen</translation>
        </message>
        <message>
            <source>{n} exams</source>
            <translation>{n} eksamens</translation>
        </message>
        <message>
            <source>{n} own event</source>
            <translation>{n} eie afspraak</translation>
        </message>
        <message>
            <source>{n} own events</source>
            <translation>{n} eie afsprake</translation>
        </message>
        <message>
            <source>{n} class</source>
            <translation>{n} klas</translation>
        </message>
        <message>
            <source>{n} classes</source>
            <translation>{n} klasse</translation>
        </message>
    </context>
    <context>
        <name>History</name>
        <message>
            <source>History of imports</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>Undo</source>
            <translation>Maak ongedaan</translation>
        </message>
        <message>
            <source>Redo</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>Nothing was imported yet</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>Every document you accept is listed here, and can be taken back.</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>Import</source>
            <translation>Invoer</translation>
        </message>
        <message>
            <source>{kind} of {year}</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>{n} row</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>{n} rows</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>{n} left out</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>accepted on {day} at {time}</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>Take back</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>taken back</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>Took back {name}</source>
            <translation type="unfinished" />
        </message>
    </context>
    <context>
        <name>Import</name>
        <message>
            <source>There is no PDF in what you dropped.</source>
            <translation>Daar is geen PDF in wat jy laat val het nie.</translation>
        </message>
        <message>
            <source>Drop the PDFs of the student portal, or a folder that holds them.</source>
            <translation>Laat val die PDF’s van die studenteportaal, of ’n vouer waarin hulle is.</translation>
        </message>
        <message>
            <source>This is the same document as another one here.</source>
            <translation>Dit is dieselfde dokument as ’n ander een hier.</translation>
        </message>
        <message>
            <source>It is read once; this copy can be dismissed.</source>
            <translation>Dit word een keer gelees; hierdie kopie kan weggelaat word.</translation>
        </message>
        <message>
            <source>This file could not be read because of a fault of the program.</source>
            <translation>Hierdie lêer kon weens ’n fout in die program nie gelees word nie.</translation>
        </message>
        <message>
            <source>Copy the report and send it on, or try again.</source>
            <translation>Kopieer die verslag en stuur dit aan, of probeer weer.</translation>
        </message>
        <message>
            <source>Import</source>
            <translation>Invoer</translation>
        </message>
        <message>
            <source>Choose timetable PDFs</source>
            <translation>Kies rooster-PDF’s</translation>
        </message>
        <message>
            <source>PDF documents</source>
            <translation>PDF-dokumente</translation>
        </message>
        <message>
            <source>Choose PDFs</source>
            <translation>Kies PDF’s</translation>
        </message>
        <message>
            <source>Cancel all</source>
            <translation>Kanselleer alles</translation>
        </message>
        <message>
            <source>Retry all</source>
            <translation>Probeer almal weer</translation>
        </message>
        <message>
            <source>Drop your timetable PDFs anywhere in this window</source>
            <translation>Laat val jou rooster-PDF’s enige plek in hierdie venster</translation>
        </message>
        <message>
            <source>{n} file</source>
            <translation>{n} lêer</translation>
        </message>
        <message>
            <source>{n} files</source>
            <translation>{n} lêers</translation>
        </message>
        <message>
            <source>{n} to go</source>
            <translation>nog {n} oor</translation>
        </message>
        <message>
            <source>{n} could not be read</source>
            <translation>{n} kon nie gelees word nie</translation>
        </message>
        <message>
            <source>Review {n} document</source>
            <translation>Gaan {n} dokument na</translation>
        </message>
        <message>
            <source>Review {n} documents</source>
            <translation>Gaan {n} dokumente na</translation>
        </message>
        <message>
            <source>Retry</source>
            <translation>Probeer weer</translation>
        </message>
        <message>
            <source>Copy details</source>
            <translation>Kopieer besonderhede</translation>
        </message>
        <message>
            <source>Cancel</source>
            <translation>Kanselleer</translation>
        </message>
        <message>
            <source>Dismiss</source>
            <translation>Laat weg</translation>
        </message>
        <message>
            <source>{n} page</source>
            <translation>{n} bladsy</translation>
        </message>
        <message>
            <source>{n} pages</source>
            <translation>{n} bladsye</translation>
        </message>
        <message>
            <source>Waiting</source>
            <translation>Wag</translation>
        </message>
        <message>
            <source>Reading page {n} of {m}</source>
            <translation>Lees bladsy {n} van {m}</translation>
        </message>
        <message>
            <source>Reading</source>
            <translation>Lees</translation>
        </message>
        <message>
            <source>Cancelled</source>
            <translation>Gekanselleer</translation>
        </message>
        <message>
            <source>Already in your timetable, unchanged</source>
            <translation>Reeds onveranderd in jou rooster</translation>
        </message>
        <message>
            <source>Copied</source>
            <translation>Gekopieer</translation>
        </message>
    </context>
    <context>
        <name>Modules</name>
        <message>
            <source>Modules</source>
            <translation>Modules</translation>
        </message>
        <message>
            <source>Plan for me</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>Hidden everywhere, and in no export.</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>No lectures are known; only tests or exams.</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>Name it, for example Physics</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>Name of {module}</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>{n} test or exam</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>{n} tests and exams</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>Show</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>Hide</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>Colour of {module}</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>Choose by itself</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>{group} is in no document any more: choose again</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>Choose your group</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>Undecide</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>{group} stays in every plan: let plans change it</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>Keep {group} in every plan</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>Lectures</source>
            <translation>Lesings</translation>
        </message>
        <message>
            <source>Practicals</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>Tutorials</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>Discussions</source>
            <translation type="unfinished" />
        </message>
    </context>
    <context>
        <name>Needs</name>
        <message>
            <source>Choose your group of {module}</source>
            <translation>Kies jou groep van {module}</translation>
        </message>
        <message>
            <source>{n} module has groups to choose</source>
            <translation>{n} module het groepe om te kies</translation>
        </message>
        <message>
            <source>{n} modules have groups to choose</source>
            <translation>{n} modules het groepe om te kies</translation>
        </message>
        <message>
            <source>Choose</source>
            <translation>Kies</translation>
        </message>
        <message>
            <source>Import</source>
            <translation>Voer in</translation>
        </message>
        <message>
            <source>The dates of {year} are only proposed</source>
            <translation>Die datums van {year} is slegs voorstelle</translation>
        </message>
        <message>
            <source>Check</source>
            <translation>Gaan na</translation>
        </message>
        <message>
            <source>{group} of {module} is in no document any more</source>
            <translation>{group} van {module} is in geen dokument meer nie</translation>
        </message>
        <message>
            <source>A document changed under your edit of {what}</source>
            <translation>’n Dokument het onder jou wysiging van {what} verander</translation>
        </message>
        <message>
            <source>Look</source>
            <translation>Kyk</translation>
        </message>
        <message>
            <source>Some stored entries cannot be read by this version</source>
            <translation>Hierdie weergawe kan sommige gestoorde inskrywings nie lees nie</translation>
        </message>
    </context>
    <context>
        <name>Notice</name>
        <message>
            <source>Undo</source>
            <translation>Maak ongedaan</translation>
        </message>
        <message>
            <source>Dismiss</source>
            <translation>Laat weg</translation>
        </message>
    </context>
    <context>
        <name>Paper</name>
        <message>
            <source>Print</source>
            <translation>Druk</translation>
        </message>
        <message>
            <source>Save a picture</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>Save a PDF</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>What to print</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>This week</source>
            <translation>Hierdie week</translation>
        </message>
        <message>
            <source>Every week of the term</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>Colours</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>In colour</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>Black and white</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>{n} sheets of A4</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>There is nothing to print yet</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>Save the timetable</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>Saved {file}</source>
            <translation type="unfinished" />
        </message>
    </context>
    <context>
        <name>Picture</name>
        <message>
            <source>Smaller</source>
            <translation>Kleiner</translation>
        </message>
        <message>
            <source>Larger</source>
            <translation>Groter</translation>
        </message>
        <message>
            <source>Choose a row to see where it stands in the document.</source>
            <translation>Kies ’n ry om te sien waar dit in die dokument staan.</translation>
        </message>
        <message>
            <source>Page {n}</source>
            <translation>Bladsy {n}</translation>
        </message>
        <message>
            <source>The document is not on this machine. It says there:</source>
            <translation>Die dokument is nie op hierdie rekenaar nie. Daar staan:</translation>
        </message>
        <message>
            <source>Drawing the page</source>
            <translation>Die bladsy word geteken</translation>
        </message>
        <message>
            <source>Picture of the document</source>
            <translation>Prent van die dokument</translation>
        </message>
    </context>
    <context>
        <name>Plan</name>
        <message>
            <source>Plan</source>
            <translation>Beplan</translation>
        </message>
        <message>
            <source>{n} clash</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>{n} clashes</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>No clashes</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>There is nothing to choose</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>Every module has one group of each kind, so your week is what it is.</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>Free days</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>Not before</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>Not after</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>Few gaps</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>Lunch break</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>Early Friday</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>Same group for lectures and tutorials</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>Less travel</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>Does not matter</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>Looking for the best plans</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>Plan {n}</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>what you have now</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>{n} change</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>{n} changes</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>{time} of clashes in the year</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>Use this plan</source>
            <translation type="unfinished" />
        </message>
    </context>
    <context>
        <name>Portal</name>
        <message>
            <source>On the UP student portal, open your class and exam timetable.</source>
            <translation>Maak jou klas- en eksamenrooster op UP se studenteportaal oop.</translation>
        </message>
        <message>
            <source>Choose Both for the semester, so that year modules and all tests are in it.</source>
            <translation>Kies “Both” by die semester, sodat jaarmodules en alle toetse daarin is.</translation>
        </message>
        <message>
            <source>Save Lectures, Semester Tests and Exams as PDF, and drop all three anywhere here.</source>
            <translation>Stoor “Lectures”, “Semester Tests” en “Exams” as PDF, en laat val al drie enige plek hier.</translation>
        </message>
        <message>
            <source>Choose PDFs</source>
            <translation>Kies PDF’s</translation>
        </message>
        <message>
            <source>No timetable yet</source>
            <translation>Nog geen rooster nie</translation>
        </message>
    </context>
    <context>
        <name>Rail</name>
        <message>
            <source>Today</source>
            <translation>Vandag</translation>
        </message>
        <message>
            <source>Week</source>
            <translation>Week</translation>
        </message>
        <message>
            <source>Modules</source>
            <translation>Modules</translation>
        </message>
        <message>
            <source>Tests &amp; exams</source>
            <translation>Toetse en eksamens</translation>
        </message>
        <message>
            <source>Plan</source>
            <translation>Beplan</translation>
        </message>
        <message>
            <source>Clashes</source>
            <translation>Botsings</translation>
        </message>
        <message>
            <source>Import</source>
            <translation>Invoer</translation>
        </message>
        <message>
            <source>Sync</source>
            <translation>Sinkroniseer</translation>
        </message>
        <message>
            <source>Settings</source>
            <translation>Instellings</translation>
        </message>
        <message>
            <source>Event</source>
            <translation>Afspraak</translation>
        </message>
        <message>
            <source>Print</source>
            <translation>Druk</translation>
        </message>
        <message>
            <source>Academic year</source>
            <translation>Akademiese jaar</translation>
        </message>
        <message>
            <source>History</source>
            <translation>Geskiedenis</translation>
        </message>
        <message>
            <source>Review</source>
            <translation>Nagaan</translation>
        </message>
        <message>
            <source>Export</source>
            <translation>Uitvoer</translation>
        </message>
        <message>
            <source>Document</source>
            <translation>Dokument</translation>
        </message>
        <message>
            <source>Wider</source>
            <translation>Wyer</translation>
        </message>
        <message>
            <source>Narrower</source>
            <translation>Smaller</translation>
        </message>
    </context>
    <context>
        <name>Review</name>
        <message>
            <source>Review</source>
            <translation>Nagaan</translation>
        </message>
        <message>
            <source>Discard</source>
            <translation>Gooi weg</translation>
        </message>
        <message>
            <source>Academic year</source>
            <translation>Akademiese jaar</translation>
        </message>
        <message>
            <source>What the document says</source>
            <translation>Wat die dokument sê</translation>
        </message>
        <message>
            <source>Import</source>
            <translation>Voer in</translation>
        </message>
        <message>
            <source>Nothing to review</source>
            <translation>Niks om na te gaan nie</translation>
        </message>
        <message>
            <source>Accept {what}</source>
            <translation>Aanvaar {what}</translation>
        </message>
        <message>
            <source>Chosen</source>
            <translation>Gekies</translation>
        </message>
        <message>
            <source>Discarded {name}</source>
            <translation>{name} is weggegooi</translation>
        </message>
        <message>
            <source>Accepted {what}</source>
            <translation>{what} is aanvaar</translation>
        </message>
        <message>
            <source>{what} of {n} modules</source>
            <translation>{what} van {n} modules</translation>
        </message>
        <message>
            <source>{what} of {module}</source>
            <translation>{what} van {module}</translation>
        </message>
        <message>
            <source>already in your timetable</source>
            <translation>reeds in jou rooster</translation>
        </message>
        <message>
            <source>{n} new</source>
            <translation>{n} nuut</translation>
        </message>
        <message>
            <source>{n} changed</source>
            <translation>{n} verander</translation>
        </message>
        <message>
            <source>{n} not in this file</source>
            <translation>{n} nie in hierdie lêer nie</translation>
        </message>
        <message>
            <source>Activity</source>
            <translation>Aktiwiteit</translation>
        </message>
        <message>
            <source>What</source>
            <translation>Wat</translation>
        </message>
        <message>
            <source>Group</source>
            <translation>Groep</translation>
        </message>
        <message>
            <source>Paper</source>
            <translation>Vraestel</translation>
        </message>
        <message>
            <source>Day</source>
            <translation>Dag</translation>
        </message>
        <message>
            <source>Date</source>
            <translation>Datum</translation>
        </message>
        <message>
            <source>Time</source>
            <translation>Tyd</translation>
        </message>
        <message>
            <source>Where</source>
            <translation>Waar</translation>
        </message>
        <message>
            <source>Campus</source>
            <translation>Kampus</translation>
        </message>
        <message>
            <source>was {old}</source>
            <translation>was {old}</translation>
        </message>
        <message>
            <source>Page {n}</source>
            <translation>Bladsy {n}</translation>
        </message>
        <message>
            <source>expected {expected}, found {found}</source>
            <translation>verwag {expected}, gevind {found}</translation>
        </message>
        <message>
            <source>which one?</source>
            <translation>watter een?</translation>
        </message>
        <message>
            <source>new</source>
            <translation>nuut</translation>
        </message>
        <message>
            <source>time</source>
            <translation>tyd</translation>
        </message>
        <message>
            <source>final</source>
            <translation>finaal</translation>
        </message>
        <message>
            <source>room</source>
            <translation>lokaal</translation>
        </message>
        <message>
            <source>changed</source>
            <translation>verander</translation>
        </message>
        <message>
            <source>not in this file</source>
            <translation>nie in hierdie lêer nie</translation>
        </message>
        <message>
            <source>This meeting is in {n} rooms, and {m} are written here.</source>
            <translation>Hierdie klas is in {n} lokale, en hier staan {m}.</translation>
        </message>
        <message>
            <source>Write a room for each, with a middle dot between them.</source>
            <translation>Skryf ’n lokaal vir elkeen, met ’n middelpunt tussen hulle.</translation>
        </message>
        <message>
            <source>“{text}” is not a time.</source>
            <translation>“{text}” is nie ’n tyd nie.</translation>
        </message>
        <message>
            <source>Write it like 08:30.</source>
            <translation>Skryf dit soos 08:30.</translation>
        </message>
        <message>
            <source>“{text}” is not a time from and to.</source>
            <translation>“{text}” is nie ’n begin- en eindtyd nie.</translation>
        </message>
        <message>
            <source>Write it like 08:30 – 09:20.</source>
            <translation>Skryf dit soos 08:30 – 09:20.</translation>
        </message>
        <message>
            <source>“{text}” is not a day of the week.</source>
            <translation>“{text}” is nie ’n dag van die week nie.</translation>
        </message>
        <message>
            <source>Write it like Monday.</source>
            <translation>Skryf dit soos Maandag.</translation>
        </message>
        <message>
            <source>“{text}” is not a date.</source>
            <translation>“{text}” is nie ’n datum nie.</translation>
        </message>
        <message>
            <source>Write it like 2026-03-23 or 23 March 2026.</source>
            <translation>Skryf dit soos 2026-03-23 of 23 March 2026.</translation>
        </message>
    </context>
    <context>
        <name>Session</name>
        <message>
            <source>There is nothing to undo</source>
            <translation>Daar is niks om ongedaan te maak nie</translation>
        </message>
        <message>
            <source>Undone: {title}</source>
            <translation>Ongedaan gemaak: {title}</translation>
        </message>
        <message>
            <source>There is nothing to redo</source>
            <translation>Daar is niks om te herhaal nie</translation>
        </message>
    </context>
    <context>
        <name>Settings</name>
        <message>
            <source>Settings</source>
            <translation>Instellings</translation>
        </message>
        <message>
            <source>As the system</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>Light</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>Dark</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>Nothing moves</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>On this machine</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>Theme</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>Language</source>
            <translation>Taal</translation>
        </message>
        <message>
            <source>Size of text</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>Motion</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source> minutes</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>Dates of the year</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>History of imports</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>Choose a folder</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>Stop watching</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>Off</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>New exports in this folder, such as Downloads, are offered here.</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>Your timetable</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>Exams last</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>The portal prints only when an exam starts.</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>Watched folder</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>Exams are assumed to last {n} minutes</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>Choose the folder to watch</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>Back up to a file</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>Restore from a backup</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>delete</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>Type “{word}” to be sure</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>Delete everything</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>Your data</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>Everything is kept on this machine, in one folder.</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>Backup</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>Delete</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>All timetables, documents and settings on this machine.</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>Save a backup</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>Backed up to {file}</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>Choose a backup</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>Backups (*.upschedule)</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>All files (*)</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>Restored. What was here before is kept as {file}</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>Everything was deleted from this machine</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>About</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>Version</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>Made by</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>Students, for students; not by the University of Pretoria.</source>
            <translation type="unfinished" />
        </message>
    </context>
    <context>
        <name>Sync</name>
        <message>
            <source>Sync</source>
            <translation>Sinkroniseer</translation>
        </message>
        <message>
            <source>Sync now</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>Looking for your account</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>Everything works without an account. With one, your timetable is the same on all your machines. It is encrypted before it leaves this one.</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>The last group of the recovery key</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>The last group</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>I have kept it</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>Save to a file</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>Your recovery key</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>It is shown only now. With it you can set a new password; without it, nobody can help you.</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>Type its last group, to show that you have kept it.</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>Save the recovery key</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>{name} at {server}</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>{here} entries here, {there} on the account, {both} of them the same.</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>Put them together</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>Bring them back</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>Delete them</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>Set differently on two machines</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>stands: {value}</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>the other: {value}</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>Use the other</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>Keep</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>Took the other value</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>Kept it as it stands</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>Devices</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>this one</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>last seen {day} at {time}</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>Name of the device</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>Lock out {device}</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>Add a device</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>A QR picture of the code</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>On the other device, choose “I have a code” and type:</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>Whoever has the code gets in. It is good until you end it.</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>End the code</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>New password</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>The password was changed; other devices sign in again</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>Change the password</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>New recovery key</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>Sign out</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>Type “{name}” to be sure</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>Delete the account</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>Your timetable stays on this machine when you sign out or delete the account.</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>Account</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>The account was deleted from the server</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>In step since {time}</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>{n} entry is not taken by the server</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>{n} entries are not taken by the server</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>{n} entry is of a newer version and is kept</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>{n} entries are of a newer version and are kept</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>Offline since {time}; changes wait here</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>Needs you</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>Working</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>Signed out</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>nothing</source>
            <translation type="unfinished" />
        </message>
    </context>
    <context>
        <name>Terms</name>
        <message>
            <source>When is {year} taught?</source>
            <translation>Wanneer word daar in {year} klas gegee?</translation>
        </message>
        <message>
            <source>Published by the university. </source>
            <translation>Deur die universiteit gepubliseer. </translation>
        </message>
        <message>
            <source>{term}, first day</source>
            <translation>{term}, eerste dag</translation>
        </message>
        <message>
            <source>{term}, last day</source>
            <translation>{term}, laaste dag</translation>
        </message>
    </context>
    <context>
        <name>Time</name>
        <message>
            <source>now</source>
            <translation>nou</translation>
        </message>
        <message>
            <source>in {n} min</source>
            <translation>oor {n} min</translation>
        </message>
        <message>
            <source>in {n} h</source>
            <translation>oor {n} h</translation>
        </message>
        <message>
            <source>in {h} h {n} min</source>
            <translation>oor {h} h {n} min</translation>
        </message>
        <message>
            <source>tomorrow</source>
            <translation>môre</translation>
        </message>
        <message>
            <source>in {n} day</source>
            <translation>oor {n} dag</translation>
        </message>
        <message>
            <source>in {n} days</source>
            <translation>oor {n} dae</translation>
        </message>
        <message>
            <source>{n} min</source>
            <translation>{n} min</translation>
        </message>
        <message>
            <source>{n} h</source>
            <translation>{n} h</translation>
        </message>
        <message>
            <source>{h} h {n} min</source>
            <translation>{h} h {n} min</translation>
        </message>
    </context>
    <context>
        <name>Today</name>
        <message>
            <source>This week</source>
            <translation>Hierdie week</translation>
        </message>
        <message>
            <source>The rest of today</source>
            <translation>Die res van vandag</translation>
        </message>
        <message>
            <source>Then, on {day}</source>
            <translation>Daarna, op {day}</translation>
        </message>
        <message>
            <source>Nothing more this year</source>
            <translation>Niks meer hierdie jaar nie</translation>
        </message>
        <message>
            <source>now, until {time}</source>
            <translation>nou, tot {time}</translation>
        </message>
        <message>
            <source>Show in the week</source>
            <translation>Wys in die week</translation>
        </message>
        <message>
            <source>Tests and exams</source>
            <translation>Toetse en eksamens</translation>
        </message>
        <message>
            <source>today</source>
            <translation>vandag</translation>
        </message>
        <message>
            <source>{n} day left</source>
            <translation>nog {n} dag</translation>
        </message>
        <message>
            <source>{n} days left</source>
            <translation>nog {n} dae</translation>
        </message>
        <message>
            <source>What needs you</source>
            <translation>Wat jou nodig het</translation>
        </message>
    </context>
    <context>
        <name>Week</name>
        <message>
            <source>Week</source>
            <translation>Week</translation>
        </message>
        <message>
            <source>Previous week (Page Up)</source>
            <translation>Vorige week (Page Up)</translation>
        </message>
        <message>
            <source>Next week (Page Down)</source>
            <translation>Volgende week (Page Down)</translation>
        </message>
        <message>
            <source>Jump to a date</source>
            <translation>Spring na ’n datum</translation>
        </message>
        <message>
            <source>Print or save a picture (Ctrl+P)</source>
            <translation>Druk of stoor ’n prent (Ctrl+P)</translation>
        </message>
        <message>
            <source>Add an event of your own (Ctrl+N)</source>
            <translation>Voeg ’n eie afspraak by (Ctrl+N)</translation>
        </message>
        <message>
            <source>Today</source>
            <translation>Vandag</translation>
        </message>
        <message>
            <source>Save calendar</source>
            <translation>Stoor kalender</translation>
        </message>
        <message>
            <source>Semester 1</source>
            <translation>Semester 1</translation>
        </message>
        <message>
            <source>Semester 2</source>
            <translation>Semester 2</translation>
        </message>
        <message>
            <source>Whole year</source>
            <translation>Hele jaar</translation>
        </message>
        <message>
            <source>Quarter 1</source>
            <translation>Kwartaal 1</translation>
        </message>
        <message>
            <source>Quarter 2</source>
            <translation>Kwartaal 2</translation>
        </message>
        <message>
            <source>Quarter 3</source>
            <translation>Kwartaal 3</translation>
        </message>
        <message>
            <source>Quarter 4</source>
            <translation>Kwartaal 4</translation>
        </message>
        <message>
            <source>Week {n}</source>
            <translation>Week {n}</translation>
        </message>
        <message>
            <source>Group {group}</source>
            <translation>Groep {group}</translation>
        </message>
        <message>
            <source>Not chosen yet</source>
            <translation>Nog nie gekies nie</translation>
        </message>
        <message>
            <source>Clashes</source>
            <translation>Bots</translation>
        </message>
        <message>
            <source>Week {span}, {n} entries</source>
            <translation>Week {span}, {n} inskrywings</translation>
        </message>
        <message>
            <source>No lectures</source>
            <translation>Geen lesings nie</translation>
        </message>
        <message>
            <source>Test</source>
            <translation>Toets</translation>
        </message>
        <message>
            <source>Exam</source>
            <translation>Eksamen</translation>
        </message>
        <message>
            <source>{kind} · preliminary</source>
            <translation>{kind} · voorlopig</translation>
        </message>
    </context>
    <context>
        <name>Window</name>
        <message>
            <source>Drop to read the timetable</source>
            <translation>Laat val om die rooster te lees</translation>
        </message>
    </context>
    <context>
        <name>Year</name>
        <message>
            <source>Academic year {year}</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>Use a file</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>Take the dates from a file that another student shared</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>Share</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>Save these dates as a file for other students</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>These dates are right</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>Academic year</source>
            <translation>Akademiese jaar</translation>
        </message>
        <message>
            <source>Recess</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>No lectures from the first to the last day.</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>Remove {what}</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>First day of recess</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>Last day of recess</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>April recess</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>Name of the recess</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>Add</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>Days unlike others</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>Days without lectures, and days on which another weekday’s timetable is followed.</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>Make {day} a day like any other</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>The day</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>What happens on the day</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>No lectures</source>
            <translation>Geen lesings nie</translation>
        </message>
        <message>
            <source>{weekday}’s timetable</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>Reason, for example Spring Day</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>Reason</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>Public holidays</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>No lectures on South African public holidays</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>Choose a file of dates</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>Academic years (*.json)</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>Took over the dates of {year}</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>Save the dates</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>Saved {file}</source>
            <translation type="unfinished" />
        </message>
    </context>
</TS>
