// Maps: Leaflet on the city's own outlines, no tiles and no outside host. Loaded only by pages that show a map.
import L from "leaflet";
import "leaflet/dist/leaflet.css";

window.L = L;
document.dispatchEvent(new CustomEvent("linli:map-ready"));
