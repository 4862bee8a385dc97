export default {
  "Make a new key": "Nieuwe sleutel maken",
  "Delete provider": "Provider verwijderen",
  "{type}, since <when></when>": "{type}, sinds <when></when>",
  "Webhook URLs": "Webhook-URL’s",
  "New key": "Nieuwe sleutel",
  "POST, JSON or form data, with the header “Authorization: Bearer” and the key. Always an upsert by the sender’s id.":
    "POST, JSON of formulierdata, met de header “Authorization: Bearer” en de sleutel. Altijd een upsert op het id van de afzender.",
  "No source yet": "Nog geen bron",
  "View all": "Alles bekijken",
  "{n, plural, one {# call} other {# calls}} turned away at the door in the last 24 hours, for want of the right key for the most part. The first of each kind are in the list.":
    "{n, plural, one {# aanroep} other {# aanroepen}} aan de deur geweigerd in de afgelopen 24 uur, meestal omdat de juiste sleutel ontbrak. De eerste van elke soort staan in de lijst.",
  "No call yet": "Nog geen aanroep",
  "Each call to this provider’s URLs stands here with its answer, refused ones too.":
    "Elke aanroep van de URL’s van deze provider staat hier met het antwoord, ook de geweigerde.",
  providers: "providers",
  "No provider yet": "Nog geen provider",
  "A provider is one account of a system that sends its calls, deals or orders here. Create one to get its URLs and its key.":
    "Een provider is één account van een systeem dat zijn gesprekken, deals of orders hierheen stuurt. Maak er een om URL’s en sleutel te krijgen.",
  delivers: "levert",
  "Delete source": "Bron verwijderen",
  URL: "URL",
  "the URL": "de URL",
  "POST one JSON object, or an array of them, with the provider’s key.": "POST één JSON-object, of een lijst ervan, met de sleutel van de provider.",
  "{name} is deleted; its URL answers 404": "{name} is verwijderd; de URL antwoordt 404",
  "None is linked: what arrives is stored and nothing runs.": "Er is er geen gekoppeld: wat binnenkomt wordt bewaard en er loopt niets.",
  "Values saved": "Waarden opgeslagen",
  "{name} is unlinked": "{name} is ontkoppeld",
  "{name}, to be linked": "{name}, nog te koppelen",
  "{name} is linked": "{name} is gekoppeld",
  "Link a processor": "Processor koppelen",
  "A source takes any JSON and runs the processors linked to it. The webhook URLs below need none.":
    "Een bron neemt elke JSON aan en laat de gekoppelde processors erop lopen. De webhook-URL’s hieronder hebben er geen nodig.",
  "Edit spec of {name}": "Spec van {name} bewerken",
}
