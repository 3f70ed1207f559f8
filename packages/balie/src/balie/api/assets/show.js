// Shows the OpenAPI document of this server.

// A pattern that only says what a text must not hold makes a poor example of the text.
function dropNegativePatterns(node) {
  if (node === null || typeof node !== "object") return;
  if (typeof node.pattern === "string" && /^\^?\[\^/.test(node.pattern)) delete node.pattern;
  Object.values(node).forEach(dropNegativePatterns);
}

(async () => {
  const answer = await fetch("openapi.json");
  const spec = await answer.json();
  dropNegativePatterns(spec);
  // This release of Swagger UI shows nothing that calls itself 3.1; what is used of 3.1 here it can show.
  spec.openapi = "3.0.3";
  SwaggerUIBundle({
    spec,
    dom_id: "#swagger-ui",
    deepLinking: true,
    persistAuthorization: false,
    validatorUrl: null,
  });
})();
