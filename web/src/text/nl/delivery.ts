export default {
  "Deliveries that came in before have not run": "Afleveringen die eerder binnenkwamen zijn nog niet uitgevoerd",
  "Fixed webhook": "Vaste webhook",
  State: "Toestand",
  Delivery: "Aflevering",
  Event: "Gebeurtenis",
  Item: "Item",
  "Run {n}": "{n} uitvoeren",
  "Run what has not run": "Uitvoeren wat nog niet is uitgevoerd",
  "They run for real, oldest first, through the enabled processors of their sources that have not run them. A processor that has is left alone.":
    "Ze worden echt uitgevoerd, de oudste eerst, door de ingeschakelde processors van hun bronnen die ze nog niet hebben uitgevoerd. Een processor die dat al deed, blijft erbuiten.",
  "{of, plural, one {{n} delivery that came in before has not run} other {{n} deliveries that came in before have not run}}":
    "{of, plural, one {{n} aflevering die eerder binnenkwam is nog niet uitgevoerd} other {{n} afleveringen die eerder binnenkwamen zijn nog niet uitgevoerd}}",
}
