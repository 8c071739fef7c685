// Draws the outlines of places. There are no tiles: an office's network may end at its own door.
"use strict";

for (const element of document.querySelectorAll("[data-outlines]")) {
  fetch(element.dataset.outlines, { credentials: "same-origin" })
    .then((answer) => (answer.ok ? answer.json() : Promise.reject(answer.status)))
    .then((outlines) => draw(element, outlines))
    .catch(() => element.remove()); // the list beside it holds the same places
}

function draw(element, outlines) {
  element.hidden = false; // where nothing is drawn, no empty frame is shown
  const quick = window.matchMedia("(prefers-reduced-motion: reduce)").matches;
  const map = L.map(element, {
    attributionControl: false,
    fadeAnimation: !quick,
    zoomAnimation: !quick,
    scrollWheelZoom: false,
    zoomSnap: 0.1,
  });
  const resting = { color: "#a3161f", weight: 1.5, fillColor: "#d9a441", fillOpacity: 0.18 };
  const held = { color: "#63574f", weight: 1.5, dashArray: "6 4", fillOpacity: 0 };
  const chosen = { weight: 3, fillOpacity: 0.45 };
  const layer = L.geoJSON(outlines, {
    style: (feature) => (feature.properties.is_held ? held : resting),
    onEachFeature(feature, shape) {
      const { name, address, is_held: isHeld } = feature.properties;
      shape.bindTooltip(name);
      if (isHeld) return; // only there to compare with
      shape.on("mouseover", () => shape.setStyle(chosen));
      shape.on("mouseout", () => shape.setStyle(resting));
      shape.on("click", () => window.location.assign(address));
      // The list and the map show the same place at the same time.
      const entry = document.querySelector(`a[href="${address}"][data-place]`);
      for (const event of entry ? ["mouseover", "focus"] : []) {
        entry.addEventListener(event, () => shape.setStyle(chosen).openTooltip());
      }
      for (const event of entry ? ["mouseout", "blur"] : []) {
        entry.addEventListener(event, () => shape.setStyle(resting).closeTooltip());
      }
    },
  }).addTo(map);
  const shown = layer.getLayers().filter((shape) => !shape.feature.properties.is_held);
  map.fitBounds((shown.length ? L.featureGroup(shown) : layer).getBounds(), { padding: [24, 24] });
}
