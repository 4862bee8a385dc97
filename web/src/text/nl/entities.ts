export default {
  "No {kind} yet": "Nog geen {kind}",
  "External identities are linked to {kinds}, so that records of several systems count together.":
    "Externe identiteiten worden aan {kinds} gekoppeld, zodat records uit meerdere systemen samen tellen.",
  "Unlinked identities": "Niet-gekoppelde identiteiten",
  "What counts for it": "Wat ervoor meetelt",
  "Too many to count": "Te veel om te tellen",
  "Nobody is in this team yet. An agent’s own page says which team it is in.":
    "Er zit nog niemand in dit team. Op de pagina van een agent staat in welk team die zit.",
  "Nothing is linked to it": "Er is niets aan gekoppeld",
  "Until an external identity is linked to {name}, no record counts for it.":
    "Zolang er geen externe identiteit aan {name} is gekoppeld, telt er geen record voor mee.",
}
