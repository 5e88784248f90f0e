// Shows the service's routes. A file of its own, since no script of a page may stand in the page itself.
"use strict";

SwaggerUIBundle({
  url: "openapi.json",
  dom_id: "#shown",
  deepLinking: true,
  validatorUrl: null, // it would ask another origin
});
