export default {
  "30 days": "30 dagen",
  "90 days": "90 dagen",
  "1 year": "1 jaar",
  "until it is revoked": "tot hij wordt ingetrokken",
  "The key {name}": "De sleutel {name}",
  "New API key": "Nieuwe API-sleutel",
  "Create key": "Sleutel aanmaken",
  "Which program has it, and where.": "Welk programma hem heeft, en waar.",
  Role: "Rol",
  "Works for": "Werkt voor",
}
