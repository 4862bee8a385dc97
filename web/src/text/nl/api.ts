export default {
  "You are signed out. Sign in again.": "Je bent afgemeld. Meld je opnieuw aan.",
  "Not saved: the server cannot be reached. Try it again when it answers.":
    "Niet opgeslagen: de server is niet bereikbaar. Probeer het opnieuw als hij weer antwoordt.",
  "Not saved, as far as is known here: the server cannot be reached. Look whether it was before you try it again.":
    "Voor zover hier bekend niet opgeslagen: de server is niet bereikbaar. Kijk of het is gelukt voordat je het opnieuw probeert.",
  "The server did not answer. Check that it runs and that this machine is online.":
    "De server gaf geen antwoord. Kijk of hij draait en of deze computer online is.",
  "The server answered {status} with something that is no JSON. Is there a proxy in between?":
    "De server antwoordde {status} met iets wat geen JSON is. Zit er een proxy tussen?",
  "The server answered {status}.": "De server antwoordde {status}.",
  "The server has no such page any more, also after the app was loaded anew. Reload it in a moment.":
    "De server heeft deze pagina niet meer, ook niet nadat de app opnieuw is geladen. Laad straks nog eens opnieuw.",
}
