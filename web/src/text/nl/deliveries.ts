export default {
  "Any id or external id, whole": "Een id of extern id, helemaal",
  state: "toestand",
  deliveries: "afleveringen",
  "No delivery yet": "Nog geen aflevering",
  "Each item that a source or a fixed webhook took in stands here, as it came in.":
    "Elk item dat een bron of vaste webhook aannam, staat hier zoals het binnenkwam.",
  "Could not load this delivery": "Deze aflevering kon niet worden geladen",
  ", item {n}": ", item {n}",
  Executions: "Uitvoeringen",
  "Could not load its executions": "De uitvoeringen konden niet worden geladen",
  "No processor ran on its source when it came in.": "Er liep geen processor op de bron toen het binnenkwam.",
  "has run": "uitgevoerd",
  "Not run": "Niet uitgevoerd",
  "not run by": "niet uitgevoerd door",
  "A fixed webhook writes by itself; it runs no processor.": "Een vaste webhook schrijft zelf; er loopt geen processor.",
  "What came in": "Wat er binnenkwam",
}
