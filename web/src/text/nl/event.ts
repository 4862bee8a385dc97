export default {
  Events: "Gebeurtenissen",
  events: "gebeurtenissen",
  "New event": "Nieuwe gebeurtenis",
  "No event yet": "Nog geen gebeurtenis",
  "An event lists and counts records of a type from the moment you make it, and can tell people when one appears.":
    "Een gebeurtenis verzamelt en telt records van een type vanaf het moment dat je haar maakt, en kan mensen melden dat er een verschijnt.",
  About: "Over",
  "Tells people": "Meldt het",
  "Records that were changed since and no longer match are not among them.":
    "Records die sindsdien zijn gewijzigd en niet meer voldoen, staan er niet bij.",
  "No record yet": "Nog geen record",
  "As soon as one appears it stands here.": "Zodra er een verschijnt, staat het hier.",
  "Delete event": "Gebeurtenis verwijderen",
  "Its list of {of, plural, one {{n} record} other {{n} records}} and its notices go, and cannot be had back: one made anew begins empty. The records themselves stay.":
    "De lijst van {of, plural, one {{n} record} other {{n} records}} en de meldingen verdwijnen en komen niet terug: een nieuwe begint leeg. De records zelf blijven.",
  Appeared: "Verschenen",
  "Least value": "Minimale waarde",
  "Tell people in the app": "Melden in de app",
  "Everybody sees it under Notices, once for each record.": "Iedereen ziet het onder Meldingen, één keer per record.",
  "Notices, {count} unread": "Meldingen, {count} ongelezen",
  "No event has told of anything yet.": "Er is nog niets gemeld.",
  "This is no number: write it as 2500 or {part}.": "Dit is geen getal: schrijf het als 2500 of {part}.",
  "All events": "Alle gebeurtenissen",
  "any agent": "elke agent",
  "any team": "elk team",
}
