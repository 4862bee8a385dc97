export default {
  "New source": "Nieuwe bron",
  "Create source": "Bron aanmaken",
  "A payload source has one URL that takes any JSON: one object, or an array of them. Every object is stored before it is acknowledged, then runs the processors linked to it.":
    "Een payloadbron heeft één URL die elke JSON aanneemt: één object of een lijst ervan. Elk object is bewaard voordat het wordt bevestigd, en doorloopt daarna de gekoppelde processors.",
  "What is sent here: “Orders”, “Stage changes”.": "Wat hier binnenkomt: “Orders”, “Fasewijzigingen”.",
  Delivers: "Levert",
  "stores only": "bewaart alleen",
  linked: "gekoppeld",
}
