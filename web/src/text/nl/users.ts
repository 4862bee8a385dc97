export default {
  keys: "sleutels",
  "No API key yet": "Nog geen API-sleutel",
  "A program that calls the API has a key of its own, with a role, so that each can be taken away without the others.":
    "Een programma dat de API aanroept heeft een eigen sleutel met een rol, zodat je er één kunt intrekken zonder de andere.",
  "it is revoked": "intrekking",
  "Revoke {name}": "{name} intrekken",
  Revoke: "Intrekken",
  "Revoke {name}?": "{name} intrekken?",
  "Revoke key": "Sleutel intrekken",
  "{name} no longer works": "{name} werkt niet meer",
  "Calls with it are refused at once. A key that is revoked cannot be brought back.":
    "Aanroepen ermee worden meteen geweigerd. Een ingetrokken sleutel komt niet terug.",
  "Pages of settings": "Pagina’s van de instellingen",
  "Name or e-mail": "Naam of e-mail",
  role: "rol",
  users: "gebruikers",
  "No user yet": "Nog geen gebruiker",
  "Whoever is invited stands here.": "Wie is uitgenodigd, staat hier.",
  you: "jij",
  "Invite somebody": "Iemand uitnodigen",
  Invite: "Uitnodigen",
  "New password": "Nieuw wachtwoord",
  "First password": "Eerste wachtwoord",
  "Left empty, it stays as it is. With a new one, all sessions of this user end.":
    "Leeg gelaten blijft het zoals het is. Met een nieuw wachtwoord eindigen alle sessies van deze gebruiker.",
  "Pass it on yourself; no mail is sent. Left empty, the invitation waits until you give a password here.":
    "Geef het zelf door; er wordt geen mail gestuurd. Leeg gelaten wacht de uitnodiging tot je hier een wachtwoord geeft.",
  "May sign in": "Mag zich aanmelden",
  "Switched off, all sessions end at once. What was done stays under this name.":
    "Uitgezet eindigen alle sessies meteen. Wat er is gedaan, blijft onder deze naam staan.",
  "Sees everything but secrets, and changes nothing.": "Ziet alles behalve geheimen, en wijzigt niets.",
  "Also links identities, tests and runs again.": "Koppelt ook identiteiten, test en voert opnieuw uit.",
  "Also changes providers, specs, settings, keys and users.": "Wijzigt ook providers, specs, instellingen, sleutels en gebruikers.",
  "Also makes and changes owners.": "Maakt en wijzigt ook eigenaren.",
}
