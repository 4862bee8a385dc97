export default {
  "that of the system": "dat van het systeem",
  light: "licht",
  dark: "donker",
  "This browser": "Deze browser",
  Language: "Taal",
  "The page is loaded anew in it.": "De pagina wordt er opnieuw in geladen.",
  Theme: "Thema",
  "Password changed; your other sessions have ended": "Wachtwoord gewijzigd; je andere sessies zijn beëindigd",
  "Change password": "Wachtwoord wijzigen",
  "Present password": "Huidig wachtwoord",
}
