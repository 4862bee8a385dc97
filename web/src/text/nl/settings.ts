export default {
  "Replace it by a pseudonym": "Vervangen door een pseudoniem",
  "Refuse the call": "De aanroep weigeren",
  "Let it through, with a warning in the call log": "Doorlaten, met een waarschuwing in het aanroeplogboek",
  "{what} is on": "{what} staat aan",
  "{what} is off; nothing is deleted": "{what} staat uit; er is niets verwijderd",
  "Not saved": "Niet opgeslagen",
  "Settings saved": "Instellingen opgeslagen",
  Tenant: "Organisatie en tijd",
  "Time zone": "Tijdzone",
  "Dates without a zone are read in this one, and all times are shown in it.":
    "Datums zonder zone worden hierin gelezen, en alle tijden worden hierin getoond.",
  "Country calling code": "Landnummer",
  "Phone numbers with a leading 0 belong to this country.": "Telefoonnummers die met een 0 beginnen, horen bij dit land.",
  "Save settings": "Instellingen opslaan",
  "Record kinds": "Recordsoorten",
  "A kind that is off has no page, no webhook URL and no operation. Its records stay.":
    "Een soort die uitstaat, heeft geen pagina, geen webhook-URL en geen bewerking. De records blijven.",
  "Records and identities may belong to a project.": "Records en identiteiten kunnen bij een project horen.",
  "Fixed webhooks": "Vaste webhooks",
  "What they may make besides records.": "Wat ze naast records mogen aanmaken.",
  "User creation": "Gebruikers aanmaken",
  "An agent_email that comes in makes a user and ties it to the agent.":
    "Een binnenkomend agent_email maakt een gebruiker aan en hangt die aan de agent.",
  "Agent management": "Agents beheren",
  "An agent_team_id and agent_team_name that come in make agents and teams, link them, and move an agent to its team.":
    "Binnenkomende agent_team_id en agent_team_name maken agents en teams aan, koppelen ze en zetten een agent in zijn team.",
  "A contact_key that is an e-mail address or a phone number": "Een contact_key die een e-mailadres of telefoonnummer is",
  "Pseudonyms keep customers' data off the disk; the same person always has the same one.":
    "Pseudoniemen houden klantgegevens van de schijf; dezelfde persoon heeft altijd hetzelfde.",
  "Contact keys saved": "Contactsleutels opgeslagen",
  "This change suspended {names}: what is written there is switched off. Deliveries wait, none is lost.":
    "Door deze wijziging is opgeschort: {names}. Wat daar wordt geschreven, staat uit. Afleveringen wachten, er gaat niets verloren.",
  "Key for pseudonyms": "Sleutel voor pseudoniemen",
  "Every pseudonym is made with it. Only a key that leaked is a reason to make another.":
    "Elk pseudoniem wordt ermee gemaakt. Alleen een gelekte sleutel is reden om een andere te maken.",
  "Make a new key for pseudonyms…": "Nieuwe sleutel voor pseudoniemen maken…",
  "Make a new key for pseudonyms?": "Nieuwe sleutel voor pseudoniemen maken?",
  "Pseudonyms begin with {prefix} from now on": "Pseudoniemen beginnen vanaf nu met {prefix}",
  "From now on everybody gets another pseudonym, which matches none there is: contacts and records that are keyed by pseudonyms begin anew.":
    "Vanaf nu krijgt iedereen een ander pseudoniem, dat bij geen bestaand past: contacten en records met pseudoniemen als sleutel beginnen opnieuw.",
  "Bodies of calls as they came": "Inhoud van aanroepen zoals die binnenkwam",
  "They are kept sealed, beside the deliveries with their pseudonyms, for whoever may read them raw.":
    "Die wordt verzegeld bewaard, naast de afleveringen met pseudoniemen, voor wie ze onbewerkt mag lezen.",
  Days: "Dagen",
  "With 0, those that were kept become unreadable at once, for good.": "Met 0 wordt wat bewaard was meteen en voorgoed onleesbaar.",
  "0: they are not kept at all.": "0: er wordt niets bewaard.",
  "Write a whole number of days.": "Schrijf een heel aantal dagen.",
}
