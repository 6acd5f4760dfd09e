// What every page loads. Pages work by links and forms; htmx sends them without a reload.
import "htmx.org/dist/htmx.esm.js";
