import init from "asset:app.js";

init({ module_or_path: "asset:app.wasm" }).catch(function (error) {
  console.error(error);
  window.__traguardoFailed();
});
