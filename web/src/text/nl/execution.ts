export default {
  "the server is catching up": "de server is aan het inlopen",
  "what it needs beside the delivery is being fetched": "wat er naast de aflevering nodig is, wordt opgehaald",
  "the processor was disabled; it runs when that is enabled again": "de processor is uitgeschakeld; dit loopt zodra die weer aanstaat",
  "the processor was taken off the source before it ran": "de processor is van de bron gehaald voordat dit liep",
  "ignored: its source was deleted before it ran": "genegeerd: de bron is verwijderd voordat dit liep",
  "a constant has no value on the link": "een constante heeft bij de koppeling geen waarde",
  "the saved spec no longer checks": "de opgeslagen spec klopt niet meer",
  "an answer from outside is due": "er wordt een antwoord van buiten verwacht",
  "it took too long three times": "het duurde drie keer te lang",
  Status: "Status",
  Execution: "Uitvoering",
  Source: "Bron",
  deleted: "verwijderd",
  Processor: "Processor",
  Outcome: "Uitkomst",
  Why: "Waarom",
  Kind: "Soort",
  "Run this delivery again": "Deze aflevering opnieuw uitvoeren",
  "Run again": "Opnieuw uitvoeren",
  "It runs for real, with the spec of {processor} as it is saved now, and makes an execution of its own.":
    "Dit loopt echt, met de spec van {processor} zoals die nu is opgeslagen, en wordt een eigen uitvoering.",
  "Overwrite what is newer": "Overschrijf wat nieuwer is",
  "Its values count as arriving now, and replace what later deliveries set.":
    "De waarden tellen alsof ze nu binnenkomen, en vervangen wat latere afleveringen hebben gezet.",
  "What later deliveries set stays as it is.": "Wat latere afleveringen hebben gezet, blijft staan.",
  "Test {name}": "{name} testen",
  "Run test": "Test uitvoeren",
  "It runs for real on a delivery that is stored, enabled or not, and shows the trace.":
    "Dit loopt echt, op een bewaarde aflevering, of de processor nu aanstaat of niet, en toont de trace.",
  "Nothing has been delivered by a source yet. Send something to a source’s URL first.":
    "Nog geen bron heeft iets afgeleverd. Stuur eerst iets naar de URL van een bron.",
}
