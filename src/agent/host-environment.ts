/** Tokens and licenses that stand in the environments of machines, and are no task's business. */
const deniedNames =
  "CONSUL_TOKEN,CONSUL_HTTP_TOKEN,CONSUL_HTTP_TOKEN_FILE,NOMAD_TOKEN,VAULT_TOKEN,CONSUL_LICENSE,NOMAD_LICENSE," +
  "VAULT_LICENSE,CONSUL_LICENSE_PATH,NOMAD_LICENSE_PATH,VAULT_LICENSE_PATH,AWS_ACCESS_KEY_ID,AWS_SECRET_ACCESS_KEY," +
  "AWS_SESSION_TOKEN,AWS_METADATA_URL,GOOGLE_APPLICATION_CREDENTIALS,GOOGLE_OAUTH_ACCESS_TOKEN";

/** What tasks without an image may see of the agent's own environment. */
export function hostEnvironment(
  options: { readonly [name: string]: string },
  own: { readonly [name: string]: string | undefined },
): { readonly [name: string]: string } {
  const written = options["env.denylist"] ?? options["env.blacklist"] ?? deniedNames;
  const denied = new Set(written.split(",").map((name) => name.trim()));
  return Object.fromEntries(
    Object.entries(own).filter(
      (entry): entry is [string, string] => entry[1] !== undefined && !denied.has(entry[0]),
    ),
  );
}
