export default {
  "The server did not answer. Check that it runs and that this machine is online.":
    "De server gaf geen antwoord. Kijk of hij draait en of deze computer online is.",
  "The server answered {status} with something that is no JSON. Is there a proxy in between?":
    "De server antwoordde {status} met iets wat geen JSON is. Zit er een proxy tussen?",
  "The server answered {status}.": "De server antwoordde {status}.",
  "The server has no such page any more, also after the app was loaded anew. Reload it in a moment.":
    "De server heeft deze pagina niet meer, ook niet nadat de app opnieuw is geladen. Laad straks nog eens opnieuw.",
}
