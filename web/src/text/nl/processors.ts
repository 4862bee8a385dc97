export default {
  Test: "Testen",
  "Actions for {name}": "Acties voor {name}",
  "Delete processor": "Processor verwijderen",
  "Parts of the processor": "Onderdelen van de processor",
  "Suspended: deliveries wait, none is lost.": "Opgeschort: afleveringen wachten, er gaat niets verloren.",
  "It cannot be enabled yet.": "Hij kan nog niet worden ingeschakeld.",
  "Renamed to {name}": "Heet nu {name}",
  "{name} is deleted": "{name} is verwijderd",
  "API key": "API-sleutel",
  versions: "versies",
  "No version yet": "Nog geen versie",
  "Every save that changes something makes one; none is ever changed or lost.":
    "Elke keer opslaan die iets verandert, maakt er een; er wordt er nooit een gewijzigd of kwijtgeraakt.",
  "Version {n}": "Versie {n}",
  "Not restored": "Niet teruggezet",
  "Restore as a new version": "Terugzetten als nieuwe versie",
  "To the provider’s sources": "Naar de bronnen van de provider",
  processors: "processors",
  "No processor yet": "Nog geen processor",
  "A processor reads one delivery, decides what to write, and explains each step.":
    "Een processor leest één aflevering, bepaalt wat er wordt geschreven en legt elke stap uit.",
  "It was not tried on earlier deliveries first: there was not enough time.":
    "Hij is niet eerst op eerdere afleveringen geprobeerd: daarvoor was te weinig tijd.",
  "Deliveries of {source} wait: {constants} has no value that it can use there.":
    "Afleveringen van {source} wachten: {constants} heeft daar geen bruikbare waarde.",
  "{n, plural, one {# more link lacks} other {# more links lack}} values.":
    "Aan nog {n, plural, one {# koppeling} other {# koppelingen}} ontbreken waarden.",
  "Fill it in": "Invullen",
  "{n, plural, one {# link} other {# links}} incomplete": "{n, plural, one {# koppeling} other {# koppelingen}} onvolledig",
}
