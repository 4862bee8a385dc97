export default {
  Journal: "Journaal",
  Record: "Record",
  "What was there before": "Wat er eerst stond",
  "made, removed or locked": "gemaakt, verwijderd of vergrendeld",
  by: "door",
  changes: "wijzigingen",
  "Nothing has changed yet": "Er is nog niets gewijzigd",
  "Each change of a record that was there already stands here, with what it held before and who changed it.":
    "Elke wijziging van een record dat er al was staat hier, met wat er eerst stond en wie het wijzigde.",
} as Record<string, string>
