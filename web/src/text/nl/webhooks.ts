export default {
  "Paste a URL where the other system makes its calls, with the key of its provider in the header “Authorization: Bearer”.":
    "Plak een URL waar het andere systeem zijn aanroepen doet, met de sleutel van de provider in de header “Authorization: Bearer”.",
  "No webhook yet": "Nog geen webhook",
  "Each provider has a URL per record kind, and one per source. Create a provider to get them.":
    "Elke provider heeft een URL per recordsoort, en één per bron. Maak een provider om ze te krijgen.",
  "Every call": "Elke aanroep",
  answer: "antwoord",
  taken: "aangenomen",
  refused: "geweigerd",
  "Each call to one of these URLs stands here with its answer, refused ones too.":
    "Elke aanroep van een van deze URL’s staat hier met het antwoord, ook de geweigerde.",
  "{name}: {n, plural, one {# call} other {# calls}} turned away at the door in the last 24 hours, for want of the right key for the most part. The first of each kind are in the list below.":
    "{name}: {n, plural, one {# aanroep} other {# aanroepen}} aan de deur geweigerd in de afgelopen 24 uur, meestal omdat de juiste sleutel ontbrak. De eerste van elke soort staan in de lijst hieronder.",
  "Open provider": "Provider openen",
  "New key for {name}": "Nieuwe sleutel voor {name}",
  "the URL of {name}": "de URL van {name}",
}
