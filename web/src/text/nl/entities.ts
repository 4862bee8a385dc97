export default {
  "No {kind} yet": "Nog geen {kind}",
  "External identities are linked to {kinds}, so that records of several systems count together.":
    "Externe identiteiten worden aan {kinds} gekoppeld, zodat records uit meerdere systemen samen tellen.",
  "Unlinked identities": "Niet-gekoppelde identiteiten",
}
