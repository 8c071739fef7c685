// Maps of the public side: tap where it is, or see what is published. Lists say the same.
"use strict";

const quick = window.matchMedia("(prefers-reduced-motion: reduce)").matches;

async function features(address) {
  const answer = await fetch(address, { credentials: "same-origin" });
  if (!answer.ok) throw new Error(answer.status);
  return answer.json();
}

function open(element) {
  element.hidden = false;
  return L.map(element, {
    attributionControl: false,
    fadeAnimation: !quick,
    zoomAnimation: !quick,
    scrollWheelZoom: false,
    zoomSnap: 0.1,
  });
}

const quiet = { color: "#63574f", weight: 1, fillColor: "#d9a441", fillOpacity: 0.12 };

for (const element of document.querySelectorAll("[data-pick]")) {
  features(element.dataset.pick)
    .then((outlines) => pick(element, outlines))
    .catch(() => element.remove());
}

function pick(element, outlines) {
  if (!outlines.features.length) return element.remove();
  const map = open(element);
  const form = element.closest("form");
  let marker = null;
  const layer = L.geoJSON(outlines, {
    style: quiet,
    onEachFeature(feature, shape) {
      shape.bindTooltip(feature.properties.name);
      shape.on("click", ({ latlng }) => {
        form.elements.lon.value = latlng.lng.toFixed(6);
        form.elements.lat.value = latlng.lat.toFixed(6);
        form.elements.place.value = feature.properties.place;
        document.querySelector("[data-picked]").textContent = feature.properties.name;
        if (marker) marker.remove();
        marker = L.circleMarker(latlng, { radius: 9, color: "#a3161f" }).addTo(map);
      });
    },
  }).addTo(map);
  map.fitBounds(layer.getBounds(), { padding: [16, 16] });
  form.elements.place.addEventListener("change", () => {
    form.elements.lon.value = form.elements.lat.value = "";
    if (marker) marker.remove();
  });
}

for (const element of document.querySelectorAll("[data-points]")) {
  Promise.all([features(element.dataset.points), features(element.dataset.around)])
    .then(([points, outlines]) => around(element, points, outlines))
    .catch(() => element.remove());
}

function around(element, points, outlines) {
  if (!points.features.length) return element.remove();
  const map = open(element);
  L.geoJSON(outlines, { style: quiet, interactive: false }).addTo(map);
  const layer = L.geoJSON(points, {
    pointToLayer: (_feature, at) => L.circleMarker(at, { radius: 8, color: "#a3161f" }),
    onEachFeature(feature, mark) {
      mark.bindTooltip(feature.properties.name);
      mark.on("click", () => window.location.assign(feature.properties.address));
    },
  }).addTo(map);
  map.fitBounds(layer.getBounds(), { padding: [24, 24], maxZoom: 16 });
}
