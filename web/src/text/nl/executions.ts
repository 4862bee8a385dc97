export default {
  All: "Alle",
  Failed: "Mislukt",
  Partial: "Deels gelukt",
  Waiting: "Wachtend",
  "{n} match": "{n} gevonden",
  Views: "Weergaven",
  "New executions appear by themselves": "Nieuwe uitvoeringen verschijnen vanzelf",
  "The list stands still": "De lijst staat stil",
  Live: "Live",
  Paused: "Gepauzeerd",
  status: "status",
  executions: "uitvoeringen",
  "No execution yet": "Nog geen uitvoering",
  "One stands here for each delivery and each processor that ran on it. Link an enabled processor to a source, and send something to its URL.":
    "Hier staat er één per aflevering en processor die erop liep. Koppel een ingeschakelde processor aan een bron en stuur iets naar de URL.",
  "To the providers": "Naar de providers",
  "Could not load this trace": "Deze trace kon niet worden geladen",
  "Run again…": "Opnieuw uitvoeren…",
  "deleted source": "verwijderde bron",
  "deleted processor": "verwijderde processor",
  "The trace was computed again from what the run took in and was answered, and comes to the same digest.":
    "De trace is opnieuw berekend uit wat de uitvoering binnenkreeg en als antwoord kreeg, en komt op dezelfde controlewaarde uit.",
  "Recomputed, digest matches": "Herberekend, controlewaarde klopt",
  "Digest differs": "Controlewaarde wijkt af",
  "What is shown was computed today and differs from what ran then. Stored fields, answers and outcome are as they were.":
    "Wat hier staat is vandaag berekend en wijkt af van wat toen liep. Bewaarde velden, antwoorden en uitkomst zijn zoals ze waren.",
  "No execution has this id": "Geen uitvoering heeft dit id",
  "is not known here. The id may be cut off, or it is of another tenant.":
    "is hier niet bekend. Misschien is het id afgekapt, of hoort het bij een andere organisatie.",
}
