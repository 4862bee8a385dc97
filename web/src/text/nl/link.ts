export default {
  incomplete: "onvolledig",
  "Unlink {name}": "{name} ontkoppelen",
  "Has no default, so a value is needed here.": "Heeft geen standaardwaarde; vul hier een waarde in.",
  ", default {value}": ", standaard {value}",
  ", one “key = value” a line": ", per regel één “sleutel = waarde”",
  "Save values": "Waarden opslaan",
  Discard: "Verwerpen",
  "Not linked to a source": "Niet aan een bron gekoppeld",
  "It runs on what its sources deliver. Link it on the source’s own page.":
    "Hij loopt op wat zijn bronnen afleveren. Koppel hem op de pagina van de bron.",
  Sources: "Bronnen",
  Values: "Waarden",
  "incomplete, deliveries wait": "onvolledig, afleveringen wachten",
  missing: "ontbreekt",
  "{value} (default)": "{value} (standaard)",
}
