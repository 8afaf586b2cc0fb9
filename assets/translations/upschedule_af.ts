<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" language="af">
    <context>
        <name>Actions</name>
        <message>
            <source>Use the {what} of the document</source>
            <translation>Gebruik die dokument se {what}</translation>
        </message>
        <message>
            <source>Show again</source>
            <translation>Wys weer</translation>
        </message>
        <message>
            <source>Hide this class</source>
            <translation>Versteek hierdie klas</translation>
        </message>
        <message>
            <source>The document now says something else than when you set the {what}.</source>
            <translation>Die dokument sê nou iets anders as toe jy die {what} gestel het.</translation>
        </message>
        <message>
            <source>Keep mine</source>
            <translation>Hou myne</translation>
        </message>
        <message>
            <source>Use the document’s</source>
            <translation>Gebruik die dokument s’n</translation>
        </message>
        <message>
            <source>Skip on {day}</source>
            <translation>Slaan oor op {day}</translation>
        </message>
        <message>
            <source>Attend on {day}</source>
            <translation>Woon by op {day}</translation>
        </message>
        <message>
            <source>Any of these rooms</source>
            <translation>Enige van hierdie lokale</translation>
        </message>
        <message>
            <source>My room</source>
            <translation>My lokaal</translation>
        </message>
        <message>
            <source>Add note</source>
            <translation>Voeg nota by</translation>
        </message>
        <message>
            <source>Note</source>
            <translation>Nota</translation>
        </message>
        <message>
            <source>Start</source>
            <translation>Begin</translation>
        </message>
        <message>
            <source>End</source>
            <translation>Einde</translation>
        </message>
        <message>
            <source>Day</source>
            <translation>Dag</translation>
        </message>
        <message>
            <source>Room</source>
            <translation>Lokaal</translation>
        </message>
        <message>
            <source>Change room</source>
            <translation>Verander lokaal</translation>
        </message>
        <message>
            <source>Save room</source>
            <translation>Stoor lokaal</translation>
        </message>
        <message>
            <source>Move</source>
            <translation>Skuif</translation>
        </message>
        <message>
            <source>Move to another time</source>
            <translation>Skuif na ’n ander tyd</translation>
        </message>
        <message>
            <source>Change</source>
            <translation>Verander</translation>
        </message>
        <message>
            <source>Delete</source>
            <translation>Vee uit</translation>
        </message>
        <message>
            <source>time</source>
            <translation>tyd</translation>
        </message>
        <message>
            <source>venue</source>
            <translation>lokaal</translation>
        </message>
        <message>
            <source>room</source>
            <translation>lokaal</translation>
        </message>
        <message>
            <source>note</source>
            <translation>nota</translation>
        </message>
        <message>
            <source>Show on a map in the browser</source>
            <translation>Wys op ’n kaart in die blaaier</translation>
        </message>
        <message>
            <source>Opened a map of {place} in the browser</source>
            <translation>’n Kaart van {place} is in die blaaier oopgemaak</translation>
        </message>
    </context>
    <context>
        <name>Agenda</name>
        <message>
            <source>Show later weeks</source>
            <translation>Wys latere weke</translation>
        </message>
        <message>
            <source>Today</source>
            <translation>Vandag</translation>
        </message>
        <message>
            <source>Tomorrow</source>
            <translation>Môre</translation>
        </message>
    </context>
    <context>
        <name>Assessments</name>
        <message>
            <source>Tests &amp; exams of {module}</source>
            <translation>Toetse en eksamens van {module}</translation>
        </message>
        <message>
            <source>Tests &amp; exams</source>
            <translation>Toetse en eksamens</translation>
        </message>
        <message>
            <source>Show all modules</source>
            <translation>Wys alle modules</translation>
        </message>
        <message>
            <source>Past</source>
            <translation>Verby</translation>
        </message>
        <message>
            <source>{time} (assumed)</source>
            <translation>{time} (aanvaar)</translation>
        </message>
        <message>
            <source>no venue yet</source>
            <translation>nog geen lokaal nie</translation>
        </message>
        <message>
            <source>Preliminary</source>
            <translation>Voorlopig</translation>
        </message>
        <message>
            <source>Show</source>
            <translation>Wys</translation>
        </message>
        <message>
            <source>Hide</source>
            <translation>Versteek</translation>
        </message>
        <message>
            <source>Details of {what}</source>
            <translation>Besonderhede van {what}</translation>
        </message>
        <message>
            <source>Import</source>
            <translation>Voer in</translation>
        </message>
        <message>
            <source>No tests or exams yet</source>
            <translation>Nog geen toetse of eksamens nie</translation>
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
            <translation>{n} dag gelede</translation>
        </message>
        <message>
            <source>{n} days ago</source>
            <translation>{n} dae gelede</translation>
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
            <source>On the student portal, download Semester Tests with All, and the exam timetable. Drop both here.</source>
            <translation>Laai “Semester Tests” met “All” en die eksamenrooster van die studenteportaal af. Laat val albei hier.</translation>
        </message>
    </context>
    <context>
        <name>Choosing</name>
        <message>
            <source>Choose a group</source>
            <translation>Kies ’n groep</translation>
        </message>
        <message>
            <source>Plan the rest</source>
            <translation>Beplan die res</translation>
        </message>
        <message>
            <source>Done</source>
            <translation>Klaar</translation>
        </message>
        <message>
            <source>Choose another group</source>
            <translation>Kies ’n ander groep</translation>
        </message>
        <message>
            <source>{clashes} (now {n})</source>
            <translation>{clashes} (nou {n})</translation>
        </message>
        <message>
            <source>No clashes</source>
            <translation>Geen botsings nie</translation>
        </message>
        <message>
            <source>{n} more</source>
            <translation>nog {n}</translation>
        </message>
        <message>
            <source>{n} clash with {what}</source>
            <translation>{n} botsing met {what}</translation>
        </message>
        <message>
            <source>{n} clashes with {what}</source>
            <translation>{n} botsings met {what}</translation>
        </message>
        <message>
            <source>{what} on {day}</source>
            <translation>{what} op {day}</translation>
        </message>
        <message>
            <source>No gaps this week</source>
            <translation>Geen gapings hierdie week nie</translation>
        </message>
        <message>
            <source>{length} of gaps this week</source>
            <translation>{length} gapings hierdie week</translation>
        </message>
        <message>
            <source>{length} more than now</source>
            <translation>{length} meer as nou</translation>
        </message>
        <message>
            <source>{length} less than now</source>
            <translation>{length} minder as nou</translation>
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
            <translation>Beplan vir my</translation>
        </message>
        <message>
            <source>Nothing clashes</source>
            <translation>Niks bots nie</translation>
        </message>
        <message>
            <source>They are on different campuses; the way takes about {time} (an estimate).</source>
            <translation>Hulle is op verskillende kampusse; die pad duur omtrent {time} (’n skatting).</translation>
        </message>
        <message>
            <source>No group that you could choose is free of this.</source>
            <translation>Geen groep wat jy kan kies, is vry hiervan nie.</translation>
        </message>
        <message>
            <source>The test or exam goes first; skip the class that day.</source>
            <translation>Die toets of eksamen gaan voor; slaan die klas daardie dag oor.</translation>
        </message>
        <message>
            <source>No longer accept</source>
            <translation>Aanvaar nie meer nie</translation>
        </message>
        <message>
            <source>Accept this clash</source>
            <translation>Aanvaar hierdie botsing</translation>
        </message>
        <message>
            <source>Show in the week</source>
            <translation>Wys in die week</translation>
        </message>
        <message>
            <source>once</source>
            <translation>een keer</translation>
        </message>
        <message>
            <source>{n} times</source>
            <translation>{n} keer</translation>
        </message>
        <message>
            <source>{time} between them</source>
            <translation>{time} tussen hulle</translation>
        </message>
        <message>
            <source>Attend {group} of {module}</source>
            <translation>Woon {group} van {module} by</translation>
        </message>
        <message>
            <source>Skip {what} on {days}</source>
            <translation>Slaan {what} op {days} oor</translation>
        </message>
        <message>
            <source>Everything that is still to come can be attended.</source>
            <translation>Alles wat nog kom, kan bygewoon word.</translation>
        </message>
    </context>
    <context>
        <name>Colour</name>
        <message>
            <source>Tomato</source>
            <translation>Tamatie</translation>
        </message>
        <message>
            <source>Flamingo</source>
            <translation>Flamink</translation>
        </message>
        <message>
            <source>Tangerine</source>
            <translation>Nartjie</translation>
        </message>
        <message>
            <source>Banana</source>
            <translation>Piesang</translation>
        </message>
        <message>
            <source>Sage</source>
            <translation>Salie</translation>
        </message>
        <message>
            <source>Basil</source>
            <translation>Basielkruid</translation>
        </message>
        <message>
            <source>Peacock</source>
            <translation>Pou</translation>
        </message>
        <message>
            <source>Blueberry</source>
            <translation>Bloubessie</translation>
        </message>
        <message>
            <source>Lavender</source>
            <translation>Laventel</translation>
        </message>
        <message>
            <source>Grape</source>
            <translation>Druif</translation>
        </message>
        <message>
            <source>Graphite</source>
            <translation>Grafiet</translation>
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
        <message>
            <source>Something went wrong last time, and the program closed. Everything you saved is here.</source>
            <translation>Iets het laas verkeerd geloop, en die program het toegegaan. Alles wat jy gestoor het, is hier.</translation>
        </message>
    </context>
    <context>
        <name>Detail</name>
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
        <message>
            <source>Calendar</source>
            <translation>Kalender</translation>
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
            <source>Its address, https://</source>
            <translation>Sy adres, https://</translation>
        </message>
        <message>
            <source>This link cannot be used to sign in. Make a new code on the other device.</source>
            <translation>Hierdie skakel kan nie gebruik word om aan te meld nie. Maak ’n nuwe kode op die ander toestel.</translation>
        </message>
        <message>
            <source>Sign in</source>
            <translation>Meld aan</translation>
        </message>
        <message>
            <source>Create an account</source>
            <translation>Skep ’n rekening</translation>
        </message>
        <message>
            <source>I have a code</source>
            <translation>Ek het ’n kode</translation>
        </message>
        <message>
            <source>Forgotten password</source>
            <translation>Wagwoord vergeet</translation>
        </message>
        <message>
            <source>Server</source>
            <translation>Bediener</translation>
        </message>
        <message>
            <source>Name</source>
            <translation>Naam</translation>
        </message>
        <message>
            <source>Code</source>
            <translation>Kode</translation>
        </message>
        <message>
            <source>Recovery key</source>
            <translation>Herstelsleutel</translation>
        </message>
        <message>
            <source>New password</source>
            <translation>Nuwe wagwoord</translation>
        </message>
        <message>
            <source>Password</source>
            <translation>Wagwoord</translation>
        </message>
        <message>
            <source>Password again</source>
            <translation>Wagwoord weer</translation>
        </message>
        <message>
            <source>Sign in to have your timetable on this machine too.</source>
            <translation>Meld aan om jou rooster ook op hierdie rekenaar te hê.</translation>
        </message>
        <message>
            <source>What is synced is encrypted on this machine; whoever runs the server cannot read it. Nobody can reset your password: keep the recovery key that comes next.</source>
            <translation>Wat gesinkroniseer word, word op hierdie rekenaar geënkripteer; wie die bediener bedryf, kan dit nie lees nie. Niemand kan jou wagwoord herstel nie: bewaar die herstelsleutel wat volg.</translation>
        </message>
        <message>
            <source>On a device that is signed in, open Sync and choose Add a device.</source>
            <translation>Op ’n toestel wat aangemeld is, maak Sinkroniseer oop en kies Voeg ’n toestel by.</translation>
        </message>
        <message>
            <source>With your recovery key you can set a new password.</source>
            <translation>Met jou herstelsleutel kan jy ’n nuwe wagwoord stel.</translation>
        </message>
        <message>
            <source>Create the account</source>
            <translation>Skep die rekening</translation>
        </message>
        <message>
            <source>Sign in with the code</source>
            <translation>Meld aan met die kode</translation>
        </message>
        <message>
            <source>Set the password and sign in</source>
            <translation>Stel die wagwoord en meld aan</translation>
        </message>
        <message>
            <source>The two passwords differ. Type the same one twice.</source>
            <translation>Die twee wagwoorde verskil. Tik dieselfde een twee keer.</translation>
        </message>
        <message>
            <source>Asking the server</source>
            <translation>Vra die bediener</translation>
        </message>
        <message>
            <source>Show passwords</source>
            <translation>Wys wagwoorde</translation>
        </message>
        <message>
            <source>Waiting for the other device</source>
            <translation>Wag vir die ander toestel</translation>
        </message>
        <message>
            <source>If the other device shows the same six digits, let this one in there.</source>
            <translation>As die ander toestel dieselfde ses syfers wys, laat hierdie een daar in.</translation>
        </message>
        <message>
            <source>Cancel</source>
            <translation>Kanselleer</translation>
        </message>
    </context>
    <context>
        <name>Event</name>
        <message>
            <source>Change an event</source>
            <translation>Verander ’n afspraak</translation>
        </message>
        <message>
            <source>Add an event</source>
            <translation>Voeg ’n afspraak by</translation>
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
            <translation>Kleur</translation>
        </message>
        <message>
            <source>Note</source>
            <translation>Nota</translation>
        </message>
        <message>
            <source>End</source>
            <translation>Einde</translation>
        </message>
        <message>
            <source>Term</source>
            <translation>Termyn</translation>
        </message>
        <message>
            <source>Date</source>
            <translation>Datum</translation>
        </message>
        <message>
            <source>Every</source>
            <translation>Elke</translation>
        </message>
        <message>
            <source>On</source>
            <translation>Op</translation>
        </message>
        <message>
            <source>Cancel</source>
            <translation>Kanselleer</translation>
        </message>
        <message>
            <source>Save</source>
            <translation>Stoor</translation>
        </message>
        <message>
            <source>all year</source>
            <translation>die hele jaar</translation>
        </message>
        <message>
            <source>More</source>
            <translation>Meer</translation>
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
            <source>Add to calendar</source>
            <translation>Voeg by kalender</translation>
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
            <source>Show as busy only</source>
            <translation>Wys net as besig</translation>
        </message>
        <message>
            <source>Separate event per date</source>
            <translation>Aparte afspraak per datum</translation>
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
            <source>cancelled</source>
            <translation>gekanselleer</translation>
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
        <message>
            <source>{n} saved before is cancelled</source>
            <translation>{n} wat voorheen gestoor is, word gekanselleer</translation>
        </message>
        <message>
            <source>{n} saved before are cancelled</source>
            <translation>{n} wat voorheen gestoor is, word gekanselleer</translation>
        </message>
        <message>
            <source>Add to calendar. It copies a file once.</source>
            <translation>Voeg by kalender. Dit neem ’n lêer net een keer oor.</translation>
        </message>
        <message>
            <source>Add to calendar. It doubles what is in a changed file.</source>
            <translation>Voeg by kalender. Dit verdubbel wat in ’n veranderde lêer is.</translation>
        </message>
        <message>
            <source>Apple Calendar</source>
            <translation>Apple Kalender</translation>
        </message>
        <message>
            <source>Evolution, KOrganizer</source>
            <translation>Evolution, KOrganizer</translation>
        </message>
        <message>
            <source>Google Calendar</source>
            <translation>Google Kalender</translation>
        </message>
        <message>
            <source>It is written again after every change. Choose a place in OneDrive or Google Drive.</source>
            <translation>Dit word ná elke verandering weer geskryf. Kies ’n plek in OneDrive of Google Drive.</translation>
        </message>
        <message>
            <source>Keep this file up to date</source>
            <translation>Hou hierdie lêer op datum</translation>
        </message>
        <message>
            <source>Open the file that is kept up to date.</source>
            <translation>Open die lêer wat op datum gehou word.</translation>
        </message>
        <message>
            <source>Outlook</source>
            <translation>Outlook</translation>
        </message>
        <message>
            <source>Saved {name}; it is kept up to date from now on</source>
            <translation>{name} is gestoor en word van nou af op datum gehou</translation>
        </message>
        <message>
            <source>Subscribe, or add to calendar with iCloud.</source>
            <translation>Teken in, of voeg by kalender met iCloud.</translation>
        </message>
        <message>
            <source>Subscribe, or add to calendar. It refuses a changed file.</source>
            <translation>Teken in, of voeg by kalender. Dit weier ’n veranderde lêer.</translation>
        </message>
        <message>
            <source>Subscribe. It copies a file once.</source>
            <translation>Teken in. Dit neem ’n lêer net een keer oor.</translation>
        </message>
        <message>
            <source>Thunderbird</source>
            <translation>Thunderbird</translation>
        </message>
        <message>
            <source>Which way follows changes</source>
            <translation>Watter manier hou by met veranderinge</translation>
        </message>
        <message>
            <source>calcurse</source>
            <translation>calcurse</translation>
        </message>
    </context>
    <context>
        <name>FirstRun</name>
        <message>
            <source>First steps</source>
            <translation>Eerste stappe</translation>
        </message>
        <message>
            <source>Go to today</source>
            <translation>Gaan na vandag</translation>
        </message>
        <message>
            <source>Use these dates</source>
            <translation>Gebruik hierdie datums</translation>
        </message>
        <message>
            <source>Change dates</source>
            <translation>Verander datums</translation>
        </message>
        <message>
            <source>Language</source>
            <translation>Taal</translation>
        </message>
        <message>
            <source>Your timetable</source>
            <translation>Jou rooster</translation>
        </message>
        <message>
            <source>Semester dates</source>
            <translation>Semesterdatums</translation>
        </message>
        <message>
            <source>Groups</source>
            <translation>Groepe</translation>
        </message>
        <message>
            <source>On your phone</source>
            <translation>Op jou foon</translation>
        </message>
        <message>
            <source>Done</source>
            <translation>Klaar</translation>
        </message>
        <message>
            <source>Left for later</source>
            <translation>Vir later gelos</translation>
        </message>
        <message>
            <source>Every module has its group</source>
            <translation>Elke module het sy groep</translation>
        </message>
        <message>
            <source>Drop your timetable PDFs anywhere in this window.</source>
            <translation>Laat val jou rooster-PDF’s enige plek in hierdie venster.</translation>
        </message>
        <message>
            <source>Save a calendar file</source>
            <translation>Stoor ’n kalenderlêer</translation>
        </message>
        <message>
            <source>Add to calendar</source>
            <translation>Voeg by kalender</translation>
        </message>
        <message>
            <source>Do it now</source>
            <translation>Doen dit nou</translation>
        </message>
        <message>
            <source>{n} module is here</source>
            <translation>{n} module is hier</translation>
        </message>
        <message>
            <source>{n} modules are here</source>
            <translation>{n} modules is hier</translation>
        </message>
        <message>
            <source>All are in your calendar as tentative until you choose</source>
            <translation>Almal is voorlopig in jou kalender totdat jy kies</translation>
        </message>
        <message>
            <source>Later</source>
            <translation>Later</translation>
        </message>
        <message>
            <source>Not needed</source>
            <translation>Nie nodig nie</translation>
        </message>
        <message>
            <source>Once your timetable is here, you choose your groups.</source>
            <translation>Sodra jou rooster hier is, kies jy jou groepe.</translation>
        </message>
        <message>
            <source>Once your timetable is here, you take it with you.</source>
            <translation>Sodra jou rooster hier is, neem jy dit saam.</translation>
        </message>
        <message>
            <source>Next</source>
            <translation>Volgende</translation>
        </message>
    </context>
    <context>
        <name>Folder</name>
        <message>
            <source>A cloud keeps old versions of files. So a new password, a new recovery key or a removed device protects only what is written from then on: the keys are changed with it. Whoever has old files and the old password can still read what was written before.</source>
            <translation>’n Wolk hou ou weergawes van lêers. ’n Nuwe wagwoord, ’n nuwe herstelsleutel of ’n verwyderde toestel beskerm dus net wat van dan af geskryf word: die sleutels verander saam. Wie ou lêers en die ou wagwoord het, kan steeds lees wat voorheen geskryf is.</translation>
        </message>
        <message>
            <source>A device without a name</source>
            <translation>’n Toestel sonder naam</translation>
        </message>
        <message>
            <source>Add a device</source>
            <translation>Voeg ’n toestel by</translation>
        </message>
        <message>
            <source>Another folder</source>
            <translation>’n Ander vouer</translation>
        </message>
        <message>
            <source>Cancel</source>
            <translation>Kanselleer</translation>
        </message>
        <message>
            <source>Choose the folder</source>
            <translation>Kies die vouer</translation>
        </message>
        <message>
            <source>Code</source>
            <translation>Kode</translation>
        </message>
        <message>
            <source>Devices</source>
            <translation>Toestelle</translation>
        </message>
        <message>
            <source>Forgotten password</source>
            <translation>Wagwoord vergeet</translation>
        </message>
        <message>
            <source>I have a code</source>
            <translation>Ek het ’n kode</translation>
        </message>
        <message>
            <source>I know the password</source>
            <translation>Ek ken die wagwoord</translation>
        </message>
        <message>
            <source>If the other device shows the same six digits, let this one in there.</source>
            <translation>As die ander toestel dieselfde ses syfers wys, laat hierdie een daar in.</translation>
        </message>
        <message>
            <source>It has not seen this computer’s changes yet.</source>
            <translation>Dit het hierdie rekenaar se veranderinge nog nie gesien nie.</translation>
        </message>
        <message>
            <source>It has seen this computer up to {day} at {time}.</source>
            <translation>Dit het hierdie rekenaar tot {day} om {time} gesien.</translation>
        </message>
        <message>
            <source>Its files are gone. What was read of them is here.</source>
            <translation>Sy lêers is weg. Wat daarvan gelees is, is hier.</translation>
        </message>
        <message>
            <source>Its newest changes are not here yet: other devices have them.</source>
            <translation>Sy nuutste veranderinge is nog nie hier nie: ander toestelle het hulle.</translation>
        </message>
        <message>
            <source>Join</source>
            <translation>Sluit aan</translation>
        </message>
        <message>
            <source>Join with the code</source>
            <translation>Sluit aan met die kode</translation>
        </message>
        <message>
            <source>Keep it</source>
            <translation>Hou dit</translation>
        </message>
        <message>
            <source>Letting {device} in</source>
            <translation>Laat {device} in</translation>
        </message>
        <message>
            <source>New password</source>
            <translation>Nuwe wagwoord</translation>
        </message>
        <message>
            <source>On a device that is in, open Sync and choose Add a device.</source>
            <translation>Op ’n toestel wat in is, maak Sinkroniseer oop en kies Voeg ’n toestel by.</translation>
        </message>
        <message>
            <source>One of its files is missing; what came after it waits.</source>
            <translation>Een van sy lêers ontbreek; wat daarna gekom het, wag.</translation>
        </message>
        <message>
            <source>Password</source>
            <translation>Wagwoord</translation>
        </message>
        <message>
            <source>Password again</source>
            <translation>Wagwoord weer</translation>
        </message>
        <message>
            <source>Password and recovery key</source>
            <translation>Wagwoord en herstelsleutel</translation>
        </message>
        <message>
            <source>Recovery key</source>
            <translation>Herstelsleutel</translation>
        </message>
        <message>
            <source>Remove</source>
            <translation>Verwyder</translation>
        </message>
        <message>
            <source>Remove {device}</source>
            <translation>Verwyder {device}</translation>
        </message>
        <message>
            <source>Set the password and join</source>
            <translation>Stel die wagwoord en sluit aan</translation>
        </message>
        <message>
            <source>Stop syncing on this machine</source>
            <translation>Hou op sinkroniseer op hierdie rekenaar</translation>
        </message>
        <message>
            <source>Sync through a folder</source>
            <translation>Sinkroniseer deur ’n vouer</translation>
        </message>
        <message>
            <source>Sync through this folder</source>
            <translation>Sinkroniseer deur hierdie vouer</translation>
        </message>
        <message>
            <source>The cloud has not brought {n} file yet.</source>
            <translation>Die wolk het {n} lêer nog nie gebring nie.</translation>
        </message>
        <message>
            <source>The cloud has not brought {n} files yet.</source>
            <translation>Die wolk het {n} lêers nog nie gebring nie.</translation>
        </message>
        <message>
            <source>The cloud put back older files of it. Nothing here was undone.</source>
            <translation>Die wolk het ouer lêers daarvan teruggesit. Niks hier is ongedaan gemaak nie.</translation>
        </message>
        <message>
            <source>The cloud you already have carries your timetable between your machines, as a folder of encrypted files that the cloud cannot read. A USB stick does as well. There is no account to make.</source>
            <translation>Die wolk wat jy reeds het, dra jou rooster tussen jou rekenaars, as ’n vouer met geënkripteerde lêers wat die wolk nie kan lees nie. ’n USB-stokkie werk ook. Jy hoef geen rekening te skep nie.</translation>
        </message>
        <message>
            <source>The folder is somewhere else</source>
            <translation>Die vouer is nou elders</translation>
        </message>
        <message>
            <source>The password was changed</source>
            <translation>Die wagwoord is verander</translation>
        </message>
        <message>
            <source>The password was changed on two devices at once. The one from the other device holds.</source>
            <translation>Die wagwoord is op twee toestelle tegelyk verander. Die ander toestel s’n geld.</translation>
        </message>
        <message>
            <source>The two passwords differ. Type the same one twice.</source>
            <translation>Die twee wagwoorde verskil. Tik twee keer dieselfde een.</translation>
        </message>
        <message>
            <source>There is a timetable in this folder. Join it to have it here too.</source>
            <translation>Daar is ’n rooster in hierdie vouer. Sluit aan om dit ook hier te hê.</translation>
        </message>
        <message>
            <source>There is no timetable in this folder yet. Make up a password; your other machines ask for it. Nobody can reset it: keep the recovery key that comes next.</source>
            <translation>Daar is nog geen rooster in hierdie vouer nie. Dink ’n wagwoord uit; jou ander rekenaars vra daarvoor. Niemand kan dit herstel nie: bewaar die herstelsleutel wat volg.</translation>
        </message>
        <message>
            <source>This device was removed on another one. It gets nothing new; what it has stays here.</source>
            <translation>Hierdie toestel is op ’n ander een verwyder. Dit kry niks nuuts nie; wat dit het, bly hier.</translation>
        </message>
        <message>
            <source>Waiting for the other device. A cloud may take a minute to carry the files.</source>
            <translation>Wag vir die ander toestel. ’n Wolk kan ’n minuut neem om die lêers te dra.</translation>
        </message>
        <message>
            <source>With your recovery key you can set a new password.</source>
            <translation>Met jou herstelsleutel kan jy ’n nuwe wagwoord stel.</translation>
        </message>
        <message>
            <source>Your timetable stays on this machine, and the files stay in the folder.</source>
            <translation>Jou rooster bly op hierdie rekenaar, en die lêers bly in die vouer.</translation>
        </message>
        <message>
            <source>this one</source>
            <translation>hierdie een</translation>
        </message>
        <message>
            <source>{device} gets nothing that is written from now on. What it has stays on it, and it can still read old files that the cloud keeps.</source>
            <translation>{device} kry niks wat van nou af geskryf word nie. Wat dit het, bly daarop, en dit kan steeds ou lêers lees wat die wolk hou.</translation>
        </message>
        <message>
            <source>{device} was removed</source>
            <translation>{device} is verwyder</translation>
        </message>
        <message>
            <source>{n} file cannot be read yet: its key has not come, or a newer version wrote it.</source>
            <translation>{n} lêer kan nog nie gelees word nie: sy sleutel het nog nie gekom nie, of ’n nuwer weergawe het dit geskryf.</translation>
        </message>
        <message>
            <source>{n} files cannot be read yet: a key has not come, or a newer version wrote them.</source>
            <translation>{n} lêers kan nog nie gelees word nie: ’n sleutel het nog nie gekom nie, of ’n nuwer weergawe het hulle geskryf.</translation>
        </message>
        <message>
            <source>It works once, while this page is open. Nobody gets in before you confirm.</source>
            <translation>Dit werk een keer, terwyl hierdie bladsy oop is. Niemand kom in voordat jy bevestig nie.</translation>
        </message>
    </context>
    <context>
        <name>Friends</name>
        <message>
            <source>Name of {name}</source>
            <translation>Naam van {name}</translation>
        </message>
        <message>
            <source>With friends</source>
            <translation>Saam met vriende</translation>
        </message>
        <message>
            <source>Their name</source>
            <translation>Hulle naam</translation>
        </message>
        <message>
            <source>The friend’s name</source>
            <translation>Die vriend se naam</translation>
        </message>
        <message>
            <source>Their address, webcal:// or https://</source>
            <translation>Hulle adres, webcal:// of https://</translation>
        </message>
        <message>
            <source>The address of the friend’s calendar</source>
            <translation>Die adres van die vriend se kalender</translation>
        </message>
        <message>
            <source>Add a friend</source>
            <translation>Voeg ’n vriend by</translation>
        </message>
        <message>
            <source>Everybody is free</source>
            <translation>Almal is vry</translation>
        </message>
        <message>
            <source>Previous week</source>
            <translation>Vorige week</translation>
        </message>
        <message>
            <source>Next week</source>
            <translation>Volgende week</translation>
        </message>
        <message>
            <source>Fetch their calendars now</source>
            <translation>Haal hulle kalenders nou</translation>
        </message>
        <message>
            <source>A friend who publishes their timetable (Sync, Subscribe from my phone) gives you its address. What you add here stays between you and your machines.</source>
            <translation>’n Vriend wat sy rooster publiseer (Sinkroniseer, Teken in van my foon af) gee jou die adres daarvan. Wat jy hier byvoeg, bly tussen jou en jou rekenaars.</translation>
        </message>
        <message>
            <source>not fetched yet</source>
            <translation>nog nie gehaal nie</translation>
        </message>
        <message>
            <source>as of {time}</source>
            <translation>soos om {time}</translation>
        </message>
        <message>
            <source>Remove {name}</source>
            <translation>Verwyder {name}</translation>
        </message>
        <message>
            <source>At no time in this week</source>
            <translation>Op geen tyd in hierdie week nie</translation>
        </message>
        <message>
            <source>Added {name}</source>
            <translation>{name} is bygevoeg</translation>
        </message>
        <message>
            <source>Removed {name}</source>
            <translation>{name} is verwyder</translation>
        </message>
        <message>
            <source>busy</source>
            <translation>besig</translation>
        </message>
        <message>
            <source>Choose a picture</source>
            <translation>Kies ’n prent</translation>
        </message>
        <message>
            <source>Paste</source>
            <translation>Plak</translation>
        </message>
        <message>
            <source>Paste a picture</source>
            <translation>Plak ’n prent</translation>
        </message>
        <message>
            <source>Choose a picture of the code</source>
            <translation>Kies ’n prent van die kode</translation>
        </message>
        <message>
            <source>Pictures ({endings})</source>
            <translation>Prente ({endings})</translation>
        </message>
        <message>
            <source>No picture was copied.</source>
            <translation>Geen prent is gekopieer nie.</translation>
        </message>
        <message>
            <source>Copy the picture of the code first, then paste it here.</source>
            <translation>Kopieer eers die prent van die kode en plak dit dan hier.</translation>
        </message>
        <message>
            <source>Drop to read the code of a friend’s address</source>
            <translation>Laat val om die kode van ’n vriend se adres te lees</translation>
        </message>
        <message>
            <source>Looking for the code in the picture</source>
            <translation>Soek die kode in die prent</translation>
        </message>
        <message>
            <source>Or drop a picture of its QR code here, choose one, or paste one you copied.</source>
            <translation>Of laat val ’n prent van die QR-kode hier, kies een, of plak een wat jy gekopieer het.</translation>
        </message>
        <message>
            <source>Took the address from the picture</source>
            <translation>Adres uit die prent oorgeneem</translation>
        </message>
        <message>
            <source>Allow</source>
            <translation>Laat toe</translation>
        </message>
        <message>
            <source>Allow the address of {name}</source>
            <translation>Laat die adres van {name} toe</translation>
        </message>
        <message>
            <source>Cancel</source>
            <translation>Kanselleer</translation>
        </message>
        <message>
            <source>Stop fetching their calendars</source>
            <translation>Hou op om hulle kalenders te haal</translation>
        </message>
        <message>
            <source>shares groups</source>
            <translation>deel groepe</translation>
        </message>
    </context>
    <context>
        <name>History</name>
        <message>
            <source>{n} by hand</source>
            <translation>{n} met die hand</translation>
        </message>
        <message>
            <source>Undo</source>
            <translation>Maak ongedaan</translation>
        </message>
        <message>
            <source>Redo</source>
            <translation>Herhaal</translation>
        </message>
        <message>
            <source>Nothing was imported yet</source>
            <translation>Nog niks is ingevoer nie</translation>
        </message>
        <message>
            <source>Every document you accept is listed here, and can be undone.</source>
            <translation>Elke dokument wat jy aanvaar, word hier gelys en kan ongedaan gemaak word.</translation>
        </message>
        <message>
            <source>Import</source>
            <translation>Voer in</translation>
        </message>
        <message>
            <source>{kind} of {year}</source>
            <translation>{kind} van {year}</translation>
        </message>
        <message>
            <source>{n} row</source>
            <translation>{n} ry</translation>
        </message>
        <message>
            <source>{n} rows</source>
            <translation>{n} rye</translation>
        </message>
        <message>
            <source>{n} left out</source>
            <translation>{n} uitgelaat</translation>
        </message>
        <message>
            <source>accepted on {day} at {time}</source>
            <translation>aanvaar op {day} om {time}</translation>
        </message>
        <message>
            <source>Undo import</source>
            <translation>Maak invoer ongedaan</translation>
        </message>
        <message>
            <source>undone</source>
            <translation>ongedaan gemaak</translation>
        </message>
        <message>
            <source>Undid the import of {name}</source>
            <translation>Die invoer van {name} is ongedaan gemaak</translation>
        </message>
        <message>
            <source>Calendar file {name}</source>
            <translation>Kalenderlêer {name}</translation>
        </message>
        <message>
            <source>History</source>
            <translation>Geskiedenis</translation>
        </message>
        <message>
            <source>written on {day} at {time}</source>
            <translation>geskryf op {day} om {time}</translation>
        </message>
        <message>
            <source>{name} is as it was before, and no longer kept up to date</source>
            <translation>{name} is soos dit voorheen was, en word nie meer op datum gehou nie</translation>
        </message>
        <message>
            <source>{n} cancelled</source>
            <translation>{n} gekanselleer</translation>
        </message>
        <message>
            <source>{n} changed</source>
            <translation>{n} verander</translation>
        </message>
        <message>
            <source>{n} event added</source>
            <translation>{n} gebeurtenis bygevoeg</translation>
        </message>
        <message>
            <source>{n} events added</source>
            <translation>{n} gebeurtenisse bygevoeg</translation>
        </message>
    </context>
    <context>
        <name>Import</name>
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
            <translation>Maak toe</translation>
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
        <message>
            <source>Tables</source>
            <translation>Tabelle</translation>
        </message>
        <message>
            <source>Pasted table</source>
            <translation>Geplakte tabel</translation>
        </message>
        <message>
            <source>Paste table</source>
            <translation>Plak tabel</translation>
        </message>
        <message>
            <source>On the portal’s page, select the table and copy it, then paste it here.</source>
            <translation>Kies die tabel op die portaal se bladsy en kopieer dit, en plak dit dan hier.</translation>
        </message>
        <message>
            <source>No table was copied.</source>
            <translation>Geen tabel is gekopieer nie.</translation>
        </message>
        <message>
            <source>All files</source>
            <translation>Alle lêers</translation>
        </message>
        <message>
            <source>Accepted documents</source>
            <translation>Aanvaarde dokumente</translation>
        </message>
        <message>
            <source>History</source>
            <translation>Geskiedenis</translation>
        </message>
    </context>
    <context>
        <name>Keys</name>
        <message>
            <source>Choose PDFs to read</source>
            <translation>Kies PDF’s om te lees</translation>
        </message>
        <message>
            <source>Undo</source>
            <translation>Maak ongedaan</translation>
        </message>
        <message>
            <source>Redo</source>
            <translation>Herhaal</translation>
        </message>
        <message>
            <source>Keys</source>
            <translation>Kortpadsleutels</translation>
        </message>
        <message>
            <source>Anywhere</source>
            <translation>Oral</translation>
        </message>
        <message>
            <source>In the week</source>
            <translation>In die week</translation>
        </message>
        <message>
            <source>Close what is open beside the page</source>
            <translation>Maak toe wat langs die bladsy oop is</translation>
        </message>
        <message>
            <source>Close the window</source>
            <translation>Maak die venster toe</translation>
        </message>
        <message>
            <source>Walk through the classes in order of time</source>
            <translation>Stap deur die klasse in volgorde van tyd</translation>
        </message>
        <message>
            <source>Show its menu</source>
            <translation>Wys die kieslys</translation>
        </message>
        <message>
            <source>Another week, or day</source>
            <translation>’n Ander week of dag</translation>
        </message>
        <message>
            <source>The first or last class of the week</source>
            <translation>Die eerste of laaste klas van die week</translation>
        </message>
        <message>
            <source>Open, or attend the group that is dashed</source>
            <translation>Maak oop, of woon die stippellyngroep by</translation>
        </message>
        <message>
            <source>Show one day, or the whole week</source>
            <translation>Wys een dag of die hele week</translation>
        </message>
    </context>
    <context>
        <name>Layers</name>
        <message>
            <source>Other calendars</source>
            <translation>Ander kalenders</translation>
        </message>
        <message>
            <source>Deadlines</source>
            <translation>Sperdatums</translation>
        </message>
        <message>
            <source>Classes</source>
            <translation>Klasse</translation>
        </message>
        <message>
            <source>Times I am busy</source>
            <translation>Tye wanneer ek besig is</translation>
        </message>
        <message>
            <source>Only to look at</source>
            <translation>Net om na te kyk</translation>
        </message>
        <message>
            <source>Name of {name}</source>
            <translation>Naam van {name}</translation>
        </message>
        <message>
            <source>What {name} holds</source>
            <translation>Wat {name} bevat</translation>
        </message>
        <message>
            <source>Colour of {name}</source>
            <translation>Kleur van {name}</translation>
        </message>
        <message>
            <source>Write it into exports, the phone’s file and published calendars</source>
            <translation>Skryf dit in uitvoere, die foon se lêer en gepubliseerde kalenders</translation>
        </message>
        <message>
            <source>Allow</source>
            <translation>Laat toe</translation>
        </message>
        <message>
            <source>Allow the address of {name}</source>
            <translation>Laat die adres van {name} toe</translation>
        </message>
        <message>
            <source>Choose the file again</source>
            <translation>Kies die lêer weer</translation>
        </message>
        <message>
            <source>Choose the file of {name} again</source>
            <translation>Kies die lêer van {name} weer</translation>
        </message>
        <message>
            <source>Remove {name}</source>
            <translation>Verwyder {name}</translation>
        </message>
        <message>
            <source>Add a calendar</source>
            <translation>Voeg ’n kalender by</translation>
        </message>
        <message>
            <source>Deadlines from ClickUP, a club, work: any calendar that has an address or is a file. It is shown in your week and stays between you and your machines.</source>
            <translation>Sperdatums uit ClickUP, ’n klub, werk: enige kalender wat ’n adres het of ’n lêer is. Dit word in jou week gewys en bly tussen jou en jou masjiene.</translation>
        </message>
        <message>
            <source>Its name</source>
            <translation>Sy naam</translation>
        </message>
        <message>
            <source>The name of the calendar</source>
            <translation>Die naam van die kalender</translation>
        </message>
        <message>
            <source>Its address, webcal:// or https://</source>
            <translation>Sy adres, webcal:// of https://</translation>
        </message>
        <message>
            <source>The address of the calendar</source>
            <translation>Die adres van die kalender</translation>
        </message>
        <message>
            <source>What it holds</source>
            <translation>Wat dit bevat</translation>
        </message>
        <message>
            <source>Colour</source>
            <translation>Kleur</translation>
        </message>
        <message>
            <source>Add</source>
            <translation>Voeg by</translation>
        </message>
        <message>
            <source>Choose a file</source>
            <translation>Kies ’n lêer</translation>
        </message>
        <message>
            <source>Read all of them now</source>
            <translation>Lees almal nou</translation>
        </message>
        <message>
            <source>not read yet</source>
            <translation>nog nie gelees nie</translation>
        </message>
        <message>
            <source>{file} is on another of your machines. Choose it here as well.</source>
            <translation>{file} is op ’n ander masjien van jou. Kies dit hier ook.</translation>
        </message>
        <message>
            <source>{n} entry</source>
            <translation>{n} inskrywing</translation>
        </message>
        <message>
            <source>{n} entries</source>
            <translation>{n} inskrywings</translation>
        </message>
        <message>
            <source>as of {day}, {time}</source>
            <translation>soos op {day}, {time}</translation>
        </message>
        <message>
            <source>Added {name}</source>
            <translation>{name} bygevoeg</translation>
        </message>
        <message>
            <source>Choose a calendar file</source>
            <translation>Kies ’n kalenderlêer</translation>
        </message>
        <message>
            <source>Calendars ({endings})</source>
            <translation>Kalenders ({endings})</translation>
        </message>
        <message>
            <source>Drop to add this calendar</source>
            <translation>Los om hierdie kalender by te voeg</translation>
        </message>
        <message>
            <source>Read {file}</source>
            <translation>{file} gelees</translation>
        </message>
    </context>
    <context>
        <name>Licences</name>
        <message>
            <source>Licences</source>
            <translation>Lisensies</translation>
        </message>
        <message>
            <source>UP Schedule Generator is free software under the MIT License. It uses the work of others, listed here.</source>
            <translation>UP Schedule Generator is gratis sagteware onder die MIT-lisensie. Dit gebruik ander mense se werk, wat hier gelys is.</translation>
        </message>
        <message>
            <source>You may replace the parts under the LGPL with other versions. They are separate files in the program’s folder: {parts}.</source>
            <translation>Jy mag die dele onder die LGPL deur ander weergawes vervang. Hulle is aparte lêers in die program se vouer: {parts}.</translation>
        </message>
        <message>
            <source>Open the program’s folder</source>
            <translation>Maak die program se vouer oop</translation>
        </message>
        <message>
            <source>The licences of all parts</source>
            <translation>Die lisensies van alle dele</translation>
        </message>
        <message>
            <source>This copy runs from its source code. The licence of each part lies beside it, in:
{folder}</source>
            <translation>Hierdie kopie loop uit sy bronkode. Elke deel se lisensie lê daarby, in:
{folder}</translation>
        </message>
    </context>
    <context>
        <name>Menu</name>
        <message>
            <source>Open</source>
            <translation>Maak oop</translation>
        </message>
        <message>
            <source>New event here</source>
            <translation>Nuwe afspraak hier</translation>
        </message>
        <message>
            <source>Move on {day} only</source>
            <translation>Skuif net op {day}</translation>
        </message>
        <message>
            <source>Move every week</source>
            <translation>Skuif elke week</translation>
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
            <translation>Beplan vir my</translation>
        </message>
        <message>
            <source>Hidden everywhere, and in no export.</source>
            <translation>Oral versteek, en in geen uitvoer nie.</translation>
        </message>
        <message>
            <source>No lectures are known; only tests or exams.</source>
            <translation>Geen lesings is bekend nie; slegs toetse of eksamens.</translation>
        </message>
        <message>
            <source>Name it, for example Physics</source>
            <translation>Gee dit ’n naam, byvoorbeeld Fisika</translation>
        </message>
        <message>
            <source>Name of {module}</source>
            <translation>Naam van {module}</translation>
        </message>
        <message>
            <source>{n} test or exam</source>
            <translation>{n} toets of eksamen</translation>
        </message>
        <message>
            <source>{n} tests and exams</source>
            <translation>{n} toetse en eksamens</translation>
        </message>
        <message>
            <source>Show</source>
            <translation>Wys</translation>
        </message>
        <message>
            <source>Hide</source>
            <translation>Versteek</translation>
        </message>
        <message>
            <source>Colour of {module}</source>
            <translation>Kleur van {module}</translation>
        </message>
        <message>
            <source>Automatic</source>
            <translation>Outomaties</translation>
        </message>
        <message>
            <source>{group} is in no document any more: choose again</source>
            <translation>{group} is in geen dokument meer nie: kies weer</translation>
        </message>
        <message>
            <source>Choose your group</source>
            <translation>Kies jou groep</translation>
        </message>
        <message>
            <source>Clear choice</source>
            <translation>Vee keuse uit</translation>
        </message>
        <message>
            <source>{group} stays in every plan: let plans change it</source>
            <translation>{group} bly in elke plan: laat planne dit verander</translation>
        </message>
        <message>
            <source>Keep {group} in every plan</source>
            <translation>Hou {group} in elke plan</translation>
        </message>
        <message>
            <source>Lectures</source>
            <translation>Lesings</translation>
        </message>
        <message>
            <source>Practicals</source>
            <translation>Praktiese klasse</translation>
        </message>
        <message>
            <source>Tutorials</source>
            <translation>Tutoriale</translation>
        </message>
        <message>
            <source>Discussions</source>
            <translation>Besprekings</translation>
        </message>
        <message>
            <source>Lectures in test weeks</source>
            <translation>Lesings in toetsweke</translation>
        </message>
        <message>
            <source>Like other modules (no)</source>
            <translation>Soos ander modules (nee)</translation>
        </message>
        <message>
            <source>Like other modules (yes)</source>
            <translation>Soos ander modules (ja)</translation>
        </message>
        <message>
            <source>Yes</source>
            <translation>Ja</translation>
        </message>
        <message>
            <source>No</source>
            <translation>Nee</translation>
        </message>
        <message>
            <source>Choose a group for each lecture</source>
            <translation>Kies ’n groep vir elke lesing</translation>
        </message>
        <message>
            <source>You can attend {first} with {group} and {second} with {other}. Plans can do the same.</source>
            <translation>Jy kan {first} saam met {group} bywoon en {second} saam met {other}. Planne kan dit ook doen.</translation>
        </message>
        <message>
            <source>Hidden</source>
            <translation>Versteek</translation>
        </message>
        <message>
            <source>Tests and exams only</source>
            <translation>Net toetse en eksamens</translation>
        </message>
    </context>
    <context>
        <name>Needs</name>
        <message>
            <source>{n} clash ahead</source>
            <translation>{n} botsing lê voor</translation>
        </message>
        <message>
            <source>{n} clashes ahead</source>
            <translation>{n} botsings lê voor</translation>
        </message>
        <message>
            <source>Sync cannot go on without you</source>
            <translation>Sinkronisering kan nie sonder jou aangaan nie</translation>
        </message>
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
        <message>
            <source>Send</source>
            <translation>Stuur</translation>
        </message>
        <message>
            <source>Choose the language of this window</source>
            <translation>Kies die taal van hierdie venster</translation>
        </message>
        <message>
            <source>Your timetable is not on your phone yet</source>
            <translation>Jou rooster is nog nie op jou foon nie</translation>
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
            <translation>Maak toe</translation>
        </message>
        <message>
            <source>Redo</source>
            <translation>Herhaal</translation>
        </message>
    </context>
    <context>
        <name>Paper</name>
        <message>
            <source>Saved {file} to {last}</source>
            <translation>{file} tot {last} gestoor</translation>
        </message>
        <message>
            <source>Print</source>
            <translation>Druk</translation>
        </message>
        <message>
            <source>Save a picture</source>
            <translation>Stoor ’n prent</translation>
        </message>
        <message>
            <source>Save a PDF</source>
            <translation>Stoor ’n PDF</translation>
        </message>
        <message>
            <source>What to print</source>
            <translation>Wat om te druk</translation>
        </message>
        <message>
            <source>This week</source>
            <translation>Hierdie week</translation>
        </message>
        <message>
            <source>Every week of the term</source>
            <translation>Elke week van die termyn</translation>
        </message>
        <message>
            <source>Colours</source>
            <translation>Kleure</translation>
        </message>
        <message>
            <source>In colour</source>
            <translation>In kleur</translation>
        </message>
        <message>
            <source>Black and white</source>
            <translation>Swart en wit</translation>
        </message>
        <message>
            <source>{n} sheets of A4</source>
            <translation>{n} velle A4</translation>
        </message>
        <message>
            <source>There is nothing to print yet</source>
            <translation>Daar is nog niks om te druk nie</translation>
        </message>
        <message>
            <source>Save the timetable</source>
            <translation>Stoor die rooster</translation>
        </message>
        <message>
            <source>Saved {file}</source>
            <translation>{file} is gestoor</translation>
        </message>
    </context>
    <context>
        <name>Paste</name>
        <message>
            <source>Paste UP’s year calendar</source>
            <translation>Plak UP se jaarkalender</translation>
        </message>
        <message>
            <source>Year calendar</source>
            <translation>Jaarkalender</translation>
        </message>
        <message>
            <source>Line</source>
            <translation>Reël</translation>
        </message>
        <message>
            <source>Understood as</source>
            <translation>Verstaan as</translation>
        </message>
        <message>
            <source>Each line and what is understood of it</source>
            <translation>Elke reël en wat daarvan verstaan word</translation>
        </message>
        <message>
            <source>Use these dates</source>
            <translation>Gebruik hierdie datums</translation>
        </message>
        <message>
            <source>Cancel</source>
            <translation>Kanselleer</translation>
        </message>
        <message>
            <source>Semester dates {year}</source>
            <translation>Semesterdatums {year}</translation>
        </message>
        <message>
            <source>Copy the list of dates off the university’s page and paste it here ({keys}).</source>
            <translation>Kopieer die lys datums van die universiteit se bladsy af en plak dit hier ({keys}).</translation>
        </message>
    </context>
    <context>
        <name>Phone</name>
        <message>
            <source>timetable-{year}.html</source>
            <translation>rooster-{year}.html</translation>
        </message>
        <message>
            <source>iPhone</source>
            <translation>iPhone</translation>
        </message>
        <message>
            <source>Your sync server is on this computer only ({server}), so a phone cannot reach a calendar that is published there. Send the file instead.</source>
            <translation>Jou sinchroniseerbediener is net op hierdie rekenaar ({server}), dus kan ’n foon nie ’n kalender bereik wat daar gepubliseer is nie. Stuur eerder die lêer.</translation>
        </message>
        <message>
            <source>With a sync server that your phone can reach, its own calendar can subscribe to your timetable, and shows every change.</source>
            <translation>Met ’n sinchroniseerbediener wat jou foon kan bereik, kan die foon se eie kalender op jou rooster inteken, en dit wys elke verandering.</translation>
        </message>
        <message>
            <source>Web pages</source>
            <translation>Webblaaie</translation>
        </message>
        <message>
            <source>Today, your weeks, and tests and exams, to the end of the year. It opens in the browser of any phone, without a connection or an account.</source>
            <translation>Vandag, jou weke, en toetse en eksamens, tot die einde van die jaar. Dit maak oop in die blaaier van enige foon, sonder ’n verbinding of ’n rekening.</translation>
        </message>
        <message>
            <source>Through OneDrive or Google Drive</source>
            <translation>Deur OneDrive of Google Drive</translation>
        </message>
        <message>
            <source>Tap the file and open it with Chrome. Chrome’s menu can add it to the home screen.</source>
            <translation>Tik op die lêer en maak dit met Chrome oop. Chrome se kieslys kan dit op die tuisskerm sit.</translation>
        </message>
        <message>
            <source>Subscribe from my phone</source>
            <translation>Teken van my foon af in</translation>
        </message>
        <message>
            <source>Show the folder</source>
            <translation>Wys die vouer</translation>
        </message>
        <message>
            <source>Send to my phone</source>
            <translation>Stuur na my foon</translation>
        </message>
        <message>
            <source>Send it to yourself as a document, in WhatsApp Web say, or attach it to an e-mail to you.</source>
            <translation>Stuur dit as ’n dokument aan jouself, byvoorbeeld in WhatsApp Web, of heg dit aan ’n e-pos aan jou.</translation>
        </message>
        <message>
            <source>Saved {file}. Now send it to your phone.</source>
            <translation>{file} is gestoor. Stuur dit nou na jou foon.</translation>
        </message>
        <message>
            <source>Saved {file}. It ends on {day}, since more would be too large</source>
            <translation>{file} is gestoor. Dit eindig op {day}, want meer sou te groot wees</translation>
        </message>
        <message>
            <source>Saved {file}, but nothing is left of this year</source>
            <translation>{file} is gestoor, maar niks is oor van hierdie jaar nie</translation>
        </message>
        <message>
            <source>Saved {file}</source>
            <translation>{file} is gestoor</translation>
        </message>
        <message>
            <source>Save the file</source>
            <translation>Stoor die lêer</translation>
        </message>
        <message>
            <source>Put it there on this computer, and open the app of it on your phone.</source>
            <translation>Sit dit op hierdie rekenaar daar, en maak die toep daarvan op jou foon oop.</translation>
        </message>
        <message>
            <source>One file with your timetable</source>
            <translation>Een lêer met jou rooster</translation>
        </message>
        <message>
            <source>Look at it here</source>
            <translation>Kyk hier daarna</translation>
        </message>
        <message>
            <source>It does not change by itself: after a change, save it again and send it again.</source>
            <translation>Dit verander nie vanself nie: stoor en stuur dit weer ná ’n verandering.</translation>
        </message>
        <message>
            <source>How to send it</source>
            <translation>Hoe om dit te stuur</translation>
        </message>
        <message>
            <source>From a Mac, AirDrop it. Choose “Save to Files” so that you find it again.</source>
            <translation>Stuur dit van ’n Mac af met AirDrop. Kies “Save to Files” sodat jy dit weer kry.</translation>
        </message>
        <message>
            <source>By a chat or e-mail</source>
            <translation>Met ’n klets of e-pos</translation>
        </message>
        <message>
            <source>Android</source>
            <translation>Android</translation>
        </message>
        <message>
            <source>A calendar that follows changes</source>
            <translation>’n Kalender wat veranderinge volg</translation>
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
        <message>
            <source>This table has no pages. It says there:</source>
            <translation>Hierdie tabel het geen bladsye nie. Daar staan:</translation>
        </message>
    </context>
    <context>
        <name>Plan</name>
        <message>
            <source>Plan</source>
            <translation>Beplan</translation>
        </message>
        <message>
            <source>There is nothing to choose</source>
            <translation>Daar is niks om te kies nie</translation>
        </message>
        <message>
            <source>Every module has one group of each kind, so your week is what it is.</source>
            <translation>Elke module het een groep van elke soort, dus is jou week soos dit is.</translation>
        </message>
        <message>
            <source>Free days</source>
            <translation>Vry dae</translation>
        </message>
        <message>
            <source>Not before</source>
            <translation>Nie voor</translation>
        </message>
        <message>
            <source>Not after</source>
            <translation>Nie ná</translation>
        </message>
        <message>
            <source>Few gaps</source>
            <translation>Min gapings</translation>
        </message>
        <message>
            <source>Lunch break</source>
            <translation>Middagete</translation>
        </message>
        <message>
            <source>Early Friday</source>
            <translation>Vroeg op Vrydag</translation>
        </message>
        <message>
            <source>Same group for lectures and tutorials</source>
            <translation>Dieselfde groep vir lesings en tutoriale</translation>
        </message>
        <message>
            <source>Less travel</source>
            <translation>Minder reis</translation>
        </message>
        <message>
            <source>Does not matter</source>
            <translation>Maak nie saak nie</translation>
        </message>
        <message>
            <source>Looking for the best plans</source>
            <translation>Soek die beste planne</translation>
        </message>
        <message>
            <source>Plan {n}</source>
            <translation>Plan {n}</translation>
        </message>
        <message>
            <source>what you have now</source>
            <translation>wat jy nou het</translation>
        </message>
        <message>
            <source>{n} change</source>
            <translation>{n} verandering</translation>
        </message>
        <message>
            <source>{n} changes</source>
            <translation>{n} veranderinge</translation>
        </message>
        <message>
            <source>Use this plan</source>
            <translation>Gebruik hierdie plan</translation>
        </message>
        <message>
            <source>{n} clashes now</source>
            <translation>{n} botsings nou</translation>
        </message>
        <message>
            <source>{n} clash now</source>
            <translation>{n} botsing nou</translation>
        </message>
        <message>
            <source>No clashes now</source>
            <translation>Geen botsings nou nie</translation>
        </message>
        <message>
            <source>Show {plan} large</source>
            <translation>Wys {plan} groot</translation>
        </message>
        <message>
            <source>Show large</source>
            <translation>Wys groot</translation>
        </message>
        <message>
            <source>{n} more</source>
            <translation>nog {n}</translation>
        </message>
        <message>
            <source>no clashes</source>
            <translation>geen botsings nie</translation>
        </message>
        <message>
            <source>{n} clash</source>
            <translation>{n} botsing</translation>
        </message>
        <message>
            <source>{n} clashes</source>
            <translation>{n} botsings</translation>
        </message>
        <message>
            <source>All plans</source>
            <translation>Alle planne</translation>
        </message>
        <message>
            <source>Previous plan</source>
            <translation>Vorige plan</translation>
        </message>
        <message>
            <source>Next plan</source>
            <translation>Volgende plan</translation>
        </message>
        <message>
            <source>Keep the groups I chose</source>
            <translation>Hou die groepe wat ek gekies het</translation>
        </message>
        <message>
            <source>What still clashes is a test or another single date, or too far away.</source>
            <translation>Wat nog bots, is ’n toets of ’n ander enkele datum, of te ver weg.</translation>
        </message>
        <message>
            <source>Same groups as a friend</source>
            <translation>Selfde groepe as ’n vriend</translation>
        </message>
    </context>
    <context>
        <name>Portal</name>
        <message>
            <source>Choose PDFs</source>
            <translation>Kies PDF’s</translation>
        </message>
        <message>
            <source>No timetable yet</source>
            <translation>Nog geen rooster nie</translation>
        </message>
        <message>
            <source>On the UP student portal, open Timetable Module Lookup.</source>
            <translation>Maak “Timetable Module Lookup” op die UP-studenteportaal oop.</translation>
        </message>
        <message>
            <source>Choose All for the period, so that year modules and all their tests are in it.</source>
            <translation>Kies “All” as die tydperk, sodat jaarmodules en al hulle toetse daarin is.</translation>
        </message>
        <message>
            <source>Press Download on each tab, and Export Exam Timetable. Drop the PDFs here.</source>
            <translation>Druk “Download” op elke oortjie, en “Export Exam Timetable”. Laat val die PDF’s hier.</translation>
        </message>
    </context>
    <context>
        <name>Publish</name>
        <message>
            <source>Subscribe from my phone</source>
            <translation>Teken in van my foon af</translation>
        </message>
        <message>
            <source>Publish it</source>
            <translation>Publiseer dit</translation>
        </message>
        <message>
            <source>Sign in</source>
            <translation>Meld aan</translation>
        </message>
        <message>
            <source>An account is needed</source>
            <translation>’n Rekening is nodig</translation>
        </message>
        <message>
            <source>Your sync server holds the published calendar, so that your phone finds it while this computer is off. Sign in or make an account first.</source>
            <translation>Jou sinkroniseerbediener hou die gepubliseerde kalender, sodat jou foon dit kry terwyl hierdie rekenaar af is. Meld eers aan of skep ’n rekening.</translation>
        </message>
        <message>
            <source>Whoever has the address can read the calendar. It is the one thing that leaves this computer unencrypted; give it only to those who may know where you are.</source>
            <translation>Wie die adres het, kan die kalender lees. Dit is die een ding wat hierdie rekenaar ongeënkripteer verlaat; gee dit slegs aan wie mag weet waar jy is.</translation>
        </message>
        <message>
            <source>Asking for the address</source>
            <translation>Vra vir die adres</translation>
        </message>
        <message>
            <source>Address (https)</source>
            <translation>Adres (https)</translation>
        </message>
        <message>
            <source>Address (webcal)</source>
            <translation>Adres (webcal)</translation>
        </message>
        <message>
            <source>The address as a QR picture</source>
            <translation>Die adres as ’n QR-prent</translation>
        </message>
        <message>
            <source>Point the phone’s camera at the picture, and open what it finds with the calendar.</source>
            <translation>Rig die foon se kamera op die prent, en maak wat dit vind met die kalender oop.</translation>
        </message>
        <message>
            <source>Published</source>
            <translation>Gepubliseer</translation>
        </message>
        <message>
            <source>Copied the address</source>
            <translation>Die adres is gekopieer</translation>
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
            <source>Rooms</source>
            <translation>Lokale</translation>
        </message>
        <message>
            <source>Show as busy only: no names, rooms or notes</source>
            <translation>Wys net as besig: geen name, lokale of notas nie</translation>
        </message>
        <message>
            <source>What is in it</source>
            <translation>Wat daarin is</translation>
        </message>
        <message>
            <source>The published calendar was changed</source>
            <translation>Die gepubliseerde kalender is verander</translation>
        </message>
        <message>
            <source>Published. It follows every change from now on.</source>
            <translation>Gepubliseer. Van nou af volg dit elke verandering.</translation>
        </message>
        <message>
            <source>There is a new address; the old one is dead</source>
            <translation>Daar is ’n nuwe adres; die ou een werk nie meer nie</translation>
        </message>
        <message>
            <source>Stopped publishing</source>
            <translation>Nie meer gepubliseer nie</translation>
        </message>
        <message>
            <source>New address</source>
            <translation>Nuwe adres</translation>
        </message>
        <message>
            <source>Stop publishing</source>
            <translation>Hou op publiseer</translation>
        </message>
        <message>
            <source>A new address makes the old one useless; phones have to subscribe to it again.</source>
            <translation>’n Nuwe adres maak die ou een nutteloos; fone moet weer daarop inteken.</translation>
        </message>
        <message>
            <source>How to add it</source>
            <translation>Hoe om dit by te voeg</translation>
        </message>
        <message>
            <source>iPhone, iPad and Mac</source>
            <translation>iPhone, iPad en Mac</translation>
        </message>
        <message>
            <source>Open the webcal address and choose Subscribe. It looks every hour to every week, as set under Calendar accounts, Fetch.</source>
            <translation>Maak die webcal-adres oop en kies Subscribe. Dit kyk elke uur tot elke week, soos gestel onder Calendar accounts, Fetch.</translation>
        </message>
        <message>
            <source>Google Calendar</source>
            <translation>Google Kalender</translation>
        </message>
        <message>
            <source>On a computer: Other calendars, From URL, and paste the https address. Google looks every 12 to 24 hours.</source>
            <translation>Op ’n rekenaar: Other calendars, From URL, en plak die https-adres. Google kyk elke 12 tot 24 uur.</translation>
        </message>
        <message>
            <source>Outlook</source>
            <translation>Outlook</translation>
        </message>
        <message>
            <source>Add calendar, Subscribe from web, and paste the https address. It looks about every 3 hours, sometimes once a day.</source>
            <translation>Add calendar, Subscribe from web, en plak die https-adres. Dit kyk omtrent elke 3 uur, soms een keer per dag.</translation>
        </message>
        <message>
            <source>Copy</source>
            <translation>Kopieer</translation>
        </message>
        <message>
            <source>This calendar is on this computer only, so a phone cannot reach it. Calendar programs on this computer can.</source>
            <translation>Hierdie kalender is net op hierdie rekenaar, dus kan ’n foon dit nie bereik nie. Kalenderprogramme op hierdie rekenaar kan.</translation>
        </message>
        <message>
            <source>Send a file to my phone</source>
            <translation>Stuur ’n lêer na my foon</translation>
        </message>
        <message>
            <source>Asking the server</source>
            <translation>Vra die bediener</translation>
        </message>
        <message>
            <source>For friends</source>
            <translation>Vir vriende</translation>
        </message>
        <message>
            <source>Share which groups I chose</source>
            <translation>Deel watter groepe ek gekies het</translation>
        </message>
        <message>
            <source>Whoever has the address then sees your modules and groups, even where the calendar shows you as busy only. A friend’s planner can look for the same groups. Switched off, nothing of it is sent.</source>
            <translation>Wie ook al die adres het, sien dan jou modules en groepe, selfs waar die kalender net wys dat jy besig is. ’n Vriend se beplanner kan vir dieselfde groepe soek. Afgeskakel word niks daarvan gestuur nie.</translation>
        </message>
    </context>
    <context>
        <name>Push</name>
        <message>
            <source>Google</source>
            <translation>Google</translation>
        </message>
        <message>
            <source>iCloud (Apple)</source>
            <translation>iCloud (Apple)</translation>
        </message>
        <message>
            <source>Fastmail</source>
            <translation>Fastmail</translation>
        </message>
        <message>
            <source>Nextcloud</source>
            <translation>Nextcloud</translation>
        </message>
        <message>
            <source>Another server</source>
            <translation>’n Ander bediener</translation>
        </message>
        <message>
            <source>This computer, Outlook</source>
            <translation>Hierdie rekenaar, Outlook</translation>
        </message>
        <message>
            <source>Address</source>
            <translation>Adres</translation>
        </message>
        <message>
            <source>User name</source>
            <translation>Gebruikersnaam</translation>
        </message>
        <message>
            <source>App password</source>
            <translation>Toepassingswagwoord</translation>
        </message>
        <message>
            <source>Client id</source>
            <translation>Kliënt-id</translation>
        </message>
        <message>
            <source>Client secret</source>
            <translation>Kliëntgeheim</translation>
        </message>
        <message>
            <source>Open with this computer’s calendar</source>
            <translation>Maak oop met hierdie rekenaar se kalender</translation>
        </message>
        <message>
            <source>Sign in with the browser</source>
            <translation>Meld aan met die blaaier</translation>
        </message>
        <message>
            <source>Show what would be written</source>
            <translation>Wys wat geskryf sou word</translation>
        </message>
        <message>
            <source>Your Apple Account’s e-mail address, and an app-specific password: make one at account.apple.com under Sign-In and Security.</source>
            <translation>Jou Apple-rekening se e-posadres, en ’n toepassingswagwoord: maak een by account.apple.com onder Sign-In and Security.</translation>
        </message>
        <message>
            <source>Your Fastmail address, and an app password with access to calendars: make one in Settings under Privacy &amp; Security.</source>
            <translation>Jou Fastmail-adres, en ’n toepassingswagwoord met toegang tot kalenders: maak een in Settings onder Privacy &amp; Security.</translation>
        </message>
        <message>
            <source>The server’s name, your user name there, and an app password: make one in Settings under Security, Devices &amp; sessions.</source>
            <translation>Die bediener se naam, jou gebruikersnaam daar, en ’n toepassingswagwoord: maak een in Settings onder Security, Devices &amp; sessions.</translation>
        </message>
        <message>
            <source>Any calendar server that speaks CalDAV. With two-step sign-in, make an app password in the account’s security settings.</source>
            <translation>Enige kalenderbediener wat CalDAV praat. Met aanmelding in twee stappe, maak ’n toepassingswagwoord in die rekening se veiligheidsinstellings.</translation>
        </message>
        <message>
            <source>The calendar file is saved and opened with the calendar of this computer, which asks where to put it. In Outlook: File, Open &amp; Export, Import/Export, Import an iCalendar file; in Outlook on the web: Add calendar, Upload from file.</source>
            <translation>Die kalenderlêer word gestoor en met hierdie rekenaar se kalender oopgemaak, wat vra waar om dit te sit. In Outlook: File, Open &amp; Export, Import/Export, Import an iCalendar file; in Outlook op die web: Add calendar, Upload from file.</translation>
        </message>
        <message>
            <source>A calendar of its own is made in your Google account. This program can see and change that one only.</source>
            <translation>’n Eie kalender word in jou Google-rekening gemaak. Hierdie program kan slegs daardie een sien en verander.</translation>
        </message>
        <message>
            <source>A calendar of its own is made in your Google account. This copy of the program came without a client id for Google: at console.cloud.google.com make a project, switch on the Google Calendar API, and make an OAuth client of the type Desktop app; its id and secret go here.</source>
            <translation>’n Eie kalender word in jou Google-rekening gemaak. Hierdie kopie van die program het sonder ’n kliënt-id vir Google gekom: maak by console.cloud.google.com ’n projek, skakel die Google Calendar API aan, en maak ’n OAuth-kliënt van die tipe Desktop app; sy id en geheim kom hier.</translation>
        </message>
        <message>
            <source>What happens</source>
            <translation>Wat gebeur</translation>
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
            <source>Where</source>
            <translation>Waar</translation>
        </message>
        <message>
            <source>What would be written</source>
            <translation>Wat geskryf sou word</translation>
        </message>
        <message>
            <source>Ticked lines become as they are here; the others stay as they are over there.</source>
            <translation>Gemerkte reëls word soos hulle hier is; die ander bly soos hulle daar is.</translation>
        </message>
        <message>
            <source>Add</source>
            <translation>Voeg by</translation>
        </message>
        <message>
            <source>Change</source>
            <translation>Verander</translation>
        </message>
        <message>
            <source>Remove</source>
            <translation>Verwyder</translation>
        </message>
        <message>
            <source>Stays</source>
            <translation>Bly</translation>
        </message>
        <message>
            <source>Changed there</source>
            <translation>Daar verander</translation>
        </message>
        <message>
            <source>Removed there</source>
            <translation>Daar verwyder</translation>
        </message>
        <message>
            <source>{n} to add</source>
            <translation>{n} om by te voeg</translation>
        </message>
        <message>
            <source>{n} to change</source>
            <translation>{n} om te verander</translation>
        </message>
        <message>
            <source>{n} to remove</source>
            <translation>{n} om te verwyder</translation>
        </message>
        <message>
            <source>{n} stays</source>
            <translation>{n} bly</translation>
        </message>
        <message>
            <source>{n} stay</source>
            <translation>{n} bly</translation>
        </message>
        <message>
            <source>{n} was changed there</source>
            <translation>{n} is daar verander</translation>
        </message>
        <message>
            <source>{n} were changed there</source>
            <translation>{n} is daar verander</translation>
        </message>
        <message>
            <source>{n} was removed there</source>
            <translation>{n} is daar verwyder</translation>
        </message>
        <message>
            <source>{n} were removed there</source>
            <translation>{n} is daar verwyder</translation>
        </message>
        <message>
            <source>There is nothing to write</source>
            <translation>Daar is niks om te skryf nie</translation>
        </message>
        <message>
            <source>Add to calendar</source>
            <translation>Voeg by kalender</translation>
        </message>
        <message>
            <source>Stop</source>
            <translation>Stop</translation>
        </message>
        <message>
            <source>Progress</source>
            <translation>Vordering</translation>
        </message>
        <message>
            <source>Looking at what is there</source>
            <translation>Kyk wat daar is</translation>
        </message>
        <message>
            <source>Write {n} event</source>
            <translation>Skryf {n} afspraak</translation>
        </message>
        <message>
            <source>Write {n} events</source>
            <translation>Skryf {n} afsprake</translation>
        </message>
        <message>
            <source>Cancel</source>
            <translation>Kanselleer</translation>
        </message>
        <message>
            <source>Writing</source>
            <translation>Skryf</translation>
        </message>
        <message>
            <source>{n} event written</source>
            <translation>{n} afspraak geskryf</translation>
        </message>
        <message>
            <source>{n} events written</source>
            <translation>{n} afsprake geskryf</translation>
        </message>
        <message>
            <source>Everything this program ever wrote there goes away ({calendar}), also what was changed over there. The timetable here stays.</source>
            <translation>Alles wat hierdie program ooit daar geskryf het, verdwyn ({calendar}), ook wat daar verander is. Die rooster hier bly.</translation>
        </message>
        <message>
            <source>Remove everything there</source>
            <translation>Verwyder alles daar</translation>
        </message>
        <message>
            <source>Removing</source>
            <translation>Verwyder</translation>
        </message>
        <message>
            <source>{n} event removed</source>
            <translation>{n} afspraak verwyder</translation>
        </message>
        <message>
            <source>{n} events removed</source>
            <translation>{n} afsprake verwyder</translation>
        </message>
        <message>
            <source>{done} of {total}</source>
            <translation>{done} van {total}</translation>
        </message>
        <message>
            <source>Stopped. What was written stays, and the next time goes on from there.</source>
            <translation>Gestop. Wat geskryf is, bly, en volgende keer gaan dit van daar af voort.</translation>
        </message>
        <message>
            <source>Go on</source>
            <translation>Gaan voort</translation>
        </message>
        <message>
            <source>Waiting for you to sign in with the browser</source>
            <translation>Wag dat jy met die blaaier aanmeld</translation>
        </message>
        <message>
            <source>No program here opens calendar files; save the file and import it by hand.</source>
            <translation>Geen program hier maak kalenderlêers oop nie; stoor die lêer en voer dit self in.</translation>
        </message>
        <message>
            <source>{calendar}: {n} events of {year}, written on {day} at {time}</source>
            <translation>{calendar}: {n} afsprake van {year}, geskryf op {day} om {time}</translation>
        </message>
        <message>
            <source>Remove everything that was ever written</source>
            <translation>Verwyder alles wat ooit geskryf is</translation>
        </message>
        <message>
            <source>Keep this password on this machine</source>
            <translation>Hou hierdie wagwoord op hierdie rekenaar</translation>
        </message>
        <message>
            <source>In the system’s keyring; where there is none, in an encrypted file of this profile.</source>
            <translation>In die stelsel se sleutelring; waar daar nie een is nie, in ’n geënkripteerde lêer van hierdie profiel.</translation>
        </message>
        <message>
            <source>The password is no longer kept on this machine</source>
            <translation>Die wagwoord word nie meer op hierdie rekenaar gehou nie</translation>
        </message>
        <message>
            <source>Sign out of Google</source>
            <translation>Meld by Google af</translation>
        </message>
        <message>
            <source>Signing out</source>
            <translation>Besig om af te meld</translation>
        </message>
        <message>
            <source>Signed out of Google; the calendar there stays</source>
            <translation>By Google afgemeld; die kalender daar bly</translation>
        </message>
        <message>
            <source>There already</source>
            <translation>Reeds daar</translation>
        </message>
        <message>
            <source>What is there already is not from this program. Tick it to remove it there.</source>
            <translation>Wat reeds daar is, kom nie van hierdie program nie. Merk dit om dit daar te verwyder.</translation>
        </message>
        <message>
            <source>{n} are there already</source>
            <translation>{n} is reeds daar</translation>
        </message>
        <message>
            <source>{n} is there already</source>
            <translation>{n} is reeds daar</translation>
        </message>
    </context>
    <context>
        <name>Refusal</name>
        <message>
            <source>What the backups hold is brought back. Other documents are kept in the folder “backups”.</source>
            <translation>Wat in die rugsteune is, word teruggebring. Ander dokumente word in die vouer “backups” bewaar.</translation>
        </message>
        <message>
            <source>Restore the timetable</source>
            <translation>Herstel die rooster</translation>
        </message>
        <message>
            <source>What can still be read is saved into a new file. The damaged one is set aside, never deleted.</source>
            <translation>Wat nog gelees kan word, word in ’n nuwe lêer gestoor. Die beskadigde een word opsy gesit, nooit uitgevee nie.</translation>
        </message>
        <message>
            <source>Save what can be read</source>
            <translation>Stoor wat gelees kan word</translation>
        </message>
        <message>
            <source>Try again</source>
            <translation>Probeer weer</translation>
        </message>
        <message>
            <source>Nothing of your timetable was changed.</source>
            <translation>Niks van jou rooster is verander nie.</translation>
        </message>
    </context>
    <context>
        <name>Reminder</name>
        <message>
            <source>Open</source>
            <translation>Maak oop</translation>
        </message>
        <message>
            <source>Again in 1 hour</source>
            <translation>Weer oor 1 uur</translation>
        </message>
        <message>
            <source>Again in {n} minutes</source>
            <translation>Weer oor {n} minute</translation>
        </message>
        <message>
            <source>until {time}</source>
            <translation>tot {time}</translation>
        </message>
        <message>
            <source>tomorrow</source>
            <translation>môre</translation>
        </message>
        <message>
            <source>Test: {name}</source>
            <translation>Toets: {name}</translation>
        </message>
        <message>
            <source>Exam: {name}</source>
            <translation>Eksamen: {name}</translation>
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
            <source>{n} test</source>
            <translation>{n} toets</translation>
        </message>
        <message>
            <source>{n} tests</source>
            <translation>{n} toetse</translation>
        </message>
        <message>
            <source>{n} class</source>
            <translation>{n} klas</translation>
        </message>
        <message>
            <source>{n} classes</source>
            <translation>{n} klasse</translation>
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
            <source>Tomorrow: {what}</source>
            <translation>Môre: {what}</translation>
        </message>
        <message>
            <source>and {n} more</source>
            <translation>en nog {n}</translation>
        </message>
        <message>
            <source>Off</source>
            <translation>Af</translation>
        </message>
        <message>
            <source>{when} before</source>
            <translation>{when} vooraf</translation>
        </message>
        <message>
            <source>{n} week</source>
            <translation>{n} week</translation>
        </message>
        <message>
            <source>{n} weeks</source>
            <translation>{n} weke</translation>
        </message>
        <message>
            <source>{n} day</source>
            <translation>{n} dag</translation>
        </message>
        <message>
            <source>{n} days</source>
            <translation>{n} dae</translation>
        </message>
        <message>
            <source>{n} hour</source>
            <translation>{n} uur</translation>
        </message>
        <message>
            <source>{n} hours</source>
            <translation>{n} uur</translation>
        </message>
        <message>
            <source>{n} minute</source>
            <translation>{n} minuut</translation>
        </message>
        <message>
            <source>{n} minutes</source>
            <translation>{n} minute</translation>
        </message>
        <message>
            <source>Classes</source>
            <translation>Klasse</translation>
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
            <source>The calendars that you save, send or publish remind you at the same times.</source>
            <translation>Die kalenders wat jy stoor, stuur of publiseer, herinner jou op dieselfde tye.</translation>
        </message>
        <message>
            <source>Quiet from</source>
            <translation>Stil vanaf</translation>
        </message>
        <message>
            <source>Quiet until</source>
            <translation>Stil tot</translation>
        </message>
        <message>
            <source>Show reminders on this computer</source>
            <translation>Wys herinnerings op hierdie rekenaar</translation>
        </message>
        <message>
            <source>Tomorrow’s classes at</source>
            <translation>Môre se klasse om</translation>
        </message>
        <message>
            <source>Quiet hours</source>
            <translation>Stil ure</translation>
        </message>
        <message>
            <source>Keep running when the window is closed</source>
            <translation>Hou aan loop wanneer die venster toe is</translation>
        </message>
        <message>
            <source>Start at login, without the window</source>
            <translation>Begin by aanmelding, sonder die venster</translation>
        </message>
        <message>
            <source>Reminders come only while the program runs. Starting it again brings the window back.</source>
            <translation>Herinnerings kom net terwyl die program loop. Begin dit weer om die venster terug te kry.</translation>
        </message>
        <message>
            <source>This program can remind you of classes and tests, also while its window is closed.</source>
            <translation>Hierdie program kan jou aan klasse en toetse herinner, ook terwyl sy venster toe is.</translation>
        </message>
        <message>
            <source>Remind me</source>
            <translation>Herinner my</translation>
        </message>
        <message>
            <source>The program keeps running, and starts at login. Settings can change that.</source>
            <translation>Die program hou aan loop en begin by aanmelding. Dit kan onder Instellings verander word.</translation>
        </message>
    </context>
    <context>
        <name>Review</name>
        <message>
            <source>Documents</source>
            <translation>Dokumente</translation>
        </message>
        <message>
            <source>Add what you are writing first, or cancel it</source>
            <translation>Voeg eers by wat jy skryf, of kanselleer dit</translation>
        </message>
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
            <source>Answer the questions first, or leave those rows out</source>
            <translation>Beantwoord eers die vrae, of laat daardie rye uit</translation>
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
            <translation>Nr.</translation>
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
            <translation>ontbreek hier</translation>
        </message>
        <message>
            <source>your edit</source>
            <translation>jou wysiging</translation>
        </message>
        <message>
            <source>Write it like 08:30.</source>
            <translation>Skryf dit soos 08:30.</translation>
        </message>
        <message>
            <source>Write it like Monday.</source>
            <translation>Skryf dit soos Maandag.</translation>
        </message>
        <message>
            <source>Write it like 2026-03-23 or 23 March 2026.</source>
            <translation>Skryf dit soos 2026-03-23 of 23 March 2026.</translation>
        </message>
        <message>
            <source>Enter by hand</source>
            <translation>Voer met die hand in</translation>
        </message>
        <message>
            <source>Leave out</source>
            <translation>Laat uit</translation>
        </message>
        <message>
            <source>Edit row</source>
            <translation>Wysig ry</translation>
        </message>
        <message>
            <source>Undo</source>
            <translation>Maak ongedaan</translation>
        </message>
        <message>
            <source>Ask again</source>
            <translation>Vra weer</translation>
        </message>
        <message>
            <source>Add</source>
            <translation>Voeg by</translation>
        </message>
        <message>
            <source>Save</source>
            <translation>Bewaar</translation>
        </message>
        <message>
            <source>Cancel</source>
            <translation>Kanselleer</translation>
        </message>
        <message>
            <source>by hand</source>
            <translation>met die hand</translation>
        </message>
        <message>
            <source>Left out</source>
            <translation>Uitgelaat</translation>
        </message>
        <message>
            <source>{module} was entered by hand</source>
            <translation>{module} is met die hand ingevoer</translation>
        </message>
        <message>
            <source>Module</source>
            <translation>Module</translation>
        </message>
        <message>
            <source>Offered</source>
            <translation>Aangebied</translation>
        </message>
        <message>
            <source>Language</source>
            <translation>Taal</translation>
        </message>
        <message>
            <source>Test</source>
            <translation>Toets</translation>
        </message>
        <message>
            <source>Start</source>
            <translation>Begin</translation>
        </message>
        <message>
            <source>Status</source>
            <translation>Status</translation>
        </message>
        <message>
            <source>Campus of the module</source>
            <translation>Kampus van die module</translation>
        </message>
        <message>
            <source>Campus of the exam</source>
            <translation>Kampus van die eksamen</translation>
        </message>
        <message>
            <source>Comments</source>
            <translation>Opmerkings</translation>
        </message>
        <message>
            <source>Write a module like COS 214.</source>
            <translation>Skryf ’n module soos COS 214.</translation>
        </message>
        <message>
            <source>Write when it is offered, like S1.</source>
            <translation>Skryf wanneer dit aangebied word, soos S1.</translation>
        </message>
        <message>
            <source>Write a group like G01.</source>
            <translation>Skryf ’n groep soos G01.</translation>
        </message>
        <message>
            <source>Write it as the page has it, like L1 or Exam Written.</source>
            <translation>Skryf dit soos die bladsy dit het, soos L1 of Exam Written.</translation>
        </message>
        <message>
            <source>Write a start and a later end, like 08:30 – 09:20.</source>
            <translation>Skryf ’n begin en ’n later einde, soos 08:30 – 09:20.</translation>
        </message>
        <message>
            <source>Write a language like E or A.</source>
            <translation>Skryf ’n taal soos E of A.</translation>
        </message>
        <message>
            <source>Write a test like Test1.</source>
            <translation>Skryf ’n toets soos Test1.</translation>
        </message>
        <message>
            <source>Write FINAL or PRELIM.</source>
            <translation>Skryf FINAL of PRELIM.</translation>
        </message>
        <message>
            <source>Write it in plain letters and digits.</source>
            <translation>Skryf dit in gewone letters en syfers.</translation>
        </message>
    </context>
    <context>
        <name>Search</name>
        <message>
            <source>{n} entry</source>
            <translation>{n} inskrywing</translation>
        </message>
        <message>
            <source>{n} entries</source>
            <translation>{n} inskrywings</translation>
        </message>
        <message>
            <source>Page</source>
            <translation>Bladsy</translation>
        </message>
        <message>
            <source>Setting</source>
            <translation>Instelling</translation>
        </message>
        <message>
            <source>Theme: light or dark</source>
            <translation>Tema: lig of donker</translation>
        </message>
        <message>
            <source>Language: English or Afrikaans</source>
            <translation>Taal: Engels of Afrikaans</translation>
        </message>
        <message>
            <source>Size of text</source>
            <translation>Grootte van teks</translation>
        </message>
        <message>
            <source>Contrast</source>
            <translation>Kontras</translation>
        </message>
        <message>
            <source>Motion</source>
            <translation>Beweging</translation>
        </message>
        <message>
            <source>Assumed exam length</source>
            <translation>Aanvaarde eksamenduur</translation>
        </message>
        <message>
            <source>Watched folder</source>
            <translation>Vouer wat dopgehou word</translation>
        </message>
        <message>
            <source>Back up</source>
            <translation>Rugsteun</translation>
        </message>
        <message>
            <source>Restore a backup</source>
            <translation>Herstel ’n rugsteun</translation>
        </message>
        <message>
            <source>Delete everything</source>
            <translation>Vee alles uit</translation>
        </message>
        <message>
            <source>Recess</source>
            <translation>Reses</translation>
        </message>
        <message>
            <source>Public holidays</source>
            <translation>Openbare vakansiedae</translation>
        </message>
        <message>
            <source>Days that follow another timetable</source>
            <translation>Dae wat ’n ander rooster volg</translation>
        </message>
        <message>
            <source>First and last day of a semester</source>
            <translation>Eerste en laaste dag van ’n semester</translation>
        </message>
        <message>
            <source>Search</source>
            <translation>Soek</translation>
        </message>
        <message>
            <source>A module, a room, a test, a day, a setting</source>
            <translation>’n Module, ’n lokaal, ’n toets, ’n dag, ’n instelling</translation>
        </message>
        <message>
            <source>What to look for</source>
            <translation>Waarna om te soek</translation>
        </message>
        <message>
            <source>What was found</source>
            <translation>Wat gevind is</translation>
        </message>
        <message>
            <source>{n} found</source>
            <translation>{n} gevind</translation>
        </message>
        <message>
            <source>Nothing found. Try fewer words, or part of one.</source>
            <translation>Niks gevind nie. Probeer minder woorde, of ’n deel van een.</translation>
        </message>
        <message>
            <source>Modules, classes, tests, exams, rooms, own events, settings and pages.</source>
            <translation>Modules, klasse, toetse, eksamens, lokale, eie afsprake, instellings en bladsye.</translation>
        </message>
        <message>
            <source>Module</source>
            <translation>Module</translation>
        </message>
        <message>
            <source>Own event</source>
            <translation>Eie afspraak</translation>
        </message>
        <message>
            <source>Room</source>
            <translation>Lokaal</translation>
        </message>
        <message>
            <source>Semester dates</source>
            <translation>Semesterdatums</translation>
        </message>
    </context>
    <context>
        <name>Secrets</name>
        <message>
            <source>Show passwords</source>
            <translation>Wys wagwoorde</translation>
        </message>
        <message>
            <source>Weak: easy to guess. Use a few words in a row.</source>
            <translation>Swak: maklik om te raai. Gebruik ’n paar woorde in ’n ry.</translation>
        </message>
        <message>
            <source>Fair: one more word makes it strong.</source>
            <translation>Redelik: nog een woord maak dit sterk.</translation>
        </message>
        <message>
            <source>Strong: hard to guess.</source>
            <translation>Sterk: moeilik om te raai.</translation>
        </message>
        <message>
            <source>Password or recovery key</source>
            <translation>Wagwoord of herstelsleutel</translation>
        </message>
        <message>
            <source>New password</source>
            <translation>Nuwe wagwoord</translation>
        </message>
        <message>
            <source>New password again</source>
            <translation>Nuwe wagwoord weer</translation>
        </message>
        <message>
            <source>Change the password</source>
            <translation>Verander die wagwoord</translation>
        </message>
        <message>
            <source>New recovery key</source>
            <translation>Nuwe herstelsleutel</translation>
        </message>
        <message>
            <source>The two new passwords differ. Type the same one twice.</source>
            <translation>Die twee nuwe wagwoorde verskil. Tik dieselfde een twee keer.</translation>
        </message>
        <message>
            <source>Type your password or your recovery key first.</source>
            <translation>Tik eers jou wagwoord of jou herstelsleutel.</translation>
        </message>
        <message>
            <source>To change your password or your recovery key, type one of the two first.</source>
            <translation>Om jou wagwoord of jou herstelsleutel te verander, tik eers een van die twee.</translation>
        </message>
    </context>
    <context>
        <name>Session</name>
        <message>
            <source>There is nothing to undo</source>
            <translation>Daar is niks om ongedaan te maak nie</translation>
        </message>
        <message>
            <source>There is nothing to redo</source>
            <translation>Daar is niks om te herhaal nie</translation>
        </message>
        <message>
            <source>Entries brought back: {n}</source>
            <translation>Inskrywings teruggebring: {n}</translation>
        </message>
        <message>
            <source>Entries brought back: {n}. The damaged file is kept as {file}</source>
            <translation>Inskrywings teruggebring: {n}. Die beskadigde lêer word as {file} bewaar</translation>
        </message>
    </context>
    <context>
        <name>Settings</name>
        <message>
            <source>Settings</source>
            <translation>Instellings</translation>
        </message>
        <message>
            <source>Match system</source>
            <translation>Volg die stelsel</translation>
        </message>
        <message>
            <source>High</source>
            <translation>Hoog</translation>
        </message>
        <message>
            <source>Light</source>
            <translation>Lig</translation>
        </message>
        <message>
            <source>Dark</source>
            <translation>Donker</translation>
        </message>
        <message>
            <source>Reduced</source>
            <translation>Verminder</translation>
        </message>
        <message>
            <source>On this machine</source>
            <translation>Op hierdie rekenaar</translation>
        </message>
        <message>
            <source>Theme</source>
            <translation>Tema</translation>
        </message>
        <message>
            <source>Contrast</source>
            <translation>Kontras</translation>
        </message>
        <message>
            <source>Language</source>
            <translation>Taal</translation>
        </message>
        <message>
            <source>Size of text</source>
            <translation>Grootte van teks</translation>
        </message>
        <message>
            <source>Motion</source>
            <translation>Beweging</translation>
        </message>
        <message>
            <source> minutes</source>
            <translation> minute</translation>
        </message>
        <message>
            <source>Choose a folder</source>
            <translation>Kies ’n vouer</translation>
        </message>
        <message>
            <source>Stop watching</source>
            <translation>Hou op dophou</translation>
        </message>
        <message>
            <source>Off</source>
            <translation>Af</translation>
        </message>
        <message>
            <source>New exports in this folder, such as Downloads, are offered here.</source>
            <translation>Nuwe uitvoere in hierdie vouer, soos Downloads, word hier aangebied.</translation>
        </message>
        <message>
            <source>Your timetable</source>
            <translation>Jou rooster</translation>
        </message>
        <message>
            <source>Assumed exam length</source>
            <translation>Aanvaarde eksamenduur</translation>
        </message>
        <message>
            <source>The portal prints only when an exam starts.</source>
            <translation>Die portaal druk slegs wanneer ’n eksamen begin.</translation>
        </message>
        <message>
            <source>Watched folder</source>
            <translation>Vouer wat dopgehou word</translation>
        </message>
        <message>
            <source>Choose the folder to watch</source>
            <translation>Kies die vouer om dop te hou</translation>
        </message>
        <message>
            <source>Back up to a file</source>
            <translation>Rugsteun na ’n lêer</translation>
        </message>
        <message>
            <source>Restore from a backup</source>
            <translation>Herstel uit ’n rugsteun</translation>
        </message>
        <message>
            <source>delete</source>
            <translation>vee uit</translation>
        </message>
        <message>
            <source>Type “{word}” to be sure</source>
            <translation>Tik “{word}” om seker te maak</translation>
        </message>
        <message>
            <source>Delete everything</source>
            <translation>Vee alles uit</translation>
        </message>
        <message>
            <source>Your data</source>
            <translation>Jou data</translation>
        </message>
        <message>
            <source>Everything is kept on this machine, in one folder.</source>
            <translation>Alles word op hierdie rekenaar in een vouer gehou.</translation>
        </message>
        <message>
            <source>Backup</source>
            <translation>Rugsteun</translation>
        </message>
        <message>
            <source>Delete</source>
            <translation>Vee uit</translation>
        </message>
        <message>
            <source>All timetables, documents and settings on this machine.</source>
            <translation>Alle roosters, dokumente en instellings op hierdie rekenaar.</translation>
        </message>
        <message>
            <source>Save a backup</source>
            <translation>Stoor ’n rugsteun</translation>
        </message>
        <message>
            <source>Backed up to {file}</source>
            <translation>Gerugsteun na {file}</translation>
        </message>
        <message>
            <source>Choose a backup</source>
            <translation>Kies ’n rugsteun</translation>
        </message>
        <message>
            <source>Backups (*.upschedule)</source>
            <translation>Rugsteune (*.upschedule)</translation>
        </message>
        <message>
            <source>All files (*)</source>
            <translation>Alle lêers (*)</translation>
        </message>
        <message>
            <source>Restored. What was here before is kept as {file}</source>
            <translation>Herstel. Wat voorheen hier was, word as {file} bewaar</translation>
        </message>
        <message>
            <source>Everything was deleted from this machine</source>
            <translation>Alles is van hierdie rekenaar uitgevee</translation>
        </message>
        <message>
            <source>About</source>
            <translation>Oor</translation>
        </message>
        <message>
            <source>Version</source>
            <translation>Weergawe</translation>
        </message>
        <message>
            <source>Made by</source>
            <translation>Gemaak deur</translation>
        </message>
        <message>
            <source>Students, for students; not by the University of Pretoria.</source>
            <translation>Studente, vir studente; nie deur die Universiteit van Pretoria nie.</translation>
        </message>
        <message>
            <source>Semester dates</source>
            <translation>Semesterdatums</translation>
        </message>
        <message>
            <source>New versions</source>
            <translation>Nuwe weergawes</translation>
        </message>
        <message>
            <source>This copy cannot look for new versions.</source>
            <translation>Hierdie kopie kan nie na nuwe weergawes soek nie.</translation>
        </message>
        <message>
            <source>Once a day</source>
            <translation>Een keer per dag</translation>
        </message>
        <message>
            <source>Never</source>
            <translation>Nooit</translation>
        </message>
        <message>
            <source>Look now</source>
            <translation>Soek nou</translation>
        </message>
        <message>
            <source>Look for them</source>
            <translation>Soek daarna</translation>
        </message>
        <message>
            <source>One moment</source>
            <translation>’n Oomblik</translation>
        </message>
        <message>
            <source>This is the newest version.</source>
            <translation>Dit is die nuutste weergawe.</translation>
        </message>
        <message>
            <source>Open the download page</source>
            <translation>Maak die aflaaibladsy oop</translation>
        </message>
        <message>
            <source>Install and restart</source>
            <translation>Installeer en begin weer</translation>
        </message>
        <message>
            <source>Version {n} is available</source>
            <translation>Weergawe {n} is beskikbaar</translation>
        </message>
        <message>
            <source>Version {n}</source>
            <translation>Weergawe {n}</translation>
        </message>
        <message>
            <source>History</source>
            <translation>Geskiedenis</translation>
        </message>
        <message>
            <source>Reminders</source>
            <translation>Herinnerings</translation>
        </message>
        <message>
            <source>Without the window</source>
            <translation>Sonder die venster</translation>
        </message>
        <message>
            <source>Passphrase</source>
            <translation>Wagsin</translation>
        </message>
        <message>
            <source>Passphrase again</source>
            <translation>Wagsin weer</translation>
        </message>
        <message>
            <source>The two differ. Type the same one twice.</source>
            <translation>Die twee verskil. Tik twee keer dieselfde een.</translation>
        </message>
        <message>
            <source>With a passphrase, you can see later whether somebody changed the file. It hides nothing: whoever has the file can read it. Leave it empty to go without.</source>
            <translation>Met ’n wagsin kan jy later sien of iemand die lêer verander het. Dit steek niks weg nie: wie die lêer het, kan dit lees. Los dit leeg om daarsonder klaar te kom.</translation>
        </message>
        <message>
            <source>Choose where</source>
            <translation>Kies waar</translation>
        </message>
        <message>
            <source>Nothing shows whether somebody changed this backup. Restore it only if it never left your hands.</source>
            <translation>Niks wys of iemand hierdie rugsteun verander het nie. Herstel dit net as dit nooit uit jou hande was nie.</translation>
        </message>
        <message>
            <source>Restore it</source>
            <translation>Herstel dit</translation>
        </message>
        <message>
            <source>This backup is sealed. Type the password, the recovery key or the passphrase that it was made with, to see whether somebody changed it.</source>
            <translation>Hierdie rugsteun is verseël. Tik die wagwoord, die herstelsleutel of die wagsin waarmee dit gemaak is, om te sien of iemand dit verander het.</translation>
        </message>
        <message>
            <source>Password, recovery key or passphrase</source>
            <translation>Wagwoord, herstelsleutel of wagsin</translation>
        </message>
        <message>
            <source>Check and restore</source>
            <translation>Kontroleer en herstel</translation>
        </message>
        <message>
            <source>Restore without checking</source>
            <translation>Herstel sonder om te kontroleer</translation>
        </message>
        <message>
            <source>Cancel</source>
            <translation>Kanselleer</translation>
        </message>
    </context>
    <context>
        <name>Share</name>
        <message>
            <source>Share groups</source>
            <translation>Deel groepe</translation>
        </message>
        <message>
            <source>Share a plan</source>
            <translation>Deel ’n plan</translation>
        </message>
        <message>
            <source>Open what a friend shared</source>
            <translation>Maak oop wat ’n vriend gedeel het</translation>
        </message>
        <message>
            <source>Paste their link, choose their file or a picture of their QR code, or drop one of them here.</source>
            <translation>Plak hulle skakel, kies hulle lêer of ’n foto van hulle QR-kode, of los een daarvan hier.</translation>
        </message>
        <message>
            <source>The friend’s link</source>
            <translation>Die vriend se skakel</translation>
        </message>
        <message>
            <source>Open</source>
            <translation>Maak oop</translation>
        </message>
        <message>
            <source>Choose a file</source>
            <translation>Kies ’n lêer</translation>
        </message>
        <message>
            <source>Paste a picture</source>
            <translation>Plak ’n foto</translation>
        </message>
        <message>
            <source>This plan</source>
            <translation>Hierdie plan</translation>
        </message>
        <message>
            <source>My groups</source>
            <translation>My groepe</translation>
        </message>
        <message>
            <source>It holds your modules of {year} with one group, and nothing else of you.</source>
            <translation>Dit bevat jou modules van {year} met een groep, en niks anders van jou nie.</translation>
        </message>
        <message>
            <source>It holds your modules of {year} with {n} groups, and nothing else of you.</source>
            <translation>Dit bevat jou modules van {year} met {n} groepe, en niks anders van jou nie.</translation>
        </message>
        <message>
            <source>Whoever has it can read it. It does not follow what you choose later.</source>
            <translation>Wie dit het, kan dit lees. Dit volg nie wat jy later kies nie.</translation>
        </message>
        <message>
            <source>The link</source>
            <translation>Die skakel</translation>
        </message>
        <message>
            <source>Copy the link</source>
            <translation>Kopieer die skakel</translation>
        </message>
        <message>
            <source>Save as a file</source>
            <translation>Stoor as ’n lêer</translation>
        </message>
        <message>
            <source>The link as a QR picture</source>
            <translation>Die skakel as ’n QR-prent</translation>
        </message>
        <message>
            <source>Copied the link</source>
            <translation>Die skakel is gekopieer</translation>
        </message>
        <message>
            <source>Shared groups ({endings})</source>
            <translation>Gedeelde groepe ({endings})</translation>
        </message>
        <message>
            <source>plan-{year}</source>
            <translation>plan-{year}</translation>
        </message>
        <message>
            <source>groups-{year}</source>
            <translation>groepe-{year}</translation>
        </message>
        <message>
            <source>Saved {file}</source>
            <translation>{file} gestoor</translation>
        </message>
        <message>
            <source>Choose a friend’s file or picture</source>
            <translation>Kies ’n vriend se lêer of foto</translation>
        </message>
        <message>
            <source>Files and pictures ({endings})</source>
            <translation>Lêers en foto’s ({endings})</translation>
        </message>
        <message>
            <source>Drop to open what a friend shared</source>
            <translation>Los om oop te maak wat ’n vriend gedeel het</translation>
        </message>
        <message>
            <source>From friends</source>
            <translation>Van vriende</translation>
        </message>
        <message>
            <source>Shared plan</source>
            <translation>Gedeelde plan</translation>
        </message>
        <message>
            <source>A friend’s groups</source>
            <translation>’n Vriend se groepe</translation>
        </message>
        <message>
            <source>{n} group</source>
            <translation>{n} groep</translation>
        </message>
        <message>
            <source>{n} groups</source>
            <translation>{n} groepe</translation>
        </message>
        <message>
            <source>Remove: {what}</source>
            <translation>Verwyder: {what}</translation>
        </message>
        <message>
            <source>Remove</source>
            <translation>Verwyder</translation>
        </message>
        <message>
            <source>Share</source>
            <translation>Deel</translation>
        </message>
        <message>
            <source>Share this plan</source>
            <translation>Deel hierdie plan</translation>
        </message>
        <message>
            <source>Added a shared plan</source>
            <translation>’n Gedeelde plan is bygevoeg</translation>
        </message>
        <message>
            <source>Added a friend’s groups: choose “Same groups as a friend”</source>
            <translation>’n Vriend se groepe is bygevoeg: kies “Selfde groepe as ’n vriend”</translation>
        </message>
        <message>
            <source>{name}’s groups</source>
            <translation>{name} se groepe</translation>
        </message>
        <message>
            <source>From their calendar, until they no longer share them.</source>
            <translation>Uit hulle kalender, totdat hulle dit nie meer deel nie.</translation>
        </message>
    </context>
    <context>
        <name>Sidebar</name>
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
            <translation>Toetse &amp; eksamens</translation>
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
            <source>Add to calendar</source>
            <translation>Voeg by kalender</translation>
        </message>
        <message>
            <source>Subscribe from my phone</source>
            <translation>Teken in van my foon af</translation>
        </message>
        <message>
            <source>With friends</source>
            <translation>Saam met vriende</translation>
        </message>
        <message>
            <source>Search</source>
            <translation>Soek</translation>
        </message>
        <message>
            <source>A term at a glance</source>
            <translation>’n Termyn in een oogopslag</translation>
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
        <message>
            <source>Semester dates</source>
            <translation>Semesterdatums</translation>
        </message>
        <message>
            <source>First steps</source>
            <translation>Eerste stappe</translation>
        </message>
    </context>
    <context>
        <name>Sync</name>
        <message>
            <source>Send them again</source>
            <translation>Stuur hulle weer</translation>
        </message>
        <message>
            <source>Up to date</source>
            <translation>Op datum</translation>
        </message>
        <message>
            <source>Offline since {time}</source>
            <translation>Vanlyn sedert {time}</translation>
        </message>
        <message>
            <source>Sync</source>
            <translation>Sinkroniseer</translation>
        </message>
        <message>
            <source>Subscribe from my phone</source>
            <translation>Teken in van my foon af</translation>
        </message>
        <message>
            <source>With friends</source>
            <translation>Saam met vriende</translation>
        </message>
        <message>
            <source>Sync now</source>
            <translation>Sinkroniseer nou</translation>
        </message>
        <message>
            <source>Looking for your account</source>
            <translation>Soek jou rekening</translation>
        </message>
        <message>
            <source>The last group of the recovery key</source>
            <translation>Die laaste groep van die herstelsleutel</translation>
        </message>
        <message>
            <source>The last group</source>
            <translation>Die laaste groep</translation>
        </message>
        <message>
            <source>I have kept it</source>
            <translation>Ek het dit bewaar</translation>
        </message>
        <message>
            <source>Save to a file</source>
            <translation>Stoor in ’n lêer</translation>
        </message>
        <message>
            <source>Your recovery key</source>
            <translation>Jou herstelsleutel</translation>
        </message>
        <message>
            <source>It is shown only now. With it you can set a new password; without it, nobody can help you.</source>
            <translation>Dit word slegs nou gewys. Daarmee kan jy ’n nuwe wagwoord stel; daarsonder kan niemand jou help nie.</translation>
        </message>
        <message>
            <source>Type its last group, to show that you have kept it.</source>
            <translation>Tik die laaste groep daarvan, om te wys dat jy dit bewaar het.</translation>
        </message>
        <message>
            <source>Save the recovery key</source>
            <translation>Stoor die herstelsleutel</translation>
        </message>
        <message>
            <source>{name} at {server}</source>
            <translation>{name} by {server}</translation>
        </message>
        <message>
            <source>Merge them</source>
            <translation>Voeg hulle saam</translation>
        </message>
        <message>
            <source>Bring them back</source>
            <translation>Bring hulle terug</translation>
        </message>
        <message>
            <source>Delete them</source>
            <translation>Vee hulle uit</translation>
        </message>
        <message>
            <source>Set differently on two machines</source>
            <translation>Verskillend gestel op twee rekenaars</translation>
        </message>
        <message>
            <source>current: {value}</source>
            <translation>huidig: {value}</translation>
        </message>
        <message>
            <source>other: {value}</source>
            <translation>ander: {value}</translation>
        </message>
        <message>
            <source>Use the other value</source>
            <translation>Gebruik die ander waarde</translation>
        </message>
        <message>
            <source>Keep</source>
            <translation>Hou</translation>
        </message>
        <message>
            <source>Took the other value</source>
            <translation>Die ander waarde is geneem</translation>
        </message>
        <message>
            <source>Kept the current value</source>
            <translation>Die huidige waarde is behou</translation>
        </message>
        <message>
            <source>Devices</source>
            <translation>Toestelle</translation>
        </message>
        <message>
            <source>this one</source>
            <translation>hierdie een</translation>
        </message>
        <message>
            <source>last seen {day} at {time}</source>
            <translation>laas gesien {day} om {time}</translation>
        </message>
        <message>
            <source>Name of the device {device}</source>
            <translation>Naam van die toestel {device}</translation>
        </message>
        <message>
            <source>Asking the server for your devices</source>
            <translation>Vra die bediener watter toestelle jy het</translation>
        </message>
        <message>
            <source>Ask again</source>
            <translation>Vra weer</translation>
        </message>
        <message>
            <source>Sign in again</source>
            <translation>Meld weer aan</translation>
        </message>
        <message>
            <source>{device} has signed in</source>
            <translation>{device} het aangemeld</translation>
        </message>
        <message>
            <source>{device} is locked out</source>
            <translation>{device} is uitgesluit</translation>
        </message>
        <message>
            <source>Leave it as it is</source>
            <translation>Laat dit soos dit is</translation>
        </message>
        <message>
            <source>{device} is signed out at once and gets nothing new. What it has stays on it. It comes back only by signing in again.</source>
            <translation>{device} word dadelik afgemeld en kry niks nuuts nie. Wat daarop is, bly daarop. Dit kom net terug deur weer aan te meld.</translation>
        </message>
        <message>
            <source>A device without a name</source>
            <translation>’n Toestel sonder naam</translation>
        </message>
        <message>
            <source>Lock out {device}</source>
            <translation>Sluit {device} uit</translation>
        </message>
        <message>
            <source>Add a device</source>
            <translation>Voeg ’n toestel by</translation>
        </message>
        <message>
            <source>A QR picture of the code</source>
            <translation>’n QR-prent van die kode</translation>
        </message>
        <message>
            <source>On the other device, choose “I have a code” and type:</source>
            <translation>Op die ander toestel, kies “Ek het ’n kode” en tik:</translation>
        </message>
        <message>
            <source>End the code</source>
            <translation>Beëindig die kode</translation>
        </message>
        <message>
            <source>The password was changed; other devices sign in again</source>
            <translation>Die wagwoord is verander; ander toestelle meld weer aan</translation>
        </message>
        <message>
            <source>Sign out</source>
            <translation>Meld af</translation>
        </message>
        <message>
            <source>Type “{name}” to be sure</source>
            <translation>Tik “{name}” om seker te maak</translation>
        </message>
        <message>
            <source>Delete the account</source>
            <translation>Vee die rekening uit</translation>
        </message>
        <message>
            <source>Your timetable stays on this machine when you sign out or delete the account.</source>
            <translation>Jou rooster bly op hierdie rekenaar wanneer jy afmeld of die rekening uitvee.</translation>
        </message>
        <message>
            <source>Account</source>
            <translation>Rekening</translation>
        </message>
        <message>
            <source>The account was deleted from the server</source>
            <translation>Die rekening is van die bediener uitgevee</translation>
        </message>
        <message>
            <source>Up to date since {time}</source>
            <translation>Op datum sedert {time}</translation>
        </message>
        <message>
            <source>{n} entry is not taken by the server</source>
            <translation>{n} inskrywing word nie deur die bediener aanvaar nie</translation>
        </message>
        <message>
            <source>{n} entries are not taken by the server</source>
            <translation>{n} inskrywings word nie deur die bediener aanvaar nie</translation>
        </message>
        <message>
            <source>{n} entry is of a newer version and is kept</source>
            <translation>{n} inskrywing is van ’n nuwer weergawe en word bewaar</translation>
        </message>
        <message>
            <source>{n} entries are of a newer version and are kept</source>
            <translation>{n} inskrywings is van ’n nuwer weergawe en word bewaar</translation>
        </message>
        <message>
            <source>Offline since {time}; changes wait here</source>
            <translation>Vanlyn sedert {time}; veranderinge wag hier</translation>
        </message>
        <message>
            <source>Needs attention</source>
            <translation>Vra aandag</translation>
        </message>
        <message>
            <source>Working</source>
            <translation>Werk</translation>
        </message>
        <message>
            <source>Signed out</source>
            <translation>Afgemeld</translation>
        </message>
        <message>
            <source>nothing</source>
            <translation>niks</translation>
        </message>
        <message>
            <source>Export what the server has</source>
            <translation>Voer uit wat die bediener het</translation>
        </message>
        <message>
            <source>Everything the server has is in {file}, sealed as it is there</source>
            <translation>Alles wat die bediener het, is in {file}, verseël soos dit daar is</translation>
        </message>
        <message>
            <source>Sign out and delete it here</source>
            <translation>Meld af en vee dit hier uit</translation>
        </message>
        <message>
            <source>Signed out; the timetable is on the server and no longer here</source>
            <translation>Afgeteken; die rooster is op die bediener en nie meer hier nie</translation>
        </message>
        <message>
            <source>Letting {device} in</source>
            <translation>{device} word ingelaat</translation>
        </message>
        <message>
            <source>The code has expired. Make a new one if you still need it.</source>
            <translation>Die kode het verval. Maak ’n nuwe een as jy dit nog nodig het.</translation>
        </message>
        <message>
            <source>It works once, for five minutes, while this page is open. Nobody gets in before you confirm.</source>
            <translation>Dit werk een keer, vir vyf minute, terwyl hierdie bladsy oop is. Niemand kom in voordat jy bevestig nie.</translation>
        </message>
        <message>
            <source>{device} asks to come in. Does it show the same six digits?</source>
            <translation>{device} vra om in te kom. Wys dit dieselfde ses syfers?</translation>
        </message>
        <message>
            <source>If it shows others, or none, somebody else has the code: do not let it in.</source>
            <translation>As dit ander wys, of geen, het iemand anders die kode: moet dit nie inlaat nie.</translation>
        </message>
        <message>
            <source>Yes, let it in</source>
            <translation>Ja, laat dit in</translation>
        </message>
        <message>
            <source>No, end the code</source>
            <translation>Nee, beëindig die kode</translation>
        </message>
        <message>
            <source>{device} created the account</source>
            <translation>{device} het die rekening geskep</translation>
        </message>
        <message>
            <source>{device} signed in with the password</source>
            <translation>{device} het met die wagwoord aangemeld</translation>
        </message>
        <message>
            <source>{device} signed in with the recovery key</source>
            <translation>{device} het met die herstelsleutel aangemeld</translation>
        </message>
        <message>
            <source>{device} was let in by a code</source>
            <translation>{device} is met ’n kode ingelaat</translation>
        </message>
        <message>
            <source>{device} signed in</source>
            <translation>{device} het aangemeld</translation>
        </message>
        <message>
            <source>{day} at {time}</source>
            <translation>{day} om {time}</translation>
        </message>
        <message>
            <source>If one of them was not you, lock that device out below and change the password.</source>
            <translation>As een van hulle nie jy was nie, sluit daardie toestel hieronder uit en verander die wagwoord.</translation>
        </message>
        <message>
            <source>Sign-ins</source>
            <translation>Aanmeldings</translation>
        </message>
        <message>
            <source>Everything works without sync. With it, your timetable is the same on all your machines. It is encrypted before it leaves this one.</source>
            <translation>Alles werk sonder sinkronisering. Daarmee is jou rooster dieselfde op al jou rekenaars. Dit word geënkripteer voor dit hierdie een verlaat.</translation>
        </message>
        <message>
            <source>Or sync through a server</source>
            <translation>Of sinkroniseer deur ’n bediener</translation>
        </message>
        <message>
            <source>Write everything again</source>
            <translation>Skryf alles weer</translation>
        </message>
        <message>
            <source>{here} entries here, {there} there, {both} of them the same.</source>
            <translation>{here} inskrywings hier, {there} daar, {both} van hulle dieselfde.</translation>
        </message>
        <message>
            <source>Copy</source>
            <translation>Kopieer</translation>
        </message>
        <message>
            <source>Copy the recovery key</source>
            <translation>Kopieer die herstelsleutel</translation>
        </message>
        <message>
            <source>Copied the recovery key</source>
            <translation>Die herstelsleutel is gekopieer</translation>
        </message>
        <message>
            <source>{n} entry is gone from the server.</source>
            <translation>{n} inskrywing is weg van die bediener af.</translation>
        </message>
        <message>
            <source>{n} entries are gone from the server.</source>
            <translation>{n} inskrywings is weg van die bediener af.</translation>
        </message>
        <message>
            <source>The server was restored from a backup.</source>
            <translation>Die bediener is uit ’n rugsteun herstel.</translation>
        </message>
        <message>
            <source>The server went back to an older timetable and does not say so.</source>
            <translation>Die bediener het na ’n ouer rooster teruggegaan en sê dit nie.</translation>
        </message>
        <message>
            <source>The server put old keys back, which an old password may open.</source>
            <translation>Die bediener het ou sleutels teruggesit, wat ’n ou wagwoord dalk kan oopmaak.</translation>
        </message>
        <message>
            <source>The server does not show {device} and this computer the same timetable.</source>
            <translation>Die bediener wys nie vir {device} en hierdie rekenaar dieselfde rooster nie.</translation>
        </message>
        <message>
            <source>another device</source>
            <translation>’n ander toestel</translation>
        </message>
        <message>
            <source>This computer sends again what is missing. Sync your other devices today. If it happens again, tell whoever runs the server, or sync through a folder.</source>
            <translation>Hierdie rekenaar stuur weer wat ontbreek. Sinkroniseer vandag jou ander toestelle. As dit weer gebeur, sê vir wie die bediener bedryf, of sinkroniseer deur ’n vouer.</translation>
        </message>
        <message>
            <source>Your devices send again what it lost. There is nothing to do.</source>
            <translation>Jou toestelle stuur weer wat dit verloor het. Daar is niks om te doen nie.</translation>
        </message>
        <message>
            <source>This computer replaced them. If somebody knows an old password of yours, look through the sign-ins and change the password once more.</source>
            <translation>Hierdie rekenaar het hulle vervang. As iemand ’n ou wagwoord van jou ken, kyk deur die aanmeldings en verander die wagwoord nog een keer.</translation>
        </message>
        <message>
            <source>Compare the timetables on both devices and back up the better one. Then sync through a folder or another server: this one cannot be relied on.</source>
            <translation>Vergelyk die roosters op albei toestelle en rugsteun die beste een. Sinkroniseer dan deur ’n vouer of ’n ander bediener: op hierdie een kan jy nie staatmaak nie.</translation>
        </message>
        <message>
            <source>Dismiss</source>
            <translation>Maak toe</translation>
        </message>
    </context>
    <context>
        <name>Term</name>
        <message>
            <source>as {weekday}</source>
            <translation>soos {weekday}</translation>
        </message>
        <message>
            <source>{n} class</source>
            <translation>{n} klas</translation>
        </message>
        <message>
            <source>{n} classes</source>
            <translation>{n} klasse</translation>
        </message>
        <message>
            <source>Week {n}</source>
            <translation>Week {n}</translation>
        </message>
        <message>
            <source>{what} and {n} more</source>
            <translation>{what} en nog {n}</translation>
        </message>
        <message>
            <source>Weeks of the semester</source>
            <translation>Weke van die semester</translation>
        </message>
        <message>
            <source>A term at a glance</source>
            <translation>’n Termyn in een oogopslag</translation>
        </message>
        <message>
            <source>A line for every class, a filled bar for a test or an exam, hatched where there are none.</source>
            <translation>’n Lyn vir elke klas, ’n gevulde balk vir ’n toets of eksamen, gearseer waar daar geen is nie.</translation>
        </message>
    </context>
    <context>
        <name>Terms</name>
        <message>
            <source>Back to the proposed dates of {term}</source>
            <translation>Terug na die voorgestelde datums van {term}</translation>
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
        <message>
            <source>Semester dates {year}</source>
            <translation>Semesterdatums {year}</translation>
        </message>
        <message>
            <source>Recess</source>
            <translation>Reses</translation>
        </message>
        <message>
            <source>Add recess</source>
            <translation>Voeg reses by</translation>
        </message>
        <message>
            <source>Lectures in test weeks</source>
            <translation>Lesings in toetsweke</translation>
        </message>
        <message>
            <source>Not sure</source>
            <translation>Nie seker nie</translation>
        </message>
        <message>
            <source>Yes</source>
            <translation>Ja</translation>
        </message>
        <message>
            <source>No</source>
            <translation>Nee</translation>
        </message>
        <message>
            <source>Check dates</source>
            <translation>Kyk na die datums</translation>
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
            <source>To do</source>
            <translation>Om te doen</translation>
        </message>
        <message>
            <source>Tests, exams and deadlines</source>
            <translation>Toetse, eksamens en sperdatums</translation>
        </message>
    </context>
    <context>
        <name>Tray</name>
        <message>
            <source>Nothing more this year</source>
            <translation>Niks meer hierdie jaar nie</translation>
        </message>
        <message>
            <source>Open</source>
            <translation>Maak oop</translation>
        </message>
        <message>
            <source>Quit</source>
            <translation>Sluit af</translation>
        </message>
    </context>
    <context>
        <name>Undecided</name>
        <message>
            <source>{n} module has no group yet</source>
            <translation>{n} module het nog geen groep nie</translation>
        </message>
        <message>
            <source>{n} modules have no group yet</source>
            <translation>{n} modules het nog geen groep nie</translation>
        </message>
        <message>
            <source>Choose</source>
            <translation>Kies</translation>
        </message>
        <message>
            <source>Plan for me</source>
            <translation>Beplan vir my</translation>
        </message>
        <message>
            <source>Include all as tentative</source>
            <translation>Sluit almal as voorlopig in</translation>
        </message>
    </context>
    <context>
        <name>Updates</name>
        <message>
            <source>See what is new</source>
            <translation>Sien wat nuut is</translation>
        </message>
        <message>
            <source>This program can look for new versions once a day.</source>
            <translation>Hierdie program kan een keer per dag na nuwe weergawes soek.</translation>
        </message>
        <message>
            <source>Look once a day</source>
            <translation>Soek een keer per dag</translation>
        </message>
    </context>
    <context>
        <name>Waiting</name>
        <message>
            <source>Cancel</source>
            <translation>Kanselleer</translation>
        </message>
        <message>
            <source>If the other device shows the same six digits, let this one in there.</source>
            <translation>As die ander toestel dieselfde ses syfers wys, laat hierdie een daar in.</translation>
        </message>
    </context>
    <context>
        <name>Watcher</name>
        <message>
            <source>{file} in the watched folder waits on the Import page</source>
            <translation>{file} in die vouer wag op die bladsy Invoer</translation>
        </message>
        <message>
            <source>New timetable in the watched folder</source>
            <translation>Nuwe rooster in die vouer wat dopgehou word</translation>
        </message>
        <message>
            <source>{file} waits on the Import page</source>
            <translation>{file} wag op die bladsy Invoer</translation>
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
            <source>W{n}</source>
            <translation>W{n}</translation>
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
        <message>
            <source>Print or save a picture</source>
            <translation>Druk of stoor ’n prent</translation>
        </message>
        <message>
            <source>Add an event of your own</source>
            <translation>Voeg ’n eie afspraak by</translation>
        </message>
        <message>
            <source>Date</source>
            <translation>Datum</translation>
        </message>
        <message>
            <source>Semester</source>
            <translation>Semester</translation>
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
            <source>Phone</source>
            <translation>Foon</translation>
        </message>
        <message>
            <source>Nothing more in {year}. The last event was on {day}.</source>
            <translation>Niks meer in {year} nie. Die laaste inskrywing was op {day}.</translation>
        </message>
        <message>
            <source>Deadline</source>
            <translation>Sperdatum</translation>
        </message>
        <message>
            <source>Day</source>
            <translation>Dag</translation>
        </message>
        <message>
            <source>Agenda</source>
            <translation>Agenda</translation>
        </message>
        <message>
            <source>Day, week, semester or agenda</source>
            <translation>Dag, week, semester of agenda</translation>
        </message>
        <message>
            <source>Previous day (Page Up)</source>
            <translation>Vorige dag (Page Up)</translation>
        </message>
        <message>
            <source>Next day (Page Down)</source>
            <translation>Volgende dag (Page Down)</translation>
        </message>
        <message>
            <source>Show the whole week</source>
            <translation>Wys die hele week</translation>
        </message>
        <message>
            <source>Show only this day</source>
            <translation>Wys net hierdie dag</translation>
        </message>
        <message>
            <source>{day}, {n} entries</source>
            <translation>{day}, {n} inskrywings</translation>
        </message>
    </context>
    <context>
        <name>Window</name>
        <message>
            <source>Drop to read the timetable</source>
            <translation>Laat val om die rooster te lees</translation>
        </message>
        <message>
            <source>Quit</source>
            <translation>Sluit af</translation>
        </message>
        <message>
            <source>Keep reading</source>
            <translation>Lees verder</translation>
        </message>
        <message>
            <source>If you quit now, drop them on the window again next time.</source>
            <translation>As jy nou toemaak, laat val hulle volgende keer weer op die venster.</translation>
        </message>
        <message>
            <source>Files are still being read</source>
            <translation>Lêers word nog gelees</translation>
        </message>
    </context>
    <context>
        <name>Year</name>
        <message>
            <source>Use a file</source>
            <translation>Gebruik ’n lêer</translation>
        </message>
        <message>
            <source>Take the dates from a file that another student shared</source>
            <translation>Neem die datums uit ’n lêer wat ’n ander student gedeel het</translation>
        </message>
        <message>
            <source>Share</source>
            <translation>Deel</translation>
        </message>
        <message>
            <source>Save these dates as a file for other students</source>
            <translation>Stoor hierdie datums as ’n lêer vir ander studente</translation>
        </message>
        <message>
            <source>Say that these dates are right first: what is shared counts for others</source>
            <translation>Sê eers dat hierdie datums reg is: wat gedeel word, tel vir ander</translation>
        </message>
        <message>
            <source>These dates are right</source>
            <translation>Hierdie datums is reg</translation>
        </message>
        <message>
            <source>Academic year</source>
            <translation>Akademiese jaar</translation>
        </message>
        <message>
            <source>Recess</source>
            <translation>Reses</translation>
        </message>
        <message>
            <source>No lectures from the first to the last day.</source>
            <translation>Geen lesings van die eerste tot die laaste dag nie.</translation>
        </message>
        <message>
            <source>Remove {what}</source>
            <translation>Verwyder {what}</translation>
        </message>
        <message>
            <source>First day of recess</source>
            <translation>Eerste dag van die reses</translation>
        </message>
        <message>
            <source>Last day of recess</source>
            <translation>Laaste dag van die reses</translation>
        </message>
        <message>
            <source>April recess</source>
            <translation>Aprilreses</translation>
        </message>
        <message>
            <source>Name of the recess</source>
            <translation>Naam van die reses</translation>
        </message>
        <message>
            <source>Add</source>
            <translation>Voeg by</translation>
        </message>
        <message>
            <source>Special days</source>
            <translation>Spesiale dae</translation>
        </message>
        <message>
            <source>Days without lectures, and days on which another weekday’s timetable is followed.</source>
            <translation>Dae sonder lesings, en dae waarop ’n ander weekdag se rooster gevolg word.</translation>
        </message>
        <message>
            <source>Make {day} an ordinary day</source>
            <translation>Maak {day} ’n gewone dag</translation>
        </message>
        <message>
            <source>The day</source>
            <translation>Die dag</translation>
        </message>
        <message>
            <source>What happens on the day</source>
            <translation>Wat op die dag gebeur</translation>
        </message>
        <message>
            <source>No lectures</source>
            <translation>Geen lesings nie</translation>
        </message>
        <message>
            <source>{weekday}’s timetable</source>
            <translation>{weekday} se rooster</translation>
        </message>
        <message>
            <source>Reason, for example Spring Day</source>
            <translation>Rede, byvoorbeeld Lentedag</translation>
        </message>
        <message>
            <source>Reason</source>
            <translation>Rede</translation>
        </message>
        <message>
            <source>Public holidays</source>
            <translation>Openbare vakansiedae</translation>
        </message>
        <message>
            <source>No lectures on South African public holidays</source>
            <translation>Geen lesings op Suid-Afrikaanse vakansiedae nie</translation>
        </message>
        <message>
            <source>Choose a file of dates</source>
            <translation>Kies ’n lêer met datums</translation>
        </message>
        <message>
            <source>Academic years (*.json)</source>
            <translation>Akademiese jare (*.json)</translation>
        </message>
        <message>
            <source>Took over the dates of {year}</source>
            <translation>Die datums van {year} is oorgeneem</translation>
        </message>
        <message>
            <source>Save the dates</source>
            <translation>Stoor die datums</translation>
        </message>
        <message>
            <source>Saved {file}</source>
            <translation>{file} is gestoor</translation>
        </message>
        <message>
            <source>Paste UP’s year calendar</source>
            <translation>Plak UP se jaarkalender</translation>
        </message>
        <message>
            <source>Semester dates {year}</source>
            <translation>Semesterdatums {year}</translation>
        </message>
        <message>
            <source>Semester dates</source>
            <translation>Semesterdatums</translation>
        </message>
        <message>
            <source>Dates</source>
            <translation>Datums</translation>
        </message>
        <message>
            <source>Tests, exams and deadlines</source>
            <translation>Toetse, eksamens en sperdatums</translation>
        </message>
        <message>
            <source>Nothing is known of them.</source>
            <translation>Niks is daarvan bekend nie.</translation>
        </message>
        <message>
            <source>Test week</source>
            <translation>Toetsweek</translation>
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
            <source>Supplementary exams</source>
            <translation>Aanvullende eksamens</translation>
        </message>
        <message>
            <source>The weeks of a semester at a glance</source>
            <translation>Die weke van ’n semester in een oogopslag</translation>
        </message>
        <message>
            <source>Weeks</source>
            <translation>Weke</translation>
        </message>
    </context>
</TS>
