export default {
  "Its spec is empty. Save one first.": "De spec is leeg. Sla er eerst een op.",
  "Its saved spec no longer checks: {problem}": "De opgeslagen spec klopt niet meer: {problem}",
  "Not enabled. {why}": "Niet ingeschakeld. {why}",
  "Not enabled": "Niet ingeschakeld",
  "{name} no longer runs": "{name} loopt niet meer",
  "Still enabled": "Nog ingeschakeld",
  Disable: "Uitschakelen",
  "{name} runs on every delivery from now on": "{name} loopt vanaf nu op elke aflevering",
  "{name} is enabled, but linked to no source yet: nothing will reach it.":
    "{name} is ingeschakeld, maar nog aan geen bron gekoppeld: er komt niets aan.",
  "Link it to a source": "Aan een bron koppelen",
  Enable: "Inschakelen",
  "New processor": "Nieuwe processor",
  "Create processor": "Processor aanmaken",
  "It starts disabled and with an empty spec. Nothing runs until you enable it.":
    "Hij begint uitgeschakeld en met een lege spec. Er loopt niets tot je hem inschakelt.",
  "What goes in and what comes out: “Orders → sales”.": "Wat erin gaat en wat eruit komt: “Orders → verkopen”.",
  "A processor belongs to a provider, and there is none yet. Create the provider first.":
    "Een processor hoort bij een provider, en die is er nog niet. Maak eerst de provider.",
  Version: "Versie",
  empty: "leeg",
  Reads: "Leest",
  Changed: "Gewijzigd",
  Versions: "Versies",
  current: "huidig",
  Note: "Notitie",
  By: "Door",
  Saved: "Opgeslagen",
  "{name} cannot be enabled yet": "{name} kan nog niet worden ingeschakeld",
  "To its spec": "Naar de spec",
  "It is also linked to no source yet. That is done on the source’s page.":
    "Hij is ook nog aan geen bron gekoppeld. Dat doe je op de pagina van de bron.",
}
