// Maps: `<div class="map" data-map …>`. Areas and places come from our own origin; tiles, where there are any, from the
// office's tile server. Without tiles the villages' outlines are the map.
"use strict";

function drawMap(place) {
  if (place.dataset.drawn) return;
  place.dataset.drawn = "yes";
  const map = L.map(place, { attributionControl: false, zoomSnap: 0.5 });
  const { tiles, areas, lat, lon, places, pick, amounts, marked } = place.dataset;
  if (tiles) L.tileLayer(tiles, { maxZoom: 19 }).addTo(map);
  const marker = L.circleMarker([0, 0], { radius: 9, color: "#a3161b", fillOpacity: 0.6 });
  const at = lat && lon ? L.latLng(Number(lat), Number(lon)) : null;
  if (at) marker.setLatLng(at).addTo(map);
  map.setView(at ?? [-6.2, 106.8], at ? 15 : 11);
  if (places) {
    for (const near of JSON.parse(places)) {
      const dot = L.circleMarker([near.lat, near.lon], { radius: 6, color: "#0b4f8a", fillOpacity: 0.5 }).addTo(map);
      const words = document.createElement("a");
      words.textContent = near.words;
      if (near.href) words.href = near.href;
      dot.bindPopup(words);
    }
  }
  // A map that is hidden has no size, which no bounds fit into: they are looked at once it is shown.
  let unseen = null;
  const fit = (bounds) => {
    unseen = place.clientWidth ? null : bounds;
    if (!unseen) map.fitBounds(bounds);
  };
  if (areas) {
    // `data-amounts`: a number for each village by its code. The more there is, the darker it is drawn.
    // `data-marked`: the village that the map is about. Of the others, those with an amount are its surroundings.
    const amount = amounts ? JSON.parse(amounts) : null;
    const most = Math.max(1, ...Object.values(amount ?? {}));
    const of = (feature) => amount?.[feature.properties?.code] ?? 0;
    const is = (feature) => marked !== undefined && feature.properties?.code === marked;
    const counts = (feature) => amount && (marked === undefined || feature.properties?.code in amount);
    const base = (feature) => marked === undefined ? 0.04 : counts(feature) ? 0.15 : 0;
    fetch(areas).then((answer) => answer.json()).then((found) => {
      const layer = L.geoJSON(found, {
        style: (feature) => ({ color: is(feature) ? "#a3161b" : "#5b6b80", fillColor: "#0b4f8a", weight: is(feature) ? 4 : 1, fillOpacity: base(feature) + 0.7 * of(feature) / most }),
        onEachFeature: (feature, drawn) => {
          const words = document.createElement("span"); // a plain text would be read as HTML
          const name = feature.properties?.name ?? "";
          words.textContent = counts(feature) ? `${name}: ${of(feature)}` : name;
          drawn.bindTooltip(words);
        },
      }).addTo(map);
      if (marked !== undefined) fit(surroundings(map, layer.getLayers().filter((drawn) => counts(drawn.feature)), is, of));
      else if (!at) fit(layer.getBounds());
    });
  }
  if (pick) {
    // What is picked goes into the fields whose names stand in `data-pick`, as "lat lon".
    const [latName, lonName] = pick.split(" ");
    const form = place.closest("form");
    map.on("click", (event) => {
      marker.setLatLng(event.latlng).addTo(map);
      form.elements[latName].value = event.latlng.lat.toFixed(6);
      form.elements[lonName].value = event.latlng.lng.toFixed(6);
      place.dispatchEvent(new CustomEvent("picked", { bubbles: true }));
    });
    place.show = (lat, lon) => {
      marker.setLatLng([lat, lon]).addTo(map);
      map.setView([lat, lon], 16);
    };
  }
  // A map that was drawn while it was hidden does not know its size.
  new ResizeObserver(() => {
    map.invalidateSize();
    if (unseen) fit(unseen);
  }).observe(place);
}

// The village that the map is about lies above those around it, and each shows its number. Returns what they cover.
function surroundings(map, near, is, of) {
  for (const drawn of near) {
    if (is(drawn.feature)) drawn.bringToFront();
    if (!of(drawn.feature)) continue;
    const number = L.tooltip({ permanent: true, direction: "center", className: "amount" });
    number.setLatLng(drawn.getBounds().getCenter()).setContent(String(of(drawn.feature))).addTo(map);
  }
  return L.featureGroup(near).getBounds();
}

function drawMaps(root) {
  for (const place of root.querySelectorAll("[data-map]")) drawMap(place);
}
document.addEventListener("DOMContentLoaded", () => drawMaps(document));
document.addEventListener("htmx:load", (event) => drawMaps(event.detail.elt.parentElement ?? document));
