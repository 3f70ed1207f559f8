// Shows the OpenAPI document of this server.
(async () => {
  const answer = await fetch("openapi.json");
  const spec = await answer.json();
  // This release of Swagger UI shows nothing that calls itself 3.1. What is used of 3.1 here it can show.
  spec.openapi = "3.0.3";
  SwaggerUIBundle({
    spec,
    dom_id: "#swagger-ui",
    deepLinking: true,
    persistAuthorization: false,
    validatorUrl: null,
  });
})();
