// Runs before the first paint: theme and language as chosen, else as the system has them.
(function () {
  var root = document.documentElement;
  var kept = {};
  try {
    kept = JSON.parse(localStorage.getItem("traguardo.preferences") || "{}") || {};
  } catch (_) {
    // Storage is blocked or broken: the defaults will do.
  }
  var dark = kept.theme === "dark" || (kept.theme !== "light" && matchMedia("(prefers-color-scheme: dark)").matches);
  root.dataset.theme = dark ? "dark" : "light";
  var language = kept.language || (/^it\b/.test(navigator.language || "") ? "it" : "en");
  root.lang = language === "en" ? "en" : "it";
  if (kept.density === "compact") root.dataset.density = "compact";
  var texts = {
    it: ["Sto caricando…", "L’applicazione non si avvia. Ricarica la pagina; se non basta, aggiorna il browser."],
    en: ["Loading…", "The application does not start. Reload the page; if that does not help, update the browser."],
  };
  function say(which) {
    var place = document.getElementById("boot-text");
    if (place) place.textContent = texts[root.lang][which];
  }
  addEventListener("DOMContentLoaded", function () {
    say(0);
  });
  window.__traguardoFailed = function () {
    var splash = document.getElementById("boot");
    if (splash) splash.classList.add("boot-failed");
    say(1);
  };
})();
